"""Rights at a unit: given for a span, never beyond one's own, ended; those of positions shown."""

from __future__ import annotations

from datetime import date

import pytest

from core.access.models import Grant
from core.access.services.grants import end_grant, give_role, list_grants
from core.errors import Forbidden, InvalidInput, NotFound, RuleBroken
from core.periods import OPEN


@pytest.fixture
def staff(ward, person):
    """The ward's office."""
    return person("W", "commune_staff", name="Cán bộ phường")


def give(world, giver, account, role, unit, **options):
    with world.work(giver, unit) as work:
        return give_role(work, account, role=role, **options)


def roles_of(world, account):
    return {(right.role, right.source) for right in world.principal(account).rights}


def test_a_role_holds_from_its_first_day_to_its_last(ward, person, staff, later, acts):
    account = person("B")
    give(
        ward,
        staff,
        account,
        "branch_secretary",
        "B",
        valid_from=date(2026, 11, 11),
        valid_to=date(2026, 11, 13),
        document_no="05-QĐ/ĐU",
    )
    seen = []
    for day in range(4):
        later(days=day)
        seen.append(ward.browser(account).get("/u/B/units/").status_code)
    assert seen == [404, 200, 200, 404]
    assert acts() == ["access.granted"]


def test_a_role_without_the_subtree_ends_at_the_unit(ward, person, staff):
    account = person("W")
    give(ward, staff, account, "commune_staff", "W", with_subtree=False)
    browser = ward.browser(account)
    assert browser.get("/u/W/units/").status_code == 200
    assert browser.get("/u/B/units/").status_code == 404


def test_the_office_of_a_commune_gives_roles_in_its_branches(ward, person, staff):
    account = person("B")
    give(ward, staff, account, "branch_secretary", "B")
    assert roles_of(ward, account) == {("branch_secretary", "grant")}


def test_nobody_gives_at_their_own_unit_what_they_do_not_hold(ward, person, staff):
    account = person("W")
    for role in ("administrator", "auditor", "committee_leader"):
        with pytest.raises(Forbidden):
            give(ward, staff, account, role, "W")
    give(ward, staff, account, "commune_staff", "W")


def test_nobody_gives_above_or_beside_their_own_reach(ward, person, staff):
    account = person("B")
    for unit in ("P", "V"):
        with pytest.raises(NotFound), ward.work(staff, "W") as work:
            give_role(work, account, role="branch_clerk", unit=ward.place(unit, work))
    assert ward.rows(Grant) == 1


def test_who_may_give_at_one_unit_alone_does_not_give_the_units_below(ward, person):
    giver = person("W", "commune_staff", with_subtree=False)
    account = person("B")
    with pytest.raises(Forbidden):
        give(ward, giver, account, "commune_staff", "W", with_subtree=True)
    give(ward, giver, account, "commune_staff", "W", with_subtree=False)


def test_who_may_only_see_rights_gives_none(ward, person):
    leader = person("W", "committee_leader")
    with pytest.raises(Forbidden):
        give(ward, leader, person("B"), "branch_clerk", "W")


def test_classes_of_fields_are_not_exceeded_either(ward, person):
    root = person("ROOT", "administrator")
    account = person("P")
    with pytest.raises(Forbidden):
        give(ward, root, account, "auditor", "ROOT")
    give(ward, root, account, "auditor", "P")


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (date(2026, 12, 1), date(2026, 12, 1), "until"),
        (date(2026, 12, 2), date(2026, 12, 1), "until"),
        (date(2026, 1, 1), date(2026, 11, 10), "until"),
    ],
)
def test_a_span_that_makes_no_sense_is_refused(ward, person, staff, since, until, field):
    with pytest.raises(InvalidInput) as refused:
        give(ward, staff, person("B"), "branch_clerk", "B", valid_from=since, valid_to=until)
    assert list(refused.value.fields) == [field]


def test_what_is_held_already_is_not_given_again(ward, person, staff):
    account = person("B", "branch_clerk")
    with pytest.raises(RuleBroken):
        give(ward, staff, account, "branch_clerk", "B")


