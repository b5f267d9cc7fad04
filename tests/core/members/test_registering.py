"""Taking people in, and putting their records right."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.db import new_key
from core.errors import Forbidden, InvalidInput, NotFound, RuleBroken
from core.ledger.models import LedgerPayload, LedgerRow
from core.members.models import Affiliation, Member, MemberListRow, MemberStatus
from core.members.services import (
    NewMember,
    add_members,
    correct_fact,
    correct_member,
    drop_fact,
    head_counts,
    history_of,
    leave,
    register_member,
    transfer_home,
    void_member,
)
from core.members.spans import PostSpan, StatusSpan, StaySpan
from core.names import split_full_name
from core.periods import OPEN
from core.testing import World, counted

AN = {"full_name": "Nguyễn Văn An", "birth_date": date(1960, 5, 19)}


def register(ward: World, actor=None, code="A", **facts):
    with ward.work(actor, code) as work:
        return register_member(work, work.unit, **{**AN, **facts})


def test_a_member_is_registered_with_the_history_the_days_tell(ward: World):
    member = register(
        ward,
        admitted_on=date(1985, 2, 3),
        official_on=date(1986, 2, 3),
        since=date(2019, 7, 1),
        card_no="12.345.678",
    )
    assert (member.given_name, member.card_no, member.status) == ("An", "12345678", "official")
    with ward.work(writing=False) as work:
        history = history_of(work, member)
        assert [(s.status, s.valid_from) for s in history.of("status")] == [
            ("probationary", date(1985, 2, 3)),
            ("official", date(1986, 2, 3)),
        ]
        assert [(s.valid_from, s.unit_id) for s in history.of("home")] == [
            (date(2019, 7, 1), ward.place("A", work).id)
        ]
        counts = head_counts(work, ward.place("P", work))
        assert counts[ward.place("P", work).id].official == 1


def home_key(ward: World, member):
    """Return the key of the last home of a member."""
    with ward.work(writing=False) as work:
        history = history_of(work, member)
        return history.key("home", history.of("home")[-1])


def test_only_a_branch_has_members_of_its_own(ward: World):
    with pytest.raises(RuleBroken):
        register(ward, code="W1")
    assert ward.rows(Member) == 0


def test_a_member_cannot_belong_to_a_unit_before_it_was_there(ward: World):
    ward.unit("N", "branch", "W1", on=date(2025, 7, 1))
    with pytest.raises(RuleBroken) as refused:
        register(ward, code="N", since=date(2025, 6, 30))
    assert "01/07/2025" in refused.value.sentence
    assert register(ward, code="N", admitted_on=date(1990, 1, 1)).status == "probationary"


def test_the_same_person_is_not_entered_twice_unless_it_is_another(ward: World):
    register(ward)
    with pytest.raises(InvalidInput) as refused:
        register(ward, code="B")
    assert list(refused.value.fields) == ["another_person"]
    register(ward, code="B", another_person=True)
    assert ward.rows(Member) == 2


def test_a_card_number_belongs_to_one_person_and_strangers_learn_no_name(ward: World):
    register(ward, card_no="11111111")
    other = ward.account("branch_secretary", "C")
    with pytest.raises(InvalidInput) as refused:
        register(ward, other, "C", full_name="Lê Thị Hoa", card_no="11 111 111")
    assert "card_no" in refused.value.fields
    assert "An" not in refused.value.sentence


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"full_name": " "}, "full_name"),
        ({"card_no": "12"}, "card_no"),
        ({"birth_date": date(2030, 1, 1)}, "birth_date"),
        ({"admitted_on": date(2020, 1, 2), "official_on": date(2020, 1, 1)}, "official_on"),
    ],
)
def test_facts_that_cannot_be_are_refused(ward: World, facts, field):
    with pytest.raises(InvalidInput) as refused:
        register(ward, **facts)
    assert field in refused.value.fields


def test_whoever_has_no_right_there_registers_nobody(ward: World):
    secretary, other = ward.account("branch_secretary", "A"), ward.place("B")
    with pytest.raises((Forbidden, NotFound)), ward.work(secretary, "A") as work:
        register_member(work, other, **AN)


def test_the_ledger_keeps_the_name_in_the_part_that_can_be_erased(ward: World):
    member = register(ward)
    with ward.work(writing=False) as work:
        row, payload = work.session.execute(
            sa.select(LedgerRow, LedgerPayload)
            .join(LedgerPayload, LedgerPayload.ledger_id == LedgerRow.id)
            .where(LedgerRow.about_id == member.id)
        ).one()
    assert (row.action, row.label) == ("members.registered", "")
    assert payload.body["after"]["full_name"] == "Nguyễn Văn An"


def people(ward: World, count: int, work) -> list[NewMember]:
    unit = ward.place("A", work).id
    return [
        NewMember(
            name=split_full_name(f"Nguyễn Văn {chr(65 + number % 20)}"),
            statuses=[
                StatusSpan(date(2000, 1, 1), date(2001, 1, 1), "probationary"),
                StatusSpan(date(2001, 1, 1), OPEN, "official"),
            ],
            homes=[StaySpan(date(2000, 1, 1), OPEN, unit)],
            posts=[PostSpan(date(2025, 1, 1), OPEN, unit, "branch_committee_member")]
            if number % 50 == 0
            else (),
            card_no=f"{number:08d}",
        )
        for number in range(count)
    ]


def test_a_thousand_members_take_few_statements(ward: World):
    with ward.work() as work, counted(ward.system.database.engine) as counter:
        add_members(work, people(ward, 1000, work))
        work.session.flush()
    assert counter.count <= 19, counter.statements
    assert ward.rows(Member) == 1000
    assert ward.rows(MemberListRow) == 4000


def test_members_whose_facts_overlap_are_refused_all_together(ward: World):
    with ward.work(writing=False) as work:
        good = people(ward, 3, work)
    bad = NewMember(
        name=split_full_name("Lê Hoa"),
        statuses=[
            StatusSpan(date(2000, 1, 1), OPEN, "official"),
            StatusSpan(date(2010, 1, 1), OPEN, "exempt"),
        ],
        homes=good[0].homes,
    )
    with pytest.raises(RuleBroken), ward.work() as work:
        add_members(work, [*good, bad])
    assert ward.rows(Member) == 0


def test_a_name_that_is_equal_is_not_split_again(ward: World, acting):
    member = register(ward, surname="Nguyễn Văn", middle_name="", given_name="An")
    assert (member.surname, member.middle_name) == ("Nguyễn Văn", "")
    with acting(member) as (work, found):
        same = correct_member(work, found, full_name="Nguyễn Văn An", phone="0912 345 678")
        assert (same.surname, same.phone) == ("Nguyễn Văn", "0912 345 678")
    with acting(member) as (work, found):
        other = correct_member(work, found, full_name="Nguyễn Văn Ân")
        assert (other.surname, other.middle_name, other.given_name) == ("Nguyễn", "Văn", "Ân")


def test_a_corrected_name_moves_the_person_in_every_list(ward: World, acting):
    member = register(ward)
    with acting(member) as (work, found):
        correct_member(work, found, full_name="Nguyễn Văn Yên")
    with ward.work(writing=False) as work:
        keys = set(work.session.scalars(sa.select(MemberListRow.sort_key)))
        stored = work.session.scalar(sa.select(Member.sort_key).where(Member.id == member.id))
    assert keys == {stored}


def test_a_corrected_admission_moves_the_beginning_of_the_status(ward: World, acting):
    member = register(ward, admitted_on=date(1985, 2, 3), official_on=date(1986, 2, 3))
    with acting(member) as (work, found):
        correct_member(work, found, admitted_on=date(1984, 2, 3), official_on=date(1985, 2, 3))
    with ward.work(writing=False) as work:
        spans = history_of(work, member).of("status")
    assert [(s.status, s.valid_from, s.valid_to) for s in spans] == [
        ("probationary", date(1984, 2, 3), date(1985, 2, 3)),
        ("official", date(1985, 2, 3), OPEN),
    ]


def test_a_day_that_does_not_fit_the_others_is_refused(ward: World, acting):
    member = register(ward, admitted_on=date(1985, 2, 3), official_on=date(1986, 2, 3))
    with pytest.raises(InvalidInput) as refused, acting(member) as (work, found):
        correct_member(work, found, admitted_on=date(1990, 1, 1))
    assert "admitted_on" in refused.value.fields


def test_a_transfer_entered_with_a_wrong_day_is_put_right_and_the_neighbour_follows(
    ward: World, acting
):
    member = ward.member("A", since=date(2010, 1, 1))
    with acting(member) as (work, found):
        transfer_home(work, found, ward.place("B", work), since=date(2026, 3, 1))
    with acting(member) as (work, found):
        history = history_of(work, found)
        last = history.of("home")[-1]
        correct_fact(
            work, found, "home", history.key("home", last), valid_from=date(2026, 2, 1),
            decision_no="7-GGT",
        )  # fmt: skip
    with ward.work(writing=False) as work:
        first, second = history_of(work, member).of("home")
    assert (first.valid_to, second.valid_from, second.decision_no) == (
        date(2026, 2, 1),
        date(2026, 2, 1),
        "7-GGT",
    )


def test_a_transfer_made_by_mistake_is_taken_out_and_the_old_home_goes_on(ward: World, acting):
    member = ward.member("A", since=date(2010, 1, 1))
    with acting(member) as (work, found):
        transfer_home(work, found, ward.place("B", work), since=date(2026, 3, 1))
    with acting(member) as (work, found):
        history = history_of(work, found)
        back = drop_fact(work, found, "home", history.key("home", history.of("home")[-1]))
        assert back.unit_id == ward.place("A", work).id
    assert ward.rows(Affiliation) == 1


def test_an_exit_taken_back_opens_the_home_again(ward: World, acting):
    member = ward.member("A", since=date(2010, 1, 1))
    with acting(member) as (work, found):
        leave(work, found, "moved", on=date(2026, 3, 1))
    with acting(member) as (work, found):
        history = history_of(work, found)
        drop_fact(work, found, "status", history.key("status", history.of("status")[-1]))
    with ward.work(writing=False) as work:
        assert head_counts(work, ward.place("A", work))[ward.place("A", work).id].total == 1
        assert history_of(work, member).of("home")[0].valid_to == OPEN


def test_the_last_home_of_a_record_stays(ward: World, acting):
    member = ward.member("A")
    key = home_key(ward, member)
    with pytest.raises(RuleBroken), acting(member) as (work, found):
        drop_fact(work, found, "home", key)


def test_a_past_that_concerns_another_place_is_corrected_only_by_whoever_may_write_there(
    ward: World, acting
):
    member = ward.member("C", since=date(2010, 1, 1))
    with acting(member) as (work, found):
        transfer_home(work, found, ward.place("A", work), since=date(2026, 3, 1))
    secretary = ward.account("branch_secretary", "A")
    key = home_key(ward, member)
    with pytest.raises(NotFound), acting(member, secretary, "A") as (work, found):
        correct_fact(work, found, "home", key, valid_from=date(2026, 1, 1))


def test_a_record_made_by_mistake_is_voided_and_counts_on_no_day(ward: World, acting):
    member = register(ward, admitted_on=date(1985, 2, 3))
    with acting(member) as (work, found):
        void_member(work, found, reason="Nhập nhầm")
    assert (ward.rows(MemberStatus), ward.rows(Affiliation), ward.rows(MemberListRow)) == (0, 0, 0)
    with ward.work(writing=False) as work:
        kept = work.session.scalars(sa.select(Member).where(Member.id == member.id)).one()
        assert (kept.void_reason, kept.voided_at) == ("Nhập nhầm", ward.now)
    with pytest.raises(NotFound), acting(member):
        pass


def test_a_void_needs_its_reason(ward: World, acting):
    member = register(ward)
    with pytest.raises(InvalidInput), acting(member) as (work, found):
        void_member(work, found, reason=" ")


def test_a_new_key_given_by_the_importer_is_kept(ward: World):
    key = new_key()
    with ward.work() as work:
        unit = ward.place("A", work).id
        person = NewMember(
            id=key,
            name=split_full_name("Lê Hoa"),
            statuses=[StatusSpan(date(2000, 1, 1), OPEN, "official")],
            homes=[StaySpan(date(2000, 1, 1), OPEN, unit)],
        )
        assert add_members(work, [person]) == [key]


def test_one_member_is_made_by_few_statements_and_not_read_back(ward: World):
    register(ward)
    with counted(ward.system.database.engine) as counter:
        made = register(ward, full_name="Lê Thị Bình", card_no="87654321")
    assert counter.count <= 15, counter.statements
    with ward.work(writing=False) as work:
        stored = work.session.scalars(
            sa.select(Member).where(Member.id == made.id).execution_options(unscoped="a test")
        ).one()
    names = [column.key for column in sa.inspect(Member).column_attrs]
    assert [getattr(made, name) for name in names] == [getattr(stored, name) for name in names]


def test_a_member_without_an_account_changes_nobodys_rights(ward: World):
    with ward.work(writing=False) as work:
        before = work.session.info["epochs"]
    register(ward)
    with ward.work(writing=False) as work:
        after = work.session.info["epochs"]
    assert after["access"] == before["access"]
    assert after["members"] > before["members"]
