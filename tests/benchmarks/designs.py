"""Designs of the scope side by side, for the decision record: who asks, how it is asked, how long.

`python -m tests.benchmarks.designs --size province` prints the table of core/decisions. Each cell
is the least of five turns of the statement alone, in milliseconds, for the first fifty members.
"""

from __future__ import annotations

import argparse
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.access.principal import Principal, Right, Rights
from core.db import Key
from core.members.services import Filters, list_members
from core.periods import OPEN
from core.units.models import Unit
from core.work import Work
from tests.benchmarks import ground
from tests.benchmarks.bench import Bench
from tests.benchmarks.cluster import Cluster
from tests.benchmarks.people import grants_of
from tests.benchmarks.recording import heard

PAST = date(2026, 3, 1)
TURNS = 5
LIMIT_SECONDS = 20
SHOWN = "SELECT m.id, m.full_name FROM core_member m "
TODAY = "m.status = 'official' ORDER BY m.sort_key, m.id LIMIT 51"

# ruff: noqa: S608 - put together of the constants below
RECURSIVE = (
    "WITH RECURSIVE below(id) AS (SELECT unit_id FROM core_unit_version WHERE unit_id IN :roots "
    "UNION SELECT v.unit_id FROM core_unit_version v JOIN below b ON v.parent_id = b.id "
    "WHERE v.valid_from <= :day AND v.valid_to > :day) "
    + SHOWN + "WHERE m.unit_id IN (SELECT id FROM below) AND " + TODAY
)  # fmt: skip
CLOSURE = (
    SHOWN + "JOIN core_unit_scope s ON s.unit_id = m.unit_id WHERE s.ancestor_id IN :roots "
    "AND s.gen_to > :generation AND s.gen_from <= :generation AND " + TODAY
)  # fmt: skip
EXISTING = (
    SHOWN + "WHERE EXISTS (SELECT 1 FROM core_unit_scope s WHERE s.unit_id = m.unit_id "
    "AND s.ancestor_id IN :roots AND s.gen_to > :generation AND s.gen_from <= :generation) AND "
    + TODAY
)  # fmt: skip
IN_ORDER = (
    "SELECT m.id, m.full_name FROM core_member_list l JOIN core_member m ON m.id = l.member_id "
    "WHERE l.ancestor_id IN :roots AND l.gen_to > :generation AND l.gen_from <= :generation "
    "AND l.status = 'official' ORDER BY l.sort_key, l.member_id LIMIT 51"
)
PAST_RECURSIVE = (
    "WITH RECURSIVE below(id) AS (SELECT unit_id FROM core_unit_version WHERE unit_id IN :roots "
    "UNION SELECT v.unit_id FROM core_unit_version v JOIN below b ON v.parent_id = b.id "
    "WHERE v.valid_from <= :day AND v.valid_to > :day) "
    "SELECT m.id, m.full_name FROM core_affiliation a JOIN core_member m ON m.id = a.member_id "
    "JOIN core_member_status t ON t.member_id = a.member_id WHERE a.kind = 'home' "
    "AND a.valid_from <= :day AND a.valid_to > :day AND t.valid_from <= :day "
    "AND t.valid_to > :day AND t.status = 'official' AND a.unit_id IN (SELECT id FROM below) "
    "ORDER BY m.sort_key, m.id LIMIT 51"
)
DESIGNS = {
    "recursive query": RECURSIVE,
    "stored ancestors, joined": CLOSURE,
    "stored ancestors, EXISTS": EXISTING,
    "stored list, roots in one scan": IN_ORDER,
}
PAST_DESIGNS = {"past day: recursive query": PAST_RECURSIVE}


