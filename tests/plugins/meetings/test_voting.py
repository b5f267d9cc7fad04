"""Votes as counts, rule and base from the settings, what a failed one leads to, resolutions."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.errors import InvalidInput, RuleBroken
from plugins.meetings import services
from plugins.meetings.models import Resolution, Task
from plugins.meetings.services import PointFacts
from plugins.meetings.services.quorum import needed_of
from tests.plugins.meetings.builders import ballot, resolution


@pytest.mark.parametrize(
    ("rule", "base", "needed"),
    [
        ("majority", 37, 19),
        ("majority", 36, 19),
        ("majority", 1, 1),
        ("two_thirds", 37, 25),
        ("two_thirds", 36, 24),
        ("two_thirds", 3, 2),
        ("none", 10, 0),
    ],
)
def test_rules_say_how_many_are_needed(rule, base, needed) -> None:
    assert needed_of(rule, base) == needed


def opened(branch, work):
    meeting = branch.opened(work)
    branch.all_present(work, meeting)
    return meeting, services.list_items(work, meeting)[0]


def test_a_vote_by_cards_passes_over_half_of_those_entitled(branch) -> None:
    with branch.work() as work:
        meeting, item = opened(branch, work)
        passed = services.record_vote(work, meeting, item, ballot(in_favour=6, against=4))
        failed = services.record_vote(work, meeting, item, ballot(in_favour=5, abstained=5))
    assert (passed.is_passed, passed.needed, passed.base_count) == (True, 6, 10)
    assert not failed.is_passed
    assert "6/10" in services.result_sentence(passed)
    assert "5/10" in services.result_sentence(failed)


def test_admission_needs_two_thirds(branch) -> None:
    with branch.work() as work:
        meeting, item = opened(branch, work)
        vote = services.record_vote(
            work, meeting, item, ballot(kind="admission", in_favour=6, against=4)
        )
    assert (vote.is_passed, vote.needed, vote.rule) == (False, 7, "two_thirds")


def test_rule_and_base_are_settings_of_the_meetings_day(branch) -> None:
    branch.world.give("meetings.vote_base", "present", "B1")
    branch.world.give("meetings.vote_rule", "two_thirds", "B1")
    with branch.work() as work:
        meeting, _item = opened(branch, work)
        rule = services.vote_rule(work, meeting, present=9)
        assert (rule.base_count, rule.needed) == (9, 6)
        branch.world.give("meetings.vote_rule", "majority", "B1", on=date(2027, 1, 1))
        assert services.vote_rule(work, meeting, present=9).needed == 6


SECRET = {
    "method": "secret",
    "issued": 10,
    "returned": 10,
    "valid": 9,
    "invalid": 1,
    "in_favour": 7,
    "against": 2,
}


def test_a_secret_ballot_is_kept_with_its_papers(branch) -> None:
    with branch.work() as work:
        meeting, item = opened(branch, work)
        vote = services.record_vote(work, meeting, item, ballot(**SECRET))
    assert (vote.issued, vote.returned, vote.valid, vote.invalid) == (10, 10, 9, 1)
    assert vote.is_passed


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"in_favour": 9}, "in_favour"),
        ({"present": 11, "in_favour": 11}, "present"),
        ({"present": 0, "in_favour": 0}, "present"),
        ({"in_favour": -1, "against": 11}, "in_favour"),
        ({"question": ""}, "question"),
        ({"kind": "beauty"}, "kind"),
        ({**SECRET, "issued": None}, "issued"),
        ({**SECRET, "issued": 11}, "issued"),
        ({**SECRET, "issued": 9}, "returned"),
        ({**SECRET, "valid": 8}, "valid"),
        ({**SECRET, "against": 3}, "in_favour"),
        ({**SECRET, "invalid": -1, "valid": 11}, "issued"),
    ],
)
def test_counts_that_do_not_add_up_are_refused(branch, changes, field) -> None:
    with pytest.raises(InvalidInput) as refused, branch.work() as work:
        meeting, item = opened(branch, work)
        services.record_vote(work, meeting, item, ballot(**changes))
    assert list(refused.value.fields) == [field]


def test_the_sentence_about_ballots_names_both_numbers(branch) -> None:
    with pytest.raises(InvalidInput) as refused, branch.work() as work:
        meeting, item = opened(branch, work)
        services.record_vote(work, meeting, item, ballot(**{**SECRET, "valid": 8}))
    assert "9" in refused.value.sentence
    assert "10" in refused.value.sentence


def test_too_few_present_decide_nothing(branch) -> None:
    with pytest.raises(RuleBroken), branch.work() as work:
        meeting, item = opened(branch, work)
        services.record_vote(work, meeting, item, ballot(present=5, in_favour=5))


def test_there_is_no_secret_ballot_online(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work, mode="online")
        branch.all_present(work, meeting)
        with pytest.raises(InvalidInput):
            services.record_vote(work, meeting, None, ballot(**SECRET))


def test_nothing_is_voted_on_before_the_meeting(branch) -> None:
    with pytest.raises(RuleBroken), branch.work() as work:
        services.record_vote(work, branch.planned(work), None, ballot())


def test_a_failed_vote_makes_no_resolution_and_asks_what_next(branch) -> None:
    with branch.work() as work:
        meeting, item = opened(branch, work)
        vote = services.record_vote(work, meeting, item, ballot(in_favour=5, against=5))
        with pytest.raises(RuleBroken):
            services.make_resolution(work, meeting, item, resolution(vote=None))
        assert any("Thông qua nghị quyết" in g.sentence for g in services.gaps(work, meeting))
        services.resolve_failed_vote(work, meeting, vote, "prepare_again")
        assert not any("Thông qua nghị quyết" in g.sentence for g in services.gaps(work, meeting))
        with pytest.raises(InvalidInput):
            services.resolve_failed_vote(work, meeting, vote, "forget")


def test_what_failed_is_proposed_again_next_month(branch) -> None:
    with branch.work() as work:
        meeting, item = opened(branch, work)
        vote = services.record_vote(work, meeting, item, ballot(in_favour=5, against=5))
        services.resolve_failed_vote(work, meeting, vote, "prepare_again")
        following = branch.planned(work, for_month=date(2026, 12, 1))
        found = [i for i in services.list_items(work, following) if i.origin == "vote"]
    assert [item.title for item in found] == ["Thông qua nghị quyết"]


def test_a_vote_that_passed_leaves_nothing_to_choose(branch) -> None:
    with pytest.raises(RuleBroken), branch.work() as work:
        meeting, item = opened(branch, work)
        vote = services.record_vote(work, meeting, item, ballot())
        services.resolve_failed_vote(work, meeting, vote, "report_up")


def test_a_resolution_needs_a_vote(branch) -> None:
    with pytest.raises(RuleBroken), branch.work() as work:
        meeting, item = opened(branch, work)
        services.make_resolution(work, meeting, item, resolution(vote=None))


def test_points_with_owner_and_day_become_tasks(branch) -> None:
    with branch.work() as work:
        meeting, item = opened(branch, work)
        made = services.make_resolution(
            work,
            meeting,
            item,
            resolution(
                points=[
                    PointFacts("Lập danh sách hộ", branch.people[2].id, date(2026, 11, 20)),
                    PointFacts("Tuyên truyền"),
                ]
            ),
        )
        [(found, points)] = services.list_resolutions(work, meeting)
        tasks, _cursor = services.list_tasks(work, meeting_id=meeting.id)
        assert services.codes_of(work, tasks) == {}
        services.issue_resolution(work, meeting, made, lazily=True)
        assert services.codes_of(work, tasks) == {points[0].id: "01-NQ/CB"}
    assert found.id == made.id
    assert [point.owner_name for point in points] == ["Nguyễn Văn An", ""]
    assert [(task.title, task.resolution_item_id) for task in tasks] == [
        ("Lập danh sách hộ", points[0].id)
    ]


def test_a_point_is_not_due_before_it_was_decided(branch) -> None:
    with pytest.raises(InvalidInput), branch.work() as work:
        meeting, item = opened(branch, work)
        point = PointFacts("Việc", branch.people[2].id, date(2026, 10, 1))
        services.make_resolution(work, meeting, item, resolution(points=[point]))


@pytest.mark.parametrize("changes", [{"title": ""}, {"text": " "}])
def test_a_resolution_has_title_and_text(branch, changes) -> None:
    with pytest.raises(InvalidInput), branch.work() as work:
        meeting, item = opened(branch, work)
        services.make_resolution(work, meeting, item, resolution(**changes))


def test_a_resolution_is_corrected_or_taken_back_until_it_is_issued(branch) -> None:
    with branch.work() as work:
        meeting, item = opened(branch, work)
        point = PointFacts("Việc", branch.people[2].id, date(2026, 11, 20))
        made = services.make_resolution(work, meeting, item, resolution(points=[point]))
        services.change_resolution(work, meeting, made, resolution(title="Tên mới"))
        assert made.title == "Tên mới"
        services.remove_resolution(work, meeting, made)
    assert branch.world.rows(Resolution) == 0
    assert branch.world.rows(Task) == 0


def test_a_resolution_whose_task_was_begun_stays(branch) -> None:
    with pytest.raises(RuleBroken), branch.work() as work:
        meeting, item = opened(branch, work)
        point = PointFacts("Việc", branch.people[2].id, date(2026, 11, 20))
        made = services.make_resolution(work, meeting, item, resolution(points=[point]))
        task = work.session.scalar(sa.select(Task))
        services.report_task(work, task, "Đã làm một nửa")
        services.remove_resolution(work, meeting, made)


def test_an_issued_resolution_stays_as_it_is(branch) -> None:
    with branch.work() as work:
        meeting, item = opened(branch, work)
        made = services.make_resolution(work, meeting, item, resolution())
        services.issue_resolution(work, meeting, made, lazily=True)
        assert (made.number, made.issued_on) == (1, meeting.held_on)
        for act in (
            lambda: services.change_resolution(work, meeting, made, resolution()),
            lambda: services.remove_resolution(work, meeting, made),
            lambda: services.issue_resolution(work, meeting, made),
        ):
            with pytest.raises(RuleBroken):
                act()


def test_a_vote_is_taken_back_unless_a_resolution_rests_on_it(branch) -> None:
    with branch.work() as work:
        meeting, item = opened(branch, work)
        vote = services.record_vote(work, meeting, item, ballot())
        services.remove_vote(work, meeting, vote)
        assert services.list_votes(work, meeting) == []
        services.make_resolution(work, meeting, item, resolution())
        with pytest.raises(RuleBroken):
            services.remove_vote(work, meeting, services.list_votes(work, meeting)[0])
