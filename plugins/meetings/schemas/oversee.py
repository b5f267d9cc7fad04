"""What a committee above sends: which month, reminders, who follows whom, the month's material."""

from __future__ import annotations

import marshmallow as ma

from core.forms import DayField, FormSchema, LineField, MonthField, TextField, choice, options
from core.i18n import MessageText, lazy
from core.units.covering import AsOfQuery, DatedPageQuery

from ..services import words
from .rows import RowsForm


class MonthFilter(DatedPageQuery):
    """Which month, which branches of it, and with the units of which day."""

    month = MonthField(load_default=None, metadata={"label": lazy("Month")})
    state = ma.fields.String(
        load_default="", validate=choice([("", lazy("All")), *options(words.ABOVE)])
    )


class UntilFilter(AsOfQuery):
    """Up to which month twelve are drawn, and with the units of which day."""

    month = MonthField(load_default=None, metadata={"label": lazy("Month")})


class RemindInput(FormSchema):
    """Which branches are reminded of which month."""

    month = MonthField(required=True)
    unit = ma.fields.List(
        ma.fields.UUID(), load_default=list, validate=ma.validate.Length(max=5000)
    )


class ChaseInput(FormSchema):
    """That a branch was reminded, and what it promised."""

    month = MonthField(required=True, metadata={"kind": "hidden"})
    channel = ma.fields.String(
        load_default="phone",
        validate=choice(options(words.CHANNELS, "phone", "in_person", "letter")),
        metadata={"label": lazy("How the branch was reminded"), "kind": "radio"},
    )
    promised_on = DayField(
        load_default=None, allow_none=True, metadata={"label": lazy("Day the branch promised")}
    )


class AssignmentInput(FormSchema):
    """Who follows which branches, and how often they visit."""

    official_id = ma.fields.UUID(
        required=True,
        metadata={"label": lazy("Who follows the branches")},
        error_messages={"required": MessageText("Choose who follows the branches.")},
    )
    unit_ids = ma.fields.List(
        ma.fields.UUID(),
        required=True,
        validate=ma.validate.Length(min=1, max=500, error=MessageText("Choose the branches.")),
        metadata={"label": lazy("Which branches")},
    )
    role = LineField(load_default="", metadata={"label": lazy("Post of the official")})
    min_visits = ma.fields.Integer(
        load_default=1,
        validate=ma.validate.Range(0, 3),
        metadata={"label": lazy("Visits in a quarter, at least"), "inputmode": "numeric"},
    )
    valid_from = DayField(
        load_default=None, allow_none=True, metadata={"label": lazy("From which day")}
    )
    decision_no = LineField(
        load_default="", most=80, metadata={"label": lazy("Number of the decision")}
    )


class PointLine(ma.Schema):
    """A topic of the month's material."""

    title = LineField(load_default="")
    minutes = ma.fields.Integer(load_default=10, validate=ma.validate.Range(0, 600))
    text = TextField(load_default="", most=8000)


class MaterialInput(RowsForm):
    """The month's material for everybody below."""

    rows = {"points": ("title", "minutes", "text")}
    for_month = MonthField(
        required=True,
        metadata={"label": lazy("Material of the month")},
        error_messages={"required": MessageText("Enter the month of the material.")},
    )
    title = LineField(
        required=True,
        metadata={"label": lazy("Title of the material")},
        error_messages={"required": MessageText("Enter the title of the material.")},
    )
    opens_on = DayField(
        required=True,
        metadata={
            "label": lazy("Branches see it from"),
            "hint": lazy("Nobody below sees it before this day. For example 20/11/2026."),
        },
        error_messages={"required": MessageText("Enter the day from which branches see it.")},
    )
    points = ma.fields.List(
        ma.fields.Nested(PointLine),
        load_default=list,
        validate=ma.validate.Length(max=30),
        metadata={"label": lazy("Topics")},
    )
    revision = ma.fields.Integer(
        load_default=None, allow_none=True, metadata={"kind": "hidden", "label": ""}
    )

    @ma.validates_schema(skip_on_field_errors=True)
    def topics(self, data: dict[str, list[dict[str, object]]], **_options: object) -> None:
        """Refuse material without a topic, or a topic without a title."""
        points = data["points"]
        if not points or not all(point["title"] for point in points):
            raise ma.ValidationError(
                MessageText("Write at least one topic; each topic needs a title."), "points"
            )
