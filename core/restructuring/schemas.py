"""What may come in about plans of restructuring, from forms."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from werkzeug.datastructures import FileStorage, MultiDict

from core.documents.schemas import FileForm as PaperForm
from core.documents.schemas import SentFile
from core.forms import DayField, FormSchema, LineField, TextField, choice
from core.i18n import MessageText, lazy
from core.restructuring.titles import OPERATIONS
from core.units.covering import AsOfQuery
from core.units.labels import SECTOR
from core.units.schemas import CODE

UNIT_HINT = lazy("Code or name of the unit; marks are not needed.")
NO_FILE = MessageText("Choose the file first.")
SHARE_HINT = lazy("A number such as 0,4 or 2/5. Empty: nobody knows how much.")
YES_NO = (("yes", lazy("Yes")), ("no", lazy("No")))


def _line(text: object, hint: object = "", most: int = 120) -> LineField:
    return LineField(load_default="", most=most, metadata={"label": text, "hint": hint})


def _code(text: object) -> LineField:
    return LineField(
        load_default="",
        most=40,
        validate=ma.validate.Regexp(f"^({CODE})?$"),
        metadata={
            "label": text,
            "hint": lazy("Letters without marks, digits, dots, hyphens. It never changes."),
        },
    )


def _choice(text: object, options: object, hint: object = "") -> ma.fields.String:
    listed = [("", ""), *options]  # type: ignore[misc]  # lazy labels
    return ma.fields.String(
        load_default="", validate=choice(listed), metadata={"label": text, "hint": hint}
    )


def _file(text: object, hint: object) -> ma.fields.Raw:
    return ma.fields.Raw(load_default=None, metadata={"label": text, "hint": hint, "kind": "file"})


class FileForm(FormSchema):
    """A form with files: they are taken out before the texts are read."""

    @ma.pre_load
    def from_form(self, data: Any, **options: Any) -> Any:
        """Take the files along; one without a name was not chosen."""
        values = super().from_form(data, **options)
        if isinstance(data, MultiDict):
            for name in self.load_fields:
                sent = data.get(name)
                if isinstance(sent, FileStorage) and sent.filename:
                    values[name] = sent
        return values


class IndexQuery(AsOfQuery):
    """Which page of plans, as of which day."""

    after = ma.fields.UUID(load_default=None)


def _revision(**options: Any) -> ma.fields.Integer:
    return ma.fields.Integer(
        validate=ma.validate.Range(1, 10**9), metadata={"kind": "hidden", "label": ""}, **options
    )


class FrameInput(FormSchema):
    """The frame of a plan: its title, its day and its decision."""

    title = _line(lazy("What the plan is called"), lazy("Empty: after the decision."), 300)
    decision_no = LineField(required=True, most=80, metadata={"label": lazy("Decision number")})
    decision_date = DayField(load_default=None, metadata={"label": lazy("Day of the decision")})
    on = DayField(
        required=True,
        metadata={
            "label": lazy("It holds from day"),
            "hint": lazy("Past, today or to come; on that day it is applied by itself."),
        },
    )
    unassigned = ma.fields.String(
        load_default="refuse",
        validate=choice(
            [
                ("refuse", lazy("Ask for each one")),
                ("main", lazy("It goes to the main successor")),
            ]
        ),
        metadata={"label": lazy("What nobody assigned"), "kind": "radio"},
    )
    revision = _revision(load_default=None)


class PlanInput(FrameInput, FileForm):
    """A new plan: its frame, and the files it is drafted from, if any."""

    class Meta:
        """A new plan has no revision; the fields stand in this order."""

        fields = ("title", "decision_no", "decision_date", "on", "file", "assign", "unassigned")

    file = _file(
        lazy("File with the operations"),
        lazy("Excel (.xlsx) or CSV. Empty: the operations are entered on screen."),
    )
    assign = _file(
        lazy("File of where divided units and members go"),
        lazy("Excel (.xlsx) or CSV, only where something is divided."),
    )


class OperationInput(FormSchema):
    """One operation; each kind shows its own fields of these."""

    unit_code = _line(lazy("Unit"), UNIT_HINT)
    unit_codes = _line(
        lazy("Units that become one"), lazy("Codes or names, with commas between them."), 300
    )
    target_code = _line(lazy("Unit that takes over"), UNIT_HINT)
    name = _line(lazy("Name, as in the decision"), "", 300)
    code = _code(lazy("Code of the new unit"))
    share = _line(lazy("Share it takes"), SHARE_HINT, 20)
    name_2 = _line(lazy("Name of the second unit"), "", 300)
    code_2 = _code(lazy("Code of the second unit"))
    share_2 = _line(lazy("Share the second takes"), SHARE_HINT, 20)
    kind = _line(lazy("Kind"), "", 40)
    parent_code = _line(lazy("Under which unit"), UNIT_HINT)
    is_grassroots = _choice(lazy("Is a grassroots organisation"), YES_NO, lazy("Empty: as it is."))
    has_delegated_powers = _choice(lazy("Has delegated powers"), YES_NO, lazy("Empty: as it is."))
    has_seal = _choice(lazy("Has a seal"), YES_NO, lazy("Empty: as it is."))
    term_months = ma.fields.Integer(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Range(1, 240),
        metadata={"label": lazy("Term in months"), "hint": lazy("For example 30 or 60.")},
    )
    sector = _choice(lazy("Sector"), tuple(SECTOR.items()))
    when_empty = ma.fields.Boolean(
        load_default=False, metadata={"label": lazy("Only when nothing is left under it")}
    )
    reason = TextField(load_default="", most=500, metadata={"label": lazy("Reason")})


FIELDS: dict[str, tuple[str, ...]] = {
    "establish": ("name", "code", "kind", "parent_code"),
    "merge_into": ("unit_code", "target_code"),
    "consolidate": ("unit_codes", "name", "code", "parent_code"),
    "divide": ("unit_code", "name", "code", "share", "name_2", "code_2", "share_2", "parent_code"),
    "split_off": ("unit_code", "name", "code", "share", "parent_code"),
    "transfer": ("unit_code", "parent_code"),
    "convert": (
        "unit_code", "kind", "is_grassroots", "has_delegated_powers", "has_seal", "term_months",
        "sector",
    ),
    "rename": ("unit_code", "name"),
    "dissolve": ("unit_code", "target_code", "reason"),
    "terminate": ("unit_code", "target_code", "when_empty", "reason"),
}  # fmt: skip
"""The fields each operation asks for, in order."""

if set(FIELDS) != set(OPERATIONS):  # pragma: no cover - a slip of whoever adds an operation
    raise TypeError("every operation needs its fields")


class AnswerFile(FileForm):
    """A workbook that says where units and members go."""

    file = ma.fields.Raw(
        required=True,
        error_messages={"required": NO_FILE, "null": NO_FILE},
        metadata={
            "label": lazy("File of where divided units and members go"),
            "hint": lazy("Download it above, fill in the columns of codes, send it back."),
            "kind": "file",
        },
    )


class AnswerInput(ma.Schema):
    """Where each unit (`u.CODE`) and each member (`m.KEY`) goes; one field for each of them."""

    class Meta:
        """The fields are as many as there are units and members."""

        unknown = ma.INCLUDE


class ReasonInput(FormSchema):
    """Why something is sent back or reverted."""

    reason = TextField(required=True, most=1000, metadata={"label": lazy("Reason")})


class ApproveInput(FormSchema):
    """Which plan was read, and for which ending rights a new one is given."""

    revision = _revision(
        required=True,
        error_messages={
            "required": MessageText("Load the page again, read the plan, then decide.")
        },
    )
    rights = ma.fields.List(
        ma.fields.UUID(), load_default=list, validate=ma.validate.Length(max=500)
    )
    members = ma.fields.Boolean(load_default=False)


class SidesQuery(FormSchema):
    """The two branches a merger is about, once they are chosen."""

    ending = _line(lazy("Branch that ends"), UNIT_HINT)
    staying = _line(lazy("Branch it joins"), UNIT_HINT)


class MergeInput(FormSchema):
    """Two branches made one."""

    ending_code = LineField(
        required=True, most=120, metadata={"label": lazy("Branch that ends"), "hint": UNIT_HINT}
    )
    staying_code = LineField(
        required=True, most=120, metadata={"label": lazy("Branch it joins"), "hint": UNIT_HINT}
    )
    name = _line(lazy("Name of the joint branch"), lazy("Empty: the branch keeps its name."), 300)
    secretary_id = ma.fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"label": lazy("Secretary of the joint branch"), "kind": "choice"},
    )
    deputy_id = ma.fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"label": lazy("Deputy secretary of the joint branch"), "kind": "choice"},
    )
    decision_no = LineField(required=True, most=80, metadata={"label": lazy("Decision number")})
    decision_date = DayField(load_default=None, metadata={"label": lazy("Day of the decision")})
    on = DayField(required=True, metadata={"label": lazy("It holds from day")})


class DecisionInput(PaperForm):
    """The paper of a plan's decision: one of the register, or a file to enter there."""

    document_id = ma.fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"label": lazy("Paper in the register"), "kind": "choice"},
    )
    file = SentFile(
        load_default=None,
        metadata={
            "label": lazy("File of the decision"),
            "kind": "file",
            "hint": lazy(
                "PDF, Word or Excel. Only unclassified papers: papers stamped Mật, Tối mật or "
                "Tuyệt mật are not sent."
            ),
        },
    )
    issued_on = DayField(load_default=None, metadata={"label": lazy("Day of the decision")})
    issuer = _line(lazy("Issued by"), lazy("Empty: the committee of the plan's unit."), 300)
