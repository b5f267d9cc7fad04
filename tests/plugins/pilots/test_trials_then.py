"""Trials as of a day stand as they stood then: by what was approved, with the sunset of then."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime

import pytest

from core.testing import counted
from core.units.covering import AsOf
from core.units.services import transfer_unit
from plugins.pilots import services
from plugins.pilots.models import Review, Trial
from plugins.pilots.services import DecisionFacts
from tests.plugins.pilots.test_restructured import AFTER, BEFORE, REFORM, REVIEW

SUNSET, LATER = date(2027, 2, 10), date(2027, 5, 10)


def then(town, day, unit="W", **options):
    """Return the states and sunsets of the trials of a unit as of a day."""
    as_of = AsOf(day, **options)
    with town.world.work(unit=unit, writing=False) as work:
        rows, _more = services.list_trials(work, as_of=as_of)
        return [(one.state, one.sunset_on) for one in services.trials_then(work, rows, as_of)]


def many(town, number, **changes):
    """Write trials of the ward as rows."""
    made = {"unit_ids": [], "settings": [], "given": [], "indicators": [], "comparison_ids": []}
    facts = {"model_code": "online_meetings", "starts_on": date(2026, 11, 20), "sunset_on": SUNSET}
    with town.work(town.staff, "W") as work:
        work.session.add_all(
            Trial(
                unit_id=work.unit.id, title=f"Đợt {n}", created_at=work.now,
                **{**facts, **made, **changes},
            )
            for n in range(number)
        )  # fmt: skip


def test_a_trial_is_planned_runs_is_extended_and_rolled_out_by_what_was_approved(town) -> None:
    trial = town.planned(starts_on=date(2026, 11, 20))
    town.at(date(2026, 11, 12))
    town.changed(trial, "start")
    town.at(date(2026, 12, 15))
    town.changed(trial, "extend", sunset_on=LATER)
    town.at(date(2027, 2, 20))
    town.changed(trial, "roll_out", on=date(2027, 3, 1))
    told = [
        (date(2026, 11, 9), []),
        (date(2026, 11, 10), [("planned", SUNSET)]),
        (date(2026, 11, 19), [("planned", SUNSET)]),
        (date(2026, 11, 20), [("running", SUNSET)]),
        (date(2026, 12, 14), [("running", SUNSET)]),
        (date(2026, 12, 15), [("running", LATER)]),
        (date(2027, 2, 28), [("running", LATER)]),
        (date(2027, 3, 1), [("rolled_out", LATER)]),
    ]
    assert [(day, then(town, day)) for day, _expected in told] == told
    assert then(town, date(2026, 12, 1), restated=True) == [("running", SUNSET)]
    assert then(town, None) == [("rolled_out", LATER)], "without a day nothing is different"


def test_a_trial_that_is_ended_early_runs_until_that_day(town) -> None:
    trial = town.running()
    town.at(date(2026, 12, 1))
    town.changed(trial, "end", on=date(2026, 12, 20))
    assert then(town, date(2026, 11, 30)) == [("running", SUNSET)]
    assert then(town, date(2026, 12, 1)) == [("running", date(2026, 12, 20))]
    assert then(town, date(2026, 12, 20)) == [("ended", date(2026, 12, 20))]


def test_a_trial_that_was_ended_on_its_first_day_is_over_from_then_on(town) -> None:
    trial = town.running()
    town.changed(trial, "end")
    assert then(town, date(2026, 11, 10)) == [("ended", date(2026, 11, 11))]


def test_a_trial_is_over_at_its_sunset_whoever_noticed_and_may_be_rolled_out_after(town) -> None:
    trial = town.running()
    town.at(date(2027, 3, 1))
    with town.world.work() as work:
        services.settle_trials(work)
    town.changed(trial, "roll_out")
    assert then(town, date(2027, 2, 9)) == [("running", SUNSET)]
    assert then(town, SUNSET) == [("ended", SUNSET)]
    assert then(town, date(2027, 3, 1)) == [("rolled_out", SUNSET)]


def test_what_was_proposed_or_taken_back_changes_no_state(town) -> None:
    trial = town.running()
    with town.work(town.staff, "W") as work:
        found = services.access_trial(work, trial.id)
        change = services.propose_change(work, found, kind="extend", sunset_on=LATER)
        services.withdraw_change(work, change)
        services.propose_change(work, found, kind="end")
    assert then(town, date(2026, 11, 10)) == [("running", SUNSET)]


def test_a_day_begins_at_midnight_of_this_country(town) -> None:
    town.world.now = datetime(2026, 11, 9, 17, 30, tzinfo=UTC)  # half past midnight, the tenth
    town.world.system.opener.clock = lambda: town.world.now
    town.changed(town.planned(), "start")
    assert then(town, date(2026, 11, 9)) == []
    assert then(town, date(2026, 11, 10)) == [("running", SUNSET)]


def test_a_trial_entered_later_is_listed_from_the_day_it_was_to_begin(town) -> None:
    many(town, 1, starts_on=date(2026, 11, 1))
    assert then(town, date(2026, 10, 31)) == []
    assert then(town, date(2026, 11, 1)) == [("planned", SUNSET)]


def test_the_page_and_programs_show_the_day(town) -> None:
    trial = town.running()
    town.at(date(2026, 12, 15))
    town.changed(trial, "extend", sunset_on=LATER)
    browser = town.world.browser(town.staff)
    page = browser.get("/u/W/pilots/trials?as_of=01/12/2026").text
    for text in ("Đang thí điểm", "10/02/2027", "Số liệu tính đến ngày 01/12/2026"):
        assert text in page, text
    assert "10/05/2027" in browser.get("/u/W/pilots/trials").text
    assert (
        "Đến ngày đó chưa có đợt thí điểm nào"
        in browser.get("/u/W/pilots/trials?as_of=01/01/2026").text
    )
    address = "/api/v1/pilots/trials?unit=W"
    [told] = browser.get(f"{address}&as_of=2026-12-01").json["items"]
    assert (told["state"], told["sunset_on"]) == ("running", "2027-02-10")
    assert told["id"] == str(trial.id)
    [told] = browser.get(address).json["items"]
    assert told["sunset_on"] == "2027-05-10"


@pytest.mark.parametrize("day", ["31/06/2026", "mai", "2026-13-01", "31/12/9999", "01/01/0001"])
def test_a_wrong_day_is_refused_with_a_sentence(town, day) -> None:
    browser = town.world.browser(town.staff)
    for name in ("trials", "reviews", "registrations"):
        page = browser.get(f"/u/W/pilots/{name}?as_of={day}")
        assert page.status_code == 422, name
        assert "Ngày" in page.text
        told = browser.get(f"/api/v1/pilots/{name}?unit=W&as_of={day}")
        assert told.status_code == 422, name
        assert told.json["fields"]["as_of"]
    assert browser.get(f"/api/v1/pilots/decisions?unit=W&as_of={day}").status_code == 422


def test_the_next_page_keeps_the_day_the_choice_and_the_model(town) -> None:
    many(town, 52)
    browser = town.world.browser(town.staff)
    asked = "/u/W/pilots/trials?as_of=20/11/2026&restated=1&model=online_meetings"
    [following] = set(re.findall(r'href="([^"]*cursor=[^"]*)"', browser.get(asked).text))
    address = html.unescape(following)
    for part in ("as_of=20/11/2026", "restated=1", "model=online_meetings"):
        assert part in address.replace("%2F", "/"), part
    last = browser.get(address).text
    assert len(re.findall(r"<b>Đợt \d", last)) == 2
    assert 'name="model" value="online_meetings"' in last, "another day keeps the model"
    seen, query = [], ""
    while True:
        told = browser.get(f"/api/v1/pilots/trials?unit=W&as_of=2026-11-20{query}").json
        seen += [one["title"] for one in told["items"]]
        if not told.get("next"):
            break
        query = f"&cursor={told['next']}"
    assert sorted(seen) == sorted(f"Đợt {n}" for n in range(52))


def test_a_list_as_of_a_day_takes_as_many_statements_for_many_trials_as_for_one(
    town, backend
) -> None:
    town.running()
    browser = town.world.browser(town.staff)
    counts = []
    for number in (0, 30):
        many(town, number)
        for address in ("/u/W/pilots/trials?", "/api/v1/pilots/trials?unit=W&"):
            browser.get(f"{address}as_of=2026-11-20")
            with counted(backend.database.engine) as counter:
                browser.get(f"{address}as_of=2026-11-20")
            counts.append(counter.count)
    assert counts[2:] == counts[:2]
    assert max(counts) <= 24, counts


def test_a_branch_that_went_elsewhere_takes_no_decisions_of_then_along(town) -> None:
    with town.work(town.staff, "W") as work:
        facts = DecisionFacts("change", date(2026, 11, 1), "30-QĐ/ĐU", "Toàn phường")
        services.decide(work, facts, model_code="online_meetings")
    town.at(AFTER)
    with town.world.work() as work:
        branch, ward = town.world.place("B3", work), town.world.place("X", work)
        transfer_unit(work, branch, parent=ward, on=REFORM)

    def decided(actor):
        with town.work(actor, "B3") as work:
            return len(services.list_decisions(work, as_of=AsOf(BEFORE)))

    assert decided(town.world.account("commune_staff", "X")) == 0
    assert decided(town.world.account("province_organisation", "P")) == 1


def test_points_and_days_that_came_later_are_not_told_as_of_a_day(town) -> None:
    made = town.scored()
    with town.work(town.staff, "W") as work:
        found = services.access_registration(work, made.id)
        services.recognise(work, found, decision_no="25-QĐ/ĐU")
    for day, points, recognised_on in (
        (date(2026, 11, 9), None, None),
        (date(2026, 11, 10), 90, date(2026, 11, 10)),
        (None, 90, date(2026, 11, 10)),
    ):
        with town.work(town.staff, "W") as work:
            [line], _more = services.list_registrations(work, as_of=AsOf(day))
        assert (line.points, line.recognised_on) == (points, recognised_on)


def test_the_next_page_of_reviews_keeps_the_day(town) -> None:
    with town.work(town.staff, "W") as work:
        work.session.add_all(
            Review(
                unit_id=work.unit.id, model_code="online_meetings", created_at=work.now,
                reviewed_on=date(2026, 11, 1), limitations=[], proposals=[], **REVIEW,
            )
            for _number in range(51)
        )  # fmt: skip
    browser = town.world.browser(town.staff)
    page = browser.get("/u/W/pilots/reviews?as_of=05/11/2026").text
    [following] = set(re.findall(r'href="([^"]*cursor=[^"]*)"', page))
    address = html.unescape(following)
    assert "as_of=05/11/2026" in address.replace("%2F", "/")
    assert browser.get(address).text.count("Sơ kết, 01/11/2026") == 1
    assert page.count("Sơ kết, 01/11/2026") == 50
