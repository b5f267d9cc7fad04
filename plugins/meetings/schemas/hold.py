"""What is sent during a meeting: the roll, guests, conclusions, votes, resolutions, its end."""

from __future__ import annotations

import re
from typing import Any

import marshmallow as ma

from core.forms import DayField, FormSchema, LineField, TextField, TimeField, choice, options
from core.i18n import MessageText, lazy

from ..services import words
from .rows import RowsForm

UNMARKED = "none"
MARKS = (
    "present",
    "late",
    "left_early",
    "online",
    *(f"excused.{reason}" for reason in words.REASONS),
    "absent",
    "not_required",
)
"""What one tap on the roll can say; a reason stands behind the point."""

ONE_MARK = re.compile(rf"[0-9a-f-]{{36}}:(?:{'|'.join(map(re.escape, (*MARKS, UNMARKED)))})")


class MarkInput(FormSchema):
    """How one person attended."""

    state = ma.fields.String(required=True, validate=ma.validate.OneOf((*MARKS, UNMARKED)))


class SheetInput(FormSchema):
    """How everybody attended, each as `key:state`."""

    mark = ma.fields.List(
        ma.fields.String(validate=ma.validate.Regexp(ONE_MARK)),
        load_default=list,
        validate=ma.validate.Length(max=2000),
    )


class CloseInput(FormSchema):
    """What becomes of those without a mark."""

    others = ma.fields.String(
        load_default="", validate=ma.validate.OneOf(["", "present", "absent"])
    )


class VisitorInput(FormSchema):
    """A guest of the meeting."""

    name = LineField(
        required=True,
        metadata={"label": lazy("Name of the guest")},
        error_messages={"required": MessageText("Enter the name of the guest.")},
    )
    role = LineField(
        load_default="",
        metadata={"label": lazy("Post of the guest")},
    )
    is_superior = ma.fields.Boolean(
        load_default=False, metadata={"label": lazy("From the committee above")}
    )
    unannounced = ma.fields.Boolean(
        load_default=False, metadata={"label": lazy("Came without notice")}
    )


class ConclusionInput(FormSchema):
    """What was said and concluded on an item."""

    discussion = TextField(
        load_default="",
        metadata={
            "label": lazy("What was discussed"),
            "hint": lazy("The views in short, without names."),
        },
    )
    conclusion = TextField(
        required=True,
        metadata={"label": lazy("Conclusion of the chair")},
        error_messages={"required": MessageText("Write the conclusion of this item.")},
    )


def _count(label: object, *, required: bool = False) -> ma.fields.Integer:
    """Make a field of a count; one that is not required may stay empty."""
    given: dict[str, Any] = {} if required else {"load_default": None, "allow_none": True}
    return ma.fields.Integer(
        required=required,
        validate=ma.validate.Range(0, 5000),
        metadata={"label": label, "inputmode": "numeric"},
        **given,
    )


class BallotInput(FormSchema):
    """The counts of a vote; the ballots only where it was secret."""

    question = LineField(
        required=True,
        metadata={"label": lazy("What exactly is voted on")},
        error_messages={"required": MessageText("Enter what is voted on.")},
    )
    kind = ma.fields.String(
        load_default="decision",
        validate=choice(options(words.QUESTIONS, "decision", "admission")),
        metadata={"label": lazy("Kind of question"), "kind": "radio"},
    )
    method = ma.fields.String(
        load_default="cards",
        validate=choice(options(words.METHODS)),
        metadata={"label": lazy("How it is voted"), "kind": "radio"},
    )
    present = _count(lazy("Official members present at the vote"), required=True)
    issued = _count(lazy("Ballots issued"))
    returned = _count(lazy("Ballots returned"))
    valid = _count(lazy("Valid ballots"))
    invalid = _count(lazy("Invalid ballots"))
    in_favour = _count(lazy("In favour"), required=True)
    against = _count(lazy("Against"))
    abstained = _count(lazy("No opinion"))


class NextStepInput(FormSchema):
    """What follows a failed vote."""

    what_next = ma.fields.String(required=True, validate=choice(options(words.NEXT_STEPS)))


class PointLine(ma.Schema):
    """A point of a resolution."""

    text = TextField(load_default="", most=4000)
    owner_id = ma.fields.UUID(load_default=None)
    due_on = DayField(load_default=None)


class ResolutionInput(RowsForm):
    """A resolution that a vote carried."""

    rows = {"points": ("text", "owner_id", "due_on")}
    title = LineField(
        required=True,
        metadata={"label": lazy("Resolution on what")},
        error_messages={"required": MessageText("Enter what the resolution is about.")},
    )
    text = TextField(
        required=True,
        metadata={"label": lazy("Text of the resolution")},
        error_messages={"required": MessageText("Write the text of the resolution.")},
    )
    grounds = TextField(
        load_default="",
        metadata={
            "label": lazy("Grounds"),
            "hint": lazy("One ground a line; the vote is added by itself."),
        },
    )
    points = ma.fields.List(
        ma.fields.Nested(PointLine),
        load_default=list,
        validate=ma.validate.Length(max=20),
        metadata={"label": lazy("Points to carry out")},
    )
    revision = ma.fields.Integer(
        load_default=None, allow_none=True, metadata={"kind": "hidden", "label": ""}
    )


class EndInput(FormSchema):
    """When the meeting ended; now unless given."""

    ended_at = TimeField(
        load_default=None, allow_none=True, metadata={"label": lazy("It ended at")}
    )


class TimesInput(FormSchema):
    """The real times of a meeting, and who really led it."""

    chair_id = ma.fields.UUID(
        required=True,
        metadata={"label": lazy("Who chaired")},
        error_messages={"required": MessageText("Choose who chaired.")},
    )
    clerk_id = ma.fields.UUID(
        required=True,
        metadata={"label": lazy("Who took the minutes")},
        error_messages={"required": MessageText("Choose who took the minutes.")},
    )

    held_on = DayField(
        required=True,
        metadata={"label": lazy("Day of the meeting")},
        error_messages={"required": MessageText("Enter the day of the meeting.")},
    )
    started_at = TimeField(
        required=True,
        metadata={"label": lazy("It began at")},
        error_messages={"required": MessageText("Enter the time it began.")},
    )
    ended_at = TimeField(
        load_default=None, allow_none=True, metadata={"label": lazy("It ended at")}
    )
