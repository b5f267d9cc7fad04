"""The paper of a plan's decision, and what whoever comes too late is told."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from core.documents.models import Document
from core.documents.services import register_paper
from core.restructuring.models import Plan
from core.testing import World
from tests.core.restructuring.test_api import FRAME, MERGER, Program, sent
from tests.core.restructuring.test_pages import approve, merger, the_plan, words

PDF = b"%PDF-1.7\n"


@pytest.fixture
def staff(town: World) -> Any:
    """A browser of somebody of a commune's office."""
    return town.browser(town.account("commune_staff", "W1"))


@pytest.fixture
def leader(town: World) -> Any:
    """A browser of whoever leads the commune's committee."""
    return town.browser(town.account("committee_leader", "W1"))


@pytest.fixture
def address(town: World, staff: Any) -> str:
    """The address of a plan that waits for approval."""
    staff.submit("/u/W1/restructuring/merge", merger())
    return f"/u/W1/restructuring/{the_plan(town).id}"


def test_a_paper_of_the_register_stands_with_the_plan(
    town: World, staff: Any, leader: Any, address: str
) -> None:
    with town.work(unit="W1") as work:
        paper = register_paper(
            work, code="12-QĐ/ĐU", issuer="Đảng ủy", issued_on=date(2026, 11, 2), subject="Sáp nhập"
        ).id
    assert "12-QĐ/ĐU · 02/11/2026" in words(staff.get(f"{address}/decision"))
    assert leader.get(f"{address}/decision").status_code == 403
    chosen = {"document_id": str(paper)}
    assert staff.submit(f"{address}/decision", chosen).status_code == 303
    assert "12-QĐ/ĐU · 02/11/2026 Sáp nhập" in words(leader.get(address))
    approve(town, leader, address)
    leader.submit(f"{address}/apply")
    again = staff.submit(f"{address}/decision", chosen)
    assert again.status_code == 409
    assert "khép lại" in words(again)


def test_a_file_is_entered_in_the_register_under_the_number_of_the_decision(
    town: World, staff: Any, address: str
) -> None:
    file = {"file": (io.BytesIO(PDF), "quyết định.pdf")}
    assert staff.submit(f"{address}/decision", file).status_code == 422  # on which day?
    file = {"file": (io.BytesIO(PDF), "quyết định.pdf"), "issued_on": "02/11/2026"}
    assert staff.submit(f"{address}/decision", file).status_code == 303
    with town.work(writing=False) as work:
        paper = work.session.scalars(sa.select(Document)).one()
        assert (paper.code, paper.issued_on) == ("12-QĐ/ĐU", date(2026, 11, 2))
        assert paper.unit_id == work.session.scalars(sa.select(Plan)).one().unit_id
    assert the_plan(town).decision_date == date(2026, 11, 2)


def test_a_file_with_a_mark_of_secrecy_or_nothing_at_all_is_refused(
    town: World, staff: Any, address: str
) -> None:
    for name in ("quyết định (MẬT).pdf", "quyết định.exe"):
        file = {"file": (io.BytesIO(PDF if "pdf" in name else b"MZ"), name)}
        answer = staff.submit(f"{address}/decision", {**file, "issued_on": "02/11/2026"})
        assert answer.status_code in (409, 422), name
    assert staff.submit(f"{address}/decision", {}).status_code == 422
    strange = {"document_id": "01977777-0000-7000-8000-000000000000"}
    assert staff.submit(f"{address}/decision", strange).status_code == 422
    assert town.rows(Document) == 0


def test_a_program_sends_the_paper_too(town: World) -> None:
    staff = Program(town, "commune_staff", "W1")
    path = f"/{staff.draft(MERGER)['id']}"
    body = {"file": sent(PDF, "quyet-dinh.pdf"), "issuer": "Đảng ủy xã"}
    told = staff.ask("POST", f"{path}/decision", body)
    assert told.status_code == 200, told.text
    paper = told.json["document"]
    assert (paper["code"], paper["issuer"]) == (FRAME["decision_no"], "Đảng ủy xã")
    assert staff.ask("POST", f"{path}/decision", body).status_code == 409  # it is there already


def test_whoever_comes_too_late_is_told_who_did_what_and_what_to_do(
    town: World, staff: Any, leader: Any, address: str
) -> None:
    approve(town, leader, address)
    late = staff.submit(f"{address}/submit")
    assert late.status_code == 409
    assert "đã phê duyệt phương án lúc" in words(late)
    leader.submit(f"{address}/apply")
    leader.submit(f"{address}/revert", {"reason": "nhầm chi bộ"})
    late = leader.submit(f"{address}/apply")
    assert "đã hoàn tác phương án lúc" in words(late)
    shown = words(staff.get(address))
    assert "nhầm chi bộ" in shown
    assert "Lập lại phương án" in shown
    assert staff.submit(f"{address}/again").status_code == 303
    new = the_plan(town)
    assert (new.state, str(new.previous_id)) == ("draft", address.rsplit("/", 1)[1])
    assert staff.submit(f"{address}/again").status_code == 303
    assert staff.submit(f"/u/W1/restructuring/{new.id}/again").status_code == 409


def test_a_plan_is_cancelled_on_its_page(
    town: World, staff: Any, leader: Any, address: str
) -> None:
    assert leader.submit(f"{address}/cancel").status_code == 403
    assert staff.submit(f"{address}/cancel").status_code == 303
    assert "Đã bỏ" in words(staff.get(address))
    assert the_plan(town).state == "cancelled"
    assert approve(town, leader, address).status_code == 409
