"""What the database reads for a page in a province, and how much is sent; by count, not by time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.access.models import Role
from core.members.models import Member
from core.testing import World
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


@dataclass
class Opened:
    """What was sent to the database for each page, and the size of its answer."""

    statements: dict[str, tuple[Any, set[str]]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)


def open_all(world: World) -> Opened:
    """Open all pages and lists that need no more than a unit."""
    found, here = Opened(), ""

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if here and statement.startswith(("SELECT", "WITH")):
            found.statements.setdefault(statement, (parameters, set()))[1].add(here)

    browser = world.browser(somebody(world))
    browser.get("/")  # what is kept between requests is read once
    sa.event.listen(world.system.database.engine, "before_cursor_execute", note)
    for rule in world.app.url_map.iter_rules():
        route = world.app.extensions["hatnhan_binder"].routes.get(rule.endpoint)
        if route is None or "GET" not in route.methods or rule.arguments - {"unit_code"}:
            continue
        if NO_LIST.search(rule.endpoint) or NO_LIST.search(rule.rule):
            continue
        here = rule.endpoint
        address = rule.rule.replace("<unit_code>", HERE)
        answer = browser.get(address, query_string={"unit": HERE} if route.kind == "api" else None)
        if answer.status_code == 200:
            found.sizes[here] = len(answer.get_data())
    sa.event.remove(world.system.database.engine, "before_cursor_execute", note)
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


def test_pages_of_a_province_read_no_large_table_whole_and_send_few_bytes(
    database_folder: Path,
) -> None:
    """One test, because the province takes longer than what is asked of it."""
    with province(database_folder) as world:
        opened = open_all(world)
        whole = read_whole(world, opened)
    assert {where: text for where, text in whole.items() if where not in ACCEPTED} == {}
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
