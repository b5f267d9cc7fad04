"""What is sent about campaigns: opening, days, later days, more places, reports."""

from __future__ import annotations

from datetime import date
from typing import Any

import marshmallow as ma

from core.forms import DayField, FormSchema, LineField, choice, options
from core.i18n import MessageText, lazy
from core.units.covering import AsOfQuery

from ..services import words
from .rows import RowsForm

STAGES = options(words.STAGES, "self_review", "comments", "vote", "appraisal", "decision", "notice")
SUBJECTS = options(words.SUBJECTS, "member", "unit", "collective", "leader")


class DayLine(ma.Schema):
    """The day of a stage at a tier."""

    tier = ma.fields.String(required=True, validate=choice(options(words.TIERS)))
    stage = ma.fields.String(required=True, validate=choice(STAGES))
    due_on = DayField(required=True)


class CampaignInput(RowsForm):
    """A campaign that is opened."""

    rows = {"days": ("tier", "stage", "due_on")}
    title = LineField(
        required=True,
        metadata={"label": lazy("Title of the campaign")},
        error_messages={"required": MessageText("Enter the title of the campaign.")},
    )
    period_kind = ma.fields.String(
        load_default="year",
        validate=choice(options(words.PERIOD_KINDS)),
        metadata={"label": lazy("Kind of period"), "kind": "radio"},
    )
    period_key = LineField(
        required=True,
        most=20,
        metadata={
            "label": lazy("Which period"),
            "hint": lazy("A year as 2026, a quarter as 2026-Q4, another one by a short name."),
        },
        error_messages={"required": MessageText("Enter which period is evaluated.")},
    )
    period_start = DayField(
        load_default=None,
        metadata={"label": lazy("First day, for a term or on demand")},
    )
    period_last = DayField(
        load_default=None, metadata={"label": lazy("Last day, for a term or on demand")}
    )
    subjects = ma.fields.List(
        ma.fields.String(validate=choice(SUBJECTS)),
        required=True,
        validate=ma.validate.Length(min=1),
        metadata={"label": lazy("Who is evaluated"), "kind": "checkboxes"},
        error_messages={"required": MessageText("Choose who is evaluated.")},
    )
    document_no = LineField(
        load_default="",
        most=80,
        metadata={"label": lazy("Number of the plan or guidance")},
    )
    days = ma.fields.List(ma.fields.Nested(DayLine), load_default=list, metadata={"api_only": True})

    @ma.post_load
    def join(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Return the days by tier and stage."""
        days: dict[tuple[str, str], date] = {
            (line["tier"], line["stage"]): line["due_on"] for line in data["days"]
        }
        return {**data, "days": days}


class DayInput(FormSchema):
    """A new day of a stage for a whole tier."""

    tier = ma.fields.String(
        required=True,
        validate=choice(options(words.TIERS)),
        metadata={"label": lazy("For whom")},
    )
    stage = ma.fields.String(
        required=True, validate=choice(STAGES), metadata={"label": lazy("Stage of the way")}
    )
    due_on = DayField(required=True, metadata={"label": lazy("New day")})


class ExtensionInput(FormSchema):
    """A later day for one unit and everything under it."""

    unit_code = LineField(
        required=True,
        most=120,
        metadata={
            "label": lazy("Unit with all under it"),
            "hint": lazy("Code or name of the unit; marks are not needed."),
        },
        error_messages={"required": MessageText("Choose the unit.")},
    )
    stage = ma.fields.String(
        required=True,
        validate=choice(STAGES),
        metadata={"label": lazy("Stage of the way")},
        error_messages={"required": MessageText("Choose the stage.")},
    )
    due_on = DayField(
        required=True,
        metadata={"label": lazy("Later day")},
        error_messages={"required": MessageText("Enter the later day.")},
    )
    document_no = LineField(
        required=True,
        most=80,
        metadata={"label": lazy("Number of the document that allows it")},
        error_messages={
            "required": MessageText("Enter the number of the document that allows a later day.")
        },
    )
    document_on = DayField(load_default=None, metadata={"label": lazy("Day of the document")})
    reason = LineField(load_default="", metadata={"label": lazy("Reason for it")})


class PlacesInput(FormSchema):
    """More places than the cap, by a decision document."""

    extra = ma.fields.Integer(
        required=True,
        validate=ma.validate.Range(0, 10_000),
        metadata={"label": lazy("How many more than the cap"), "inputmode": "numeric"},
        error_messages={"required": MessageText("Enter how many more are allowed.")},
    )
    document_no = LineField(
        required=True,
        most=80,
        metadata={"label": lazy("Number of the decision that allows more")},
        error_messages={
            "required": MessageText("Enter the number of the decision that allows more.")
        },
    )
    document_on = DayField(load_default=None, metadata={"label": lazy("Day of the decision")})


class ReportInput(FormSchema):
    """The paper with which figures are sent."""

    document_no = LineField(
        load_default="", most=80, metadata={"label": lazy("Number of the report")}
    )
    sent_on = DayField(load_default=None, metadata={"label": lazy("Sent on")})


class SubjectFilter(AsOfQuery):
    """Which kind of subject is shown, today or as of a day."""

    subject = ma.fields.String(
        load_default="", validate=choice([("", ""), *options(words.SUBJECTS)])
    )
