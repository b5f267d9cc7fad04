"""Time and memory of a reform: Hà Tĩnh's table over communes with so many branches and members.

Run it alone: `python -m tests.benchmarks.reform --members 26 --database URL`. It makes what it
needs in the database named, which must be empty, or in a file of its own.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from core.access.principal import operator
from core.app import create_system
from core.config import Config
from core.db import Database, make_engine
from core.generate.loading import load_members, load_units
from core.generate.rows import AffiliationRow, MemberRow, StatusRow, UnitRow
from core.reference import add_reference_data
from core.restructuring.services import (
    access_plan,
    apply_plan,
    approve_plan,
    draft_from,
    draft_plan,
    read_plan_file,
    revert_plan,
    submit_plan,
)
from core.schema import create_all
from core.system import System

DATA = Path(__file__).resolve().parents[1] / "core" / "restructuring" / "data"
BEFORE = DATA / "tinhhatinh-units-before.csv"
REFORM = DATA / "tinhhatinh-reform-2025-07-01.csv"
DAY, SINCE = date(2025, 7, 1), date(2020, 1, 1)


def fill(system: System, branches: int, members: int) -> tuple[int, int]:
    """Write the province before the reform; return how many branches and members it has."""
    with BEFORE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    units = [UnitRow(r["code"], r["name"], r["level"], r["parent_code"] or "ROOT") for r in rows]
    communes = [row["code"] for row in rows if row["level"] == "commune"]
    homes = [f"C{code}.{n}" for code in communes for n in range(branches)]
    units += [UnitRow(code, f"Chi bộ {code}", "branch", code[1:].split(".")[0]) for code in homes]
    people: list[MemberRow] = []
    stays: list[AffiliationRow] = []
    for number in range(len(homes) * members):
        key, card = str(number), f"{number:08d}"
        name = ("Nguyễn", "Văn", f"An {number % 97}")
        people.append(
            MemberRow(key, card, card, *name, date(1980, 1, 1), "day", "male", SINCE, SINCE, "")
        )
        stays.append(AffiliationRow(key, homes[number % len(homes)], "home", SINCE))
    with system.opener.as_system(operator("benchmark"), writing=True) as work:
        keys = load_units(work, units, [])
        statuses = [StatusRow(one.key, "official", SINCE) for one in people]
        load_members(work, keys, people, statuses, stays)
    return len(homes), len(people)


def timed(system: System, act: Any) -> tuple[dict[str, float], Any]:
    """Do something in one transaction; return its seconds with the commit, and what it gave.

    `cpu` is this process alone, so on PostgreSQL the server's part is only in `wall`.
    """
    begun, busy = time.perf_counter(), time.process_time()
    with system.opener.as_system(operator("benchmark"), writing=True) as work:
        found = act(work)
    spent = {"wall": time.perf_counter() - begun, "cpu": time.process_time() - busy}
    return {name: round(seconds, 1) for name, seconds in spent.items()}, found


def measure(system: System) -> dict[str, dict[str, float]]:
    """Plan, approve, apply and revert the reform."""
    file = read_plan_file(REFORM)

    def draft(work: Any) -> Any:
        told = draft_from(work, file, on=DAY, decision_no="1", unassigned="main")
        return draft_plan(work, told.draft)[0].id

    planned, key = timed(system, draft)

    def approve(work: Any) -> None:
        submit_plan(work, access_plan(work, key))
        approve_plan(work, access_plan(work, key))

    return {
        "plan": planned,
        "approve": timed(system, approve)[0],
        "apply": timed(system, lambda work: apply_plan(work, access_plan(work, key)))[0],
        "revert": timed(
            system, lambda work: revert_plan(work, access_plan(work, key), reason="đo")
        )[0],
    }


def main() -> None:
    """Measure once and print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--branches", type=int, default=17)
    parser.add_argument("--members", type=int, default=26)
    parser.add_argument("--database", default="")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = told.database or f"sqlite:///{folder}/reform.sqlite3"
        config = Config(var=Path(folder), database_url=url, secret_key="bench", mode="test")
        system = create_system(config, database=Database(make_engine(url)))
        create_all(system.database)
        with system.database.session(writing=True) as session:
            add_reference_data(session)
            session.commit()
        branches, members = fill(system, told.branches, told.members)
        with system.database.engine.connect() as connection:
            # What a server's autovacuum does by itself within a minute.
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
        found = measure(system)
        system.database.engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sizes = {"database": url.split(":")[0], "branches": branches, "members": members}
    print(json.dumps({**sizes, "seconds": found, "peak_mib": peak}))


if __name__ == "__main__":
    main()
