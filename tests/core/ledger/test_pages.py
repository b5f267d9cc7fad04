"""The ledger on pages, for programs and on the command line."""

from __future__ import annotations

import json
import re
import uuid
from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from openpyxl import load_workbook

from core import ledger
from core.cli import Context
from core.commands.audit import audit
from core.ledger.models import LedgerRow
from core.ledger.sealing import seal_due
from core.testing import Counter, World
from core.units.services import rename_unit


@pytest.fixture
def renamed(ward: World) -> World:
    """A ward one branch of which was renamed."""
    with ward.work() as work:
        rename_unit(work, ward.place("A", work), name="Chi bộ Phúc Sơn", on=date(2026, 3, 1))
    return ward


def test_an_auditor_reads_what_was_done_with_before_and_after_in_words(renamed):
    page = renamed.browser(renamed.account("auditor", "W")).get("/u/W/ledger/").text
    assert "Đổi tên đơn vị" in page
    assert "Chi bộ A → Chi bộ Phúc Sơn" in page
    assert "operator:test" in page


def test_somebody_without_the_right_is_refused_and_a_stranger_finds_nothing(ward):
    for role, status in (("branch_secretary", 403), ("auditor", 200)):
        browser = ward.browser(ward.account(role, "A"))
        assert browser.get("/u/A/ledger/").status_code == status
    stranger = ward.browser(ward.account("auditor", "B"))
    for address in ("", "reads", "verdict", "excel"):
        assert stranger.get(f"/u/A/ledger/{address}").status_code == 404


def test_only_acts_at_the_place_and_below_it_are_shown(renamed):
    page = renamed.browser(renamed.account("auditor", "W")).get("/u/B/ledger/").text
    assert "Phúc Sơn" not in page
    assert "Chi bộ B" in page


def test_a_right_below_the_place_shows_no_more_than_it_reaches(renamed):
    auditor = renamed.account("auditor", "W", with_subtree=False)
    page = renamed.browser(auditor).get("/u/W/ledger/").text
    assert "Phúc Sơn" not in page


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("what=units.rename", True),
        ("what=units", True),
        ("what=settings", False),
        ("who=operator", True),
        ("who=nobody", False),
        ("about=Phúc", True),
        ("since=10/11/2026&until=10/11/2026", True),
        ("until=09/11/2026", False),
        ("since=2026-11-11", False),
    ],
)
def test_the_search_narrows_what_is_shown(renamed, query, is_found):
    page = renamed.browser(renamed.account("auditor", "W")).get(f"/u/W/ledger/?{query}").text
    assert ("Chi bộ A → Chi bộ Phúc Sơn" in page) is is_found


def test_pages_follow_one_another_without_gap_or_overlap(ward):
    for number in range(5):
        ward.unit(f"C{number}", "branch", "W")
    browser = ward.browser(ward.account("auditor", "W"))
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        query = f"&cursor={cursor}" if cursor else ""
        answer = browser.get(f"/api/v1/ledger?unit=W&limit=3{query}").json
        found += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
    with ward.work(writing=False) as work:
        everything = {str(key) for key in work.session.scalars(sa.select(LedgerRow.id))}
    assert len(found) == len(set(found)) == len(everything) == 8


@pytest.mark.parametrize("cursor", ["x", "1.2.3", "99999999999999999999.0", "5."])
def test_a_cursor_that_was_made_up_is_refused(ward, cursor):
    browser = ward.browser(ward.account("auditor", "W"))
    assert browser.get(f"/u/W/ledger/?cursor={cursor}").status_code == 422


def test_the_page_stays_within_fifteen_statements(renamed, statements: Counter):
    for number in range(20):
        renamed.unit(f"C{number}", "branch", "W")
    browser = renamed.browser(renamed.account("auditor", "W"))
    for address in ("/u/W/ledger/", "/u/W/ledger/reads", "/u/W/ledger/verdict"):
        statements.statements.clear()
        assert browser.get(address).status_code == 200
        assert statements.count <= 15, statements.statements


def test_what_of_a_person_the_reader_may_not_see_stays_hidden(ward):
    member = ward.member("A")
    with ward.work(unit="A") as work:
        ledger.record(
            work,
            "members.corrected",
            ledger.About("member", member.id, member.full_name, ward.place("A", work).id),
            before={"phone": "0900000001", "status": "official"},
            after={"phone": "0900000002", "status": "exempt"},
        )
    administrator = ward.browser(ward.account("administrator", "W")).get("/u/W/ledger/").text
    assert "0900000002" not in administrator
    auditor = ward.browser(ward.account("auditor", "W")).get("/u/W/ledger/").text
    assert "0900000001 → 0900000002" in auditor


def test_reads_are_shown_with_their_classes(ward):
    with ward.work(unit="A", writing=False) as work:
        ledger.saw(work, "member", [uuid.uuid4(), uuid.uuid4()], {"contact"})
    seal_due(ward.system)
    page = ward.browser(ward.account("auditor", "W")).get("/u/W/ledger/reads").text
    assert re.search(r"2 (đồng chí|đảng viên) \(", page)


def test_the_acts_can_be_taken_along_as_a_workbook(renamed):
    answer = renamed.browser(renamed.account("auditor", "W")).get("/u/W/ledger/excel")
    sheet = load_workbook(BytesIO(answer.data)).active
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert "Chi bộ A → Chi bộ Phúc Sơn" in text


def test_the_check_says_that_the_ledger_is_whole_or_names_the_row(renamed):
    seal_due(renamed.system)
    browser = renamed.browser(renamed.account("auditor", "W"))
    assert "Nhật ký toàn vẹn" in browser.get("/u/W/ledger/verdict").text
    assert browser.get("/api/v1/ledger/verdict?unit=W").json["whole"] is True
    with renamed.work() as work:
        key = work.session.scalars(sa.select(LedgerRow.id).order_by(LedgerRow.id)).first()
        work.session.connection().execute(
            sa.update(LedgerRow).where(LedgerRow.id == key).values(label="X")
        )
    page = browser.get("/u/W/ledger/verdict").text
    assert str(key) in page
    assert "Nhật ký toàn vẹn" not in page


def run(world: World, *arguments: str):
    context = Context()
    context._system = world.system
    return CliRunner().invoke(audit, arguments, obj=context)


def test_the_command_seals_and_verifies(renamed):
    assert json.loads(run(renamed, "seal", "--json").stdout) == {"sealed": 4}
    result = run(renamed, "verify", "--json")
    assert (result.exit_code, json.loads(result.stdout)["whole"]) == (0, True)


def test_the_command_names_the_first_row_that_was_altered_and_fails(renamed):
    run(renamed, "seal")
    with renamed.work() as work:
        key = work.session.scalars(sa.select(LedgerRow.id).order_by(LedgerRow.id)).first()
        work.session.connection().execute(
            sa.update(LedgerRow).where(LedgerRow.id == key).values(label="X")
        )
    result = run(renamed, "verify", "--json")
    assert (result.exit_code, json.loads(result.stdout)["first"]["row"]) == (1, str(key))
    assert str(key) in result.stderr


def test_the_command_shows_acts_and_reads(renamed):
    result = run(renamed, "show", "--unit", "A", "--what", "units.rename", "--json")
    (act,) = json.loads(result.stdout)
    assert (act["action"], act["unit"]) == ("units.rename", "A")
    assert run(renamed, "show", "--reads", "--json").stdout.strip() == "[]"
    assert "Chi bộ Phúc Sơn" in run(renamed, "show").stdout
