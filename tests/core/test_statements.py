"""Every page and every list for programs is made of few statements, however much there is."""

from __future__ import annotations

import pytest

from core.testing import counted
from core.web import Route
from tests.core.inhabited import ABOVE, HERE, Inhabited, OpenInhabited, all_routes

pytestmark = pytest.mark.slow
MOST = 15
FEW, MANY = 2, 30
# Of the records of other modules there are none in this world: their pages of one are not opened.
KNOWN = frozenset("access core documents exchange meetings members notices settings units".split())

Opened = dict[tuple[str, str, int], tuple[int, int]]


def reading(place: Inhabited) -> list[Route]:
    """Return the routes that show something."""
    return [route for route in all_routes(place.world.app) if "GET" in route.methods]


def opened(place: Inhabited, unit: str) -> Opened:
    """Open everything at a unit; return the status and the statements of each answer."""
    browser = place.browser()
    browser.get("/")  # what is kept between requests is read once
    found: Opened = {}
    for route in reading(place):
        if unit != HERE and (route.is_site or "meeting_id" in route.rule):
            continue
        for number, address in enumerate(place.addresses(route, unit)):
            with counted(place.world.system.database.engine) as counter:
                answer = browser.get(address)
                answer.get_data()
            found[route.endpoint, unit, number] = (answer.status_code, counter.count)
    return found


def test_every_page_is_made_of_few_statements_however_many_rows(inhabited: OpenInhabited) -> None:
    """Open everything where there are few rows, and where there are many.

    On SQLite only: the statements are those of PostgreSQL. One test, because what it opens takes
    longer than what it asks.
    """
    answers = []
    for many in (FEW, MANY):
        with inhabited("sqlite", many) as place:
            answers.append(opened(place, HERE) | opened(place, ABOVE))
    few, many_rows = answers
    over = {where: one for where, one in many_rows.items() if one[1] > MOST}
    assert not over
    stays_the_same(few, many_rows)
    is_really_shown(many_rows)


def stays_the_same(few: Opened, many: Opened) -> None:
    """The number of statements does not follow the number of rows."""
    assert few.keys() == many.keys()
    # A list may look up what stands beside its rows, once; never row by row: there are 28 more.
    more = {where: (few[where][1], many[where][1]) for where in few}
    assert {where: pair for where, pair in more.items() if pair[1] > pair[0] + 2} == {}
    assert sum(before != after for before, after in more.values()) < 5, more


def is_really_shown(answers: Opened) -> None:
    """Guard against a test that opens only closed doors."""
    ours = {where: one for where, one in answers.items() if where[0].split(".")[0] in KNOWN}
    closed = {where for where, (status, _count) in ours.items() if status not in (200, 303)}
    assert all(status < 500 for status, _count in answers.values())
    assert len(ours) > 300
    assert len(closed) < len(ours) / 6, sorted(closed)
