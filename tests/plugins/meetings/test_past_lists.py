"""Tasks and who follows which branch as of an earlier day: as they were, where they stood then."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.errors import InvalidInput
from core.testing import TODAY, World
from core.units.covering import TODAY as NOW
from core.units.covering import AsOf
from plugins.meetings import services
from plugins.meetings.services import TaskFacts
from tests.environment.settling import Settle
from tests.plugins.meetings.builders import Branch
from tests.plugins.meetings.conftest import build_branch
from tests.plugins.meetings.test_restructuring import MERGE, enact

DUE, LATER = TODAY + timedelta(days=10), TODAY + timedelta(days=40)


def day(number: int) -> date:
    """Return a day so many days after the first."""
    return TODAY + timedelta(days=number)


def build_lived(world: World) -> Branch:
    """Four tasks of B1; two days on one is done, on the fourth others change; then B1 is merged."""
    branch = build_branch(world)
    with branch.work() as work:
        for number, title in enumerate(("Quét", "Lát", "Trồng", "Thăm")):
            facts = TaskFacts(title, branch.people[2 + number].id, day(10 + number))
            services.give_task(work, facts)
    branch.later(days=2)
    with branch.work() as work:
        services.finish_task(work, task(work, "Lát"), report="Xong")
    branch.later(days=2)
    with branch.work() as work:
        services.drop_task(work, task(work, "Trồng"), reason="Hết cần")
        services.carry_over(work, task(work, "Thăm"), due_on=LATER)
        services.report_task(work, task(work, "Quét"), "Đang làm")
        services.remind_overdue(work)
    branch.later(days=2)
    enact(branch, MERGE, on=day(6))
    branch.later(days=6)
    return branch


@pytest.fixture(scope="module")
def settle() -> Settle:
    """The tests of this module begin with it."""
    return build_lived


@pytest.fixture
def lived(branch: Branch) -> Branch:
    """What each test finds untouched."""
    return branch


def task(work, title):
    found, _cursor = services.list_tasks(work, state="open")
    return next(one for one in found if one.title == title)


def seen(branch: Branch, unit: str, as_of: AsOf, **asked) -> dict[tuple[str, date], str]:
    """Return title and day of each task with the state a person sees."""
    with branch.world.work(branch.commune, unit, writing=False) as work:
        found, _cursor = services.list_tasks(work, as_of=as_of, **asked)
        shown = services.as_then(work, found, as_of)
        on = as_of.day or work.today
        return {(one.title, one.due_on): services.shown_state(one, on) for one in shown}


ALL_OPEN = {
    ("Quét", day(10)): "todo",
    ("Lát", day(11)): "todo",
    ("Trồng", day(12)): "todo",
    ("Thăm", day(13)): "todo",
}


def test_tasks_stand_as_they_did_on_a_day(lived: Branch) -> None:
    assert seen(lived, "B1", AsOf(day(-1))) == {}
    assert seen(lived, "B1", AsOf(day(1))) == ALL_OPEN
    assert seen(lived, "B1", AsOf(day(3))) == {**ALL_OPEN, ("Lát", day(11)): "done"}
    assert seen(lived, "B1", AsOf(day(5))) == {
        ("Quét", day(10)): "doing",
        ("Lát", day(11)): "done",
        ("Trồng", day(12)): "dropped",
        ("Thăm", day(13)): "carried",
        ("Thăm", LATER): "todo",
    }


def test_tasks_that_went_on_elsewhere_are_found_at_the_branch_of_then(lived: Branch) -> None:
    both = {("Quét", day(10)): "overdue", ("Thăm", LATER): "todo"}
    assert seen(lived, "B2", NOW) == both
    assert seen(lived, "B2", AsOf(day(11))) == both
    assert seen(lived, "B2", AsOf(day(5))) == {}
    assert seen(lived, "B2", AsOf(day(1), restated=True)) == ALL_OPEN
    assert seen(lived, "W", AsOf(day(1)), subtree=True) == ALL_OPEN
    assert seen(lived, "W", AsOf(day(11)), subtree=True) == both


@pytest.mark.parametrize(
    ("state", "after", "titles"),
    [
        ("open", 3, "Quét Trồng Thăm"),
        ("done", 3, "Lát"),
        ("done", 1, ""),
        ("todo", 5, "Thăm"),
        ("doing", 5, "Quét"),
        ("doing", 3, ""),
        ("dropped", 5, "Trồng"),
        ("dropped", 3, ""),
        ("carried", 5, "Thăm"),
        ("overdue", 5, ""),
        ("overdue", 11, "Quét"),
    ],
)
def test_a_state_is_looked_for_as_it_was(
    lived: Branch, state: str, after: int, titles: str
) -> None:
    unit = "B1" if after < 6 else "B2"
    found = seen(lived, unit, AsOf(day(after)), state=state)
    assert [title for title, _due in found] == titles.split()


def test_nothing_that_is_shown_as_it_was_is_stored(lived: Branch) -> None:
    with lived.world.work(lived.commune, "W") as work:
        found, _cursor = services.list_tasks(work, subtree=True, as_of=AsOf(day(1)))
        shown = services.as_then(work, found, AsOf(day(1)))
        assert {one.state for one in shown} == {"todo"}
        assert {(one.done_on, one.report, one.dropped_reason) for one in shown} == {(None, "", "")}
    assert seen(lived, "B2", NOW)[("Quét", day(10))] == "overdue"
    assert seen(lived, "B1", AsOf(day(3)))[("Lát", day(11))] == "done"


def test_tasks_of_a_day_are_counted_as_they_were(lived: Branch) -> None:
    with lived.world.work(lived.commune, "B1", writing=False) as work:
        first = services.task_counts(work, AsOf(day(1)))
        third = services.task_counts(work, AsOf(day(3)))
    assert (first.open, first.done, first.overdue) == (4, 0, 0)
    assert (third.open, third.done, third.overdue) == (3, 1, 0)
    with lived.world.work(lived.commune, "B2", writing=False) as work:
        assert services.task_counts(work, AsOf(day(11))).overdue == 1
        assert services.task_counts(work, AsOf(day(5))).open == 0


def test_who_asked_for_a_later_day_is_listed_for_today_only(lived: Branch) -> None:
    with pytest.raises(InvalidInput) as refused, lived.work(unit="B2") as work:
        services.list_tasks(work, state="asked", as_of=AsOf(TODAY))
    assert "ngày hôm nay" in refused.value.sentence


def test_a_page_shows_the_tasks_of_a_day_and_leads_to_where_they_are_today(lived: Branch) -> None:
    browser = lived.world.browser(lived.commune)
    page = browser.get(f"/u/B1/meetings/tasks?as_of={day(3):%d/%m/%Y}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "Quét" in text
    assert "Lát" not in text  # the page shows what was open
    assert "/u/B2/meetings/tasks/" in text
    assert "xin lùi hạn" not in text.lower()
    done = browser.get(f"/u/B2/meetings/tasks?as_of={day(3):%d/%m/%Y}&restated=1&state=done")
    assert "Lát" in done.text
    assert "/u/B1/meetings/tasks/" in done.text
    above = browser.get(f"/u/W/meetings/month/tasks?as_of={day(11):%d/%m/%Y}").text
    assert "Quét" in above
    assert "/u/B2/meetings/tasks/" in above
    early = browser.get(f"/u/W/meetings/month/tasks?as_of={day(5):%d/%m/%Y}").text
    assert "Ngày này không có việc nào" in early


def test_programs_ask_for_a_day_too_and_a_wrong_one_is_refused(lived: Branch) -> None:
    browser = lived.world.browser(lived.commune)
    answer = browser.get(f"/api/v1/meetings/tasks?unit=B2&as_of={day(3)}&restated=true&state=done")
    assert [one["title"] for one in answer.json["items"]] == ["Lát"]
    (one,) = browser.get(f"/api/v1/meetings/tasks?unit=B2&as_of={day(11)}&state=todo").json["items"]
    assert (one["title"], one["state"]) == ("Thăm", "todo")
    for query in ("as_of=2026-13-40", "as_of=2026-11-10&state=asked"):
        assert browser.get(f"/api/v1/meetings/tasks?unit=B2&{query}").status_code == 422


def test_who_followed_a_branch_on_a_day_is_listed(lived: Branch) -> None:
    with lived.world.work(lived.commune, "W") as work:
        services.assign_official(
            work,
            unit_ids=[lived.world.place("B2", work).id],
            official_id=lived.people[1].id,
            valid_from=day(8),
            valid_to=day(10),
        )

    def named(query: str) -> bool:
        page = lived.world.browser(lived.commune).get(f"/u/W/meetings/assignments{query}")
        assert page.status_code == 200
        return lived.people[1].full_name in page.text

    assert named(f"?as_of={day(9):%d/%m/%Y}")
    assert named(f"?as_of={day(9):%d/%m/%Y}&restated=1")
    assert not named("")
    assert not named(f"?as_of={day(7):%d/%m/%Y}")
    browser = lived.world.browser(lived.commune)
    answer = browser.get(f"/api/v1/meetings/assignments?unit=W&as_of={day(9)}")
    assert len(answer.json["items"]) == 1
    assert browser.get("/api/v1/meetings/assignments?unit=W").json["items"] == []
