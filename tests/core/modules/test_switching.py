"""Modules by unit: switching, locks, previews, and that an off module does not exist."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from core.cli import Context
from core.commands.plugins import plugin
from core.ledger.models import LedgerRow
from core.modules.services import switch_module
from core.settings.models import SettingRow
from core.testing import World, counted
from core.units.services import transfer_unit


def test_a_foreign_module_is_off_and_one_of_ours_is_on_until_switched(foreign):
    with foreign.work(writing=False) as work:
        found = {name: work.host.is_on(work, name) for name in ("lending", "meetings")}
    assert found == {"lending": False, "meetings": True}


def test_the_table_shows_state_source_and_lock_of_each_unit(foreign):
    browser = foreign.browser(foreign.account("administrator", "P"))
    address = "/u/W/modules/lending"
    data = {"state": "on", "locked": "1", "document_no": "5-QĐ/TU"}
    assert browser.submit(address, data).status_code == 303
    page = browser.get("/u/P/modules/").text
    assert "Tủ sách chi bộ" in page
    assert "đặt tại đây, khóa" in page
    below = browser.get("/u/A/modules/").text
    assert "khóa từ Đơn vị W" in below


def test_units_that_only_follow_are_named_and_those_that_decided_have_a_line(foreign):
    foreign.switch("lending", "A", on=True)
    browser = foreign.browser(foreign.account("administrator", "P"))
    page = browser.get("/u/W/modules/").text
    lines, names = page.split('<ul class="columns">')
    assert "/u/W/modules/lending" in lines
    assert "/u/A/modules/lending" in lines
    assert "/u/B/modules/lending" not in page
    assert 'href="/u/B/modules/"' in names
    assert "1 đơn vị bên dưới theo đúng đơn vị này" in lines
    assert 'href="/u/A/modules/"' not in names


def test_switching_off_says_how_many_branches_it_touches_and_that_data_are_kept(foreign):
    browser = foreign.browser(foreign.account("administrator", "P"))
    page = browser.get("/u/P/modules/meetings").text
    assert "tại Đơn vị P: 3 chi bộ không thấy nữa, số liệu vẫn giữ, bật lại sẽ có đủ." in page
    foreign.switch("meetings", "A", on=True)
    page = browser.get("/u/P/modules/meetings").text
    assert "2 chi bộ không thấy nữa" in page
    assert "1 đơn vị bên dưới đã tự quyết định" in page


def test_where_a_module_is_off_its_pages_menu_api_and_search_are_gone_and_only_there(foreign):
    foreign.switch("lending", "W", on=True)
    browser = foreign.browser(foreign.account("branch_secretary", "A"))
    other = foreign.browser(foreign.account("branch_secretary", "B"))
    browser.submit("/u/A/lending/new", {"title": "Sổ tay"})
    assert "/u/A/lending/" in browser.get("/u/A/lending/").text
    assert "Sổ tay" in browser.get("/search?q=so tay").text
    foreign.switch("lending", "A", on=False)
    assert browser.get("/u/A/lending/").status_code == 404
    assert browser.get("/api/v1/lending?unit=A").status_code == 404
    assert "Sổ tay" not in browser.get("/search?q=so tay").text
    assert "/u/A/lending/" not in browser.get("/u/A/units/").text
    assert other.get("/u/B/lending/").status_code == 200
    foreign.switch("lending", "A", on=True)
    assert "Sổ tay" in browser.get("/u/A/lending/").text


def test_a_lock_from_above_cannot_be_passed(foreign):
    foreign_admin = foreign.browser(foreign.account("administrator", "W"))
    above = foreign.browser(foreign.account("administrator", "P"))
    above.submit("/u/P/modules/lending", {"state": "off", "locked": "1"})
    page = foreign_admin.get("/u/W/modules/lending").text
    assert "Bật tại đây" not in page
    assert "Đơn vị P đã khóa" in page
    assert foreign_admin.submit("/u/W/modules/lending", {"state": "on"}).status_code == 409
    refused = foreign_admin.send("PUT", "/api/v1/modules/lending?unit=W", {"state": "on"})
    assert (refused.status_code, refused.json["code"]) == (409, "rule_broken")


def test_a_module_can_follow_the_unit_above_again(foreign):
    browser = foreign.browser(foreign.account("administrator", "P"))
    browser.submit("/u/W/modules/lending", {"state": "on"})
    assert "Theo cấp trên" in browser.get("/u/W/modules/lending").text
    assert browser.submit("/u/W/modules/lending", {"state": "inherit"}).status_code == 303
    states = browser.get("/api/v1/modules?unit=W").json["items"]
    assert {one["name"]: one["is_on"] for one in states}["lending"] is False


def test_switching_needs_the_right_and_is_told_to_the_ledger(foreign):
    reader = foreign.browser(foreign.account("commune_staff", "W"))
    assert reader.get("/u/W/modules/").status_code == 200
    assert reader.submit("/u/W/modules/lending", {"state": "on"}).status_code == 403
    stranger = foreign.browser(foreign.account("administrator", "V"))
    assert stranger.submit("/u/W/modules/lending", {"state": "on"}).status_code == 404
    assert foreign.rows(SettingRow) == 0
    foreign.browser(foreign.account("administrator", "W")).submit(
        "/u/W/modules/lending", {"state": "on"}
    )
    with foreign.work(writing=False) as work:
        actions = work.session.scalars(sa.select(LedgerRow.action)).all()
    assert "settings.given" in actions


@pytest.mark.parametrize("data", [{}, {"state": "maybe"}, {"state": "on", "from": "31/02/2026"}])
def test_what_cannot_be_read_changes_nothing(foreign, data):
    browser = foreign.browser(foreign.account("administrator", "W"))
    assert browser.submit("/u/W/modules/lending", data).status_code == 422
    assert foreign.rows(SettingRow) == 0


def test_an_unknown_module_and_a_feature_of_core_are_not_found(foreign):
    browser = foreign.browser(foreign.account("administrator", "W"))
    for name in ("nothing", "units"):
        assert browser.get(f"/u/W/modules/{name}").status_code == 404
        assert (
            browser.send("PUT", f"/api/v1/modules/{name}?unit=W", {"state": "on"}).status_code
            == 404
        )


def test_the_pages_stay_within_fifteen_statements(foreign, foreign_backend):
    foreign.switch("lending", "A", on=True)
    browser = foreign.browser(foreign.account("administrator", "P"))
    for address in ("/u/P/modules/", "/u/P/modules/lending"):
        with counted(foreign_backend.database.engine) as statements:
            assert browser.get(address).status_code == 200
        assert statements.count <= 15, statements.statements


# --- the command line ----------------------------------------------------------------------------


def run(world: World, *arguments: str):
    context = Context()
    context._system = world.system
    return CliRunner().invoke(plugin, arguments, obj=context)


def test_the_command_switches_explains_and_lists(foreign):
    switched = run(
        foreign,
        "on",
        "lending",
        *("--unit", "W", "--from", "01/12/2026", "--lock", "--document", "5-QĐ/TU", "--json"),
    )
    assert switched.exit_code == 0, switched.output
    now = json.loads(run(foreign, "explain", "lending", "--unit", "A", "--json").stdout)
    later = json.loads(
        run(foreign, "explain", "lending", "--unit", "A", "--as-of", "2026-12-01", "--json").stdout
    )
    assert (now["value"], now["is_default"]) == (False, True)
    assert (later["value"], later["locked"], later["source"]["unit"]) == (True, True, "W")
    assert later["source"]["document"] == "5-QĐ/TU"
    listed = json.loads(run(foreign, "list", "--unit", "A", "--json").stdout)
    assert {one["name"] for one in listed if not one["on"]} == {"lending"}
    assert "meetings" in {one["name"] for one in listed}


def test_the_command_ends_a_switch_and_refuses_what_is_locked_or_unknown(foreign):
    assert run(foreign, "off", "meetings", "--unit", "P", "--lock").exit_code == 0
    assert run(foreign, "on", "meetings", "--unit", "W").exit_code == 1
    assert run(foreign, "inherit", "meetings", "--unit", "P").exit_code == 0
    assert "Bật" in run(foreign, "explain", "meetings", "--unit", "W").stdout
    assert run(foreign, "on", "nothing", "--unit", "W").exit_code == 1
    assert run(foreign, "on", "lending", "--unit", "NOWHERE").exit_code == 1


def test_a_past_day_is_explained_in_the_tree_of_that_day(foreign):
    foreign.switch("lending", "W", on=True)
    with foreign.work() as work:
        transfer_unit(
            work, foreign.place("A", work), parent=foreign.place("V", work), on=date(2026, 7, 1)
        )
    values = {
        day: json.loads(
            run(foreign, "explain", "lending", "--unit", "A", "--as-of", day, "--json").stdout
        )["value"]
        for day in ("2026-06-30", "2026-07-01")
    }
    assert values == {"2026-06-30": True, "2026-07-01": False}


def test_the_table_of_a_past_day_shows_the_modules_and_units_of_then(foreign):
    with foreign.work(unit="W") as work:
        switch_module(work, "lending", "on")
    foreign.now += timedelta(days=10)
    foreign.system.opener.clock = lambda: foreign.now
    with foreign.work(unit="W") as work:
        switch_module(work, "lending", "off")
    foreign.unit("N", "branch", "W", on=date(2026, 11, 15))
    browser = foreign.browser(foreign.account("administrator", "P"))
    first = browser.get("/u/W/modules/?as_of=11/11/2026").text
    today = browser.get("/u/W/modules/").text
    assert ("Đơn vị N" in first, "Đơn vị N" in today) == (False, True)
    assert "/u/W/modules/lending?as_of=11/11/2026" in first
    assert "/u/A/modules/?as_of=11/11/2026" in first

    def is_on(query: str = "") -> bool:
        (one,) = (
            line
            for line in browser.get(f"/api/v1/modules/?unit=W{query}").json["items"]
            if line["name"] == "lending"
        )
        return one["is_on"]

    assert (is_on(), is_on("&as_of=2026-11-11"), is_on("&as_of=2026-11-09")) == (False, True, False)
    assert browser.get("/u/W/modules/?as_of=31/02/2026").status_code == 422
    refused = browser.get("/u/N/modules/?as_of=11/11/2026")
    assert refused.status_code == 409
    assert "Ngày đó không có đơn vị này" in refused.text
