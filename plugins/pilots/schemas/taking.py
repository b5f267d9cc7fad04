"""What a unit or its superior sends: registering, choosing, inputs, points, recognition."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.forms import CursorField, DayField, FormSchema, LineField, TextField, choice, options
from core.i18n import MessageText, _, lazy
from core.units.covering import AsOfQuery

from .. import services
from ..services import words

Range = ma.validate.Range


def counted(label: Any, most: int = 10_000) -> ma.fields.Integer:
    """Return the field of a count that may be left empty."""
    return ma.fields.Integer(
        load_default=None,
        allow_none=True,
        validate=Range(0, most),
        metadata={"label": label, "inputmode": "numeric"},
    )


def some_day(label: Any) -> DayField:
    """Return the field of a day that may be left empty: today."""
    return DayField(load_default=None, allow_none=True, metadata={"label": label})


def hidden_revision() -> ma.fields.Integer:
    """Return the field that carries the revision a page was made from."""
    return ma.fields.Integer(
        load_default=None, allow_none=True, metadata={"kind": "hidden", "label": ""}
    )


def model_choice() -> LineField:
    """Return the field that chooses a model."""
    return LineField(
        required=True,
        most=40,
        metadata={"label": lazy("Model"), "kind": "choice"},
        error_messages={"required": MessageText("Choose a model.")},
    )


def some_units() -> ma.fields.List[Any]:
    """Return the field in which units are ticked; perhaps none where codes are typed instead."""
    return ma.fields.List(
        ma.fields.UUID(),
        load_default=list,
        validate=ma.validate.Length(max=services.MOST_UNITS),
        metadata={"label": lazy("Which units")},
    )


def some_codes() -> TextField:
    """Return the field into which codes of many units are pasted."""
    return TextField(
        load_default="",
        most=100_000,
        metadata={
            "label": lazy("Codes of further units"),
            "hint": lazy("For many units: paste the column of codes from Excel."),
        },
    )


class NamesUnits:
    """Whoever sends this ticks units or types their codes."""

    @ma.validates_schema(skip_on_field_errors=False)
    def check_units(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse neither."""
        if not data.get("unit_ids") and not data.get("unit_codes", "").strip():
            raise ma.ValidationError(_("Choose the units."), "unit_ids")


class RegisterInput(FormSchema):
    """Registering one's own unit, with the counts of the vote."""

    model_code = model_choice()
    registered_on = some_day(lazy("Registered on"))
    vote_entitled = counted(lazy("Entitled to vote"))
    vote_present = counted(lazy("Present at the vote"))
    vote_in_favour = counted(lazy("In favour"))
    plan = TextField(
        load_default="",
        metadata={"label": lazy("What the unit will do"), "hint": lazy("In short, line by line.")},
    )


class SelectInput(NamesUnits, FormSchema):
    """Choosing units below for a model."""

    model_code = model_choice()
    unit_ids = some_units()
    unit_codes = some_codes()
    registered_on = some_day(lazy("From which day"))
    conditions_met = TextField(
        load_default="", metadata={"label": lazy("Conditions the units meet")}
    )
    guide_id = ma.fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"label": lazy("Who guides them"), "kind": "choice"},
    )


class InputInput(FormSchema):
    """What a unit was given."""

    kind = ma.fields.String(
        load_default="equipment",
        validate=choice(options(words.INPUTS)),
        metadata={"label": lazy("Sort")},
    )
    title = LineField(
        required=True,
        metadata={"label": lazy("What was given")},
        error_messages={"required": MessageText("Say what was given.")},
    )
    quantity = ma.fields.Integer(
        load_default=1,
        validate=Range(1, 100_000),
        metadata={"label": lazy("How many"), "inputmode": "numeric"},
    )
    given_on = some_day(lazy("Given on"))
    giver = LineField(load_default="", metadata={"label": lazy("Who gave it")})