def test_an_unknown_role_is_refused(ward, person, staff):
    with pytest.raises(InvalidInput):
        give(ward, staff, person("B"), "emperor", "B")


def test_a_right_ends_at_once_even_on_its_first_day(ward, person, staff, acts):
    account = person("B")
    browser = ward.browser(account)
    grant = give(ward, staff, account, "branch_secretary", "B")
    assert browser.get("/u/B/units/").status_code == 200
    office = ward.browser(staff)
    assert office.submit(f"/u/B/access/rights/{grant.id}/end").status_code == 303
    assert browser.get("/u/B/units/").status_code == 404
    assert office.submit(f"/u/B/access/rights/{grant.id}/end").status_code == 404
    assert acts() == ["access.granted", "access.grant_ended"]


def test_a_right_can_end_on_a_later_day(ward, person, staff, later):
    account = person("B", "branch_secretary")
    with ward.work() as work:
        grant = work.session.query(Grant).filter_by(account_id=account.id).one()
        end_grant(work, grant, on=date(2026, 11, 12))
    later(days=1)
    assert ward.browser(account).get("/u/B/units/").status_code == 200
    later(days=2)
    assert ward.browser(account).get("/u/B/units/").status_code == 404


def test_a_day_outside_the_span_ends_nothing(ward, person, staff):
    account = person("B")
    grant = give(
        ward,
        staff,
        account,
        "branch_clerk",
        "B",
        valid_from=date(2026, 12, 1),
        valid_to=date(2026, 12, 31),
    )
    for day in (date(2026, 12, 1), date(2026, 12, 31), date(2027, 5, 1)):
        with pytest.raises(InvalidInput), ward.work() as work:
            end_grant(work, work.session.get(Grant, grant.id), on=day)


def test_a_right_wider_than_ones_own_cannot_be_ended(ward, person):
    giver = person("W", "commune_staff", with_subtree=False)
    account = person("W", "commune_staff")
    with ward.work() as work:
        grant = work.session.query(Grant).filter_by(account_id=account.id).one()
    answer = ward.browser(giver).submit(f"/u/W/access/rights/{grant.id}/end")
    assert answer.status_code == 403


def test_a_right_of_another_unit_is_not_found_here(ward, person, staff):
    account = person("C", "branch_clerk")
    with ward.work() as work:
        grant = work.session.query(Grant).filter_by(account_id=account.id).one()
    assert ward.browser(staff).submit(f"/u/B/access/rights/{grant.id}/end").status_code == 404


def test_the_page_shows_rights_given_and_those_of_positions(ward, person, staff, statements):
    person("B", "branch_clerk", name="Lê Thị Ghi")
    secretary = ward.member("B", "Nguyễn Văn Bí")
    ward.position(secretary, "secretary", "B")
    person("B", member=secretary)
    ward.position(ward.member("B", "Trần Văn Phó"), "deputy_secretary", "B")
    browser = ward.browser(staff)
    before = statements.count
    page = browser.get("/u/B/access/rights").text
    assert statements.count - before <= 15
    assert "Lê Thị Ghi" in page
    assert "Nguyễn Văn Bí" in page
    assert "Trần Văn Phó" in page
    assert "chưa có tài khoản" in page
    assert page.count("/end") == 1


def test_a_role_comes_with_a_position_and_ends_with_it(ward, person, later):
    member = ward.member("B", "Nguyễn Văn Bí")
    account = person("B", member=member)
    assert roles_of(ward, account) == {("member", "membership")}
    ward.position(member, "secretary", "B", since=date(2026, 11, 1), until=date(2026, 11, 12))
    assert ("branch_secretary", "position:secretary") in roles_of(ward, account)
    later(days=2)
    assert roles_of(ward, account) == {("member", "membership")}


