"""Pages and API of units, through HTTP."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from click.testing import CliRunner

from core.cli import Context
from core.commands.units import units as command
from core.members.models import Affiliation
from core.members.services import end_unit
from core.testing import World, counted

JULY = date(2026, 7, 1)


@pytest.fixture
def staff(ward: World):
    """Somebody of the first ward's office."""
    return ward.account("commune_staff", "W1")


@pytest.fixture
def ended(ward: World) -> World:
    """Branch A ended and went into B on the first of July."""
    ward.member("A")
    with ward.work() as work:
        end_unit(
            work, ward.place("A", work), on=JULY, successor=ward.place("B", work),
            moves_members=True,
        )  # fmt: skip
    return ward


def words(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)))


def test_the_overview_shows_people_posts_and_what_stands_below(ward: World, staff):
    ward.position(ward.member("A", "Nguyễn Thị Hoa"), "secretary", "W1")
    browser = ward.browser(staff)
    text = words(browser.get("/u/W1/units/"))
    assert "1 chính thức, 0 dự bị" in text
    assert "Nguyễn Thị Hoa Bí thư" in text
    assert "Chi bộ A Chi bộ 1" in text
    assert "cần ít nhất 3 đảng viên chính thức" in words(browser.get("/u/A/units/"))


def test_an_ended_unit_names_the_last_day_and_leads_to_its_successor(ended: World, staff):
    page = ended.browser(staff).get("/u/A/units/")
    assert "kết thúc hoạt động ngày 30/06/2026, nay thuộc Chi bộ B" in words(page)
    assert "/u/B/units/" in page.get_data(as_text=True)


def test_the_past_is_shown_as_of_its_day(ended: World, staff):
    browser = ended.browser(staff)
    assert "1 chính thức" in words(browser.get("/u/A/units/?as_of=30/06/2026"))
    assert "Chi bộ A" in words(browser.get("/u/W1/units/tree?as_of=30/06/2026"))
    assert "chưa có hoặc không còn" in words(browser.get("/u/A/units/?as_of=01/08/2026"))
    assert browser.get("/u/A/units/?as_of=hôm qua").status_code == 422


def test_the_history_tells_versions_lineage_and_operations(ended: World, staff):
    browser = ended.browser(staff)
    text = words(browser.get("/u/B/units/history"))
    assert "Hình thành từ Chi bộ A" in text
    assert "Về sau thuộc Chi bộ B" in words(browser.get("/u/A/units/history"))
    assert "Kết thúc hoạt động" in words(browser.get("/u/A/units/history"))


ACTS = {
    "establish": {"name": "Chi bộ D", "kind": "branch", "code": "W1.09", "on": "01/07/2026"},
    "rename": {"name": "Đảng bộ phường Mới", "on": "01/07/2026", "decision_no": "1-QĐ"},
    "convert": {"kind": "commune", "is_grassroots": "1", "on": "01/08/2026"},
}


def test_every_act_has_a_form_that_works_and_refuses_an_empty_one(ward: World, staff):
    browser = ward.browser(staff)
    for name, typed in ACTS.items():
        assert browser.get(f"/u/W1/units/{name}").status_code == 200
        assert browser.submit(f"/u/W1/units/{name}", {}).status_code == 422, name
        sent = browser.submit(f"/u/W1/units/{name}", typed)
        assert sent.status_code == 303, words(sent)[-500:]
    text = words(browser.get("/u/W1/units/history"))
    assert "Đảng bộ phường Mới" in text
    assert "1-QĐ" in text
    assert ward.place("W1.09").name == "Chi bộ D"


def test_a_version_is_put_right_on_its_own_page(ward: World, staff):
    browser = ward.browser(staff)
    assert browser.get("/u/A/units/correct?number=0").status_code == 200
    assert browser.get("/u/A/units/correct?number=9").status_code == 303
    typed = {"number": "0", "name": "Chi bộ Á", "kind": "branch", "reason": "Sai dấu"}
    assert browser.submit("/u/A/units/correct", {**typed, "reason": ""}).status_code == 422
    assert browser.submit("/u/A/units/correct", typed).status_code == 303
    assert ward.place("A").name == "Chi bộ Á"


def test_a_transfer_needs_both_wards(ward: World, staff):
    typed = {"parent_code": "W2", "on": "01/07/2026"}
    refused = ward.browser(staff).submit("/u/A/units/transfer", typed)
    assert refused.status_code == 422
    province = ward.browser(ward.account("province_organisation", "P"))
    assert province.get("/u/A/units/transfer").status_code == 200
    assert province.submit("/u/A/units/transfer", typed).status_code == 303
    assert ward.place("A").parent_id == ward.place("W2").id


def test_a_unit_ends_with_its_members_moved_and_not_without(ward: World, staff):
    ward.member("A")
    browser = ward.browser(staff)
    page = browser.get("/u/A/units/terminate")
    assert "Hiện còn 1 đảng viên" in words(page)
    typed = {"on": "01/07/2026", "successor_code": "B"}
    assert browser.submit("/u/A/units/terminate", typed).status_code == 409
    assert ward.place("A").is_living
    sent = browser.submit("/u/A/units/terminate", {**typed, "moves_members": "1"})
    assert sent.status_code == 303
    assert not ward.place("A").is_living
    assert ward.rows(Affiliation) == 2


