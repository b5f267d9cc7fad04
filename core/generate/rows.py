"""The rows a generator yields: one dataclass per table, ids are codes, spans are half-open days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Protocol

from core.periods import EVER, OPEN


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One version of a unit; a unit has as many rows as it had names, kinds or parents."""

    code: str
    name: str
    kind: str
    parent_code: str
    sector: str = ""
    valid_from: date = EVER
    valid_to: date = OPEN
    is_grassroots: bool = False
    decision_no: str = ""
    decision_date: date | None = None
    term_months: int | None = None
    short_name: str = ""


@dataclass(frozen=True, slots=True)
class LineageRow:
    """What became of a unit that ended; a share of None is a part whose size nobody knows."""

    predecessor: str
    successor: str
    on: date
    share: Fraction | None
    kind: str
    decision_no: str = ""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A person's membership; `birth_precision` is `day` or `year` (then the first of January)."""

    key: str
    card_no: str
    record_no: str
    surname: str
    middle_name: str
    given_name: str
    birth_date: date
    birth_precision: str
    sex: str
    admitted_on: date
    official_on: date | None
    phone: str

    @property
    def full_name(self) -> str:
        """The name in Vietnamese order: surname, middle name, given name."""
        return " ".join(filter(None, (self.surname, self.middle_name, self.given_name)))


@dataclass(frozen=True, slots=True)
class StatusRow:
    """`probationary`, `official`, `exempt`, or `left` with its reason, from a day on."""

    member_key: str
    status: str
    valid_from: date
    valid_to: date = OPEN
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AffiliationRow:
    """Where a member belongs (`home`) or takes part for a time (`temporary`)."""

    member_key: str
    unit_code: str
    kind: str
    valid_from: date
    valid_to: date = OPEN


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A post held in a unit; `title` says which one where the key alone does not."""

    member_key: str
    unit_code: str
    position: str
    valid_from: date
    valid_to: date = OPEN
    how: str = "elected"
    decision_no: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """`away` from home, `suspended` or `excused` for a span; `away` has a day of next contact."""

    member_key: str
    kind: str
    valid_from: date
    valid_to: date = OPEN
    next_contact_on: date | None = None


@dataclass(frozen=True, slots=True)
class FollowRow:
    """A superior official who follows a branch for the committee `unit_code`."""

    member_key: str
    unit_code: str
    branch_code: str
    valid_from: date
    valid_to: date = OPEN


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A paper in the register of a unit."""

    number: str
    kind: str
    issued_on: date
    unit_code: str
    subject: str


class Spanned(Protocol):
    """Anything with a half-open span of days."""

    @property
    def valid_from(self) -> date:
        """First day."""

    @property
    def valid_to(self) -> date:
        """First day after."""


def holds(row: Spanned, day: date) -> bool:
    """Say whether a row is in force on a day."""
    return row.valid_from <= day < row.valid_to
