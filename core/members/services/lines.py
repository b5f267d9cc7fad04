"""Lines of members' lists: what is read of each person, and what a list is narrowed to."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.members.models import Member
from core.units.models import UnitVersion
from core.units.places import Place, valid_on, visible

FROM_ROOTS = "read from the roots at which the permission is held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; empty means all who count."""

    status: str = ""
    words: str = ""
    group: str = ""
    sector: str = ""


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member in a list; `status` and `unit_id` are those of the list's day.

    `is_reached` is false where the person has moved out of the actor's rights since: then only
    name and status of that day are shown.
    """

    id: uuid.UUID
    sort_key: bytes
    surname: str
    middle_name: str
    given_name: str
    full_name: str
    birth_date: date | None
    birth_precision: str
    sex: str
    card_no: str | None
    record_no: str | None
    phone: str
    email: str
    admitted_on: date | None
    official_on: date | None
    revision: int
    status: str
    unit_id: uuid.UUID
    home_id: uuid.UUID
    is_reached: bool = True

    @property
    def before(self) -> str:
        """Surname and middle name."""
        return " ".join(part for part in (self.surname, self.middle_name) if part)


COLUMNS = (
    Member.id,
    Member.sort_key,
    Member.surname,
    Member.middle_name,
    Member.given_name,
    Member.full_name,
    Member.birth_date,
    Member.birth_precision,
    Member.sex,
    Member.card_no,
    Member.record_no,
    Member.phone,
    Member.email,
    Member.admitted_on,
    Member.official_on,
    Member.revision,
)


@dataclass(frozen=True, slots=True)
class MemberPage:
    """A page of a list, and where the next one begins."""

    lines: Sequence[MemberLine]
    next: str | None = None
    names: dict[uuid.UUID, Place] = field(default_factory=dict)

    def place(self, line: MemberLine) -> Place | None:
        """Return the branch of a line."""
        return self.names.get(line.unit_id)

    def home(self, line: MemberLine) -> Place | None:
        """Return today's branch of a line."""
        return self.names.get(line.home_id)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a statement is narrowed to: values, or names of what is sent with it."""

    generation: Any
    day: Any
    status: Any = None
    sector: Any = None
    named: sa.ColumnElement[bool] | None = None

    def of(self, statement: Any, status: Any, unit_id: Any) -> Any:
        """Narrow a statement by its columns of status and unit."""
        if self.status is not None:
            statement = statement.where(status == self.status)
        if self.named is not None:
            statement = statement.where(self.named)
        if self.sector is not None:
            statement = statement.join(UnitVersion, UnitVersion.unit_id == unit_id).where(
                UnitVersion.sector == self.sector,
                valid_on(UnitVersion, self.day),
                visible(UnitVersion, self.generation),
            )
        return statement
