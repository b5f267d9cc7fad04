"""A unit's way: register by a vote, inputs, own score, recognition from above, the end."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.errors import Changed, Forbidden, InvalidInput, NotFound, RuleBroken
from core.notices.models import Notice
from plugins.pilots import services
from plugins.pilots.models import PilotModel
from plugins.pilots.services import ModelFacts, Vote

DAY = date(2026, 3, 3)


def test_a_branch_registers_by_a_vote_of_all_entitled(town) -> None:
    made = town.registered()
    assert (made.registered_on, made.vote_in_favour, made.way) == (DAY, 9, "registered")
    with town.work() as work:
        [line], more = services.list_registrations(work)
        assert (line.model_title, line.state, more) == ("Chi bộ bốn tốt", "registered", None)


@pytest.mark.parametrize(
    ("vote", "error"),
    [
        (Vote(), InvalidInput),
        (Vote(DAY, 10, 9), InvalidInput),
        (Vote(DAY, 10, 11, 9), InvalidInput),
        (Vote(DAY, 10, 9, -1), InvalidInput),
        (Vote(DAY, 10, 9, 5), RuleBroken),
    ],
)
def test_a_vote_that_does_not_pass_or_fit_registers_nobody(town, vote, error) -> None:
    with pytest.raises(error), town.work() as work:
        services.register_unit(work, model_code="four_good_branch", registered_on=DAY, vote=vote)


def test_the_rule_of_the_vote_is_a_setting_of_the_place(town) -> None:
    town.world.give("pilots.vote_rule", "two_thirds", "W")
    with pytest.raises(RuleBroken), town.work() as work:
        services.register_unit(
            work, model_code="four_good_branch", registered_on=DAY, vote=Vote(DAY, 10, 9, 6)
        )
    town.world.give("pilots.branch_votes", False, "W")
    with town.work() as work:
        services.register_unit(work, model_code="four_good_branch", registered_on=DAY)


def test_a_unit_registers_once_a_year_and_last_year_is_over_then(town) -> None:
    first = town.registered(day=date(2025, 3, 3))
    with pytest.raises(RuleBroken):
        town.registered(day=date(2025, 5, 5))
    second = town.registered(day=DAY)
    with town.work() as work:
        old = services.access_registration(work, first.id)
        assert (old.ended_on, old.outcome) == (DAY, "completed")
        assert services.access_registration(work, second.id).ended_on is None


def test_a_model_made_for_others_counted_or_unknown_is_refused(town) -> None:
    for code, error in (
        ("four_good_org", RuleBroken),
        ("secretary_chairs_council", RuleBroken),
        ("nothing", NotFound),
    ):
        with pytest.raises(error), town.work() as work:
            services.register_unit(work, model_code=code, vote=Vote(DAY, 10, 9, 9))
    with pytest.raises(InvalidInput), town.work() as work:
        services.register_unit(
            work,
            model_code="four_good_branch",
            registered_on=date(2026, 12, 1),
            vote=Vote(DAY, 10, 9, 9),
        )


def test_the_superior_chooses_units_with_a_guide_and_their_conditions(town) -> None:
    with town.work(town.staff, "W") as work:
        made = services.select_units(
            work,
            model_code="merged_office_branch",
            unit_ids=[town.key("B3"), town.key("B4")],
            conditions_met="Thôn có chi bộ riêng",
            guide_id=town.leader.id,
        )
        assert [(row.way, row.guide_name) for row in made] == [("selected", "Trần Văn Bình")] * 2
    with pytest.raises(RuleBroken), town.work(town.staff, "W") as work:
        services.select_units(
            work, model_code="merged_office_branch", unit_ids=[town.key("B3"), town.key("B5")]
        )
    with pytest.raises(InvalidInput), town.work(town.staff, "W") as work:
        services.select_units(
            work,
            model_code="merged_office_branch",
            unit_ids=[town.key("B5")],
            guide_id=town.head.id,
        )
    with pytest.raises(NotFound), town.work(town.staff, "W") as work:
        services.select_units(work, model_code="merged_office_branch", unit_ids=[town.key("Y1")])
    with pytest.raises(Forbidden), town.work() as work:
        services.select_units(work, model_code="merged_office_branch", unit_ids=[town.key("B1")])


def test_inputs_are_entered_by_who_gives_them(town) -> None:
    made = town.registered()
    with town.work(town.staff, "W") as work:
        found = services.access_registration(work, made.id)
        services.give_input(work, found, kind="equipment", title="Máy in", quantity=2)
        [one] = services.list_inputs(work, found)
        assert (one.title, one.quantity, one.giver) == ("Máy in", 2, "Đảng bộ phường Bắc Hồng Lĩnh")
        with pytest.raises(InvalidInput):
            services.give_input(work, found, kind="gold", title="x")
    with pytest.raises(Forbidden), town.work() as work:
        found = services.access_registration(work, made.id)
        services.give_input(work, found, kind="books", title="Sách")


def test_a_unit_scores_itself_and_the_superior_recognises_by_a_decision(town) -> None:
    made = town.scored()
    assert made.self_points == 90
    with town.work(town.staff, "W") as work:
        found = services.access_registration(work, made.id)
        assert services.shortfalls(services.model_of(work, found), found) == []
        with pytest.raises(InvalidInput):
            services.recognise(work, found, decision_no=" ")
        services.recognise(work, found, decision_no="25-QĐ/ĐU")
        assert (found.recognised_on, found.recognition_points) == (work.today, 90)
        assert found.state_on(work.today) == "recognised"
        with pytest.raises(RuleBroken):
            services.recognise(work, found, decision_no="26-QĐ/ĐU")
        kinds = set(work.session.scalars(sa.select(Notice.kind)))
        assert {"pilots.scored", "pilots.decided"} <= kinds
    with pytest.raises(RuleBroken), town.work() as work:
        found = services.own_registration(work, made.id)
        services.score_unit(work, found, points={}, vote=Vote(None, 1, 1, 1))


@pytest.mark.parametrize("points", [{"tasks": 31}, {"tasks": -1}])
def test_points_beyond_the_sheet_are_refused(town, points) -> None:
    with pytest.raises(InvalidInput) as refused:
        town.scored(**points)
    assert "points.tasks" in refused.value.fields


def test_what_falls_short_is_said_but_a_person_decides(town) -> None:
    made = town.scored(tasks=15, people=10)
    with town.work(town.staff, "W") as work:
        found = services.access_registration(work, made.id)
        said = services.shortfalls(services.model_of(work, found), found)
        assert len(said) == 2
        assert "65" in said[0]
        assert "Hoàn thành tốt nhiệm vụ chính trị" in said[1]
        services.refuse(work, found, reason="Chưa đạt tiêu chí một")
        assert found.state_on(work.today) == "refused"
    with town.work() as work:
        found = services.own_registration(work, made.id)
        sheet = {"tasks": 28, "meetings": 22, "unity": 18, "people": 22}
        services.score_unit(work, found, points=sheet, vote=Vote(None, 10, 9, 8))
        assert found.state_on(work.today) == "scored"


def test_nobody_recognises_their_own_unit(town) -> None:
    made = town.scored()
    with pytest.raises(RuleBroken), town.work(town.staff, "B1") as work:
        found = services.access_registration(work, made.id)
        services.recognise(work, found, decision_no="1-QĐ/ĐU")
    with pytest.raises(RuleBroken), town.work() as work:
        found = services.access_registration(work, made.id)
        services.recognise(work, found, decision_no="1-QĐ/ĐU")


def test_a_unit_leaves_and_nothing_is_written_on_it_afterwards(town) -> None:
    made = town.registered()
    with town.work() as work:
        found = services.own_registration(work, made.id)
        with pytest.raises(InvalidInput):
            services.end_registration(work, found, outcome="extend")
        with pytest.raises(InvalidInput):
            services.end_registration(work, found, outcome="stop", on=date(2026, 1, 1))
        services.end_registration(work, found, outcome="withdrawn")
        with pytest.raises(RuleBroken):
            services.end_registration(work, found, outcome="stop")
        assert found.state_on(work.today) == "ended"


def test_registrations_elsewhere_are_not_found(town) -> None:
    made = town.registered("B2")
    with pytest.raises(NotFound), town.work() as work:
        services.access_registration(work, made.id)
    stranger = town.world.account("commune_staff", "X")
    with pytest.raises(NotFound), town.work(stranger, "X") as work:
        services.access_registration(work, made.id)


def test_a_province_words_a_model_its_own_way_for_all_below(town) -> None:
    office = town.world.account("province_organisation", "P")
    with town.work(office, "P") as work:
        facts = services.access_model(work, "four_good_branch")
        row = services.save_model(
            work,
            ModelFacts(
                code=facts.code,
                title=facts.title,
                criteria=({"key": "all", "title": "Chung", "points": 50, "must": False},),
                pass_points=40,
            ),
        )
        with pytest.raises(InvalidInput):
            services.save_model(work, ModelFacts(code="x", title="X", pass_points=1))
        with pytest.raises(Changed):
            services.save_model(work, ModelFacts(code=row.code, title="Y"), revision=9)
    with town.work() as work:
        assert services.access_model(work, "four_good_branch").most_points == 50
    with town.world.work(unit="ROOT") as work:
        assert services.access_model(work, "four_good_branch").most_points == 100
    assert town.world.rows(PilotModel) == 1


def test_the_models_of_the_contract_exist_from_the_start(town) -> None:
    with town.work() as work:
        assert {
            "four_good_branch",
            "four_good_org",
            "online_meetings",
            "merged_office_branch",
        } <= set(services.models_at(work))
