"""Why somebody may, or what is missing: the chain in sentences, the nearest miss first."""

from __future__ import annotations

from datetime import date

import pytest

from core.access.models import Account, Grant
from core.access.services.delegations import delegate
from core.access.services.explaining import explain
from core.errors import InvalidInput
from core.i18n import use_locale
from core.members.permissions import MANAGE, SEE
from core.periods import EVER, OPEN


def why(world, account, permission, unit, on=None):
    with world.work(writing=False) as work, use_locale("en"):
        found = work.session.get(Account, account.id)
        return explain(work, found, permission, world.place(unit, work), on)


def grant(world, account, role, unit, **facts):
    values = {"valid_from": EVER, "valid_to": OPEN, "made_by": "test", **facts}
    with world.work() as work:
        place = world.place(unit, work)
        work.session.add(
            Grant(account_id=account.id, role=role, unit_id=place.id, made_at=work.now, **values)
        )
        work.touch("access")


def test_a_right_given_above_is_named_with_its_unit_and_end(ward, person):
    account = person("W")
    grant(ward, account, "commune_staff", "W", valid_to=date(2027, 1, 1))
    answer = why(ward, account, MANAGE, "B")
    assert answer.allowed
    (reason,) = answer.reasons
    assert reason.startswith("By the role “Commune committee's staff”, given at Đảng bộ phường W")
    assert reason.endswith("with all units below it, to 31/12/2026.")


def test_a_right_by_position_names_the_position(ward, person):
    member = ward.member("B", "Nguyễn Văn Bí")
    ward.position(member, "secretary", "B", until=date(2027, 1, 1))
    answer = why(ward, person("B", member=member), MANAGE, "B")
    assert answer.allowed
    (reason,) = answer.reasons
    assert reason.startswith("By the position Secretary at Chi bộ B: it brings the role")
    assert reason.endswith("“Branch secretary”, to 31/12/2026.")


def test_a_right_as_a_member_is_told(ward, person):
    member = ward.member("B", "Nguyễn Văn An")
    answer = why(ward, person("B", member=member), "core:unit:see", "B")
    assert (answer.allowed, answer.reasons) == (True, ("As a member of Chi bộ B, without an end.",))


def test_a_delegated_right_names_for_whom_one_acts(ward, person):
    secretary, deputy = person("B", "branch_secretary", name="Đ.c. Bí thư"), person("B")
    with ward.work(secretary, "B") as work:
        delegate(
            work,
            deputy,
            role="branch_secretary",
            with_subtree=True,
            valid_from=work.today,
            valid_to=date(2026, 12, 1),
        )
    answer = why(ward, deputy, MANAGE, "B")
    assert answer.allowed
    assert "Acting for Đ.c. Bí thư" in answer.reasons[0]
    assert "to 30/11/2026" in answer.reasons[0]
    missing = why(ward, deputy, "core:grant:delegate", "B")
    assert "this right is never delegated" in missing.reasons[0]
    with ward.work() as work:
        work.session.query(Grant).filter_by(delegated_by_id=None).update(
            {"valid_to": date(2026, 11, 9)}
        )
        work.touch("access")
    gone = why(ward, deputy, MANAGE, "B")
    assert not gone.allowed
    assert "but no longer holds it there" in gone.reasons[0]


@pytest.mark.parametrize(
    ("facts", "unit", "sentence"),
    [
        ({"valid_to": date(2026, 11, 1)}, "W", "Held “Commune committee's staff”"),
        ({"valid_from": date(2027, 1, 1)}, "W", "Will hold “Commune committee's staff”"),
        ({"with_subtree": False}, "W", "at Đảng bộ phường W alone, not at the units below"),
        ({}, "C", "at Chi bộ C, which is not above this unit"),
    ],
)
def test_the_nearest_miss_is_named_first(ward, person, facts, unit, sentence):
    account = person("W")
    grant(ward, account, "commune_staff", unit, **facts)
    answer = why(ward, account, MANAGE, "B")
    assert not answer.allowed
    assert sentence in answer.reasons[0]


def test_a_right_taken_away_is_told_as_one_of_before(ward, person):
    account = person("W")
    grant(ward, account, "commune_staff", "W", ended_at=ward.now, valid_to=date(2026, 11, 10))
    assert "to 09/11/2026" in why(ward, account, MANAGE, "B").reasons[0]


def test_a_position_of_before_is_told(ward, person):
    member = ward.member("B", "Nguyễn Văn Bí")
    ward.position(member, "secretary", "B", until=date(2026, 11, 1))
    answer = why(ward, person("B", member=member), MANAGE, "B")
    assert not answer.allowed
    assert answer.reasons[0] == "Held “Branch secretary” at Chi bộ B to 31/10/2026."


def test_a_role_that_does_not_include_it_is_told_with_those_that_do(ward, person):
    answer = why(ward, person("B", "branch_clerk"), MANAGE, "B")
    assert answer.reasons[0] == (
        "Holds “Types in for the branch” at Chi bộ B, which does not include it."
    )
    assert answer.reasons[-1].startswith("Roles with this right: Branch secretary")


def test_somebody_without_any_right_is_told_so(ward, person):
    answer = why(ward, person("V"), SEE, "B")
    assert "Holds no right that reaches Chi bộ B." in answer.reasons


def test_an_ended_account_and_a_module_that_is_off_stand_in_the_way(ward, person):
    account = person("B", "branch_secretary", ended_at=ward.now)
    answer = why(ward, account, MANAGE, "B")
    assert (answer.allowed, answer.reasons[0]) == (False, "The account ended on 10/11/2026.")
    names = [name for name in _meetings_permissions(ward) if name.endswith(":see")]
    ward.switch("meetings", "W", on=False)
    answer = why(ward, person("B", "branch_secretary"), names[0], "B")
    assert not answer.allowed
    assert "is off at Chi bộ B." in answer.reasons[0]


def _meetings_permissions(world):
    return list(world.system.host.plugins["meetings"].manifest.permissions)


def test_another_day_is_judged_by_the_rights_of_that_day(ward, person):
    account = person("W")
    grant(ward, account, "commune_staff", "W", valid_from=date(2026, 12, 1))
    assert not why(ward, account, MANAGE, "B").allowed
    assert why(ward, account, MANAGE, "B", date(2026, 12, 1)).allowed


def test_an_unknown_permission_is_refused(ward, person):
    with pytest.raises(InvalidInput):
        why(ward, person("B"), "core:nothing:do", "B")


def test_the_page_answers_in_vietnamese_with_few_statements(ward, person, statements):
    person("B", "branch_clerk", username="nguoi.ghi")
    browser = ward.browser(person("W", "commune_staff"))
    browser.get("/u/B/access/why")
    before = statements.count
    page = browser.get(f"/u/B/access/why?username=nguoi.ghi&permission={MANAGE}&on=10/11/2026").text
    assert statements.count - before <= 15
    assert "Chưa được phép" in page
    assert "nhưng vai trò này không có quyền ấy" in page
    unknown = browser.get(f"/u/B/access/why?username=khong.co&permission={MANAGE}")
    assert unknown.status_code == 422
