"""What is sent about trials: the plan, a step that is proposed, how it is compared."""

from __future__ import annotations

import marshmallow as ma

from core.forms import DayField, FormSchema, LineField, TextField, choice, options
from core.i18n import MessageText, lazy

from ..services import words
from .describing import SettingLine, listed
from .rows import RowsForm
from .taking import NamesUnits, hidden_revision, model_choice, some_codes, some_units


class TrialInput(NamesUnits, RowsForm):
    """The plan of a trial."""

    rows = {"settings": ("key", "value")}
    model_code = model_choice()
    title = LineField(
        required=True,
        metadata={"label": lazy("Name of the trial")},
        error_messages={"required": MessageText("The trial has no title yet.")},
    )
    purpose = TextField(load_default="", metadata={"label": lazy("Purpose")})
    document_no = LineField(
        load_default="", most=80, metadata={"label": lazy("Number of the plan or decision")}
    )
    starts_on = DayField(
        required=True,
        metadata={"label": lazy("Begins on")},
        error_messages={"required": MessageText("Enter the day on which it begins.")},
    )
    sunset_on = DayField(
        required=True,
        metadata={
            "label": lazy("Ends by itself on"),
            "hint": lazy("From this day on settings are as they were. For example 01/06/2027."),
        },
        error_messages={"required": MessageText("Enter the day on which it ends.")},
    )
    unit_ids = some_units()
    unit_codes = some_codes()
    settings = listed(SettingLine, lazy("Settings that differ in the trial"), 10)
    guide_id = ma.fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"label": lazy("Who guides them"), "kind": "choice"},
    )
    revision = hidden_revision()


class SettingJson(ma.Schema):
    """A setting with its value as programs write it."""

    key = LineField(required=True, most=80)
    value = ma.fields.Raw(required=True, allow_none=True)


class TrialJson(TrialInput):
    """The plan of a trial as a program sends it: values of settings as they are."""

    settings = ma.fields.List(
        ma.fields.Nested(SettingJson), load_default=list, validate=ma.validate.Length(max=10)
    )

    class Meta(FormSchema.Meta):
        """The revision comes as If-Match."""

        exclude = ("revision",)


class ProposeInput(FormSchema):
    """A step of a trial that is proposed."""

    sunset_on = DayField(
        load_default=None, allow_none=True, metadata={"label": lazy("New end of the trial")}
    )
    on = DayField(load_default=None, allow_none=True, metadata={"label": lazy("From which day")})
    document_no = LineField(
        load_default="", most=80, metadata={"label": lazy("Number of the decision")}
    )


class ProposeJson(ProposeInput):
    """The same with its kind."""

    kind = ma.fields.String(required=True, validate=choice(options(words.CHANGES)))


class ComparisonInput(FormSchema):
    """What a trial is judged by."""

    indicators = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(max=80)),
        required=True,
        validate=ma.validate.Length(min=1, max=4, error=MessageText("Choose 1 to 4 figures.")),
        metadata={"label": lazy("Figures to compare"), "hint": lazy("At most four")},
    )
    before = LineField(
        required=True,
        most=12,
        metadata={
            "label": lazy("Period before"),
            "hint": lazy("For example 2026-Q3, 2026-05 or 2025"),
        },
        error_messages={"required": MessageText("Enter both periods.")},
    )
    after = LineField(
        required=True,
        most=12,
        metadata={
            "label": lazy("Period after"),
            "hint": lazy("For example 2026-Q4, 2026-11 or 2026"),
        },
        error_messages={"required": MessageText("Enter both periods.")},
    )
    matched = ma.fields.String(
        load_default="baseline",
        validate=choice(options(words.MATCHED)),
        metadata={"label": lazy("Comparison units"), "kind": "radio"},
    )
    unit_ids = ma.fields.List(
        ma.fields.UUID(),
        load_default=list,
        validate=ma.validate.Length(max=300),
        metadata={"label": lazy("Units chosen by hand")},
    )
    revision = hidden_revision()
