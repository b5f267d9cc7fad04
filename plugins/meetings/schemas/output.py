"""What programs get about meetings."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from ..services import title_of

Str, Int, Bool, Uuid, Day = (
    ma.fields.String,
    ma.fields.Integer,
    ma.fields.Boolean,
    ma.fields.UUID,
    ma.fields.Date,
)
Moment = ma.fields.AwareDateTime


class MeetingOutput(ma.Schema):
    """A meeting with its figures."""

    id = Uuid()
    unit_id = Uuid()
    revision = Int()
    name = ma.fields.Function(title_of)
    kind = Str()
    for_month = Day()
    is_regular = Bool()
    is_thematic = Bool()
    theme = Str()
    is_model = Bool()
    mode = Str()
    approval_no = Str()
    title = Str()
    place = Str()
    state = Str()
    starts_at = Moment(allow_none=True)
    ends_at = Moment(allow_none=True)
    held_on = Day(allow_none=True)
    started_at = Moment(allow_none=True)
    ended_at = Moment(allow_none=True)
    announced_at = Moment(allow_none=True)
    agreed_on = Day(allow_none=True)
    not_held_reason = Str()
    chair_id = Uuid(allow_none=True)
    chair_name = Str()
    clerk_id = Uuid(allow_none=True)
    clerk_name = Str()
    is_from_paper = Bool()
    is_amending = Bool()
    round = Int()
    members = Int()
    required = Int()
    attended = Int()
    online = Int()
    excused = Int()
    absent = Int()
    entitled = Int()
    entitled_present = Int()
    guests = Int()
    used_material = Bool()


class ItemOutput(ma.Schema):
    """An item of the agenda."""

    id = Uuid()
    order = Int()
    title = Str()
    minutes = Int()
    presenter_id = Uuid(allow_none=True)
    presenter_name = Str()
    origin = Str()
    reason = Str()
    draft_resolution = Str()
    discussion = Str()
    conclusion = Str()
    started_at = Moment(allow_none=True)
    concluded_at = Moment(allow_none=True)


class ProposalOutput(ma.Schema):
    """A proposed item with its reason."""

    title = Str()
    minutes = Int()
    origin = Str()
    origin_id = Uuid(allow_none=True)
    reason = Str()


class SentencesOutput(ma.Schema):
    """Sentences that say what is missing."""

    sentences = ma.fields.List(Str())


class PersonOutput(ma.Schema):
    """A member on a list."""

    id = Uuid()
    name = Str()
    standing = Str()
    group = Str()
    is_required = Bool()
    is_entitled = Bool()


class PreviewOutput(ma.Schema):
    """What an announcement would say."""

    text = Str()
    question = Str()
    is_late = Bool()
    hours_left = Int()
    days_before = Int()
    recipients = ma.fields.List(ma.fields.Nested(PersonOutput))
    followers = ma.fields.List(Str())
    missing = ma.fields.List(Str())


class ToldOutput(ma.Schema):
    """Whether and how a member was told."""

    person = ma.fields.Nested(PersonOutput)
    how = Str(allow_none=True)
    at = Moment(allow_none=True)
    by = Str()


class LineOutput(ma.Schema):
    """A line of the roll."""

    member_id = Uuid()
    name = Str()
    standing = Str()
    group = Str()
    is_required = Bool()
    is_entitled = Bool()
    state = Str(allow_none=True)
    reason = Str()


class QuorumOutput(ma.Schema):
    """Whether the meeting may proceed."""

    attended = Int()
    required = Int()
    entitled_present = Int()
    entitled = Int()
    needed = Int()
    is_met = Bool()
    rule = Str()
    sentence = Str()


class RollOutput(ma.Schema):
    """The roll with the quorum."""

    lines = ma.fields.List(ma.fields.Nested(LineOutput))
    unmarked = Int()
    quorum = ma.fields.Nested(QuorumOutput)


class VisitorOutput(ma.Schema):
    """A guest."""

    id = Uuid()
    name = Str()
    role = Str()
    is_superior = Bool()
    was_announced = Bool()
    assignment_id = Uuid(allow_none=True)


class VoteOutput(ma.Schema):
    """A vote with its rule and result."""

    id = Uuid()
    item_id = Uuid(allow_none=True)
    question = Str()
    kind = Str()
    method = Str()
    rule = Str()
    base = Str()
    base_count = Int()
    needed = Int()
    present = Int()
    issued = Int(allow_none=True)
    returned = Int(allow_none=True)
    valid = Int(allow_none=True)
    invalid = Int(allow_none=True)
    in_favour = Int()
    against = Int()
    abstained = Int()
    is_passed = Bool()
    what_next = Str()
    at = Moment()


class PointOutput(ma.Schema):
    """A point of a resolution."""

    id = Uuid()
    order = Int()
    text = Str()
    owner_id = Uuid(allow_none=True)
    owner_name = Str()
    due_on = Day(allow_none=True)


class ResolutionOutput(ma.Schema):
    """A resolution."""

    id = Uuid()
    meeting_id = Uuid()
    item_id = Uuid(allow_none=True)
    revision = Int()
    title = Str()
    text = Str()
    grounds = Str()
    decided_on = Day()
    number = Int(allow_none=True)
    code = Str()
    issued_on = Day(allow_none=True)


class ResolutionsOutput(ResolutionOutput):
    """A resolution with its points."""

    points = ma.fields.List(ma.fields.Nested(PointOutput))

    @ma.pre_dump
    def together(self, pair: Any, **_options: Any) -> Any:
        """Take a resolution and its points as one."""
        resolution, points = pair
        values = {name: getattr(resolution, name) for name in ResolutionOutput().fields}
        return {**values, "points": points}


class TaskOutput(ma.Schema):
    """A task."""

    id = Uuid()
    unit_id = Uuid()
    revision = Int()
    title = Str()
    owner_id = Uuid()
    owner_name = Str()
    due_on = Day()
    state = Str()
    meeting_id = Uuid(allow_none=True)
    resolution_item_id = Uuid(allow_none=True)
    carried_from_id = Uuid(allow_none=True)
    report = Str()
    done_on = Day(allow_none=True)
    requested_due_on = Day(allow_none=True)
    request_reason = Str()
    times_reminded = Int()


class MinutesOutput(ma.Schema):
    """A version of the minutes."""

    id = Uuid()
    version = Int()
    state = Str()
    previous_id = Uuid(allow_none=True)
    amendment_reason = Str()
    read_out_at = Moment(allow_none=True)
    adopted_present = Int(allow_none=True)
    adopted_in_favour = Int(allow_none=True)
    clerk_confirmed_at = Moment(allow_none=True)
    clerk_confirmed_by = Str()
    chair_confirmed_at = Moment(allow_none=True)
    chair_confirmed_by = Str()
    locked_at = Moment(allow_none=True)
    locked_by = Str()
    signed_on = Day(allow_none=True)
    book_no = Str()
    page_no = Str()
    document_id = Uuid(allow_none=True)


class GapOutput(ma.Schema):
    """Something the minutes still lack."""

    sentence = Str()
    field = Str()


class MonthLineOutput(ma.Schema):
    """One branch in the month."""

    unit_id = Uuid()
    code = Str()
    name = Str()
    state = Str()
    meeting_id = Uuid(allow_none=True)
    held_on = Day(allow_none=True)
    planned_at = Moment(allow_none=True)
    attended = Int()
    required = Int()
    is_thematic_due = Bool()
    has_thematic = Bool()
    has_material = Bool()
    used_material = Bool()
    visits = Int()
    visits_due = Int()
    overdue_tasks = Int()
    chased = Int()
    chased_at = Moment(allow_none=True)
    promised_on = Day(allow_none=True)


class CoverageOutput(ma.Schema):
    """What the month adds up to."""

    branches = Int()
    states = ma.fields.Dict(keys=Str(), values=Int())
    attended = Int()
    required = Int()
    with_attendance = Int()
    thematic = Int()
    visited = Int()
    used_material = Int()
    overdue_tasks = Int()
    sentence = Str()


class MonthPointOutput(ma.Schema):
    """One month of twelve."""

    month = Day()
    branches = Int()
    held = Int()
    attended = Int()
    required = Int()


class ChaseOutput(ma.Schema):
    """A reminder."""

    id = Uuid()
    unit_id = Uuid()
    for_month = Day()
    at = Moment()
    by = Str()
    channel = Str()
    promised_on = Day(allow_none=True)


class AssignmentOutput(ma.Schema):
    """Who follows a branch."""

    id = Uuid()
    unit_id = Uuid()
    official_id = Uuid()
    official_name = Str()
    role = Str()
    valid_from = Day()
    valid_to = Day()
    min_visits = Int()
    decision_no = Str()


class MaterialOutput(ma.Schema):
    """The month's material."""

    id = Uuid()
    unit_id = Uuid()
    revision = Int()
    for_month = Day()
    title = Str()
    points = ma.fields.Raw()
    opens_on = Day()
    published_at = Moment(allow_none=True)
    withdrawn_at = Moment(allow_none=True)


class CountOutput(ma.Schema):
    """How many were touched."""

    count = Int()
