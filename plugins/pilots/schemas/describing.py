"""What describes a model: criteria, milestones, settings, for which units it is made."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.forms import LineField, TextField, choice
from core.i18n import MessageText, lazy

from .rows import RowsForm
from .taking import hidden_revision

Range = ma.validate.Range
YES_NO = (("no", lazy("No")), ("yes", lazy("Yes")))


class CriterionLine(ma.Schema):
    """A criterion of a score sheet."""

    key = LineField(load_default="", most=40)
    title = LineField(load_default="")
    points = ma.fields.Integer(load_default=10, validate=Range(0, 1000))
    must = ma.fields.String(load_default="no", validate=choice(YES_NO))


class MilestoneLine(ma.Schema):
    """What is to be done how many months after the beginning."""

    title = LineField(load_default="")
    months = ma.fields.Integer(load_default=0, validate=Range(0, 120))


class SettingLine(ma.Schema):
    """A setting with the value it has in a trial, as somebody types it."""

    key = LineField(load_default="", most=80)
    value = LineField(load_default="", most=300)


def listed(schema: type[ma.Schema], label: Any, most: int) -> ma.fields.List[Any]:
    """Return the field of lines of like kind."""
    return ma.fields.List(
        ma.fields.Nested(schema),
        load_default=list,
        validate=ma.validate.Length(max=most),
        metadata={"label": label},
    )


class ModelInput(RowsForm):
    """A model as a unit describes it."""

    rows = {
        "criteria": ("key", "title", "points", "must"),
        "milestones": ("title", "months"),
        "settings": ("key", "value"),
    }
    code = LineField(
        load_default="",
        most=40,
        validate=ma.validate.Regexp(
            r"^$|^[a-z][a-z0-9_]{1,39}$",
            error=MessageText("A code has small letters, digits and underscores only."),
        ),
        metadata={
            "label": lazy("Code of the model"),
            "hint": lazy("Left empty: made of the title. It never changes."),
        },
    )
    title = LineField(
        required=True,
        metadata={"label": lazy("Name of the model")},
        error_messages={"required": MessageText("The model has no title yet.")},
    )
    purpose = TextField(load_default="", metadata={"label": lazy("Purpose")})
    legal_basis = LineField(load_default="", metadata={"label": lazy("Legal basis")})
    document_no = LineField(load_default="", most=80, metadata={"label": lazy("Document number")})
    owner = LineField(load_default="", metadata={"label": lazy("Body in charge")})
    kinds = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(max=40)),
        required=True,
        validate=ma.validate.Length(
            min=1, max=10, error=MessageText("Choose for which kinds of units the model is.")
        ),
        metadata={"label": lazy("For which kinds of units")},
    )
    grassroots_only = ma.fields.Boolean(
        load_default=False, metadata={"label": lazy("Only for grassroots organisations")}
    )
    wanted = ma.fields.Integer(
        load_default=None,
        allow_none=True,
        validate=Range(1, 100_000),
        metadata={"label": lazy("How many units are wanted"), "inputmode": "numeric"},
    )
    conditions = TextField(load_default="", metadata={"label": lazy("Conditions")})
    inputs = TextField(
        load_default="",
        metadata={"label": lazy("What units are given"), "hint": lazy("One on each line")},
    )
    rules = TextField(
        load_default="",
        metadata={"label": lazy("Rules that are issued"), "hint": lazy("One on each line")},
    )
    indicators = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(max=80)),
        load_default=list,
        validate=ma.validate.Length(max=8),
        metadata={"label": lazy("Figures it is judged by")},
    )
    review_months = ma.fields.Integer(
        load_default=0,
        validate=Range(0, 60),
        metadata={
            "label": lazy("Months between two reviews"),
            "inputmode": "numeric",
            "hint": lazy("0: as the setting says"),
        },
    )
    criteria = listed(CriterionLine, lazy("Criteria"), 40)
    pass_points = ma.fields.Integer(
        load_default=0,
        validate=Range(0, 10_000),
        metadata={"label": lazy("Points needed"), "inputmode": "numeric"},
    )
    milestones = listed(MilestoneLine, lazy("Milestones"), 20)
    settings = listed(SettingLine, lazy("Settings that differ in a trial"), 10)
    revision = hidden_revision()
