"""Putting the rows of one person together: by whom they mean, else among themselves."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.exchange.rows import Row
from core.members.services.matching import Match, spelled

Name = tuple[str, object]


@dataclass
class Groups:
    """Rows by person; a person is a number here, as those who are new have no key yet."""

    rows: list[list[Row]] = field(default_factory=list)
    known: dict[uuid.UUID, int] = field(default_factory=dict)
    _by_card: dict[str, int] = field(default_factory=dict)
    _by_record: dict[str, int] = field(default_factory=dict)
    _by_name: dict[tuple[str | None, Name], list[int]] = field(default_factory=dict)
    _last: int | None = None
    _last_name: Name | None = None

    def listed(self) -> Iterator[tuple[int, Sequence[Row]]]:
        """Go through the people in the order of the file."""
        yield from enumerate(self.rows)

    def add(self, row: Row, match: Match) -> None:
        """Add a row to the person it means, or begin a new one."""
        name = spelled(row.get("full_name", "")), row.get("birth_date")
        group = self._group_of(row, match, name)
        if group is None:
            group = len(self.rows)
            self.rows.append([])
        self.rows[group].append(row)
        if match.member_id is not None:
            self.known.setdefault(match.member_id, group)
        if row.get("card_no"):
            self._by_card.setdefault(row.get("card_no"), group)
        if row.get("record_no"):
            self._by_record.setdefault(row.get("record_no"), group)
        places = self._by_name.setdefault((row.get("unit_code"), name), [])
        if group not in places:
            places.append(group)
        self._last, self._last_name = group, name

    def _group_of(self, row: Row, match: Match, name: Name) -> int | None:
        """Return the person of a row among those met so far."""
        if match.member_id is not None:
            return self.known.get(match.member_id)
        card, record = row.get("card_no"), row.get("record_no")
        if card and card in self._by_card:
            return self._by_card[card]
        if record and record in self._by_record and self._agree(self._by_record[record], row):
            return self._by_record[record]
        for group in self._by_name.get((row.get("unit_code"), name), ()):
            if self._agree(group, row):
                return group
        return self._last if self._continues(row, name) else None

    def _agree(self, group: int, row: Row) -> bool:
        """Whether the numbers of a row do not speak against a person."""
        return all(
            not other.get(name) or not row.get(name) or other.get(name) == row.get(name)
            for other in self.rows[group]
            for name in ("card_no", "record_no")
        )

    def _continues(self, row: Row, name: Name) -> bool:
        """Whether a row without numbers goes on with the history of the row above it.

        The rows of one person stand one below the other, in order of time, as they are exported;
        somebody of the same name in another branch was not admitted on the same day and came
        there later.
        """
        if self._last is None:
            return False
        above = self.rows[self._last][-1]
        numbers = any(one.get(n) for one in (row, above) for n in ("card_no", "record_no"))
        same = (
            name == self._last_name
            and row.get("admitted_on") == above.get("admitted_on")
            and row.get("sex") == above.get("sex")
        )
        if numbers or not same or row.get("admitted_on") is None:
            return False
        if not row.get("unit_code") or not above.get("unit_code"):
            return True
        since, before = row.get("unit_from"), above.get("unit_from")
        return since is not None and before is not None and since > before
