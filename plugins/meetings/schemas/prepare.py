"""What is sent while a meeting is prepared: the plan, the agenda, the committee's agreement."""

from __future__ import annotations

import marshmallow as ma

from core.forms import (
    DayField,
    FormSchema,
    LineField,
    MonthField,
    TextField,
    TimeField,
    choice,
    options,
)
from core.i18n import MessageText, lazy

from ..services import words

PARTS = [("regular", lazy("Regular meeting")), ("thematic", lazy("Thematic meeting"))]


class PlanInput(FormSchema):
    """When, where and how a meeting is held, who chairs and who writes."""

    day = DayField(
        required=True,
        metadata={"label": lazy("Day of the meeting")},
        error_messages={"required": MessageText("Enter the day of the meeting.")},
    )
    time = TimeField(
        required=True,
        metadata={"label": lazy("Time it begins")},
        error_messages={"required": MessageText("Enter the time it begins.")},
    )
    place = LineField(
        required=True,
        metadata={"label": lazy("Where it is held")},
        error_messages={"required": MessageText("Enter where it is held.")},
    )
    parts = ma.fields.List(
        ma.fields.String(validate=choice(PARTS)),
        load_default=list,
        metadata={"label": lazy("Kind of meeting"), "hint": lazy("Both may stand in one sitting.")},
    )
    theme = LineField(
        load_default="",
        metadata={"label": lazy("Theme"), "hint": lazy("Only where the meeting is thematic.")},
    )
    for_month = MonthField(
        required=True,
        metadata={
            "label": lazy("Month it counts for"),
            "hint": lazy("The month of the figures, whatever the day. For example 11/2026."),
        },
        error_messages={"required": MessageText("Enter the month it counts for.")},
    )
    mode = ma.fields.String(
        load_default="onsite",
        validate=choice(options(words.MODES)),
        metadata={"label": lazy("How it is held"), "kind": "radio"},
    )
    chair_id = ma.fields.UUID(
        load_default=None, allow_none=True, metadata={"label": lazy("Who chairs")}
    )
    clerk_id = ma.fields.UUID(
        load_default=None, allow_none=True, metadata={"label": lazy("Who takes the minutes")}
    )
    kind = ma.fields.String(
        load_default="branch",
        validate=choice(options(words.KINDS)),
        metadata={"label": lazy("Meeting of whom")},
    )
    is_model = ma.fields.Boolean(
        load_default=False, metadata={"label": lazy("A model meeting that others come to watch")}
    )
    approval_no = LineField(
        load_default="",
        most=80,
        metadata={"label": lazy("Number of the document that approves meeting online")},
    )
    revision = ma.fields.Integer(
        load_default=None, allow_none=True, metadata={"kind": "hidden", "label": ""}
    )


class ItemInput(FormSchema):
    """An item of the agenda."""

    title = LineField(
        required=True,
        metadata={"label": lazy("Agenda item")},
        error_messages={"required": MessageText("Enter what the item is about.")},
    )
    minutes = ma.fields.Integer(
        load_default=10,
        validate=ma.validate.Range(0, 600),
        metadata={"label": lazy("Minutes planned"), "inputmode": "numeric"},
    )
    presenter_id = ma.fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"label": lazy("Presenter"), "hint": lazy("Left empty, the chair presents it.")},
    )
    draft_resolution = TextField(
        load_default="",
        metadata={
            "label": lazy("Draft resolution"),
            "hint": lazy("Where the branch is to decide something."),
        },
    )


class MoveInput(FormSchema):
    """Which way an item moves."""

    way = ma.fields.String(required=True, validate=ma.validate.OneOf(["up", "down"]))


class ProposalsInput(FormSchema):
    """Which proposals are put on the agenda, by their keys."""

    proposal = ma.fields.List(ma.fields.String(validate=ma.validate.Length(max=400)))


class AgreedInput(FormSchema):
    """The day the committee agreed; today unless given."""

    on = DayField(
        load_default=None,
        allow_none=True,
        metadata={"label": lazy("Day the committee agreed")},
    )
