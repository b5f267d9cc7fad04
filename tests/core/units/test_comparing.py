"""The tree between days: a slider of links, two days side by side, what was believed when."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from core.members.services import end_unit
from core.testing import TODAY, World
from core.units.comparing import change_days, compare, known_on, stops
from core.units.services import Decision, rename_unit
from core.units.tree import whole_tree

JULY = date(2026, 7, 1)
JUNE = date(2026, 6, 30)


@pytest.fixture
def changed(ward: World) -> World:
    """A ended and went into B on the first of July; B got another name in August."""
    ward.member("A")
    with ward.work() as work:
        end_unit(
            work, ward.place("A", work), on=JULY, successor=ward.place("B", work),
            moves_members=True,
        )  # fmt: skip
        rename_unit(
            work, ward.place("B", work), name="Chi bộ Mới", on=date(2026, 8, 1), decision=Decision()
        )
    return ward


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)))


def test_the_days_of_change_are_those_of_the_subtree(changed: World) -> None:
    with changed.work(writing=False) as work:
        days = change_days(work, changed.place("W1", work), TODAY)
        other = change_days(work, changed.place("B", work), TODAY)
    assert days == [JULY, date(2026, 8, 1)]
    assert other == [date(2026, 8, 1)]
    assert stops(days, JULY, TODAY) == [JUNE, JULY, date(2026, 7, 31), date(2026, 8, 1), TODAY]


def test_two_days_side_by_side_show_what_changed(changed: World) -> None:
    with changed.work(writing=False) as work:
        found = compare(work, changed.place("W1", work), JUNE, TODAY)
        same = compare(work, changed.place("W1", work), JULY, JULY + timedelta(days=1))
    assert [one.line.code for one in found.ended] == ["A"]
    assert [(one.before.name, one.after.name) for one in found.changed] == [
        ("Chi bộ B", "Chi bộ Mới")
    ]
    assert (found.begun, found.moved, same.is_empty) == ([], [], True)


def test_what_was_entered_later_was_not_known_before(ward: World) -> None:
    ward.now += timedelta(days=10)
    ward.system.opener.clock = lambda: ward.now
    with ward.work() as work:
        rename_unit(work, ward.place("B", work), name="Tên sau", on=JULY, decision=Decision())
    with ward.work(writing=False) as work:
        place = ward.place("W1", work)
        generation = known_on(work, TODAY)
        now = {line.code: line.name for line, _depth in whole_tree(work, place, TODAY)}
        then = whole_tree(work, place, TODAY, generation=generation)
    assert now["B"] == "Tên sau"
    assert {line.code: line.name for line, _depth in then}["B"] == "Chi bộ B"


def test_the_slider_and_both_pages_work_as_links(changed: World) -> None:
    browser = changed.browser(changed.account("commune_staff", "W1"))
    page = browser.get("/u/W1/units/tree?as_of=30/06/2026")
    assert 'rel="next"' in page.get_data(as_text=True)
    assert "Chi bộ A" in words(page)
    past = words(browser.get("/u/W1/units/tree?known=01/01/2020"))
    assert "Theo dữ liệu hệ thống có đến ngày 01/01/2020" in past
    text = words(browser.get("/u/W1/units/compare?first=30/06/2026&second=01/07/2026"))
    assert "Kết thúc hoạt động: 1" in text
    assert "Giữa hai ngày không có thay đổi" in words(
        browser.get("/u/W1/units/compare?first=01/07/2026&second=02/07/2026")
    )
    assert browser.get("/u/W2/units/compare").status_code == 404
