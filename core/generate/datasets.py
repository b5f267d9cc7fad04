"""Writes a generated town as the files that the program imports: the contract's columns, CSV."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

from core.generate.rows import (
    AffiliationRow,
    LineageRow,
    MemberRow,
    PositionRow,
    StatusRow,
    UnitRow,
    holds,
)
from core.generate.town import Town
from core.periods import EVER, OPEN

UNIT_COLUMNS = ("code", "name", "kind", "parent_code", "sector", "valid_from", "valid_to",
                "decision_no", "decision_date", "is_grassroots")  # fmt: skip
LINEAGE_COLUMNS = ("predecessor_code", "successor_code", "on", "share", "kind", "decision_no")
MEMBER_COLUMNS = ("card_no", "record_no", "full_name", "surname", "middle_name", "given_name",
                  "birth_date", "sex", "unit_code", "unit_from", "status", "status_from",
                  "admitted_on", "official_on", "left_on", "left_reason", "temporary_unit_code",
                  "temporary_from", "position", "position_from")  # fmt: skip
POSITION_COLUMNS = ("card_no", "record_no", "full_name", "birth_date", "unit_code", "position",
                    "from", "to", "how")  # fmt: skip

Record = dict[str, str]


def write_datasets(town: Town, folder: Path, on: date | None = None) -> None:
    """Write units, lineage, members and positions as CSV.

    Without a day the files hold all versions: a member has one row for each change of home or
    status. With a day they hold what is in force then, one row a member.
    """
    folder.mkdir(parents=True, exist_ok=True)
    units = [unit for unit in town.units if on is None or holds(unit, on)]
    positions = [row for row in town.positions if on is None or holds(row, on)]
    lineage = [row for row in town.lineage if on is None or row.on <= on]
    write_table(folder / "units.csv", UNIT_COLUMNS, map(unit_record, units))
    write_table(folder / "lineage.csv", LINEAGE_COLUMNS, map(lineage_record, lineage))
    write_table(folder / "members.csv", MEMBER_COLUMNS, member_records(town, on))
    people = {member.key: member for member in town.members}
    write_table(
        folder / "positions.csv",
        POSITION_COLUMNS,
        (position_record(people[row.member_key], row) for row in positions),
    )


def write_table(path: Path, columns: Iterable[str], records: Iterable[Record]) -> None:
    """Write records under their headings, UTF-8, lines ended by a line feed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)


def unit_record(unit: UnitRow) -> Record:
    """Return a version of a unit under the headings of the dataset `units`."""
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "parent_code": unit.parent_code,
        "sector": unit.sector,
        "valid_from": _day(unit.valid_from),
        "valid_to": _day(unit.valid_to),
        "decision_no": unit.decision_no,
        "decision_date": _day(unit.decision_date),
        "is_grassroots": "yes" if unit.is_grassroots else "no",
    }


def lineage_record(row: LineageRow) -> Record:
    """Return a descent under the headings of the dataset `lineage`; unknown shares are empty."""
    return {
        "predecessor_code": row.predecessor,
        "successor_code": row.successor,
        "on": _day(row.on),
        "share": _share(row.share),
        "kind": row.kind,
        "decision_no": row.decision_no,
    }


def position_record(member: MemberRow, row: PositionRow) -> Record:
    """Return a post under the headings of the dataset `positions`."""
    return {
        "card_no": member.card_no,
        "record_no": member.record_no,
        "full_name": member.full_name,
        "birth_date": _birth(member),
        "unit_code": row.unit_code,
        "position": row.position,
        "from": _day(row.valid_from),
        "to": _day(row.valid_to),
        "how": row.how,
    }


def member_records(town: Town, on: date | None) -> Iterator[Record]:
    """Yield the rows of the dataset `members`: of a day, or of all days in order of time."""
    homes: dict[str, list[AffiliationRow]] = defaultdict(list)
    stays: dict[str, list[AffiliationRow]] = defaultdict(list)
    statuses: dict[str, list[StatusRow]] = defaultdict(list)
    for row in town.affiliations:
        (homes if row.kind == "home" else stays)[row.member_key].append(row)
    for status in town.statuses:
        statuses[status.member_key].append(status)
    for member in town.members:
        life = (homes[member.key], stays[member.key], statuses[member.key])
        yield from _versions(member, *life) if on is None else _version_on(member, *life, on)


def _versions(
    member: MemberRow,
    homes: list[AffiliationRow],
    stays: list[AffiliationRow],
    statuses: list[StatusRow],
) -> Iterator[Record]:
    days = sorted({*(row.valid_from for row in homes), *(row.valid_from for row in statuses)})
    for day in days:
        status = next(row for row in statuses if holds(row, day))
        home = [row for row in homes if row.valid_from <= day][-1]
        # A stay has no end in this dataset, so only one that lasts can be written.
        lasting = [row for row in stays if row.valid_to == OPEN and day == days[-1]]
        yield _member_record(member, home, status, lasting, is_official=True)


def _version_on(
    member: MemberRow,
    homes: list[AffiliationRow],
    stays: list[AffiliationRow],
    statuses: list[StatusRow],
    on: date,
) -> Iterator[Record]:
    status = next((row for row in statuses if holds(row, on)), None)
    if status and status.status != "left":
        home = next(row for row in homes if holds(row, on))
        there = [row for row in stays if holds(row, on)]
        is_official = status.status != "probationary"
        yield _member_record(member, home, status, there, is_official=is_official)


def _member_record(
    member: MemberRow,
    home: AffiliationRow,
    status: StatusRow,
    stays: list[AffiliationRow],
    *,
    is_official: bool,
) -> Record:
    left = status.status == "left"
    return {
        "card_no": member.card_no if is_official else "",
        "record_no": member.record_no,
        "full_name": member.full_name,
        "surname": member.surname,
        "middle_name": member.middle_name,
        "given_name": member.given_name,
        "birth_date": _birth(member),
        "sex": member.sex,
        "unit_code": home.unit_code,
        "unit_from": _day(home.valid_from),
        "status": status.status,
        "status_from": _day(status.valid_from),
        "admitted_on": _day(member.admitted_on),
        "official_on": _day(member.official_on if is_official else None),
        "left_on": _day(status.valid_from) if left else "",
        "left_reason": status.reason if left else "",
        "temporary_unit_code": stays[-1].unit_code if stays else "",
        "temporary_from": _day(stays[-1].valid_from) if stays else "",
        "position": "",  # all posts are in the dataset `positions`
        "position_from": "",
    }


def _birth(member: MemberRow) -> str:
    if member.birth_precision == "year":
        return str(member.birth_date.year)
    return _day(member.birth_date)


def _share(share: Fraction | None) -> str:
    return "" if share is None else str(share)


def _day(day: date | None) -> str:
    return "" if day in {None, EVER, OPEN} else f"{day:%Y-%m-%d}"
