"""What the database reads for a page in a province, and how much is sent; by count, not by time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.access.models import Grant, Role
from core.members.models import Member
from core.periods import EVER, OPEN
from core.testing import World
from core.units.models import Unit
from tests.core.inhabited import wanted_permissions
from tests.core.province import large_tables, plans, province, steps

pytestmark = pytest.mark.slow
# Forms, papers and what is read whole because somebody asked for the whole.
NO_LIST = re.compile(
    "new|pdf|xlsx|excel|workbook|preview|template|compare|terminate|transfer|merge_again|export"
    "|delegation|select|verdict|openapi|rename|convert|void|split|correct|establish|password|factor"
)
HERE = "XQ00"  # the whole province, for somebody who may do everything: nothing narrows it
MOST_BYTES = 160_000

ACCEPTED = {
    # 12,800 candidates and 17,300 of their groups are read in a few milliseconds.
    ("core.my_data", "recruitment_candidate"),
    ("core.my_work", "recruitment_candidate"),
    ("recruitment.targets", "recruitment_admission_group"),
    # Of all results of a province: which years there are, and who was excellent for years.
    ("evaluation.api_periods", "evaluation_result"),
    ("evaluation.names", "evaluation_result"),
    ("evaluation.results", "evaluation_result"),
    ("evaluation.running", "evaluation_result"),
}
"""Pages that read a large table from end to end, and why that stands; a new one does not."""

MOST_ROWS = 500
"""Rows of one table that one statement looks at for a page of fifty, in a town of 3,500 members.

