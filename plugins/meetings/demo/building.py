"""Building the demo: the town's branches live through twelve months, up to today."""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zlib import crc32

import sqlalchemy as sa

from core.db import new_key
from core.generate.rows import AffiliationRow, PositionRow, holds
from core.generate.town import BAC_HONG_LINH, PHUC_SON, REFORM, Town
from core.names import PersonName, sort_key
from core.work import Work

from ..models import (
    AgendaItem,
    Announcement,
    Attendance,
    Material,
    Meeting,
    Minutes,
    OversightAssignment,
    Postponement,
    Resolution,
    ResolutionItem,
    Task,
    Visitor,
    Vote,
)
from . import stories
from .loose_ends import chase, draw_fates, issue_last_month, leave_to_prepare
from .shapes import Branch, Person, Rows
from .telling import Teller

MONTHS = 12
NAM_HONG_LINH = "N18118"
BATCH = 2_000
# In the order in which rows refer to each other.
MODELS: tuple[tuple[str, Any], ...] = (
    ("meeting", Meeting),
    ("item", AgendaItem),
    ("attendance", Attendance),
    ("visitor", Visitor),
    ("announcement", Announcement),
    ("postponement", Postponement),
    ("vote", Vote),
    ("resolution", Resolution),
    ("point", ResolutionItem),
    ("task", Task),
    ("minutes", Minutes),
)


def write_months(work: Work, rows: Rows) -> None:
    """Write told rows, table by table."""
    for name, model in MODELS:
        waiting = rows[name]
        for start in range(0, len(waiting), BATCH):
            work.session.execute(sa.insert(model), waiting[start : start + BATCH])
        rows[name] = []


def build_demo(
    work: Work, town: Town, keys: Mapping[str, uuid.UUID], people: Mapping[str, uuid.UUID]
) -> None:
    """Give the town's branches their assignments, materials, meetings, tasks and minutes."""
    assignments = _assign(work, town, keys, people)
    _publish(work, town, keys)
    teller = Teller(town.seed, town.today, work.host.zone)
    registry, months = _Registry(town, people), past_months(town.today)
    for ward in (BAC_HONG_LINH, NAM_HONG_LINH):
        branches = list(registry.branches(ward, keys, assignments))
        fates = draw_fates(branches, months, town.today)
        for branch in branches:
            for month in months:
                if month >= REFORM and _is_there(town, branch.code, month):
                    teller.tell(branch, month, fates.get((branch.code, month), ""))
    leave_to_prepare(teller, keys[PHUC_SON], town.today)
    write_months(work, teller.rows)
    issue_last_month(work, months[-2])
    chase(work, town, keys, months[-2])


def past_months(today: date) -> list[date]:
    """Return the first days of the last months, this one the last."""
    first = today.replace(day=1)
    months = [first]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[::-1]


def _is_there(town: Town, code: str, month: date) -> bool:
    """Whether a branch is there for the whole of a month."""
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return any(
        unit.code == code and unit.kind == "branch" and holds(unit, month) and holds(unit, last)
        for unit in town.units
        if unit.code == code
    )


