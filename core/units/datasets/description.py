"""What a row of the datasets of units says: the one description of their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import marshmallow as ma
import sqlalchemy as sa

from core.exchange.wording import TwoTitles
from core.exchange.workbook.columns import Text
from core.forms import DayField, FormSchema, LineField, choice
from core.i18n import MessageText, lazy
from core.units.labels import OPERATION, SECTOR
from core.units.models import UnitKind, UnitVersion
from core.units.services import CODE
from core.work import Work

OPERATIONS = {key: OPERATION[key] for key in OPERATION if key not in ("correct", "void")}


class CodeField(LineField):
    """The code of a unit."""

    def __init__(self, **options: Any) -> None:
        """Take letters without marks, digits, dots, hyphens."""
        wrong = MessageText("A code has letters without marks, digits, dots, hyphens; at most 40.")
        super().__init__(
            most=40,
            validate=ma.validate.Regexp(CODE.pattern + r"\Z", error=wrong),
            **options,
        )


class ShareField(ma.fields.Field[Fraction]):
    """A share: 1, 1/2, 0.5 or 50%; more than nothing, at most the whole."""

    default_error_messages = {
        "invalid": MessageText(
            "The share is not right. Write 1 for the whole, or a part such as 1/2."
        )
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Fraction:
        text = str(value).strip().replace(",", ".")
        try:
            is_percent = text.endswith("%")
            share = Fraction(text.rstrip("%").strip()) / (100 if is_percent else 1)
        except (ValueError, ZeroDivisionError) as error:
            raise self.make_error("invalid") from error
        if not 0 < share <= 1 or share.denominator > 10**9:
            raise self.make_error("invalid")
        return share


class UnitRow(FormSchema):
    """A version of a unit."""

    code = CodeField(
        required=True,
        metadata={"label": lazy("Unit code"), "width": 16, "example": "C-18115-01"},
    )
    name = LineField(metadata={"label": lazy("Name of the unit"), "width": 48})
    kind = LineField(most=40, metadata={"label": lazy("Kind of unit"), "width": 20})
    parent_code = CodeField(
        metadata={
            "label": lazy("Code of the unit above"),
            "hint": lazy("Empty for a new unit: it stands on top of all."),
            "width": 16,
        }
    )
    sector = LineField(most=40, metadata={"label": lazy("Sector"), "width": 18})
    valid_from = DayField(
        metadata={
            "label": lazy("From day"),
            "hint": lazy("Empty: a new unit has always been there, a known one is corrected."),
        }
    )
    valid_to = DayField(
        metadata={
            "label": lazy("Until before day"),
            "hint": lazy("The first day on which this holds no more; empty while it holds."),
        }
    )
    decision_no = LineField(most=80, metadata={"label": lazy("Decision number"), "width": 18})
    decision_date = DayField(metadata={"label": lazy("Day of the decision")})
    is_grassroots = ma.fields.Boolean(metadata={"label": lazy("Grassroots organisation")})


class LineageRow(FormSchema):
    """From which unit a unit came."""

    predecessor_code = CodeField(required=True, metadata={"label": lazy("Code of the old unit")})
    successor_code = CodeField(required=True, metadata={"label": lazy("Code of the new unit")})
    on = DayField(required=True, metadata={"label": lazy("On day")})
    share = ShareField(
        metadata={
            "label": lazy("Share"),
            "hint": lazy("1 for the whole, a part such as 1/2, empty when it is not known."),
            "width": 10,
        }
    )
    kind = LineField(
        load_default="consolidate",
        validate=choice(list(OPERATIONS.items())),
        metadata={"label": lazy("Operation")},
    )
    decision_no = LineField(most=80, metadata={"label": lazy("Decision number"), "width": 18})


def kinds_of(work: Work) -> dict[str, TwoTitles]:
    """Return the kinds of units with their titles."""
    rows = work.session.execute(
        sa.select(UnitKind.key, UnitKind.title, UnitKind.title_en).order_by(UnitKind.rank)
    )
    return {key: TwoTitles(title, english) for key, title, english in rows}


def sectors_of(work: Work) -> dict[str, Text]:
    """Return the sectors: the usual ones and those that units have."""
    used = work.session.scalars(sa.select(UnitVersion.sector).distinct())
    return {**SECTOR, **{sector: sector for sector in used if sector and sector not in SECTOR}}


def unit_choices(work: Work) -> Mapping[str, Sequence[tuple[str, Text]]]:
    """Return the choices that stand in tables."""
    return {"kind": list(kinds_of(work).items()), "sector": list(sectors_of(work).items())}
