"""The second file: where the children and the members of divided units go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from core.exchange.workbook import RawRow
from core.i18n import _
from core.periods import parse_birth
from core.restructuring.files.columns import bad_row


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A member as a file names one, and where they go."""

    number: int
    unit_code: str
    to_code: str
    card_no: str
    record_no: str
    full_name: str
    birth_date: date | None
    birth_precision: str


@dataclass
class Assignments:
    """What the second file says."""

    parents: dict[str, str] = field(default_factory=dict)
    people: list[PersonRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_assignments(rows: Iterable[RawRow]) -> Assignments:
    """Read where divided units' children and members go."""
    result = Assignments()
    for row in rows:
        values = row.values
        to = values.get("new_unit_code") or values.get("new_parent_code") or ""
        names = (values.get("card_no"), values.get("record_no"), values.get("full_name"))
        unit = values.get("unit_code", "")
        if not to or not (unit or any(names)):
            sentence = _("Write the unit or the member, and the code of where they go.")
            result.problems.append(bad_row(row.number, sentence))
        elif not any(names):
            if result.parents.setdefault(unit, to) != to:
                sentence = _("%(code)s is assigned twice.", code=unit)
                result.problems.append(bad_row(row.number, sentence))
        else:
            _add_person(result, row, to)
    return result


def _add_person(result: Assignments, row: RawRow, to: str) -> None:
    values = row.values
    born: tuple[date | None, str] = (None, "day")
    try:
        if values.get("birth_date"):
            born = parse_birth(values["birth_date"])
    except ValueError as error:
        result.problems.append(bad_row(row.number, _(str(error))))
        return
    result.people.append(
        PersonRow(
            row.number,
            values.get("unit_code", ""),
            to,
            values.get("card_no", ""),
            values.get("record_no", ""),
            values.get("full_name", ""),
            *born,
        )
    )
