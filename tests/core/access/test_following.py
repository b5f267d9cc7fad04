"""Accounts follow their members; and what a reader without a class of fields gets."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.access.fields import masked, seen
from core.access.models import Account, SharedDevice
from core.members.models import Affiliation, Member, MemberStatus
from core.periods import OPEN


@pytest.fixture
def member(ward):
    """A member of branch B."""
    return ward.member("B", "Nguyễn Văn An", phone="0912345678", birth_date=date(1955, 3, 4))


def changed(world, member):
    with world.work() as work:
        work.hooks.members_changed(member_ids={member.id})


def move(world, member, unit):
    with world.work() as work:
        place = world.place(unit, work)
        work.session.execute(
            sa.update(Affiliation)
            .where(Affiliation.member_id == member.id)
            .values(valid_to=date(2026, 11, 1))
        )
        work.session.add(
            Affiliation(
                member_id=member.id,
                unit_id=place.id,
                kind="home",
                valid_from=date(2026, 11, 1),
                valid_to=OPEN,
            )
        )
        work.session.execute(
            sa.update(Member).where(Member.id == member.id).values(unit_id=place.id)
        )


def test_an_account_moves_with_its_member_and_so_do_the_rights(ward, person, member, fresh):
    account = person("B", member=member)
    browser = ward.browser(account)
    assert browser.get("/u/B/units/").status_code == 200
    move(ward, member, "C")
    changed(ward, member)
    assert fresh(account).home_unit_id == ward.place("C").id
    assert browser.get("/u/B/units/").status_code == 404
    assert browser.get("/u/C/units/").status_code == 200


def test_an_account_that_belongs_to_an_office_stays_there(ward, person, member, fresh):
    account = person("W", member=member)
    move(ward, member, "C")
    changed(ward, member)
    assert fresh(account).home_unit_id == ward.place("W").id


def test_an_account_ends_with_an_exit(ward, person, member, fresh, acts):
    account = person("B", member=member)
    browser = ward.browser(account)
    with ward.work() as work:
        work.session.execute(
            sa.update(MemberStatus).where(MemberStatus.member_id == member.id).values(status="left")
        )
        work.session.execute(sa.update(Member).where(Member.id == member.id).values(status="left"))
        work.hooks.members_changed(member_ids={member.id})
    assert fresh(account).ended_at is not None
    assert browser.get("/places").status_code == 303
    assert acts() == ["access.account_ended"]


def test_a_guest_of_a_branch_may_there_what_a_member_may(ward, person, member):
    account = person("B", member=member)
    with ward.work() as work:
        work.session.add(
            Affiliation(
                member_id=member.id,
                unit_id=ward.place("C", work).id,
                kind="temporary",
                valid_from=date(2026, 1, 1),
                valid_to=OPEN,
            )
        )
        work.touch("access")
    units = {right.unit_id for right in ward.principal(account).rights}
    assert units == {ward.place("B").id, ward.place("C").id}


def test_the_account_of_a_merged_record_goes_along_and_comes_back(ward, person, member, fresh):
    other = ward.member("B", "Nguyễn Văn Anh")
    account = person("B", member=other)

    def merge(kept, merged, into):
        with ward.work() as work:
            work.session.execute(
                sa.update(Member).where(Member.id == other.id).values(merged_into_id=into)
            )
            work.hooks.members_merged(kept_id=kept.id, merged_id=merged.id)

    merge(member, other, member.id)
    assert fresh(account).member_id == member.id
    merge(other, member, None)
    assert fresh(account).member_id == other.id


def test_of_two_accounts_of_one_person_the_merged_ones_ends(ward, person, member, fresh):
    other = ward.member("B", "Nguyễn Văn Anh")
    kept, merged = person("B", member=member), person("B", member=other)
    with ward.work() as work:
        work.session.execute(
            sa.update(Member).where(Member.id == other.id).values(merged_into_id=member.id)
        )
        work.hooks.members_merged(kept_id=member.id, merged_id=other.id)
    assert fresh(kept).ended_at is None
    assert fresh(merged).ended_at is not None


def test_a_person_gets_what_is_kept_of_the_account_and_no_secret(ward, person, member, fresh):
    account = person("B", member=member)
    with ward.work(writing=False) as work:
        data = work.hooks.personal_data(member_id=member.id)["access"]
    assert data["username"] == account.username
    assert fresh(account).password_hash not in str(data)


def test_an_erased_account_says_nothing_of_its_person(ward, person, member, signing_in, fresh):
    account = person("B", member=member, email="an@example.org")
    signing_in(account.username)
    with ward.work() as work:
        work.hooks.personal_data_erased(member_id=member.id, rule="10 years")
    blank = fresh(account)
    assert (blank.name, blank.email, blank.preferences, blank.password_hash) == ("", None, {}, "!")
    assert blank.username.startswith("erased.")
    assert blank.ended_at is not None
    assert ward.rows(SharedDevice) == 0
    assert account.username not in blank.search


def values():
    return {"full_name": "Nguyễn Văn An", "phone": "0912345678", "birth_date": date(1955, 3, 4)}


def test_who_holds_a_class_of_fields_sees_it_and_others_get_a_sentence(ward, person, member):
    secretary, committee = person("B", "branch_secretary"), person("B", "branch_committee")
    with ward.work(secretary, "B", writing=False) as work:
        whole = masked(work, work.unit, values())
    assert (dict(whole.values), whole.hidden, whole.note) == (values(), frozenset(), "")
    with ward.work(committee, "B", writing=False) as work:
        part = masked(work, work.unit, values())
        assert seen(work, work.unit, {"contact", "birth"}) == {"contact"}
    assert part.values["phone"] == "0912345678"
    assert part.values["birth_date"] is None
    assert part.hidden == {"birth_date"}
    assert "ngày sinh" in part.note


def test_ones_own_record_is_whole(ward, person, member):
    account = person("B", member=member)
    with ward.work(account, "B", writing=False) as work:
        assert masked(work, work.unit, values(), member_id=member.id).hidden == frozenset()
        assert masked(work, work.unit, values()).hidden == {"phone", "birth_date"}


def test_classes_hold_only_where_the_right_holds(ward, person, member):
    secretary = person("C", "branch_secretary")
    with ward.work(secretary, "C", writing=False) as work:
        assert seen(work, ward.place("B", work)) == frozenset()


def test_accounts_are_made_in_order_and_found_without_marks(ward, person):
    account = person("B", name="Đặng Thị Ửng", username="ung.dang")
    with ward.work(writing=False) as work:
        stored = work.session.get(Account, account.id)
    assert "dang thi ung" in stored.search
    assert stored.sort_key
