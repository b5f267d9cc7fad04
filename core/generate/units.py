"""The demo town's organisations in time: both worlds of 01/07/2025, read from `data/`."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from core.generate.rows import (
    LineageRow,
    UnitRow,
)
from core.periods import EVER

DATA = Path(__file__).with_name("data")
REFORM = date(2025, 7, 1)

MEMBERS_ONLY = "~"
"""Marks in `changes.csv` a place that takes members of an ended unit without succeeding it."""

HOME = "~home"
"""Stands for any residential branch of the same ward: there go those who retire."""

Shares = list[tuple[str, int]]


@dataclass(slots=True)
class Change:
    """One thing that happens to one unit on a day."""

    on: date
    kind: str
    code: str
    parent_code: str = ""
    name: str = ""
    successors: Shares = field(default_factory=list)


@dataclass(slots=True)
class Organisations:
    """Units in time, how they descend, where members go when a unit ends, planned head counts."""

    units: list[UnitRow]
    lineage: list[LineageRow]
    moves: dict[date, dict[str, Shares]]
    planned: dict[str, int]


def read_rows(name: str) -> list[dict[str, str]]:
    """Read one of the generator's own tables."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def decisions(today: date) -> list[dict[str, str]]:
    """Return the papers behind what has happened by a day; all but 33-KL/ThU are generated."""
    return [row for row in read_rows("decisions.csv") if row["issued_on"] <= today.isoformat()]


def party_name(territory: str) -> str:
    """Turn the name of a territory into that of its party organisation."""
    return f"Đảng bộ {territory[0].lower()}{territory[1:]}"


def short_name(name: str) -> str:
    """Shorten a name for heads of tables, with the abbreviations that are allowed there."""
    short = name.removeprefix("Chi bộ ").removeprefix("Đảng bộ ")
    for long, brief in (("tổ dân phố", "TDP"), ("Ủy ban nhân dân", "UBND"), ("Trường ", "")):
        short = short.replace(long, brief)
    return short[0].upper() + short[1:]


def build_organisations(today: date) -> Organisations:
    """Return the organisations with everything that has happened up to `today`."""
    tree = _Tree()
    for row in _territories():
        tree.establish(row)
    planned = {}
    founded: dict[date, list[UnitRow]] = defaultdict(list)
    for row, members in _own_units():
        founded[row.valid_from].append(row)
        if members:
            planned[row.code] = int(members)
    for row in founded.pop(EVER):
        tree.establish(row)
    moves: dict[date, dict[str, Shares]] = {}
    for on, changes in groupby(_changes(), key=lambda change: change.on):
        if on <= today:
            moves[on] = tree.apply(on, founded.get(on, []), list(changes))
    return Organisations(tree.all_rows(), tree.lineage, moves, planned)


def _territories() -> list[UnitRow]:
    return [
        UnitRow(
            code=row["code"],
            name=party_name(row["name"]),
            kind=row["level"],
            parent_code=row["parent_code"] or "ROOT",
            term_months=60,
        )
        for row in read_rows("hong-linh-units-before.csv")
    ]


def _own_units() -> list[tuple[UnitRow, str]]:
    rows = [
        (
            UnitRow(
                code=row["code"],
                name=row["name"],
                kind=row["kind"],
                parent_code=row["parent_code"],
                sector=row["sector"],
                valid_from=date.fromisoformat(row["since"]) if row["since"] else EVER,
            ),
            row["members"],
        )
        for row in read_rows("organisations.csv")
    ]
    for row in read_rows("residential.csv"):
        unit = UnitRow(row["code"], row["name"], "branch", row["parent_code"], "residential")
        rows.append((unit, ""))
    return rows


def _changes() -> list[Change]:
    changes = [
        Change(
            on=date.fromisoformat(row["on"]),
            kind=row["kind"],
            code=row["code"],
            parent_code=row["parent_code"],
            name=row["name"],
            successors=_shares(row["successors"]),
        )
        for row in read_rows("changes.csv")
    ]
    changes += [
        Change(REFORM, "consolidate", row["old_code"], successors=[(row["new_code"], 1)])
        for row in read_rows("hong-linh-reform-2025-07-01.csv")
    ]
    # What stood above ends when nothing is left under it, with its communes' successors.
    wards = [("N18115", 1), ("N18118", 1)]
    changes.append(Change(REFORM, "terminate", "D437", successors=wards))
    changes.append(Change(REFORM, "terminate", "D442", successors=wards[:1]))
    changes.append(Change(REFORM, "consolidate", "P42", successors=[("Q42", 1)]))
    return sorted(changes, key=lambda change: change.on)


