"""An ordinary process that reads while a reform is applied, and now and then tries to save.

It is told `tell` or `end` on its standard input, and tells one line of JSON: how long its looks
took, which trees it saw (a digest of each), how long a writer waited and what it was told.
"""

from __future__ import annotations

import hashlib
import json
import select
import sys
import time
from collections import Counter
from statistics import median, quantiles
from typing import Any

import sqlalchemy as sa

from core.access.principal import Principal, operator
from core.app import create_system
from core.config import load_config
from core.errors import DomainError
from core.members.listing import refresh_members
from core.members.models import Member, MemberListRow
from core.members.services import head_counts
from core.system import System
from core.units.places import visible
from core.units.tree import list_children
from core.work import Work

BRANCHES = ("XC000000", "XC000001", "XC000002")
EVERY = 2.0
"""Seconds from one attempt to save to the next."""


def look(work: Work) -> str:
    """Read what a page of the top level and one of a commune show; return a digest of it.

    The units below the root; above some branches all levels; of the commune above each its head
    count, and the first page of its list. All of it is of the old tree, or all of the new.
    """
    session, today, generation = work.session, work.today, work.generation
    root = session.info["root_place"]
    found: list[Any] = sorted(line.code for line in list_children(work, root))
    places = work.host.places.by_codes(session, BRANCHES, today, generation)
    for code in BRANCHES:
        above = work.host.places.by_ids(session, places[code].path, today, generation)
        path = [above[unit_id] for unit_id in places[code].path]
        found.append([place.code for place in path])
        found.append([head_counts(work, path[1])[path[1].id].total])
        rows = session.execute(
            sa.select(MemberListRow.sort_key, MemberListRow.member_id)
            .where(MemberListRow.ancestor_id == path[1].id, visible(MemberListRow, generation))
            .order_by(MemberListRow.sort_key, MemberListRow.member_id)
            .limit(50)
        )
        found.append([row.member_id.hex for row in rows])
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()[:12]


class Reader:
    """Looks again and again, and remembers what it met since it last told."""

    def __init__(self, system: System) -> None:
        """Begin with nothing."""
        self.system = system
        self._forget()

    def _forget(self) -> None:
        self.looks: list[float] = []
        self.seen: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        self.saves: list[float] = []
        self.saved = 0
        self.work = 0.0

    def look(self) -> None:
        """Look once."""
        began, busy = time.perf_counter(), time.process_time()
        with self.system.opener.as_system(operator("reader"), writing=False) as work:
            # A look that would wait for a lock ends with an error, and so does the whole run.
            work.session.execute(sa.text("SET LOCAL lock_timeout = '100ms'"))
            self.seen[look(work)] += 1
        self.looks.append(time.perf_counter() - began)
        self.work = max(self.work, time.process_time() - busy)

    def save(self) -> None:
        """Save a member as a person at a page would, or be told why not."""
        began = time.perf_counter()
        try:
            with self.system.opener.work(lambda _s, _n: SOMEBODY, writing=True) as work:
                one = work.session.scalars(
                    sa.select(Member.id).limit(1).execution_options(unscoped="anybody")
                ).one()
                refresh_members(work, [one])
            self.saved += 1
        except DomainError as error:
            self.told[error.sentence] += 1
        self.saves.append(time.perf_counter() - began)

    def tell(self) -> dict[str, Any]:
        """Tell what was met, and forget it."""
        told = {
            "looks": len(self.looks),
            "median": median(self.looks) * 1000,
            "p95": quantiles(self.looks, n=20, method="inclusive")[-1] * 1000,
            "longest": max(self.looks),
            "most_work": self.work,
            "seen": dict(self.seen),
            "longest_write": max(self.saves, default=0.0),
            "saved": self.saved,
            "told": dict(self.told),
        }
        self._forget()
        return told


SOMEBODY = Principal("account", "bench")
"""Not a command and not a job: somebody at a page, who is not kept waiting."""


def main() -> None:
    """Look until told to end."""
    reader = Reader(create_system(load_config()))
    saved = time.perf_counter()
    while True:
        reader.look()
        if time.perf_counter() - saved > EVERY:
            reader.save()
            saved = time.perf_counter()
        if len(reader.looks) > 1 and select.select([sys.stdin], [], [], 0)[0]:
            if sys.stdin.readline().strip() != "tell":
                return
            print(json.dumps(reader.tell()), flush=True)


if __name__ == "__main__":
    main()