def test_a_unit_made_by_mistake_is_voided(ward: World, staff):
    browser = ward.browser(staff)
    assert browser.submit("/u/B/units/void", {"reason": ""}).status_code == 422
    assert browser.submit("/u/B/units/void", {"reason": "Nhầm"}).status_code == 303
    assert browser.get("/u/B/units/").status_code == 404


def test_whoever_may_not_manage_units_is_refused(ward: World):
    browser = ward.browser(ward.account("branch_secretary", "A"))
    for name in ("establish", "rename", "convert", "transfer", "terminate", "void"):
        assert browser.get(f"/u/A/units/{name}").status_code == 403, name
        assert browser.submit(f"/u/A/units/{name}", ACTS["rename"]).status_code == 403, name
    assert browser.get("/u/C/units/").status_code == 404


def test_the_api_lists_units_page_by_page(ward: World, staff):
    browser = ward.browser(staff)
    first = browser.get("/api/v1/units?unit=W1&limit=2").get_json()
    assert [item["code"] for item in first["items"]] == ["A", "B"]
    second = browser.get(f"/api/v1/units?unit=W1&limit=2&cursor={first['next']}").get_json()
    assert [item["code"] for item in second["items"]] == ["W1"]
    assert second["next"] is None
    branches = browser.get("/api/v1/units?unit=W1&kind=branch&depth=1&as_of=01/01/2024")
    assert len(branches.get_json()["items"]) == 2
    assert browser.get("/api/v1/units?unit=W1&cursor=x!").status_code == 422
    assert browser.get("/api/v1/units?unit=W2").status_code == 404


def test_the_api_tells_what_became_of_an_ended_unit(ended: World, staff):
    browser = ended.browser(staff)
    unit = browser.get("/api/v1/units/A").get_json()
    assert unit["ended_on"] == "2026-07-01"
    assert [(one["code"], one["share"]) for one in unit["successors"]] == [("B", "1/1")]
    history = browser.get("/api/v1/units/B/history").get_json()
    assert [one["code"] for one in history["predecessors"]] == ["A"]
    assert browser.get("/api/v1/units/B").get_json()["ended_on"] is None
    for code in ("C", "nothing", "%00", "W2/tree"):
        assert browser.get(f"/api/v1/units/{code}").status_code == 404, code


def test_the_api_and_the_command_print_the_same_tree(ended: World, staff, monkeypatch):
    found = ended.browser(staff).get("/api/v1/units/W1/tree?as_of=2026-06-30").get_json()
    branch = {"kind": "branch", "children": []}
    assert found == {
        "code": "W1",
        "name": "Đảng bộ phường Một",
        "kind": "commune",
        "members": 1,
        "children": [
            {"code": "A", "name": "Chi bộ A", "members": 1, **branch},
            {"code": "B", "name": "Chi bộ B", "members": 0, **branch},
        ],
    }
    monkeypatch.setattr(Context, "system", ended.system)
    arguments = ["tree", "--unit", "W1", "--as-of", "30/06/2026", "--json"]
    with counted(ended.system.database.engine) as counter:
        printed = CliRunner().invoke(command, arguments)
    assert (printed.exit_code, json.loads(printed.stdout)) == (0, found)
    assert counter.count <= 8
    text = CliRunner().invoke(command, ["tree", "--unit", "W1"])
    assert "Chi bộ B (B): 1" in text.stdout
    assert CliRunner().invoke(command, ["tree", "--unit", "X"]).exit_code == 1
    assert CliRunner().invoke(command, ["tree", "--unit", "A"]).exit_code == 1
    assert CliRunner().invoke(command, ["tree", "--as-of", "gestern"]).exit_code == 2


def test_the_api_does_what_forms_do(ward: World, staff):
    browser = ward.browser(staff)
    made = browser.send("POST", "/api/v1/units?unit=W1", json={**ACTS["establish"]})
    assert (made.status_code, made.get_json()["parent_code"]) == (201, "W1")
    renamed = browser.send("POST", "/api/v1/units/W1.09/rename",
                           json={"name": "Chi bộ Đ", "on": "2026-09-01"})  # fmt: skip
    assert renamed.get_json()["name"] == "Chi bộ Đ"
    assert browser.send("POST", "/api/v1/units/C/rename", json=ACTS["rename"]).status_code == 404
    assert browser.send("POST", "/api/v1/units/A/convert", json={"kind": 5}).status_code == 422
    assert browser.send("POST", "/api/v1/units/W1.09/void", json={"reason": "x"}).status_code == 204
    secretary = ward.browser(ward.account("branch_secretary", "A"))
    assert secretary.send("POST", "/api/v1/units/A/void", json={"reason": "x"}).status_code == 403


def test_pages_take_few_statements(ended: World, staff):
    browser = ended.browser(staff)
    for address in ("/u/W1/units/", "/u/A/units/", "/u/W1/units/tree", "/u/B/units/history",
                    "/u/W1/units/?as_of=30/06/2026"):  # fmt: skip
        browser.get(address)  # units and rights are remembered from one request to the next
        with counted(ended.system.database.engine) as counter:
            assert browser.get(address).status_code == 200
        assert counter.count <= 15, (address, counter.statements)