class PointLine(ma.Schema):
    """Points for a criterion of the model's own sheet."""

    key = LineField(required=True, most=40)
    points = ma.fields.Integer(required=True, validate=Range(0, 10_000))


class MilestoneInput(FormSchema):
    """A milestone that the unit reached."""

    reached_on = some_day(lazy("Reached on"))
    remark = LineField(
        load_default="", metadata={"label": lazy("Remark"), "hint": lazy("In one line.")}
    )


class RecogniseInput(FormSchema):
    """The decision to recognise a unit."""

    recognised_on = some_day(lazy("Recognised on"))
    decision_no = LineField(
        required=True,
        most=80,
        metadata={"label": lazy("Number of the decision"), "hint": lazy("For example 25-QĐ/ĐU")},
        error_messages={"required": MessageText("Enter the number of the decision.")},
    )
    points = counted(lazy("Points as the superior sees them"))


class DecisionOfMany(FormSchema):
    """The one decision by which several units are recognised."""

    registrations = ma.fields.List(
        ma.fields.UUID(),
        load_default=list,
        validate=ma.validate.Length(max=2_000),
        metadata={"label": lazy("Ticked lines")},
    )
    recognised_on = some_day(lazy("Recognised on"))
    decision_no = LineField(
        required=True,
        most=80,
        metadata={"label": lazy("Number of the decision"), "hint": lazy("For example 25-QĐ/ĐU")},
        error_messages={"required": MessageText("Enter the number of the decision.")},
    )


class DecisionOfManyForm(DecisionOfMany):
    """The same from the page, with the model and the year it shows."""

    model = LineField(load_default="", most=40, metadata={"kind": "hidden", "label": ""})
    year = ma.fields.Integer(load_default=None, allow_none=True, validate=Range(1930, 2200),
                             metadata={"kind": "hidden", "label": ""})  # fmt: skip


class DecisionFilter(FormSchema):
    """Which decision on several units: its number, the model, the year of registration."""

    model = LineField(required=True, most=40)
    year = ma.fields.Integer(required=True, validate=Range(1930, 2200))
    number = LineField(required=True, most=80)


class RefuseInput(FormSchema):
    """Why a unit is not recognised."""

    reason = TextField(
        required=True,
        metadata={"label": lazy("Why the unit is not recognised")},
        error_messages={"required": MessageText("Say why.")},
    )
    on = some_day(lazy("On day"))


class EndInput(FormSchema):
    """How a unit's part in a model ends."""

    outcome = ma.fields.String(
        required=True,
        validate=choice(options(words.ENDINGS)),
        metadata={"label": lazy("How the part ends"), "kind": "radio"},
        error_messages={"required": MessageText("Choose how it ends.")},
    )
    on = some_day(lazy("From which day"))


class RegistrationFilter(AsOfQuery):
    """Which registrations are listed."""

    model = LineField(load_default="", most=40, metadata={"label": lazy("Model")})
    state = ma.fields.String(
        load_default="", validate=choice([("", lazy("All")), *options(words.STATES)])
    )
    year = ma.fields.Integer(load_default=None, allow_none=True, validate=Range(1930, 2200))
    cursor = CursorField()


class ReachFilter(AsOfQuery):
    """Of which year the reach of models is shown, and with the units of which day."""

    year = ma.fields.Integer(load_default=None, allow_none=True, validate=Range(1930, 2200))


class AboutFilter(FormSchema):
    """What a page is about: a model, a trial, a registration, a year; and a page of a list."""

    model = LineField(load_default="", most=40)
    trial = ma.fields.UUID(load_default=None, allow_none=True)
    registration = ma.fields.UUID(load_default=None, allow_none=True)
    year = ma.fields.Integer(load_default=None, allow_none=True, validate=Range(1930, 2200))
    cursor = CursorField()


class ListFilter(AboutFilter, AsOfQuery):
    """What a list is about, and as of which day."""
