"""What core's pages get: cards, hits, panels; privacy; what becomes of units that end."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.errors import RuleBroken
from core.notices.models import Notice
from core.periods import Period
from core.units.rehoming import Rehoming
from core.units.services import void_unit
from core.units.tracing import Recorder
from plugins.pilots import services
from plugins.pilots.models import Registration, Trial

UNSCOPED = {"execution_options": {"unscoped": "test"}}


def test_the_secretary_is_asked_to_score_late_in_the_year_and_the_ward_to_decide(town) -> None:
    made = town.registered()
    with town.work() as work:
        [card] = services.cards_of(work)
        assert card.endpoint == "pilots.score"
        assert card.values["registration_id"] == made.id
    town.world.give("pilots.score_month", 12)
    with town.work() as work:
        [card] = services.cards_of(work)
        assert card.endpoint == "pilots.new_review"
    town.scored("B2")
    with town.work(town.staff, "W") as work:
        [card] = services.cards_of(work)
        assert card.values["state"] == "scored"


def test_a_trial_near_its_end_asks_for_a_decision_once_by_notice(town) -> None:
    trial = town.running(sunset_on=date(2027, 1, 1))
    with town.work(town.staff, "W") as work:
        assert services.cards_of(work) == []
    town.at(date(2026, 11, 17))
    with town.work(town.staff, "W") as work:
        [card] = services.cards_of(work)
        assert card.due_on == date(2027, 1, 1)
    with town.world.work() as work:
        services.each_day(work)
        kinds = list(work.session.scalars(sa.select(Notice.kind)))
        assert kinds.count("pilots.trial_waits") == 1
    town.at(date(2027, 1, 1))
    with town.world.work() as work:
        services.each_day(work)
        assert services.access_trial(work, trial.id).state == "ended"
        services.each_day(work)
        rows = work.session.scalars(sa.select(Registration.outcome), **UNSCOPED)
        assert list(rows) == ["completed"] * 2


def test_models_and_trials_are_found_without_marks_by_who_may_see_them(town) -> None:
    town.running()
    with town.work(town.staff, "W") as work:
        assert [hit.title for hit in services.hits_of(work, "truc tuyen", 9)] == [
            "Sinh hoạt chi bộ trực tuyến",
            "Sinh hoạt trực tuyến quý IV",
        ]
    other = town.world.account("commune_staff", "X")
    with town.work(other, "X") as work:
        assert len(services.hits_of(work, "truc tuyen", 9)) == 1
    with town.work(town.world.account("member", "B1"), "B1") as work:
        assert services.hits_of(work, "t", 9) == []


def test_the_overview_shows_the_models_with_units(town) -> None:
    year = Period.of_year(2026)
    with town.work(town.staff, "W") as work:
        assert services.panels_of(work, year) == []
    town.registered()
    with town.work(town.staff, "W") as work:
        [panel] = services.panels_of(work, year)
        assert panel.figures[0][:2] == ("Chi bộ bốn tốt", "1")
    with town.work() as work:
        assert services.panels_of(work, year) == []


def test_who_guides_is_handed_over_moved_given_back_and_erased(town) -> None:
    with town.work(town.staff, "W") as work:
        services.select_units(
            work,
            model_code="merged_office_branch",
            unit_ids=[town.key("B3")],
            guide_id=town.leader.id,
        )

    def guide():
        with town.world.work() as work:
            statement = sa.select(Registration.guide_id, Registration.guide_name)
            return work.session.execute(statement.execution_options(unscoped="test")).one()

    with town.world.work() as work:
        assert services.data_of(work, town.leader.id)["registrations"][0]["name"]
        services.move_rows(work, town.head.id, town.leader.id)
    assert guide()[0] == town.head.id
    with town.world.work() as work:
        services.move_rows(work, town.leader.id, town.head.id)
    assert guide()[0] == town.leader.id
    with town.world.work() as work:
        services.erase(work, town.leader.id)
        assert services.data_of(work, town.leader.id) == {}
    assert guide() == (None, "đã xóa")


def test_what_is_open_goes_to_the_unit_that_took_over_and_none_is_lost(town) -> None:
    town.registered("B1")
    town.registered("B2")
    trial = town.running(unit_ids=[town.key("B3")])
    b1, b2, ward, other = (town.key(code) for code in ("B1", "B2", "W", "X"))
    with town.world.work() as work:
        units = {b1, b2, ward, other}
        before = services.obligations_of(work, units)
        heirs = {b1: b2, ward: other}
        services.move_open(work, Rehoming(work, work.today, heirs, {}, Recorder(work)))
        after = services.obligations_of(work, units)
    assert sum(one.count for one in before) == sum(one.count for one in after) == 3
    assert {(one.kind, one.unit_id, one.count) for one in after} == {
        ("pilots.registrations", b2, 2),
        ("pilots.trials", other, 1),
    }
    with town.world.work() as work:
        assert (
            work.session.scalar(sa.select(Trial.unit_id).execution_options(unscoped="test"))
            == other
        )
    assert trial.unit_id == ward


def test_a_unit_that_runs_a_trial_or_took_part_does_not_just_go(town) -> None:
    with town.world.work() as work:
        services.object_to_ending(work, town.key("W"))
    town.running()
    with town.world.work() as work:
        with pytest.raises(RuleBroken):
            services.object_to_ending(work, town.key("W"))
        services.object_to_ending(work, town.key("B1"))
    with pytest.raises(RuleBroken), town.world.work() as work:
        void_unit(work, town.world.place("B1", work), reason="nhầm")