Where an index no longer serves, a statement looks at all the town has under the unit; planned is
as for a province.
"""
ROOTS, ROWS_OF_ROOTS = 20, 100
"""Somebody with rights at twenty branches asks for ten members: two of each and the page itself."""
COUNTED = {
    ("evaluation.api_periods", "evaluation_result"): "which years have results",
    ("evaluation.names", "core_member"): "a year's results by name; see the next line",
    ("evaluation.names", "evaluation_result"): "by name, which stands in no index of results",
    ("evaluation.results", "core_affiliation"): "figures: where a year's members had been before",
    ("evaluation.results", "core_effective"): "figures: whether the module was on for each result",
    ("evaluation.results", "evaluation_result"): "figures: how many of each level, in each part",
    ("evaluation.running", "evaluation_result"): "who was excellent for years",
    ("indicators.index", "core_affiliation"): "figures: who stood where on the day",
    ("indicators.index", "core_member_status"): "figures: who was what on the day",
    ("meetings.api_twelve_months", "core_effective"): "figures: twelve months of every branch",
    ("meetings.api_twelve_months", "meetings_meeting"): "figures: twelve months of every branch",
    ("meetings.month", "core_effective"): "the state of every branch decides which come first",
    ("meetings.month", "meetings_meeting"): "the state of every branch decides which come first",
    ("meetings.month", "meetings_task"): "the state of every branch decides which come first",
    ("meetings.year", "core_effective"): "figures: twelve months of every branch",
    ("meetings.year", "meetings_meeting"): "figures: twelve months of every branch",
    ("members.duplicates", "core_member"): "everybody is compared with everybody",
    ("members.members", "core_member_list"): "head counts, kept until a member changes",
    ("recruitment.index", "recruitment_clock"): "the nearest of each dossier's days decides",
    ("units.overview", "core_member_list"): "head counts, kept until a member changes",
    ("units.overview", "evaluation_result"): "figures: how many of each level",
    ("units.overview", "meetings_meeting"): "figures: how many branches have met",
    ("units.overview", "meetings_task"): "figures: how many tasks are late",
    ("units.tree", "core_affiliation"): "members of every branch, then and now",
    ("units.tree", "core_member_status"): "members of every branch, then and now",
}
"""Statements that look at more rows of a table, and what for; a new one does not."""


@dataclass
class Opened:
    """What was sent to the database for each page, and the size of its answer."""

    statements: dict[str, tuple[Any, set[str]]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    here: str = ""

    def note(
        self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any
    ) -> None:
        """Keep a statement with the page it was sent for."""
        if self.here and statement.startswith(("SELECT", "WITH")):
            self.statements.setdefault(statement, (parameters, set()))[1].add(self.here)

    @contextmanager
    def listening(self, world: World) -> Iterator[None]:
        """Keep all statements sent meanwhile."""
        sa.event.listen(world.system.database.engine, "before_cursor_execute", self.note)
        yield
        sa.event.remove(world.system.database.engine, "before_cursor_execute", self.note)


def open_all(world: World) -> Opened:
    """Open all pages and lists that need no more than a unit."""
    found = Opened()
    browser = world.browser(somebody(world))
    browser.get("/")  # what is kept between requests is read once
    with found.listening(world):
        for rule in world.app.url_map.iter_rules():
            route = world.app.extensions["hatnhan_binder"].routes.get(rule.endpoint)
            if route is None or "GET" not in route.methods or rule.arguments - {"unit_code"}:
                continue
            if NO_LIST.search(rule.endpoint) or NO_LIST.search(rule.rule):
                continue
            found.here = rule.endpoint
            address = rule.rule.replace("<unit_code>", HERE)
            asked = {"unit": HERE} if route.kind == "api" else None
            answer = browser.get(address, query_string=asked)
            if answer.status_code == 200:
                found.sizes[found.here] = len(answer.get_data())
    return found


def open_from_many_roots(world: World) -> Opened:
    """Open the list of all one may see as somebody with rights at branches far apart."""
    found = Opened()
    account = world.account("follower", HERE)
    with world.work() as work:
        codes = sa.select(Unit.id).where(Unit.code.startswith("XC")).order_by(Unit.code)
        for unit_id in work.session.scalars(codes.limit(ROOTS)):
            grant = {"role": "branch_secretary", "unit_id": unit_id, "made_by": "test"}
            span = {"valid_from": EVER, "valid_to": OPEN, "made_at": work.now}
            work.session.add(Grant(account_id=account.id, **grant, **span))
        work.touch("access")
    browser = world.browser(account)
    with found.listening(world):
        found.here = "many roots"
        answer = browser.get("/api/v1/members?limit=10&status=official")
    assert len(answer.json["items"]) == 10
    return found


def somebody(world: World) -> Any:
    """Make an account that may do everything everywhere."""
    with world.work() as work:
        member = work.session.scalars(
            sa.select(Member).limit(1).execution_options(unscoped="test")
        ).one()
        roles = work.session.scalars(sa.select(Role)).all()
        permissions = wanted_permissions(world.app).union(*(one.permissions for one in roles))
        classes = {name for one in roles for name in one.field_classes}
        words = {"key": "master", "title": "Mọi quyền", "title_en": "Everything", "denied": []}
        work.session.add(
            Role(**words, permissions=sorted(permissions), field_classes=sorted(classes))
        )
        work.touch("access")
    return world.account("master", "ROOT", member=member)


def test_pages_of_a_province_read_no_large_table_whole_look_at_few_rows_and_send_few_bytes(
    database_folder: Path,
) -> None:
    """One test, because the province takes longer than what is asked of it."""
    with province(database_folder) as world:
        opened = open_all(world)
        whole = read_whole(world, opened)
        looked_at = rows_looked_at(world, opened)
        of_roots = rows_looked_at(world, open_from_many_roots(world))
    assert {where: text for where, text in whole.items() if where not in ACCEPTED} == {}
    many = {where: rows for where, rows in looked_at.items() if rows[0] > MOST_ROWS}
    assert {where: rows for where, rows in many.items() if where not in COUNTED} == {}
    assert set(COUNTED) - set(many) == set()  # what is mended is no exception any more
    listed = [rows for (_page, table), rows in of_roots.items() if table == "core_member_list"]
    assert 0 < max(listed)[0] <= ROWS_OF_ROOTS, listed
    assert len(opened.statements) > 110
    assert {page: size for page, size in opened.sizes.items() if size > MOST_BYTES} == {}
    assert opened.sizes["members.members"] < 60_000
    assert opened.sizes["members.api_members"] < 40_000
    assert len(opened.sizes) > 70


def read_whole(world: World, opened: Opened) -> dict[tuple[str, str], str]:
    """Return which page reads which large table from end to end, by which statement."""
    large = large_tables(world)
    assert large > {
        "core_affiliation", "core_ledger", "core_member", "core_member_list", "core_member_status",
        "core_position", "evaluation_review", "meetings_attendance", "meetings_meeting",
        "meetings_task", "recruitment_candidate",
    }  # fmt: skip
    asked = {text: parameters for text, (parameters, _pages) in opened.statements.items()}
    return {
        (page, step["Relation Name"]): text[:300]
        for text, plan in plans(world, asked.items()).items()
        for step in steps(plan)
        if step["Node Type"] == "Seq Scan" and step["Relation Name"] in large
        for page in opened.statements[text][1]
    }


def rows_looked_at(world: World, opened: Opened) -> dict[tuple[str, str], tuple[int, str]]:
    """Return how many rows of a large table the hungriest statement of a page looks at, and it.

    Looked at is what a scan hands on and what it finds and throws away.
    """
    large = large_tables(world)
    asked = {text: parameters for text, (parameters, _pages) in opened.statements.items()}
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for text, plan in plans(world, asked.items(), run=True).items():
        rows: Counter[str] = Counter()
        for step in steps(plan):
            if step.get("Relation Name") in large:
                thrown = step.get("Rows Removed by Filter", 0)
                thrown += step.get("Rows Removed by Index Recheck", 0)
                rows[step["Relation Name"]] += step["Actual Loops"] * (step["Actual Rows"] + thrown)
        for table, number in rows.items():
            for page in opened.statements[text][1]:
                found[page, table] = max(found.get((page, table), (0, "")), (number, text[:300]))
    return found
