"""A membership while it is being lived: statuses and home affiliations grow day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from core.generate.people import Identity
from core.generate.rows import (
    AffiliationRow,
    MemberRow,
    StatusRow,
)
from core.periods import OPEN

Row = TypeVar("Row", AffiliationRow, StatusRow)


@dataclass(slots=True, eq=False)
class Life:
    """One member of the demo town."""

    key: str
    who: Identity
    admitted_on: date
    record_no: str = ""
    card_no: str = ""
    official_on: date | None = None
    phone: str = ""
    is_settled: bool = False
    """Chance leaves this one alone: the demo needs the person where he or she is."""
    homes: list[AffiliationRow] = field(default_factory=list)
    statuses: list[StatusRow] = field(default_factory=list)

    @property
    def status(self) -> str:
        """The latest status."""
        return self.statuses[-1].status

    @property
    def home(self) -> str:
        """The latest home branch."""
        return self.homes[-1].unit_code

    def row(self) -> MemberRow:
        """Return the member as a row."""
        who = self.who
        return MemberRow(
            key=self.key,
            card_no=self.card_no,
            record_no=self.record_no,
            surname=who.surname,
            middle_name=who.middle_name,
            given_name=who.given_name,
            birth_date=who.birth_date,
            birth_precision=who.birth_precision,
            sex=who.sex,
            admitted_on=self.admitted_on,
            official_on=self.official_on,
            phone=self.phone,
        )

    def become(self, status: str, on: date, reason: str = "") -> None:
        """Change the status from a day on."""
        _close_last(self.statuses, on)
        self.statuses.append(StatusRow(self.key, status, on, OPEN, reason))

    def settle(self, unit_code: str, on: date) -> None:
        """Belong to a branch from a day on."""
        _close_last(self.homes, on)
        self.homes.append(AffiliationRow(self.key, unit_code, "home", on))


def _close_last(rows: list[Row], on: date) -> None:
    if rows:
        rows[-1] = replace(rows[-1], valid_to=on)


class Roster:
    """Everybody, and who belongs where at the moment the story has reached."""

    def __init__(self) -> None:
        self.everybody: list[Life] = []
        self.of_unit: dict[str, list[Life]] = defaultdict(list)
        self.ever_in_unit: dict[str, list[Life]] = defaultdict(list)

    def add(self, life: Life, unit_code: str, on: date) -> None:
        """Take somebody in."""
        self.everybody.append(life)
        self._enter(life, unit_code, on)

    def move(self, life: Life, unit_code: str, on: date) -> None:
        """Move somebody to another branch of the system."""
        self.of_unit[life.home].remove(life)
        self._enter(life, unit_code, on)

    def leave(self, life: Life, on: date, reason: str) -> None:
        """End a membership here: `moved`, `deceased`, `removed`, `expelled` or `resigned`."""
        self.of_unit[life.home].remove(life)
        _close_last(life.homes, on)
        life.become("left", on, reason)

    def present(self) -> Iterator[Life]:
        """Go through everybody who has not left."""
        return (life for life in self.everybody if life.status != "left")

    def _enter(self, life: Life, unit_code: str, on: date) -> None:
        life.settle(unit_code, on)
        self.of_unit[unit_code].append(life)
        self.ever_in_unit[unit_code].append(life)
