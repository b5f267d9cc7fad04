"""Milestones of each unit, reviews that fall due, and who is reminded of them."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.errors import Forbidden, InvalidInput, NotFound, RuleBroken
from core.notices.models import Notice, NoticeCopy
from plugins.pilots import services

HALF_YEAR = date(2026, 9, 3)


def lines(town, registration, unit="B1"):
    with town.work(town.staff, unit) as work:
        found = services.access_registration(work, registration.id)
        return services.milestones_of(work, found, services.model_of(work, found))


def reach(town, registration, number, actor=None, unit="B1", **facts):
    with town.work(actor, unit) as work:
        found = services.access_registration(work, registration.id)
        return services.reach_milestone(work, found, number=number, **facts)


def test_milestones_are_due_by_the_months_of_the_model_and_reached_on_a_day(town) -> None:
    made = town.registered()
    reach(town, made, 1, reached_on=date(2026, 9, 1), remark="Họp tại nhà văn hóa")
    found = lines(town, made)
    assert [(line.due_on, line.reached_on, line.state(town.world.today)) for line in found] == [
        (date(2026, 3, 3), None, "late"),
        (HALF_YEAR, date(2026, 9, 1), "reached"),
        (date(2027, 2, 3), None, "waits"),
        (date(2027, 3, 3), None, "waits"),
    ]
    assert services.progress_chips(found, town.world.today) == [
        ("info", "1/4 mốc"),
        ("late", "1 mốc quá hạn"),
    ]
    assert services.progress_chips(found, date(2026, 3, 1)) == [("info", "1/4 mốc")]


def test_a_day_is_corrected_by_entering_it_again_and_taken_back(town) -> None:
    made = town.registered()
    reach(town, made, 0)
    reach(town, made, 0, town.staff, "W", reached_on=date(2026, 3, 10))
    assert lines(town, made)[0].reached_on == date(2026, 3, 10)
    with town.work() as work:
        found = services.own_registration(work, made.id)
        services.take_back_milestone(work, found, number=0)
        with pytest.raises(RuleBroken):
            services.take_back_milestone(work, found, number=0)
    assert lines(town, made)[0].reached_on is None


@pytest.mark.parametrize(
    ("number", "day", "refusal"),
    [
        (9, None, NotFound),
        (-1, None, NotFound),
        (0, date(2027, 1, 1), InvalidInput),
        (0, date(2026, 1, 1), InvalidInput),
    ],
)
def test_what_cannot_have_been_reached_is_refused(town, number, day, refusal) -> None:
    made = town.registered()
    with pytest.raises(refusal):
        reach(town, made, number, reached_on=day)


def test_a_member_enters_none_and_a_part_that_is_over_keeps_its_own(town) -> None:
    made = town.registered()
    with pytest.raises(Forbidden):
        reach(town, made, 0, town.world.account("auditor", "W"), "W")
    with town.work(town.staff, "W") as work:
        found = services.access_registration(work, made.id)
        services.end_registration(work, found, outcome="stop")
    with pytest.raises(RuleBroken):
        reach(town, made, 0)


def test_the_trial_shows_each_unit_with_its_milestones(town) -> None:
    trial = town.running()
    with town.work(town.staff, "W") as work:
        parts = services.parts_of_trial(work, services.access_trial(work, trial.id))
        assert [line.unit_code for line in parts] == ["B1", "B2"]
        services.reach_milestone(work, parts[0].registration, number=0)
    page = town.world.browser(town.staff).get(f"/u/W/pilots/trials/{trial.id}")
    text = page.get_data(as_text=True)
    assert "1/3 mốc" in text
    assert "0/3 mốc" in text


def test_pages_and_programs_enter_milestones(town) -> None:
    made = town.registered()
    browser = town.world.browser(town.secretary)
    at = f"/u/B1/pilots/registrations/{made.id}"
    assert "quá hạn" in browser.get(at).get_data(as_text=True)
    answer = browser.submit(f"{at}/milestones/1", {"reached_on": "01/09/2026", "remark": ""})
    assert answer.status_code == 303
    assert "01/09/2026" in browser.get(at).get_data(as_text=True)
    api = f"/api/v1/pilots/registrations/{made.id}"
    etag = browser.get(f"{api}?unit=B1").headers["ETag"]
    known = {"If-Match": etag}
    one = f"{api}/milestones/1?unit=B1"
    assert browser.send("PUT", one, {"reached_on": "2026-09-02"}).status_code == 428
    assert browser.send("PUT", one, {"reached_on": "2026-09-02"}, headers=known).status_code == 200
    items = browser.get(f"{api}/milestones?unit=B1").json["items"]
    assert items[1]["reached_on"] == "2026-09-02"
    assert browser.send("DELETE", one, headers=known).status_code == 204
    assert "01/09/2026" not in browser.get(at).get_data(as_text=True)


# --- what falls due ------------------------------------------------------------------------------


def notices(town, kind="pilots.review_due"):
    """Return subjects of notices of a kind, each with how many people got it."""
    with town.world.work(writing=False) as work:
        rows = work.session.execute(
            sa.select(Notice.subject, sa.func.count())
            .join(NoticeCopy, NoticeCopy.notice_id == Notice.id)
            .where(Notice.kind == kind)
            .group_by(Notice.id, Notice.subject)
            .execution_options(unscoped="test")
        )
        return [tuple(row) for row in rows]


def job(town, day):
    town.at(day)
    with town.world.work() as work:
        services.each_day(work)


def test_the_units_are_reminded_of_a_review_once_and_again_when_the_next_is_due(town) -> None:
    town.world.position(town.world.member("B2", "Lê Thị Mai"), "secretary", "B2")
    made = town.registered()
    town.registered("B2")
    job(town, date(2026, 9, 2))
    assert notices(town) == []
    job(town, date(2026, 9, 5))
    job(town, date(2026, 9, 6))
    assert notices(town) == [("Đến hạn sơ kết “Chi bộ bốn tốt” từ ngày 03/09/2026", 2)]
    with town.work() as work:
        found = services.own_registration(work, made.id)
        facts = services.ReviewFacts(
            "interim", work.today, date(2026, 3, 3), date(2026, 9, 1), "Sinh hoạt đều."
        )
        services.write_review(work, facts, model_code=found.model_code, registration=found)
    job(town, date(2027, 3, 10))
    assert ("Đến hạn sơ kết “Chi bộ bốn tốt” từ ngày 06/03/2027", 1) in notices(town)


def test_the_work_of_a_unit_shows_the_review_and_then_the_milestone(town) -> None:
    town.world.give("pilots.score_month", 12)
    made = town.registered()
    town.at(date(2026, 8, 30))
    with town.work() as work:
        [card] = services.cards_of(work)
        assert (card.endpoint, card.due_on) == ("pilots.new_review", HALF_YEAR)
    town.at(date(2026, 6, 1))
    with town.work() as work:
        [card] = services.cards_of(work)
        assert card.values["registration_id"] == made.id
        assert card.due_on == date(2026, 3, 3)
        services.reach_milestone(work, services.own_registration(work, made.id), number=0)
        assert services.cards_of(work) == []


def test_a_running_trial_asks_the_unit_that_runs_it_for_reviews(town) -> None:
    town.world.give("pilots.review_months", 1)
    trial = town.running(settings=[], model_code="merged_office_branch")
    town.at(date(2027, 1, 20))
    with town.work(town.staff, "W") as work:
        assert [card.endpoint for card in services.cards_of(work)] == ["pilots.trial"]
    with town.world.work(unit="W") as work:
        found = services.access_trial(work, trial.id)
        found.sunset_on = date(2027, 12, 1)
    town.at(date(2027, 5, 9))
    with town.work(town.staff, "W") as work:
        [card] = services.cards_of(work)
        assert (card.endpoint, card.values["trial"]) == ("pilots.new_review", trial.id)
    job(town, date(2027, 5, 11))
    assert len(notices(town)) == 1


def test_a_job_that_missed_the_day_still_reminds_of_the_end_of_a_trial(town) -> None:
    town.running(sunset_on=date(2027, 1, 1))
    for day in (date(2026, 11, 10), date(2026, 12, 3), date(2026, 12, 4)):
        job(town, day)
    assert len(notices(town, "pilots.trial_waits")) == 1


def test_reminding_takes_as_many_statements_for_six_units_as_for_two(town, statements) -> None:
    counts = []
    for some in (("B1", "B2"), ("B3", "B4", "B5", "B6")):
        for unit in some:
            town.registered(unit)
        town.at(date(2026, 9, 5))
        with town.world.work() as work:
            before = statements.count
            services.each_day(work)
            counts.append(statements.count - before)
        town.at(date(2026, 11, 6))
    assert counts[1] <= counts[0] + 1
