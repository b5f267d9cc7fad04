"""Delegation: in what one holds, for some days, never handed on, over when one's right is over."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.access.models import Account, Grant
from core.access.services.delegations import delegate
from core.errors import Forbidden, InvalidInput, RuleBroken
from core.ledger.models import LedgerRow
from core.members.models import Position
from core.units.services import rename_unit

SPAN = {"valid_from": date(2026, 11, 10), "valid_to": date(2026, 12, 1)}


@pytest.fixture
def leader(ward, person):
    """The ward's secretary, by position."""
    member = ward.member("C", "Nguyễn Văn Trưởng")
    ward.position(member, "secretary", "W", since=date(2025, 1, 1), until=date(2026, 11, 20))
    return person("W", member=member)


@pytest.fixture
def deputy(ward, person):
    """Somebody in the ward without rights of their own there."""
    return person("W", name="Trần Thị Thay")


def let(world, grantor, account, role="committee_leader", unit="W", **options):
    values = {"with_subtree": True, **SPAN, **options}
    with world.work(grantor, unit) as work:
        return delegate(work, account, role=role, **values)


def test_a_deputy_may_what_the_other_may_and_the_ledger_says_for_whom(ward, leader, deputy, acts):
    let(ward, leader, deputy)
    browser = ward.browser(deputy)
    page = browser.get("/u/B/units/")
    assert page.status_code == 200
    assert "Làm thay" in page.text
    assert "Nguyễn Văn Trưởng" in page.text
    with ward.work(deputy, "B") as work:
        rename_unit(work, work.unit, name="Chi bộ mới", on=date(2026, 11, 1))
    with ward.work(writing=False) as work:
        row = work.session.scalars(
            sa.select(LedgerRow).where(LedgerRow.action == "units.rename")
        ).one()
    assert (row.actor, row.acting_for) == ("Trần Thị Thay", "Nguyễn Văn Trưởng")
    assert acts() == ["access.delegated"]


def test_it_ends_when_the_right_of_the_other_ends(ward, leader, deputy, later):
    let(ward, leader, deputy)
    later(days=9)
    assert ward.browser(deputy).get("/u/B/units/").status_code == 200
    later(days=10)
    assert ward.browser(deputy).get("/u/B/units/").status_code == 404


def test_it_ends_with_the_position_and_with_the_account(ward, leader, deputy):
    let(ward, leader, deputy)
    browser = ward.browser(deputy)
    with ward.work() as work:
        work.session.get(Account, leader.id).ended_at = work.now
        work.touch("access")
    assert browser.get("/u/B/units/").status_code == 404
    with ward.work() as work:
        work.session.get(Account, leader.id).ended_at = None
        work.session.execute(sa.update(Position).values(valid_to=date(2026, 11, 10)))
        work.touch("access")
    assert browser.get("/u/B/units/").status_code == 404


def test_it_ends_on_its_last_day(ward, person, deputy, later):
    staff = person("W", "committee_leader")
    let(ward, staff, deputy, valid_to=date(2026, 11, 12))
    later(days=1)
    assert ward.browser(deputy).get("/u/B/units/").status_code == 200
    later(days=2)
    assert ward.browser(deputy).get("/u/B/units/").status_code == 404


def test_it_is_never_wider_than_what_the_other_holds_there(ward, person, deputy):
    leader = person("W", "committee_leader", with_subtree=False)
    with pytest.raises(Forbidden):
        let(ward, leader, deputy, with_subtree=True)
    let(ward, leader, deputy, with_subtree=False)
    browser = ward.browser(deputy)
    assert browser.get("/u/W/units/").status_code == 200
    assert browser.get("/u/B/units/").status_code == 404


def test_it_may_be_for_one_unit_below(ward, leader, deputy):
    let(ward, leader, deputy, unit="B")
    browser = ward.browser(deputy)
    assert browser.get("/u/B/units/").status_code == 200
    assert browser.get("/u/C/units/").status_code == 404
    assert browser.get("/u/W/units/").status_code == 404


