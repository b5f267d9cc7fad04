"""What may be asked for and what a figure looks like."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.forms import DayField, FormSchema, LineField, choice
from core.i18n import _, lazy
from core.periods import Period

BY = (
    ("", lazy("The unit as a whole")),
    ("child", lazy("By unit directly under it")),
    ("level", lazy("By kind of unit")),
)
YES_NO = ("true", "false")


class PeriodField(ma.fields.String):
    """A period: 2026, 2026-Q2, 2026-05 or 2020..2026."""

    pattern = r"^[1-8][0-9]{3}(-Q[1-4]|-(0[1-9]|1[0-2]))?$"
    """What programs are told to send; a range of years is read too."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, Period):
            return value
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return Period.parse(text[:20])
        except ValueError as error:
            raise ma.ValidationError(_(str(error))) from error


class FiguresInput(FormSchema):
    """Which figures, for which period, in which tree, in which groups."""

    key = ma.fields.List(
        LineField(most=80),
        load_default=list,
        validate=ma.validate.Length(max=20),
        metadata={"label": lazy("Figures")},
    )
    period = PeriodField(
        load_default=None,
        metadata={"label": lazy("Period"), "hint": lazy("2026, 2026-Q4, 2026-11 or 2020..2026")},
    )
    by = LineField(load_default="", validate=choice(BY), metadata={"label": lazy("Show")})
    as_of = DayField(
        load_default=None,
        metadata={
            "label": lazy("By the organisation of day"),
            "hint": lazy("Left empty: the last day of the period"),
        },
    )
    restated = ma.fields.Boolean(
        load_default=False,
        metadata={"label": lazy("Restate by the organisation of today")},
    )
    kind = LineField(load_default=None, most=40)
    subject = LineField(load_default=None, most=20)
    grassroots = LineField(load_default=None, validate=ma.validate.OneOf(YES_NO))
    series = ma.fields.Boolean(load_default=False)


class FiguresQuery(FiguresInput):
    """What a program asks for: keys and a period are needed."""

    key = ma.fields.List(
        LineField(most=80), required=True, validate=ma.validate.Length(min=1, max=20)
    )
    period = PeriodField(required=True)


class FigureOutput(ma.Schema):
    """One figure; `note` is there only where a reader must know something."""

    key = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    period = ma.fields.String(required=True)
    as_of = ma.fields.Date(required=True)
    value = ma.fields.Raw(required=True, allow_none=True, metadata={"type": "number"})
    numerator = ma.fields.Raw(required=True, metadata={"type": "number"})
    denominator = ma.fields.Raw(required=True, metadata={"type": "number"})
    group = ma.fields.String(required=True, allow_none=True)
    note = ma.fields.String()

    @ma.post_dump
    def leave_out_nothing(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Leave out a note that says nothing."""
        if not data.get("note"):
            data.pop("note", None)
        return data


def question_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return what a loaded query asks, as the evaluation wants it."""
    grassroots = data["grassroots"]
    return {
        "by": data["by"] or None,
        "series": data["series"],
        "as_of": data["as_of"],
        "restated": data["restated"],
        "subject": data["subject"],
        "kind": data["kind"],
        "grassroots": None if grassroots is None else grassroots == "true",
    }