def acting(name: str, units: Sequence[uuid.UUID]) -> Principal:
    """Return somebody who holds the right to see members at some units."""
    rights = tuple(
        Right(
            unit_id=unit, with_subtree=True, role="bench", source="grant", valid_to=OPEN,
            permissions=frozenset({"core:member:see", "core:unit:see"}), field_classes=frozenset(),
        )
        for unit in units
    )  # fmt: skip
    return Principal(kind="account", label=name, account_id=uuid.UUID(int=1), rights=Rights(rights))


def chosen(work: Work, bench: Bench, as_of: date | None) -> float:
    """Time the statements of the design in force, as the product sends them."""
    root = work.session.info["root_place"]

    def ask() -> None:
        list_members(work, root, as_of=as_of, filters=Filters(status="official"))

    ask()
    with heard(work.session.get_bind()) as statements:  # type: ignore[arg-type]
        ask()
    connection = work.session.connection()

    def replay() -> None:
        for text, parameters, _many in statements:
            connection.exec_driver_sql(text, parameters).fetchall()

    return timed(replay)


def timed(act: Callable[[], None]) -> float:
    """Return the least of a few turns, in milliseconds; one turn where one is long already."""
    times: list[float] = []
    while len(times) < TURNS and sum(times) < LIMIT_SECONDS * 1000:
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1000)
    return min(times)


def one(work: Work, text: str, roots: Sequence[uuid.UUID], day: date) -> float:
    """Time another design."""
    values: dict[str, Any] = {"roots": list(roots), "day": day, "generation": work.generation}
    statement = sa.text(text).bindparams(sa.bindparam("roots", expanding=True, type_=Key()))
    used = {name: value for name, value in values.items() if f":{name}" in text}
    connection = work.session.connection()

    def ask() -> None:
        connection.execute(statement, used).fetchall()

    return timed(ask)


def table(bench: Bench) -> list[list[str]]:
    """Measure every design for everybody."""
    system = bench.system()
    with system.opener.as_system(acting_operator(), writing=False) as work:
        who = {name: units for name, (units, _asked) in grants_of(work).items()}
        keys = dict(work.session.execute(sa.select(Unit.code, Unit.id)).all())
    lines = [["", *who]]
    cells: dict[str, list[str]] = {}
    for name, codes in who.items():
        roots = [keys[code] for code in codes]
        actor = acting(name, roots)
        with system.opener.work(
            lambda _s, _n, actor=actor: actor, writing=False  # type: ignore[misc]
        ) as work:  # fmt: skip
            for title, text in DESIGNS.items():
                cells.setdefault(title, []).append(f"{one(work, text, roots, work.today):.1f}")
            found = chosen(work, bench, None)
            cells.setdefault("**stored list, each root by its index**", []).append(f"{found:.1f}")
            for title, text in PAST_DESIGNS.items():
                cells.setdefault(title, []).append(f"{one(work, text, roots, PAST):.1f}")
            found = chosen(work, bench, PAST)
            cells.setdefault("**past day: dated ancestors**", []).append(f"{found:.1f}")
    return lines + [[title, *found] for title, found in cells.items()]


def acting_operator() -> Principal:
    """Return the operator."""
    return Principal(kind="operator", label="operator:benchmarks")


def main() -> None:
    """Print the table of one size on both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="province", choices=["town", "province", "hanoi"])
    parser.add_argument("--database", choices=["postgresql", "sqlite"], action="append")
    parser.add_argument("--stale", action="store_true")
    asked = parser.parse_args()
    cluster = Cluster(ground.VAR / "postgresql")
    cluster.start()
    for kind in asked.database or ["postgresql", "sqlite"]:
        prepare = ground.prepare if kind == "postgresql" else ground.prepare_sqlite
        bench = Bench(cluster, prepare(cluster, asked.size, stale=asked.stale))
        print(f"\n{asked.size}, {kind}, ms\n")
        for number, line in enumerate(table(bench)):
            print("| " + " | ".join(line) + " |")
            if number == 0:
                print("|---" * len(line) + "|")
        bench.close()


if __name__ == "__main__":
    main()
