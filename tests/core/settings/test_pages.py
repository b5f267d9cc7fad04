"""Settings on pages, for programs and on the command line."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from core.cli import Context
from core.commands.settings import MEANINGS, settings
from core.config import VARIABLES
from core.settings.models import SettingRow
from core.settings.services import give_setting
from core.testing import Counter, World
from core.units.services import transfer_unit


def give(world: World, key: str, value: Any, unit: str, **options: Any) -> None:
    with world.work() as work:
        give_setting(work, key=key, value=value, unit=world.place(unit, work), **options)


def test_the_list_shows_value_and_source_by_module(ward):
    give(ward, "test.number", 45, "W", document_no="12-QĐ/ĐU")
    page = ward.browser(ward.account("administrator", "W")).get("/u/A/settings/").text
    assert "Số phút tối thiểu" in page
    assert "Theo Đơn vị W" in page
    assert "meetings.enabled" not in page


def test_settings_are_found_without_marks(ward):
    browser = ward.browser(ward.account("administrator", "W"))
    assert "Số phút tối thiểu" in browser.get("/u/A/settings/?q=so phut toi").text
    assert "Số phút tối thiểu" not in browser.get("/u/A/settings/?q=bieu quyet").text


def test_why_names_value_document_unit_and_day(ward):
    give(ward, "test.number", 45, "W", document_no="12-QĐ/ĐU", on=date(2026, 3, 1))
    page = ward.browser(ward.account("administrator", "W")).get("/u/A/settings/test.number").text
    assert "45, theo 12-QĐ/ĐU, đặt tại Đơn vị W từ 01/03/2026" in page


def test_a_default_is_explained_by_its_document(ward):
    page = ward.browser(ward.account("administrator", "W")).get("/u/A/settings/test.number").text
    assert "90, theo 42-HD/BTCTW, 28/10/2025" in page
    earlier = ward.browser(ward.account("administrator", "W")).get(
        "/u/A/settings/test.number?as_of=01/01/2025"
    )
    assert "60, theo 12-HD/BTCTW, 06/07/2018" in earlier.text


def test_what_does_not_fit_in_a_list_is_told_with_its_item_and_field(ward):
    browser = ward.browser(ward.account("administrator", "W"))
    typed = json.dumps([{"title": "Đơn", "months": 1}, {"months": 99}, 5])
    answer = browser.submit("/u/W/settings/test.papers", {"value": typed})
    assert answer.status_code == 422
    assert "mục 2, title: Chưa nhập nội dung này." in answer.text
    assert "mục 2, months: Chỉ nhận từ 1 đến 60." in answer.text
    assert "mục 3: " in answer.text
    assert "{1:" not in answer.text


def test_a_value_is_given_from_a_form_and_kept_with_its_document(ward):
    browser = ward.browser(ward.account("administrator", "W"))
    answer = browser.submit(
        "/u/W/settings/test.number",
        {"value": "45", "from": "01/12/2026", "document_no": "9-QĐ/ĐU", "locked": "1"},
    )
    assert answer.status_code == 303
    reason = browser.get("/api/v1/settings/test.number?unit=A&as_of=2026-12-01").json
    assert (reason["value"], reason["locked"], reason["source"]["document"]) == (
        45,
        True,
        "9-QĐ/ĐU",
    )
    assert browser.get("/api/v1/settings/test.number?unit=A").json["value"] == 90


@pytest.mark.parametrize("typed", ["x", "601", "-1", "1e999", "4,5", ""])
def test_a_value_that_does_not_fit_is_refused_and_what_was_typed_is_kept(ward, typed):
    browser = ward.browser(ward.account("administrator", "W"))
    answer = browser.submit("/u/W/settings/test.number", {"value": typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert ward.rows(SettingRow) == 0


def test_a_choice_is_offered_as_choices(ward):
    browser = ward.browser(ward.account("administrator", "W"))
    assert "Quá nửa" in browser.get("/u/W/settings/test.rule").text
    assert browser.submit("/u/W/settings/test.rule", {"value": "two_thirds"}).status_code == 303
    assert browser.submit("/u/W/settings/test.rule", {"value": "nobody"}).status_code == 422


def test_a_structure_is_changed_as_text_and_a_fault_in_it_is_named(ward):
    browser = ward.browser(ward.account("administrator", "W"))
    good = browser.submit("/u/W/settings/test.steps", {"value": '[{"name": "Hai"}]'})
    assert good.status_code == 303
    assert browser.submit("/u/W/settings/test.steps", {"value": "[{"}).status_code == 422


def test_a_lock_from_above_is_respected_and_named(ward):
    give(ward, "test.number", 45, "P", locked=True)
    browser = ward.browser(ward.account("administrator", "W"))
    page = browser.get("/u/W/settings/test.number").text
    assert "Đơn vị P đã khóa" in page
    assert "Lưu thiết lập" not in page
    assert browser.submit("/u/W/settings/test.number", {"value": "50"}).status_code == 409
    refused = browser.send("PUT", "/api/v1/settings/test.number?unit=W", {"value": 50})
    assert (refused.status_code, refused.json["code"]) == (409, "rule_broken")


def test_a_value_can_follow_the_unit_above_again(ward):
    give(ward, "test.number", 45, "W")
    browser = ward.browser(ward.account("administrator", "W"))
    assert browser.submit("/u/W/settings/test.number/inherit").status_code == 303
    assert browser.get("/api/v1/settings/test.number?unit=A").json["is_default"] is True


def test_the_page_says_how_many_units_a_change_touches(ward):
    give(ward, "test.number", 45, "A")
    page = ward.browser(ward.account("administrator", "P")).get("/u/P/settings/test.number").text
    assert "5 đơn vị" in page
    assert "1 đơn vị bên dưới có giá trị riêng" in page


def test_a_past_day_is_explained_in_the_tree_of_that_day(ward):
    give(ward, "test.number", 45, "W", on=date(2020, 1, 1))
    give(ward, "test.number", 30, "V", on=date(2020, 1, 1))
    with ward.work() as work:
        transfer_unit(
            work, ward.place("A", work), parent=ward.place("V", work), on=date(2026, 7, 1)
        )
    browser = ward.browser(ward.account("administrator", "P"))
    values = {
        day: browser.get(f"/api/v1/settings/test.number?unit=A&as_of={day}").json["value"]
        for day in ("2026-06-30", "2026-07-01")
    }
    assert values == {"2026-06-30": 45, "2026-07-01": 30}


def test_a_reader_may_look_but_not_change_and_a_stranger_finds_nothing(ward):
    reader = ward.browser(ward.account("commune_staff", "W"))
    assert reader.get("/u/W/settings/test.number").status_code == 200
    assert "Lưu thiết lập" not in reader.get("/u/W/settings/test.number").text
    assert reader.submit("/u/W/settings/test.number", {"value": "45"}).status_code == 403
    stranger = ward.browser(ward.account("administrator", "V"))
    assert stranger.get("/u/W/settings/test.number").status_code == 404
    assert stranger.submit("/u/W/settings/test.number", {"value": "45"}).status_code == 404
    assert ward.rows(SettingRow) == 0


def test_a_module_cannot_be_switched_as_if_it_were_any_setting(ward):
    browser = ward.browser(ward.account("administrator", "W"))
    address = "settings/meetings.enabled"
    assert browser.submit(f"/u/W/{address}", {"value": "false"}).status_code == 409
    assert browser.send("PUT", f"/api/v1/{address}?unit=W", {"value": False}).status_code == 409


def test_an_unknown_setting_is_not_found(ward):
    browser = ward.browser(ward.account("administrator", "W"))
    assert browser.get("/u/W/settings/no.such").status_code == 404
    assert browser.get("/api/v1/settings/no.such?unit=W").status_code == 404


def test_a_program_gives_and_ends_a_value(ward):
    browser = ward.browser(ward.account("administrator", "W"))
    body = {"value": 45, "from": "2026-01-01", "document_no": "1-QĐ/ĐU", "locked": True}
    given = browser.send("PUT", "/api/v1/settings/test.number?unit=W", body)
    assert (given.status_code, given.json["value"], given.json["locked"]) == (200, 45, True)
    ended = browser.send("POST", "/api/v1/settings/test.number/inherit?unit=W", {})
    assert ended.json["is_default"] is True
    listed = browser.get("/api/v1/settings?unit=W&q=so phut toi thieu").json["items"]
    assert [item["key"] for item in listed] == ["test.number"]


def test_the_pages_stay_within_fifteen_statements(ward, statements: Counter):
    give(ward, "test.number", 45, "A")
    browser = ward.browser(ward.account("administrator", "P"))
    for address in ("/u/P/settings/", "/u/P/settings/test.number"):
        statements.statements.clear()
        assert browser.get(address).status_code == 200
        assert statements.count <= 15, statements.statements


# --- the command line ----------------------------------------------------------------------------


def run(world: World, *arguments: str):
    context = Context()
    context._system = world.system
    return CliRunner().invoke(settings, arguments, obj=context)


def test_the_command_sets_gets_explains_and_ends_a_value(ward):
    given = run(
        ward,
        "set",
        "test.number",
        "45",
        *("--unit", "W", "--from", "01/03/2026", "--lock", "--document", "9-QĐ/ĐU", "--json"),
    )
    assert given.exit_code == 0, given.output
    assert json.loads(run(ward, "get", "test.number", "--unit", "A", "--json").stdout) == {
        "key": "test.number",
        "unit": "A",
        "as_of": "2026-11-10",
        "value": 45,
    }
    reason = json.loads(
        run(ward, "explain", "test.number", "--unit", "A", "--as-of", "2026-03-01", "--json").stdout
    )
    assert reason["source"]["unit"] == "W"
    assert [step["unit"] for step in reason["steps"]] == ["ROOT", "P", "W", "A"]
    assert [step["locked"] for step in reason["steps"]] == [False, False, True, False]
    assert run(ward, "set", "test.number", "50", "--unit", "A").exit_code == 1
    assert run(ward, "inherit", "test.number", "--unit", "W").exit_code == 0
    assert "90" in run(ward, "get", "test.number", "--unit", "A").stdout


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("test.number", '"45"', 1),
        ("test.number", "four", 1),
        ("test.rule", '"two_thirds"', 0),
        ("test.steps", '[{name = "Hai"}]', 0),
        ("test.steps", "[{", 1),
        ("no.such", "1", 1),
    ],
)
def test_a_value_is_toml(ward, key, value, code):
    assert run(ward, "set", key, value, "--unit", "W").exit_code == code


def test_all_settings_of_a_unit_are_listed(ward):
    found = json.loads(run(ward, "list", "--unit", "W", "--json").stdout)
    assert {"test.number", "meetings.enabled"} <= {one["key"] for one in found}


def test_the_deployment_is_listed_with_its_secrets_masked(ward, monkeypatch, tmp_path):
    monkeypatch.setenv("HATNHAN_VAR", str(tmp_path))
    monkeypatch.setenv("HATNHAN_SECRET_KEY", "open sesame")
    monkeypatch.setenv("HATNHAN_SMTP_URL", "smtp://somebody:secret@127.0.0.1")
    result = run(ward, "--deployment", "--json")
    found = {one["name"]: one for one in json.loads(result.stdout)}
    assert found["HATNHAN_SECRET_KEY"]["value"] == "***"
    assert found["HATNHAN_VAR"] | {"meaning": ""} == {
        "name": "HATNHAN_VAR",
        "value": str(tmp_path),
        "source": "environment",
        "default": "./var",
        "meaning": "",
    }
    assert "sesame" not in result.stdout
    assert "somebody" not in result.stdout


def test_every_variable_of_the_deployment_has_its_meaning_in_the_catalogues():
    assert {variable.meaning for variable in VARIABLES} <= set(MEANINGS)
