"""What is left of a plan that was reverted: the tree of those days says that it had been there."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.members.listing import wanted_rows
from core.members.models import Member, MemberListRow
from core.members.services import transfer_home
from core.members.services.statuses import leave
from core.testing import TODAY, World
from core.units.comparing import taken_back
from core.units.places import visible
from tests.core.restructuring.test_applying import CONSOLIDATE, draft, enact, revert
from tests.core.restructuring.test_pages import words


@pytest.fixture
def reverted(town: World) -> World:
    """A plan that made N1 was applied, and reverted ten days later."""
    plan = draft(town, CONSOLIDATE)
    enact(town, plan)
    town.now += timedelta(days=10)
    town.system.opener.clock = lambda: town.now
    revert(town, plan)
    return town


def test_the_tree_as_it_was_known_names_a_plan_that_was_reverted_since(reverted: World) -> None:
    with reverted.work(writing=False) as work:
        (said,) = taken_back(work, TODAY)
        assert taken_back(work, TODAY - timedelta(days=1)) == []
        assert taken_back(work, None) == taken_back(work, work.today) == []
    assert "1-QĐ/TU" in said
    browser = reverted.browser(reverted.account("province_organisation", "ROOT"))
    page = browser.get(f"/u/P/units/tree?known_on={TODAY.isoformat()}").get_data(as_text=True)
    assert said in page


def test_the_address_of_a_unit_that_is_no_more_says_so_and_leads_on(reverted: World) -> None:
    browser = reverted.browser(reverted.account("province_organisation", "ROOT"))
    for address in ("/u/N1/units/", "/u/N1/units/tree", "/u/N1/members/?q=x"):
        answer = browser.get(address)
        assert answer.status_code == 404
        text = words(answer)
        assert "Xã mới (N1)" in text
        assert "Đơn vị này không còn" in text
        assert "đã hoàn tác" in text
        assert "/u/ROOT/restructuring/" in answer.text
        assert "/u/W1/units/" in answer.text
    for code in ("N2", "%22N1", "N_"):
        assert "đã hoàn tác" not in words(browser.get(f"/u/{code}/units/"))


def test_a_stranger_and_a_passer_by_learn_nothing_of_it(reverted: World) -> None:
    stranger = reverted.browser(reverted.account("commune_staff", "W3"))
    answer = stranger.get("/u/N1/units/")
    assert answer.status_code == 404
    assert "Xã mới" not in words(answer)
    assert "Xã mới" not in words(reverted.browser().get("/u/N1/units/"))
    assert stranger.get("/api/v1/units/N1").status_code == 404


def test_lists_are_true_after_a_revert_whoever_came_left_or_moved_since(town: World) -> None:
    leaves, moves = town.member("W2B1", "Người Ra"), town.member("W1B2", "Người Chuyển")
    plan = draft(town, CONSOLIDATE)
    enact(town, plan)
    comes = town.member("W1B1", "Người Mới")
    with town.work() as work:
        gone, mover = (
            work.session.scalars(sa.select(Member).where(Member.id == one.id)).one()
            for one in (leaves, moves)
        )
        leave(work, gone, "deceased", on=work.today)
        transfer_home(work, mover, town.place("W2B2", work), since=work.today)
    revert(town, plan)
    with town.work(writing=False) as work:
        model, people = MemberListRow, work.session.scalars(sa.select(Member.id)).all()
        wanted = {(one["ancestor_id"], one["member_id"]) for one in wanted_rows(work, people)}
        stored = work.session.execute(
            sa.select(model.ancestor_id, model.member_id).where(visible(model, work.generation))
        ).all()
        names = {key: town.place(key, work).id for key in ("W1", "W2", "D")}
    assert sorted(tuple(row) for row in stored) == sorted(wanted)
    assert {(names["W1"], comes.id), (names["W2"], moves.id), (names["D"], moves.id)} <= wanted
    assert all(member != leaves.id for _unit, member in wanted)
