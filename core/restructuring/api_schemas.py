"""What programs send and get about plans of restructuring."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.documents.schemas import DocumentOutput, SentFile
from core.forms import CursorField, DayField, FormSchema, LimitField, LineField, TextField
from core.restructuring.models import STATES
from core.restructuring.titles import OPERATIONS
from core.units.covering import AsOfQuery
from core.units.labels import SECTOR
from core.units.schemas import CODE

MOST_ROWS = 20_000


def _code(*, required: bool = False) -> ma.fields.String:
    check = ma.validate.Regexp(f"^{CODE}$" if required else f"^({CODE})?$")
    if required:
        return ma.fields.String(required=True, validate=check)
    return ma.fields.String(load_default="", validate=check)


def _yes_no() -> ma.fields.Boolean:
    return ma.fields.Boolean(load_default=None, allow_none=True)


def _rows(schema: type[ma.Schema]) -> ma.fields.List[Any]:
    inner = ma.fields.Nested(schema())
    return ma.fields.List(inner, load_default=list, validate=ma.validate.Length(max=MOST_ROWS))


class PlansQuery(AsOfQuery):
    """Which plans, and which page of them, as of which day."""

    state = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *STATES]))
    limit = LimitField(most=100)
    cursor = CursorField()


class OperationRow(FormSchema):
    """A row of the fuller table: one operation, or one pair of units of it."""

    operation = ma.fields.String(required=True, validate=ma.validate.OneOf(list(OPERATIONS)))
    unit_code = _code(required=True)
    target_code = _code()
    name = LineField(load_default="")
    kind = LineField(load_default="", most=40)
    parent_code = _code()
    sector = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *SECTOR]))
    is_grassroots = _yes_no()
    has_delegated_powers = _yes_no()
    has_seal = _yes_no()
    term_months = ma.fields.Integer(
        load_default=None, allow_none=True, validate=ma.validate.Range(1, 240)
    )
    share = LineField(load_default="", most=20, metadata={"description": "whole, part, 0.4, 2/5"})
    main_successor = _yes_no()
    reason = TextField(load_default="", most=500)
    when_empty = ma.fields.Boolean(load_default=False)


class UnitGoes(FormSchema):
    """Where a unit under a divided one goes; an empty code takes back what was said."""

    unit_code = _code(required=True)
    new_parent_code = _code()


class MemberGoes(FormSchema):
    """Where a member of a divided unit goes; an empty code takes back what was said."""

    member_id = ma.fields.UUID(required=True)
    new_unit_code = _code()


class PostGoes(FormSchema):
    """Who takes up which position where."""

    member_id = ma.fields.UUID(required=True)
    unit_code = _code(required=True)
    position = LineField(required=True, most=80)


class PlanBody(FormSchema):
    """A whole plan: its decision, its operations as rows or as a file, and who goes where."""

    title = LineField(load_default="")
    decision_no = LineField(required=True, most=80)
    decision_date = DayField(load_default=None, allow_none=True)
    on = DayField(required=True)
    unassigned = ma.fields.String(
        load_default="refuse", validate=ma.validate.OneOf(["refuse", "main"])
    )
    operations = _rows(OperationRow)
    units = _rows(UnitGoes)
    members = _rows(MemberGoes)
    posts = _rows(PostGoes)
    file = SentFile(load_default=None, allow_none=True)
    assign = SentFile(load_default=None, allow_none=True)


class AnswerBody(FormSchema):
    """Where units and members of one divided unit go, as rows or as a filled-in workbook."""

    units = _rows(UnitGoes)
    members = _rows(MemberGoes)
    file = SentFile(load_default=None, allow_none=True)


class RightsBody(FormSchema):
    """For which of the rights that end with a plan a new one is given: `ending_rights[].grant`.

    `members` chooses the roles of all members at once.
    """

    grants = ma.fields.List(ma.fields.UUID(), required=True, validate=ma.validate.Length(max=5000))
    members = ma.fields.Boolean(load_default=False)


class DecisionBody(FormSchema):
    """The paper of the decision: one of the plan's unit's register, or a file to enter there."""

    document_id = ma.fields.UUID(load_default=None, allow_none=True)
    issuer = LineField(load_default="")
    issued_on = DayField(load_default=None, allow_none=True)
    file = SentFile(load_default=None, allow_none=True)


class UnitName(ma.Schema):
    """A unit by code and name."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


def _unit() -> ma.fields.Nested:
    return ma.fields.Nested(UnitName, required=True)


class PlanOutput(ma.Schema):
    """A plan as it stands in a list."""

    id = ma.fields.UUID(required=True)
    unit_code = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    decision_no = ma.fields.String(required=True)
    decision_date = ma.fields.Date(required=True, allow_none=True)
    effective_on = ma.fields.Date(required=True)
    unassigned = ma.fields.String(required=True)
    created_by = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True, format="iso")
    revision = ma.fields.Integer(required=True)


