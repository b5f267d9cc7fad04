"""A candidate goes to another branch, members change, units end: dossiers stay true and whole."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.errors import Forbidden, InvalidInput, NotFound, RuleBroken
from core.members import services as members
from core.members.models import Member
from core.units.rehoming import Rehoming
from core.units.services import Decision
from core.units.tracing import Recorder
from plugins.recruitment import services
from plugins.recruitment.models import Admission, Candidate, Passage, Supporter

SHORT = [
    {"key": "pool", "title": "Nghị quyết đưa vào nguồn", "stage": "pool", "who": "branch"},
    {"key": "don", "title": "Đơn xin vào Đảng", "stage": "dossier", "who": "candidate",
     "form": "1-KNĐ"},
    {"key": "survey", "title": "Phiếu khảo sát", "stage": "dossier", "who": "branch"},
    {"key": "branch_vote", "title": "Nghị quyết chi bộ", "stage": "branch", "kind": "vote",
     "who": "branch"},
    {"key": "decision", "title": "Quyết định", "stage": "decision", "kind": "decision",
     "who": "superior"},
    {"key": "ceremony", "title": "Lễ kết nạp", "stage": "ceremony", "kind": "ceremony",
     "who": "branch"},
    {"key": "helper", "title": "Giúp đỡ", "stage": "probation", "kind": "helper", "who": "branch"},
    {"key": "recognition", "title": "Công nhận", "stage": "recognition", "kind": "recognition",
     "who": "superior"},
]  # fmt: skip


def moved(ward, work, candidate, to="B2", **more):
    place = ward.world.place(to, work)
    return services.move_candidate(work, ward.again(work, candidate), place, **more)


def test_a_move_between_templates_maps_the_stage_keeps_papers_and_lists_what_is_missing(
    ward,
) -> None:
    ward.world.give("recruitment.dossier", SHORT, "B2")
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ward.voted(work, candidate, "branch_vote", 9, 10)
        ward.advanced(work, candidate)
        assert candidate.stage == "committee"
        newly = moved(ward, work, candidate, document_no="02-CV/ĐU")
        assert [lack.step for lack in newly] == ["survey"]
        assert candidate.stage == "branch"
    with ward.office("B2") as work:
        dossier = ward.again(work, services.access_candidate(work, candidate.id))
        assert dossier.papers["don"].form == "1-KNĐ"
        assert "comments" in dossier.papers
        assert dossier.votes_on("branch_vote")[0].entitled == 10
        [passage] = [one for one in dossier.passages if one.kind == "moved"]
        assert (passage.from_stage, passage.to_stage) == ("committee", "branch")
        assert passage.missing == ["Phiếu khảo sát"]


def test_a_clock_survives_the_move(ward) -> None:
    ward.world.give("recruitment.ceremony_days", 10, "B2")
    with ward.office() as work:
        candidate = ward.decided(work)
        before = [c for c in ward.again(work, candidate).running if c.kind == "ceremony"]
        moved(ward, work, candidate)
    with ward.office("B2") as work:
        dossier = ward.again(work, services.access_candidate(work, candidate.id))
        after = [c for c in dossier.running if c.kind == "ceremony"]
        assert [c.due_on for c in after] == [c.due_on for c in before] == [date(2026, 12, 23)]


def test_a_secretary_cannot_move_a_dossier_away(ward) -> None:
    with ward.work() as work:
        candidate = ward.entered(work).candidate
        with pytest.raises((Forbidden, NotFound)):
            moved(ward, work, candidate)


def test_nobody_moves_to_a_committee_or_to_where_one_is(ward) -> None:
    with ward.office() as work:
        candidate = ward.entered(work).candidate
        with pytest.raises(RuleBroken):
            moved(ward, work, candidate, "W")
        with pytest.raises(InvalidInput):
            moved(ward, work, candidate, "B1")


def test_nobody_moves_to_where_the_module_is_off(ward) -> None:
    ward.world.switch("recruitment", "B2", on=False)
    with ward.office() as work:
        candidate = ward.entered(work).candidate
        with pytest.raises(InvalidInput):
            moved(ward, work, candidate)


def test_the_dossier_of_a_probationary_member_follows_a_transfer(ward) -> None:
    with ward.office() as work:
        candidate = ward.admitted(work)
        with pytest.raises(RuleBroken):
            moved(ward, work, candidate)
    ward.later(date(2027, 2, 1))
    with ward.world.work(unit="W") as work:
        member = work.session.get(Member, candidate.member_id)
        place = ward.world.place("B2", work)
        members.transfer_home(work, member, place, since=date(2027, 2, 1))
    with ward.office("B2") as work:
        dossier = ward.again(work, services.access_candidate(work, candidate.id))
        [clock] = [c for c in dossier.running if c.kind == "probation"]
        assert clock.due_on == date(2027, 11, 10)


def test_a_recognition_in_the_members_record_closes_the_dossier(ward) -> None:
    with ward.office() as work:
        candidate = ward.admitted(work)
    ward.later(date(2027, 11, 20))
    with ward.world.work(unit="B1") as work:
        member = work.session.get(Member, candidate.member_id)
        members.change_status(work, member, "official", on=date(2027, 11, 10))
    with ward.office() as work:
        found = services.access_candidate(work, candidate.id)
        assert (found.state, found.official_on) == ("recognised", date(2027, 11, 10))
        assert work.session.scalar(sa.select(Admission.official_on)) == date(2027, 11, 10)


def test_somebody_struck_from_the_list_ends_the_dossier(ward) -> None:
    with ward.office() as work:
        candidate = ward.admitted(work)
    ward.later(date(2027, 5, 1))
    with ward.world.work(unit="B1") as work:
        member = work.session.get(Member, candidate.member_id)
        members.leave(work, member, "removed", on=date(2027, 5, 1), decision_no="3-QĐ")
    with ward.office() as work:
        found = services.access_candidate(work, candidate.id)
        assert (found.state, found.closed_reason) == ("refused", "struck")


def test_a_branch_with_open_dossiers_does_not_just_end(ward) -> None:
    ward.world.unit("B3", "branch", "W")
    with ward.office("B3") as work:
        ward.entered(work)
    with pytest.raises(RuleBroken) as refused, ward.world.work() as work:
        place = ward.world.place("B3", work)
        members.end_unit(
            work, place, on=date(2026, 11, 10), decision=Decision(reason="Không còn đảng viên")
        )
    assert "hồ sơ kết nạp" in refused.value.sentence


def test_open_dossiers_are_told_to_a_plan_of_restructuring(ward) -> None:
    with ward.work() as work:
        ward.entered(work)
        unit_id = work.unit.id
    with ward.world.work() as work:
        [one] = services.open_by_unit(work, {unit_id})
        assert (one.kind, one.count) == ("recruitment.open", 1)


def test_units_that_took_over_get_the_open_dossiers_and_members_take_theirs_along(ward) -> None:
    third = ward.world.unit("B3", "branch", "W")
    with ward.office() as work:
        open_one = ward.entered(work, full_name="Hồ Văn Mở").candidate.id
        admitted = ward.admitted(work)
        admitted_one, member_id = admitted.id, admitted.member_id
        closed = ward.entered(work, full_name="Hồ Văn Thôi")
        services.close(work, closed, state="withdrawn", reason="own_wish")
        closed_one, old = closed.candidate.id, work.unit.id
    with ward.world.work() as work:
        heir = ward.world.place("B2", work).id
        rehoming = Rehoming(work, work.today, {old: heir}, {member_id: third.id}, Recorder(work))
        services.rehome(work, rehoming)
        where = dict(
            work.session.execute(
                sa.select(Candidate.id, Candidate.unit_id).execution_options(unscoped="test")
            ).all()
        )
    assert where == {open_one: heir, admitted_one: third.id, closed_one: old}


def test_a_members_data_are_handed_over_and_erased_and_the_count_stays(ward) -> None:
    with ward.office() as work:
        candidate = ward.admitted(work)
        key, dossier_id = candidate.member_id, candidate.id
        data = services.data_of(work, key)
        assert set(data) == {"dossiers", "admissions"}
        services.erase(work, key, "test")
    assert ward.figure("recruitment.admitted").value == 1
    with ward.office() as work:
        found = services.access_candidate(work, dossier_id)
        assert (found.full_name, found.member_id) == ("(đã xóa)", None)


def test_an_introducers_name_is_erased_where_it_stood(ward) -> None:
    with ward.office() as work:
        ward.before_the_branch(work)
        services.erase(work, ward.people[1].id, "test")
        names = set(work.session.scalars(sa.select(Supporter.name)))
    assert names == {"(đã xóa)", ward.people[2].full_name}


def test_merging_two_records_moves_what_names_the_second_and_gives_it_back(ward) -> None:
    kept = ward.world.member("B1", "Hồ Thị Kim Ngân B")
    with ward.office() as work:
        candidate = ward.admitted(work)
        merged = candidate.member_id
        services.move_rows(work, kept.id, merged)
        owner = sa.select(Admission.member_id)
        assert work.session.scalar(owner) == kept.id
        services.move_rows(work, merged, kept.id)
        assert work.session.scalar(owner) == merged


def test_evidence_counts_whom_members_introduced_and_helped(ward) -> None:
    candidate = ward.before_recognition()
    with ward.office() as work:
        candidate = services.access_candidate(work, candidate.id)
        services.recognise(
            work, ward.again(work, candidate), decision_no="21-QĐ/ĐU", decided_on=work.today
        )
        ids = [member.id for member in ward.people]
        found = services.evidence_of(work, ids, date(2026, 1, 1), date(2028, 1, 1))
    told = {(one.member_id, one.key, one.number) for one in found}
    assert told == {
        (ward.people[1].id, "recruitment.introducer", 1),
        (ward.people[2].id, "recruitment.introducer", 1),
        (ward.people[3].id, "recruitment.helper", 1),
    }


def test_the_way_of_a_dossier_is_kept(ward) -> None:
    with ward.office() as work:
        candidate = ward.admitted(work)
        kinds = work.session.scalars(
            sa.select(Passage.to_stage)
            .where(Passage.candidate_id == candidate.id)
            .order_by(Passage.id)
        ).all()
    assert kinds[0] == "pool"
    assert kinds[-1] == "probation"
    assert ward.world.rows(Candidate) == 1