def test_what_was_delegated_is_not_handed_on(ward, person, leader, deputy):
    let(ward, leader, deputy)
    third = person("W")
    with pytest.raises(Forbidden):
        let(ward, deputy, third)
    browser = ward.browser(deputy)
    assert browser.get("/u/W/access/delegation").status_code == 403


def test_a_role_one_does_not_hold_is_not_delegated(ward, leader, deputy):
    for role in ("commune_staff", "member", "emperor"):
        with pytest.raises(Forbidden):
            let(ward, leader, deputy, role=role)


def test_who_may_not_delegate_does_not(ward, person, deputy):
    clerk = person("B", "branch_clerk")
    with pytest.raises(Forbidden):
        let(ward, clerk, deputy, role="branch_clerk", unit="B")
    assert ward.browser(clerk).get("/u/B/access/delegation").status_code == 403


def test_nobody_acts_for_oneself(ward, leader):
    with pytest.raises(RuleBroken):
        let(ward, leader, leader)


def test_it_lasts_no_longer_than_the_setting_allows(ward, leader, deputy):
    ward.give("core.access.delegation_days", 10, "W")
    with pytest.raises(InvalidInput) as refused:
        let(ward, leader, deputy, valid_to=date(2026, 11, 21))
    assert "10" in refused.value.sentence
    let(ward, leader, deputy, valid_to=date(2026, 11, 20))


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2026, 11, 9), date(2026, 11, 20)),
        (date(2026, 11, 20), date(2026, 11, 20)),
        (date(2026, 10, 1), date(2026, 11, 1)),
    ],
)
def test_a_span_that_makes_no_sense_is_refused(ward, leader, deputy, since, until):
    with pytest.raises(InvalidInput):
        let(ward, leader, deputy, valid_from=since, valid_to=until)
    assert ward.rows(Grant) == 0


def test_it_is_taken_back_or_given_back(ward, leader, deputy):
    mine, theirs = ward.browser(leader), ward.browser(deputy)
    for ender in (mine, theirs):
        grant = let(ward, leader, deputy)
        assert theirs.get("/u/B/units/").status_code == 200
        answer = ender.submit(f"/me/rights/delegations/{grant.id}/end")
        assert answer.headers["Location"] == "/me/rights"
        assert theirs.get("/u/B/units/").status_code == 404
        assert ender.submit(f"/me/rights/delegations/{grant.id}/end").status_code == 404


def test_a_stranger_does_not_end_it(ward, person, leader, deputy):
    grant = let(ward, leader, deputy)
    stranger = ward.browser(person("W", "committee_leader"))
    assert stranger.submit(f"/me/rights/delegations/{grant.id}/end").status_code == 404


def test_the_page_delegates_and_shows_who_acts(ward, leader, deputy):
    browser = ward.browser(leader)
    page = browser.get("/u/W/access/delegation").text
    assert "Trần Thị Thay" in page
    assert "Thường trực Đảng ủy" in page
    data = {
        "deputy": str(deputy.id),
        "role": "committee_leader",
        "with_subtree": "1",
        "since": "10/11/2026",
        "until": "15/11/2026",
    }
    answer = browser.submit("/u/W/access/delegation", data, follow_redirects=True)
    assert "Trần Thị Thay" in answer.text
    assert "đến 15/11/2026" in answer.text
    theirs = ward.browser(deputy).get("/me/rights").text
    assert "làm thay" in theirs
    refused = browser.submit("/u/W/access/delegation", {**data, "deputy": str(leader.id)})
    assert refused.status_code == 422


def test_somebody_with_own_rights_is_not_said_to_act_for_another(ward, person, leader):
    own = person("W", "committee_leader", name="Phó Bí Thư")
    let(ward, leader, own)
    assert "Nguyễn Văn Trưởng" not in ward.browser(own).get("/u/B/units/").text
    with ward.work(own, "B") as work:
        rename_unit(work, work.unit, name="Chi bộ mới", on=date(2026, 11, 1))
    with ward.work(writing=False) as work:
        statement = sa.select(LedgerRow.acting_for).where(LedgerRow.action == "units.rename")
        assert work.session.scalar(statement) is None