class StepOutput(ma.Schema):
    """A step of a plan's course: drafted, submitted, approved, applied, reverted, cancelled."""

    step = ma.fields.String(required=True)
    by = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")


class ChangeOutput(ma.Schema):
    """What happens to one unit; `facts` are pairs of what was and what will be."""

    kind = ma.fields.String(required=True)
    unit = _unit()
    begins = ma.fields.Boolean(required=True)
    ends = ma.fields.Boolean(required=True)
    under = ma.fields.String(required=True)
    facts = ma.fields.Dict(required=True)
    reason = ma.fields.String(required=True)


class FlowOutput(ma.Schema):
    """How many people go from one unit to another."""

    old = _unit()
    new = _unit()
    share = ma.fields.String(required=True, allow_none=True)
    main = ma.fields.Boolean(required=True)
    people = ma.fields.Integer(required=True)
    goes_on = ma.fields.Boolean(required=True)


class LapsingPost(ma.Schema):
    """A position that lapses."""

    member_id = ma.fields.UUID(required=True)
    full_name = ma.fields.String(required=True)
    position = ma.fields.String(required=True)
    unit = _unit()


class EndingRight(ma.Schema):
    """A right that ends, where a new one may be given, and whether it is."""

    grant = ma.fields.UUID(required=True)
    given = ma.fields.Boolean(required=True)
    account = ma.fields.String(required=True)
    role = ma.fields.String(required=True)
    unit = _unit()
    to = ma.fields.Nested(UnitName, required=True, allow_none=True)


class OpenWork(ma.Schema):
    """Open work and who goes on with it."""

    what = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    unit = _unit()
    to = ma.fields.Nested(UnitName, required=True, allow_none=True)


class ChangedSetting(ma.Schema):
    """A setting that changes, in words."""

    title = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    before = ma.fields.String(required=True)
    after = ma.fields.String(required=True)


class AskedLine(ma.Schema):
    """A divided unit: who takes over, and how many of its people are not on the list yet."""

    unit = _unit()
    to = ma.fields.List(ma.fields.Nested(UnitName), required=True)
    members = ma.fields.Integer(required=True)
    left = ma.fields.Integer(required=True)
    goes_on = ma.fields.Boolean(required=True)


class AskedUnitOutput(ma.Schema):
    """A unit under a divided one."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    goes_to = ma.fields.String(required=True)


class AskedMemberOutput(ma.Schema):
    """A member of a divided unit."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    goes_to = ma.fields.String(required=True)


class AskedOutput(ma.Schema):
    """A divided unit with everything and everybody in it, and where each goes."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    goes_on = ma.fields.Boolean(required=True)
    left = ma.fields.Integer(required=True)
    targets = ma.fields.List(ma.fields.Nested(UnitName), required=True)
    units = ma.fields.List(ma.fields.Nested(AskedUnitOutput), required=True)
    members = ma.fields.List(ma.fields.Nested(AskedMemberOutput), required=True)


class ObstacleOutput(ma.Schema):
    """What stands in the way of reverting a plan, as a sentence."""

    sentence = ma.fields.String(required=True)


class WholePlanOutput(PlanOutput):
    """A plan with everything that follows from it."""

    course = ma.fields.List(ma.fields.Nested(StepOutput), required=True)
    refusal = ma.fields.String(required=True)
    revert_reason = ma.fields.String(required=True)
    document = ma.fields.Nested(DocumentOutput, required=True, allow_none=True)
    may = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Boolean(), required=True)
    operations = ma.fields.List(ma.fields.Nested(OperationRow), required=True)
    units = ma.fields.List(ma.fields.Nested(UnitGoes), required=True)
    members = ma.fields.List(ma.fields.Nested(MemberGoes), required=True)
    posts = ma.fields.List(ma.fields.Nested(PostGoes), required=True)
    problems = ma.fields.List(ma.fields.String(), required=True)
    warnings = ma.fields.List(ma.fields.String(), required=True)
    unplaced = ma.fields.List(ma.fields.String(), required=True)
    impact = ma.fields.Dict(required=True)
    changes = ma.fields.List(ma.fields.Nested(ChangeOutput), required=True)
    following = ma.fields.Integer(required=True)
    flows = ma.fields.List(ma.fields.Nested(FlowOutput), required=True)
    lapsing_posts = ma.fields.List(ma.fields.Nested(LapsingPost), required=True)
    ending_rights = ma.fields.List(ma.fields.Nested(EndingRight), required=True)
    settings = ma.fields.List(ma.fields.Nested(ChangedSetting), required=True)
    open_work = ma.fields.List(ma.fields.Nested(OpenWork), required=True)
    asked = ma.fields.List(ma.fields.Nested(AskedLine), required=True)
