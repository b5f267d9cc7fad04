"""What is sent about reviews and decisions."""

from __future__ import annotations

import marshmallow as ma

from core.forms import DayField, FormSchema, LineField, TextField, choice, options
from core.i18n import MessageText, lazy

from ..services import words
from .taking import hidden_revision


def hidden_key() -> ma.fields.UUID:
    """Return the field that carries a key in a form."""
    return ma.fields.UUID(
        load_default=None, allow_none=True, metadata={"kind": "hidden", "label": ""}
    )


def hidden_code() -> LineField:
    """Return the field that carries the code of a model in a form."""
    return LineField(load_default="", most=40, metadata={"kind": "hidden", "label": ""})


class ReviewInput(FormSchema):
    """A review; limitations and proposals one on each line."""

    model_code = hidden_code()
    trial_id = hidden_key()
    registration_id = hidden_key()
    kind = ma.fields.String(
        load_default="interim",
        validate=choice(options(words.REVIEWS)),
        metadata={"label": lazy("Which review"), "kind": "radio"},
    )
    covers_from = DayField(
        required=True,
        metadata={"label": lazy("Covers the time from")},
        error_messages={"required": MessageText("Enter from which day it covers.")},
    )
    covers_to = DayField(
        required=True,
        metadata={"label": lazy("Covers the time until")},
        error_messages={"required": MessageText("Enter until which day it covers.")},
    )
    reviewed_on = DayField(
        required=True,
        metadata={"label": lazy("Day of the review")},
        error_messages={"required": MessageText("Enter the day of the review.")},
    )
    results = TextField(
        required=True,
        metadata={"label": lazy("Results")},
        error_messages={"required": MessageText("Write what was reached.")},
    )
    limitations = TextField(
        load_default="", metadata={"label": lazy("Limitations"), "hint": lazy("One on each line")}
    )
    proposals = TextField(
        load_default="", metadata={"label": lazy("Proposals"), "hint": lazy("One on each line")}
    )
    revision = hidden_revision()


class DecisionInput(FormSchema):
    """What was decided about a model or a trial."""

    model_code = hidden_code()
    trial_id = hidden_key()
    outcome = ma.fields.String(
        required=True,
        validate=choice(options(words.DECISIONS)),
        metadata={"label": lazy("What was decided"), "kind": "radio"},
        error_messages={"required": MessageText("Choose what was decided.")},
    )
    decided_on = DayField(
        required=True,
        metadata={"label": lazy("Day of the decision")},
        error_messages={"required": MessageText("Enter the day of the decision.")},
    )
    document_no = LineField(
        required=True,
        most=80,
        metadata={"label": lazy("Number of the decision"), "hint": lazy("For example 25-QĐ/ĐU")},
        error_messages={"required": MessageText("Enter the number of the decision.")},
    )
    scope = LineField(
        required=True,
        metadata={"label": lazy("For which units it holds")},
        error_messages={"required": MessageText("Say for which units it holds.")},
    )
    until = DayField(load_default=None, allow_none=True, metadata={"label": lazy("Until")})
    text = TextField(load_default="", metadata={"label": lazy("What it says, in short")})