class _Registry:
    """The town's people by branch and day."""

    def __init__(self, town: Town, people: Mapping[str, uuid.UUID]) -> None:
        self.town = town
        self._people = people
        self._names = {
            member.key: PersonName(member.surname, member.middle_name, member.given_name)
            for member in town.members
        }
        self._sort = {key: sort_key(name) for key, name in self._names.items()}
        self._by_unit: dict[str, list[AffiliationRow]] = {}
        for row in town.affiliations:
            self._by_unit.setdefault(row.unit_code, []).append(row)
        self._elsewhere = {
            (row.member_key, row) for row in town.affiliations if row.kind == "temporary"
        }
        self._statuses: dict[str, list[tuple[date, str]]] = {}
        for status in sorted(town.statuses, key=lambda r: r.valid_from):
            self._statuses.setdefault(status.member_key, []).append(
                (status.valid_from, status.status)
            )
        self._posts: dict[tuple[str, str], list[PositionRow]] = {}
        for post in town.positions:
            self._posts.setdefault((post.unit_code, post.position), []).append(post)

    def status(self, key: str, day: date) -> str:
        """Return a member's status on a day."""
        spans = self._statuses.get(key, [])
        place = bisect_right(spans, (day, "~")) - 1
        return spans[place][1] if place >= 0 else ""

    def person(self, key: str, standing: str, group: str = "home", status: str = "") -> Person:
        """Return somebody for a roll."""
        return Person(
            self._people[key], self._names[key].full, self._sort[key], standing, group, status
        )

    def roll(self, code: str) -> Callable[[date], Sequence[Person]]:
        """Return who belongs to a branch on a day, in the order of lists."""
        rows = self._by_unit.get(code, [])

        def on(day: date) -> Sequence[Person]:
            away = {key for key, row in self._elsewhere if holds(row, day)}
            found = []
            for row in rows:
                if not holds(row, day):
                    continue
                status = self.status(row.member_key, day)
                if status not in ("official", "probationary", "exempt"):
                    continue
                gone = row.kind == "home" and row.member_key in away
                standing = "elsewhere" if gone else status
                found.append(self.person(row.member_key, standing, row.kind, status))
            return sorted(found, key=lambda p: (p.group != "home", p.sort_key, p.id.bytes))

        return on

    def holder(self, code: str, *positions: str) -> Callable[[date], Person | None]:
        """Return who holds the first of these posts that is filled on a day."""

        def on(day: date) -> Person | None:
            for position in positions:
                for post in self._posts.get((code, position), []):
                    if holds(post, day):
                        return self.person(post.member_key, "official")
            return None

        return on

    def branches(
        self,
        ward: str,
        keys: Mapping[str, uuid.UUID],
        assignments: Mapping[str, tuple[str, uuid.UUID]],
    ) -> Iterable[Branch]:
        """Return the branches of a ward that are there today or were in these months."""
        wanted = self._below({ward})
        units = {u.code: u for u in self.town.units if u.kind == "branch" and u.code in wanted}
        for code, unit in sorted(units.items()):
            drawn = crc32(code.encode())
            day = 3 if code == PHUC_SON else 2 + drawn % 26
            evening = unit.sector in ("residential", "")
            yield Branch(
                unit_id=keys[code],
                code=code,
                name=unit.name,
                sector=unit.sector,
                roll=self.roll(code),
                chair=self.holder(code, "secretary", "deputy_secretary"),
                clerk=self.holder(code, "branch_committee_member", "deputy_secretary"),
                follower=assignments.get(code),
                day=day,
                at=time(19, 30) if evening else time(15, 0),
            )

    def _below(self, roots: set[str]) -> set[str]:
        """Return the codes of units that stand, or stood since the reform, below these."""
        found = set(roots)
        while True:
            more = {
                unit.code
                for unit in self.town.units
                if unit.parent_code in found and unit.valid_to > REFORM
            } - found
            if not more:
                return found
            found |= more


def _assign(
    work: Work, town: Town, keys: Mapping[str, uuid.UUID], people: Mapping[str, uuid.UUID]
) -> dict[str, tuple[str, uuid.UUID]]:
    """Write who follows which branch."""
    names = {member.key: member.full_name for member in town.members}
    rows, found = [], {}
    for follow in town.follows:
        key = new_key()
        rows.append(
            {
                "id": key,
                "unit_id": keys[follow.branch_code],
                "revision": 1,
                "official_id": people[follow.member_key],
                "official_name": names[follow.member_key],
                "role": "Đảng ủy viên",
                "valid_from": follow.valid_from,
                "valid_to": follow.valid_to,
                "min_visits": 1,
                "decision_no": "",
            }
        )
        if holds(follow, town.today):
            found[follow.branch_code] = (names[follow.member_key], key)
    if rows:
        work.session.execute(sa.insert(OversightAssignment), rows)
    return found


def _publish(work: Work, town: Town, keys: Mapping[str, uuid.UUID]) -> None:
    """Publish the months' material of both wards; this month's is there already."""
    rows = []
    for code in (BAC_HONG_LINH, NAM_HONG_LINH):
        for month in past_months(town.today):
            if month < REFORM:
                continue
            opens = month - timedelta(days=5)
            at = datetime.combine(opens, time(9), work.host.zone)
            rows.append(
                {
                    "id": new_key(),
                    "unit_id": keys[code],
                    "revision": 1,
                    "for_month": month,
                    "title": f"Tài liệu sinh hoạt chi bộ tháng {month.month}/{month.year}",
                    "points": [
                        {"title": title, "minutes": 5, "text": ""} for title in stories.MATERIAL
                    ],
                    "opens_on": opens,
                    "published_at": at,
                    "published_by": "Ban Xây dựng Đảng",
                    "withdrawn_at": None,
                    "document_id": None,
                    "created_at": at,
                }
            )
    work.session.execute(sa.insert(Material), rows)
