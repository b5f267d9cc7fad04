"""Figures on pages, for programs and on the command line."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from core.cli import Context
from core.commands.indicators import indicators
from core.testing import Counter, World


def test_the_page_offers_what_is_on_and_shows_units_side_by_side(ward):
    browser = ward.browser(ward.account("commune_staff", "W"))
    answer = browser.get("/u/W/indicators/?key=test.official&by=child&period=2026")
    assert answer.status_code == 200
    assert "Chi bộ A" in answer.text
    assert "1/2 (50%)" in answer.text
    assert "2/3 (66,7%)" in answer.text


def test_the_first_visit_shows_the_current_year_by_unit(ward):
    answer = ward.browser(ward.account("commune_staff", "W")).get("/u/W/indicators/")
    assert "năm 2026" in answer.text
    assert "Đảng bộ O" in answer.text


def test_a_page_of_five_figures_stays_within_fifteen_statements(ward, statements: Counter):
    browser = ward.browser(ward.account("commune_staff", "W"))
    address = "/u/W/indicators/?key=test.official&key=test.people&key=meetings.units&by=child"
    browser.get(address)
    statements.statements.clear()
    assert browser.get(address).status_code == 200
    assert statements.count <= 15, statements.statements


def test_a_figure_of_a_plugin_that_is_off_everywhere_below_is_not_offered(ward):
    ward.switch("meetings", "W", on=False)
    browser = ward.browser(ward.account("commune_staff", "W"))
    assert "meetings.units" not in browser.get("/u/W/indicators/").text
    ward.switch("meetings", "O", on=True)
    assert "meetings.units" in browser.get("/u/W/indicators/").text


def test_the_table_can_be_taken_along_as_a_workbook(ward):
    browser = ward.browser(ward.account("commune_staff", "W"))
    answer = browser.get("/u/W/indicators/excel?key=test.official&by=child&period=2026")
    sheet = load_workbook(BytesIO(answer.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["Chi bộ A", "A", 0.5, 1, 2] in rows


def test_kinds_have_their_titles(ward):
    browser = ward.browser(ward.account("commune_staff", "W"))
    answer = browser.get("/u/W/indicators/?key=meetings.units&by=level&period=2026")
    assert "Chi bộ" in answer.text


@pytest.mark.parametrize("period", ["2026-13", "x", "2026-Q5", "9" * 400])
def test_a_period_that_cannot_be_read_is_refused_with_an_example(ward, period):
    browser = ward.browser(ward.account("commune_staff", "W"))
    answer = browser.get(f"/u/W/indicators/?period={period}")
    assert answer.status_code == 422


def test_a_program_gets_the_same_figures(ward):
    browser = ward.browser(ward.account("commune_staff", "W"))
    answer = browser.get("/api/v1/indicators?unit=W&key=test.official&period=2026&by=child")
    assert answer.json["next"] is None
    assert answer.json["items"][0] == {
        "key": "test.official",
        "unit": "W",
        "period": "2026",
        "as_of": "2026-12-31",
        "value": 0.5,
        "numerator": 1,
        "denominator": 2,
        "group": "A",
    }


def test_a_program_without_a_period_or_with_an_unknown_figure_is_told(ward):
    browser = ward.browser(ward.account("commune_staff", "W"))
    assert browser.get("/api/v1/indicators?unit=W&key=test.people").status_code == 422
    answer = browser.get("/api/v1/indicators?unit=W&key=no.such&period=2026")
    assert answer.status_code == 422
    assert "key" in answer.json["fields"]


def run(world: World, *arguments: str):
    context = Context()
    context._system = world.system
    return CliRunner().invoke(indicators, arguments, obj=context)


def test_the_command_prints_one_list_of_figures(ward):
    result = run(ward, "test.people", "--unit", "W", "--period", "2025..2026", "--series", "--json")
    assert result.exit_code == 0
    assert [figure["value"] for figure in json.loads(result.stdout)] == [3, 3]


def test_the_command_says_what_is_wrong(ward):
    assert run(ward, "no.such", "--period", "2026").exit_code == 1
    assert run(ward, "test.people", "--period", "2026-13").exit_code == 2
    assert run(ward, "test.people").exit_code == 2
    assert "test.people" in run(ward, "--list").stdout