def _shares(text: str) -> Shares:
    pairs = (part.split(":") for part in text.split(";") if part)
    return [(code, int(weight)) for code, weight in pairs]


def _new_territories() -> list[UnitRow]:
    rows = [UnitRow("Q42", "Đảng bộ tỉnh Hà Tĩnh", "province", "ROOT", term_months=60)]
    names = {row["new_code"]: row for row in read_rows("hong-linh-reform-2025-07-01.csv")}
    for code, row in names.items():
        name = party_name(row["new_name"])
        rows.append(UnitRow(code, name, "commune", row["new_province_code"], term_months=60))
    return rows


class _Tree:
    """The tree while it is being built: the current version of each unit and all past ones."""

    def __init__(self) -> None:
        self.current: dict[str, UnitRow] = {}
        self.past: list[UnitRow] = []
        self.lineage: list[LineageRow] = []
        self.on = EVER
        self.decision_no = ""
        self.decided_on: date | None = None

    def establish(self, row: UnitRow) -> None:
        """Start a unit under a parent that exists."""
        grassroots = self._is_grassroots(row)
        # A branch elected for 30 months serves them, whatever it is called from July 2025 on.
        brief = row.kind == "branch" and not grassroots
        self.current[row.code] = replace(
            row,
            is_grassroots=grassroots,
            term_months=row.term_months or (30 if brief else 60),
            short_name=short_name(row.name),
        )

    def apply(self, on: date, founded: list[UnitRow], changes: list[Change]) -> dict[str, Shares]:
        """Apply the changes of one day; return where the members of ended units go."""
        self.on = on
        decision = next(row for row in decisions(on) if row["on"] == on.isoformat())
        self.decision_no = decision["number"]
        self.decided_on = date.fromisoformat(decision["issued_on"])
        for row in [*(_new_territories() if on == REFORM else []), *founded]:
            self.establish(self._stamped(row, row.parent_code, row.name))
        ended = {change.code: change for change in changes if change.successors}
        moved = {change.code: change for change in changes if not change.successors}
        for change in ended.values():
            self._end(change)
        for row in list(self.current.values()):
            self._go_on(row, moved.get(row.code), ended)
        return {code: change.successors for code, change in ended.items()}

    def all_rows(self) -> list[UnitRow]:
        """Return every version, a unit's versions in order of time."""
        rows = [*self.past, *self.current.values()]
        return sorted(rows, key=lambda row: (row.code, row.valid_from))

    def _stamped(self, row: UnitRow, parent_code: str, name: str) -> UnitRow:
        return replace(
            row,
            parent_code=parent_code,
            name=name,
            short_name=short_name(name),
            valid_from=self.on,
            decision_no=self.decision_no,
            decision_date=self.decided_on,
        )

    def _end(self, change: Change) -> None:
        self.past.append(replace(self.current.pop(change.code), valid_to=self.on))
        share = Fraction(1) if len(change.successors) == 1 else None
        for code, _weight in change.successors:
            if not code.startswith(MEMBERS_ONLY):
                self.lineage.append(
                    LineageRow(change.code, code, self.on, share, change.kind, self.decision_no)
                )

    def _go_on(self, row: UnitRow, moved: Change | None, ended: dict[str, Change]) -> None:
        parent, name = row.parent_code, row.name
        if moved:
            parent, name = moved.parent_code or parent, moved.name or name
        elif parent in ended:
            parent = ended[parent].successors[0][0]
        if (parent, name) == (row.parent_code, row.name):
            return
        if row.valid_from != self.on:
            self.past.append(replace(row, valid_to=self.on))
        following = self._stamped(row, parent, name)
        grassroots = self._is_grassroots(following)
        self.current[row.code] = replace(following, is_grassroots=grassroots)

    def _is_grassroots(self, row: UnitRow) -> bool:
        """Grassroots is what stands under a district, a new commune or a provincial block."""
        if row.kind in {"province", "district"}:
            return False
        parent = self.current[row.parent_code]
        return parent.kind != "province" and not parent.is_grassroots
