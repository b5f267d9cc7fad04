"""What a row says about a member or a position: the one description of their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import marshmallow as ma
import sqlalchemy as sa

from core.exchange.wording import TwoTitles
from core.exchange.workbook.columns import Text
from core.forms import DayField, FormSchema, LineField, choice
from core.i18n import MessageText, lazy
from core.members.labels import FIELD, HOW, REASON, SEX, STATUS_SHORT
from core.members.models import PositionKind
from core.periods import Precision, parse_birth
from core.work import Work

CARD = {"label": FIELD["card_no"], "width": 14, "example": "00123456"}
RECORD = {"label": FIELD["record_no"], "width": 16}
NAME = {"label": FIELD["full_name"], "width": 28, "example": "Nguyễn Văn An"}
BIRTH = {"label": FIELD["birth_date"], "cell": "day_or_year"}
UNIT = {"label": lazy("Unit code"), "width": 16}


class BirthField(ma.fields.Field[tuple[date, Precision]]):
    """A birth date with how well it is known: a day, or the year alone."""

    default_error_messages = {
        "invalid": MessageText(
            "The birth date is not right. Write day/month/year, or the year alone."
        )
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or len(value) > 20:
            raise self.make_error("invalid")
        try:
            return parse_birth(value)
        except ValueError as error:
            raise self.make_error("invalid") from error


class PersonRow(FormSchema):
    """The columns by which a row of any dataset names a person."""

    card_no = LineField(most=20, metadata=CARD)
    record_no = LineField(most=20, metadata=RECORD)
    full_name = LineField(metadata=NAME)
    birth_date = BirthField(metadata=BIRTH)


class PositionRow(PersonRow):
    """A post held in a unit."""

    unit_code = LineField(required=True, most=40, metadata=UNIT)
    position = LineField(required=True, most=40, metadata={"label": lazy("Position"), "width": 26})
    from_ = DayField(
        data_key="from",
        metadata={"label": lazy("From day"), "hint": lazy("Empty when it is not known.")},
    )
    to = DayField(
        metadata={
            "label": lazy("Until before day"),
            "hint": lazy("The first day on which this holds no more; empty while it holds."),
        }
    )
    how = LineField(
        validate=choice(list(HOW.items())), metadata={"label": lazy("How"), "width": 12}
    )


class MemberRow(FormSchema):
    """A member, or a change of the branch or the status in the history of a member."""

    card_no = LineField(most=20, metadata=CARD)
    record_no = LineField(most=20, metadata=RECORD)
    full_name = LineField(metadata=NAME)
    surname = LineField(most=80, metadata={"label": FIELD["surname"], "width": 12})
    middle_name = LineField(most=80, metadata={"label": FIELD["middle_name"], "width": 14})
    given_name = LineField(most=80, metadata={"label": FIELD["given_name"], "width": 12})
    birth_date = BirthField(metadata=BIRTH)
    sex = LineField(
        validate=choice(list(SEX.items())), metadata={"label": FIELD["sex"], "width": 10}
    )
    unit_code = LineField(most=40, metadata=UNIT)
    unit_from = DayField(
        metadata={
            "label": lazy("In the branch since"),
            "hint": lazy("Empty for a new member: since the admission."),
        }
    )
    status = LineField(
        validate=choice(list(STATUS_SHORT.items())),
        metadata={"label": lazy("Status"), "width": 16},
    )
    status_from = DayField(metadata={"label": lazy("Status since")})
    admitted_on = DayField(metadata={"label": FIELD["admitted_on"]})
    official_on = DayField(metadata={"label": FIELD["official_on"]})
    left_on = DayField(metadata={"label": lazy("Left on")})
    left_reason = LineField(
        validate=choice(list(REASON.items())),
        metadata={"label": lazy("Reason of leaving"), "width": 22},
    )
    temporary_unit_code = LineField(
        most=40, metadata={"label": lazy("Code of the temporary unit"), "width": 16}
    )
    temporary_from = DayField(metadata={"label": lazy("There temporarily since")})
    position = LineField(most=40, metadata={"label": lazy("Position"), "width": 26})
    position_from = DayField(metadata={"label": lazy("In the position since")})


def position_titles(work: Work) -> dict[str, TwoTitles]:
    """Return the kinds of positions with their titles."""
    rows = work.session.execute(
        sa.select(PositionKind.key, PositionKind.title, PositionKind.title_en).order_by(
            PositionKind.rank, PositionKind.key
        )
    )
    return {key: TwoTitles(title, english) for key, title, english in rows}


def position_choices(work: Work) -> Mapping[str, Sequence[tuple[str, Text]]]:
    """Return the choices that stand in tables."""
    return {"position": list(position_titles(work).items())}
