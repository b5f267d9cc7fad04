"""Loans: entering, closing, who may, and what the system asks of every plugin."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.authoring.checking import check_plugin
from core.errors import RuleBroken
from core.ledger.models import LedgerRow
from core.testing import World

FOLDER = Path(__file__).resolve().parent.parent


def test_the_plugin_passes_what_is_asked_of_every_plugin():
    verdict = check_plugin(FOLDER)
    assert (verdict.level, verdict.missing) == ("excellent", [])


def test_a_loan_is_entered_and_is_due_after_the_days_of_the_place(world: World):
    world.give("lending.days", 10, "A")
    browser = world.browser(world.account("branch_secretary", "A"))
    answer = browser.submit("/u/A/lending/new", {"title": "Sổ tay", "begun_on": "01/11/2026"})
    assert answer.status_code == 303
    page = browser.get("/u/A/lending/").text
    assert "Sổ tay" in page
    assert "11/11/2026" in page


def test_a_loan_without_a_title_is_refused(world: World):
    browser = world.browser(world.account("branch_secretary", "A"))
    assert browser.submit("/u/A/lending/new", {}).status_code == 422


def test_a_closed_loan_cannot_be_closed_again(world: World):
    browser = world.browser(world.account("branch_secretary", "A"))
    address = "/api/v1/lending?unit=A"
    key = browser.send("POST", address, {"title": "Sổ tay"}).json["id"]
    assert browser.submit(f"/u/A/lending/{key}/close").status_code == 303
    assert browser.submit(f"/u/A/lending/{key}/close").status_code == 409
    (item,) = browser.get(address).json["items"]
    assert item["closed_on"] == world.today.isoformat()


def test_every_act_is_told_to_the_ledger(world: World):
    browser = world.browser(world.account("branch_secretary", "A"))
    browser.submit("/u/A/lending/new", {"title": "Sổ tay"})
    with world.work(writing=False) as work:
        actions = work.session.scalars(sa.select(LedgerRow.action)).all()
    assert "lending.added" in actions


def test_only_those_with_the_right_see_loans(world: World):
    wanted = {
        ("branch_secretary", "A"): 200,
        ("branch_secretary", "B"): 404,
        ("member", "A"): 403,
        ("auditor", "A"): 200,
    }
    for (role, unit), status in wanted.items():
        browser = world.browser(world.account(role, unit))
        assert browser.get("/u/A/lending/").status_code == status, (role, unit)


def test_where_the_plugin_is_off_it_does_not_exist(world: World):
    browser = world.browser(world.account("branch_secretary", "B"))
    assert browser.get("/u/B/lending/").status_code == 404
    assert "/lending/" not in browser.get("/u/B/units/").text
    assert browser.get("/api/v1/lending?unit=B").status_code == 404


def test_somebody_who_still_has_something_cannot_leave(world: World):
    member = world.member("A")
    with world.work(unit="A") as work:
        services = work.host.plugins["lending"].module.services
        services.add_loan(work, title="Sổ tay", member_id=member.id)
    with world.work(unit="A") as work, pytest.raises(RuleBroken):
        work.hooks.check_member_leaving(member_id=member.id, on=date(2026, 11, 10))


def test_what_is_kept_of_a_member_is_handed_over_and_erased(world: World):
    member = world.member("A")
    with world.work(unit="A") as work:
        services = work.host.plugins["lending"].module.services
        services.add_loan(work, title="Sổ tay", member_id=member.id)
        assert work.hooks.personal_data(member_id=member.id)["lending"]["loans"]
        work.hooks.personal_data_erased(member_id=member.id, rule="test")
        assert "lending" not in work.hooks.personal_data(member_id=member.id)


def test_figures_count_loans_where_the_plugin_is_on(world: World):
    browser = world.browser(world.account("branch_secretary", "A"))
    browser.send("POST", "/api/v1/lending?unit=A", {"title": "Sổ tay"})
    query = "unit=A&key=lending.begun&key=lending.in_time_rate&period=2026"
    items = browser.get(f"/api/v1/indicators?{query}").json["items"]
    assert [item["value"] for item in items] == [1, 0.0]