def test_the_form_gives_a_right_and_keeps_what_was_typed_when_refused(ward, person, staff):
    account = person("B", username="nguoi.moi", name="Người Mới")
    browser = ward.browser(staff)
    assert 'value="nguoi.moi"' in browser.get("/u/B/access/rights/new?username=nguoi.moi").text
    data = {
        "username": "nguoi.moi",
        "role": "branch_clerk",
        "with_subtree": "1",
        "since": "01/12/2026",
        "until": "30/11/2026",
        "document_no": "05-QĐ/ĐU",
    }
    answer = browser.submit("/u/B/access/rights/new", data)
    assert answer.status_code == 422
    assert "Ngày cuối không được trước ngày đầu." in answer.text
    assert 'value="05-QĐ/ĐU"' in answer.text
    answer = browser.submit("/u/B/access/rights/new", {**data, "until": "31/12/2026"})
    assert answer.headers["Location"] == "/u/B/access/rights"
    with ward.work(writing=False) as work:
        (line,) = list_grants(work, account=account)
    assert (line.valid_from, line.valid_to) == (date(2026, 12, 1), date(2027, 1, 1))
    assert line.document_no == "05-QĐ/ĐU"
    answer = browser.submit("/u/B/access/rights/new", {**data, "username": "khong.co"})
    assert "Không có tài khoản nào dùng tên đăng nhập này." in answer.text


def test_only_roles_one_may_give_are_offered(ward, person, staff):
    browser = ward.browser(staff)
    assert "Quản trị hệ thống" not in browser.get("/u/W/access/rights/new").text
    assert "Bí thư chi bộ" in browser.get("/u/B/access/rights/new").text


def test_a_grant_without_an_end_is_open(ward, person, staff):
    grant = give(ward, staff, person("B"), "branch_clerk", "B")
    assert grant.valid_to == OPEN


def test_giving_rights_needs_an_own_right_not_a_delegated_one(ward, person, staff):
    deputy = person("W", "branch_clerk")
    with ward.work() as work:
        work.session.add(
            Grant(
                account_id=deputy.id,
                role="commune_staff",
                unit_id=ward.place("W", work).id,
                valid_from=work.today,
                valid_to=OPEN,
                delegated_by_id=staff.id,
                made_by="test",
                made_at=work.now,
            )
        )
        work.touch("access")
    browser = ward.browser(deputy)
    assert browser.get("/u/W/access/rights").status_code == 200
    assert browser.get("/u/W/access/rights/new").status_code == 403


def test_rights_of_a_day_are_listed_as_they_were(ward, person, staff, later):
    account, gone = person("B", name="Người Cũ"), person("B", name="Người Nhầm")
    grant = give(ward, staff, account, "branch_secretary", "B")
    slip = give(ward, staff, gone, "branch_clerk", "B")
    with ward.work(staff, "B") as work:
        end_grant(work, work.session.get(Grant, slip.id))
    member = ward.member("B", "Nguyễn Văn Bí")
    ward.position(member, "secretary", "B", since=date(2026, 11, 1), until=date(2026, 11, 12))
    later(days=5)
    with ward.work(staff, "B") as work:
        end_grant(work, work.session.get(Grant, grant.id))
    later(days=7)
    browser = ward.browser(staff)

    def listed(query: str = "") -> list[str]:
        answer = browser.get(f"/api/v1/access/grants?unit=B{query}")
        return [one["name"] for one in answer.json["items"]]

    assert listed() == []
    assert listed("&as_of=2026-11-12") == ["Người Cũ"]
    assert listed("&as_of=2026-11-12&restated=true") == ["Người Cũ"]
    assert listed("&as_of=2026-11-09") == []
    assert listed("&as_of=2026-11-16") == []
    then = browser.get("/u/B/access/rights?as_of=11/11/2026").text
    assert "Người Cũ" in then
    assert "Nguyễn Văn Bí" in then
    assert "Người Nhầm" not in then
    assert "/end" not in then
    now = browser.get("/u/B/access/rights").text
    assert "Nguyễn Văn Bí" not in now
    assert browser.get("/u/B/access/rights?as_of=40/11/2026").status_code == 422
