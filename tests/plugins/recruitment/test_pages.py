"""The pages as people use them: the board, a dossier step by step, the targets."""

from __future__ import annotations

from datetime import date

import pytest

from core.testing import counted
from plugins.recruitment import services

PAGE = "/u/B1/recruitment"


@pytest.fixture
def office(ward):
    return ward.world.browser(ward.commune)


@pytest.fixture
def secretary(ward):
    return ward.world.browser(ward.secretary)


def entered(ward, browser, **changes):
    data = {
        "full_name": "Hồ Thị Kim Ngân",
        "birth_date": "15/03/2001",
        "education": "university",
        "groups": ["women", "youth"],
        "entered_on": "05/01/2026",
        **changes,
    }
    answer = browser.submit(f"{PAGE}/new", data)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def said(browser, answer):
    """Follow an act to the page it leads to."""
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["Location"]).text


def test_a_secretary_puts_somebody_on_the_list_and_sees_what_is_missing(ward, secretary) -> None:
    page = secretary.get(entered(ward, secretary)).text
    for text in ("Hồ Thị Kim Ngân", "Nghị quyết của chi bộ", "Tạo nguồn", "chi bộ"):
        assert text in page


def test_what_is_wrong_is_told_on_top_and_kept(ward, secretary) -> None:
    data = {"full_name": "", "birth_date": "31/02/2001", "phone": "0912"}
    answer = secretary.submit(f"{PAGE}/new", data)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert "0912" in answer.text


def test_an_empty_board_says_what_to_do(ward, secretary) -> None:
    page = secretary.get(f"{PAGE}/").text
    assert "Chưa có quần chúng nào trong nguồn" in page


def test_papers_are_entered_and_the_dossier_goes_on(ward, secretary) -> None:
    here = entered(ward, secretary)
    page = said(secretary, secretary.submit(f"{here}/papers/pool", {"dated_on": "10/11/2026"}))
    assert "Chuyển sang bước tiếp theo" in page
    page = said(secretary, secretary.submit(f"{here}/advance", {}))
    assert "Học lớp nhận thức" in page


def test_a_refused_act_says_why_on_the_same_page(ward, secretary) -> None:
    here = entered(ward, secretary)
    answer = secretary.submit(f"{here}/advance", {})
    assert answer.status_code == 409
    assert "Nghị quyết của chi bộ" in answer.text


def test_the_whole_way_by_the_pages_of_the_office(ward, office) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
    here = f"{PAGE}/{candidate.id}"
    vote = {"held_on": "10/11/2026", "present": "10", "in_favour": "9", "against": "1"}
    assert "10 người có quyền biểu quyết" in office.get(f"{here}/votes/branch_vote").text
    page = said(office, office.submit(f"{here}/votes/branch_vote", vote))
    assert "9/10" in page
    said(office, office.submit(f"{here}/advance", {}))
    said(office, office.submit(f"{here}/papers/section_report/leave-out", {}))
    vote.update(present="3", in_favour="3", against="0")
    said(office, office.submit(f"{here}/votes/committee_vote", vote))
    said(office, office.submit(f"{here}/advance", {}))
    decision = {
        "decision_no": "15-QĐ/ĐU",
        "decided_on": "10/11/2026",
        "received_on": "10/11/2026",
    }
    said(office, office.submit(f"{here}/decision", decision))
    page = said(office, office.submit(f"{here}/ceremony", {"on": "10/11/2026"}))
    assert "đảng viên dự bị từ ngày 10/11/2026" in page


def test_conditions_are_explained_before_somebody_decides(ward, secretary) -> None:
    here = entered(ward, secretary)
    page = secretary.get(f"{here}/conditions").text
    assert "25 năm 7 tháng" in page
    answer = secretary.submit(f"{here}/conditions", {"outcome": "accepted", "on": "10/11/2026"})
    assert answer.status_code == 422
    assert "người giới thiệu" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/edit",
        "/papers/pool",
        "/papers/verification",
        "/support",
        "/conditions",
        "/votes/branch_vote",
        "/decision",
        "/ceremony",
        "/recognition",
        "/referral",
        "/move",
        "/close",
    ],
)
def test_every_form_of_a_dossier_opens_for_the_office(ward, office, path) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
    assert office.get(f"{PAGE}/{candidate.id}{path}").status_code == 200


def test_the_form_of_a_vote_says_how_many_must_be_in_favour(ward, office) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        branch = ward.world.place("B1", work)
        count = services.entitled_on(work, branch, work.today, committee=False)
    page = office.get(f"{PAGE}/{candidate.id}/votes/branch_vote").text
    assert f"{count} người có quyền biểu quyết, cần ít nhất {-(-2 * count // 3)} tán thành" in page


def test_a_move_lists_what_is_newly_missing(ward, office) -> None:
    with ward.office() as work:
        candidate = ward.entered(work).candidate
    answer = office.submit(f"{PAGE}/{candidate.id}/move", {"unit_code": "B2"})
    assert "/u/B2/" in answer.headers["Location"]
    assert "Hồ Thị Kim Ngân" in office.get(answer.headers["Location"]).text


def test_the_branch_a_dossier_moves_to_is_chosen_or_named_and_need_not_be_known_by_code(
    ward, office
) -> None:
    with ward.office() as work:
        candidate = ward.entered(work).candidate
        name = ward.world.place("B2", work).name
    page = office.get(f"{PAGE}/{candidate.id}/move").text
    assert f'<option value="B2">{name} (B2)' in page
    answer = office.submit(f"{PAGE}/{candidate.id}/move", {"unit_code": "không có"})
    assert answer.status_code == 422
    assert "Không thấy đơn vị “không có”" in answer.text
    answer = office.submit(f"{PAGE}/{candidate.id}/move", {"unit_code": name})
    assert "/u/B2/" in answer.headers["Location"]


def test_a_dossier_is_closed_and_taken_up_again(ward, secretary) -> None:
    here = entered(ward, secretary)
    data = {"state": "withdrawn", "reason": "own_wish", "on": "10/11/2026"}
    page = said(secretary, secretary.submit(f"{here}/close", data))
    assert "Thôi làm hồ sơ" in page
    said(secretary, secretary.submit(f"{here}/reopen", {}))


def test_the_list_is_filtered_and_downloaded(ward, office) -> None:
    entered(ward, office)
    page = office.get("/u/W/recruitment/list?q=kim ngan").text
    assert "Hồ Thị Kim Ngân" in page
    assert "Hồ Thị Kim Ngân" not in office.get("/u/W/recruitment/list?q=zz").text
    assert office.get("/u/W/recruitment/list.xlsx").data[:2] == b"PK"


def test_the_resolution_and_the_request_print_as_word(ward, office) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        vote = ward.voted(work, candidate, "branch_vote", 9, 10)
        ward.advanced(work, candidate)
    here = f"{PAGE}/{candidate.id}/vote/{vote.id}"
    assert office.get(f"{here}.docx").data[:2] == b"PK"
    assert office.get(f"{PAGE}/request.docx").data[:2] == b"PK"
    page = said(office, office.submit(f"{here}/issue", {}))
    assert "01-NQ/CB" in page


def test_targets_are_set_and_compared(ward, office) -> None:
    unit = ward.world.place("W")
    data = {
        "unit_id": str(unit.id),
        "period_from": "01/01/2026",
        "period_to": "31/12/2026",
        "target": "8",
        "group": "",
    }
    page = said(office, office.submit("/u/W/recruitment/targets/set", data))
    assert "Chi bộ tổ dân phố Phúc Sơn" in page
    assert "0%" in page
    assert "của chỉ tiêu 8" in page


def test_branches_without_an_admission_are_listed(ward, office) -> None:
    row = {
        "full_name": "Đỗ Văn Mới",
        "birth_date": "01/02/2000",
        "unit_code": "B1",
        "admitted_on": "2025-05-19",
    }
    ward.take_in("admissions", [row])
    page = office.get("/u/W/recruitment/quiet").text
    assert "Chi bộ tổ dân phố số 2" in page
    assert "Chi bộ tổ dân phố Phúc Sơn" not in page


def test_a_plain_member_sees_no_candidates(ward) -> None:
    browser = ward.world.browser(ward.world.account("member", "B1", member=ward.people[5]))
    assert browser.get(f"{PAGE}/").status_code in (403, 404)


@pytest.mark.parametrize("path", ["/", "/list", "/targets", "/quiet"])
def test_a_page_takes_few_statements_at_any_size(ward, office, system, path) -> None:
    with ward.office() as work:
        for number in range(12):
            ward.entered(work, full_name=f"Nguyễn Văn Số {number}")
        ward.before_the_branch(work)
    office.get(f"/u/W/recruitment{path}")
    with counted(system.database.engine) as counter:
        assert office.get(f"/u/W/recruitment{path}").status_code == 200
    assert counter.count <= 15, counter.statements


def test_the_page_of_a_dossier_takes_few_statements(ward, office, system) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ward.voted(work, candidate, "branch_vote", 9, 10)
    office.get(f"{PAGE}/{candidate.id}")
    with counted(system.database.engine) as counter:
        assert office.get(f"{PAGE}/{candidate.id}").status_code == 200
    assert counter.count <= 15, counter.statements


def test_the_start_page_offers_the_most_urgent_dossier(ward) -> None:
    with ward.office() as work:
        ward.entered(work, entered_on=date(2026, 10, 1))
        [card] = services.work_cards_of(work)
    assert card.chip_kind == "late"


@pytest.mark.parametrize("looked_for", ["ng", "kim", "thi kim", "NGÂN"])
def test_a_candidate_is_found_by_any_part_of_the_name_by_whoever_may_see_the_dossier(
    ward, secretary, looked_for: str
) -> None:
    entered(ward, secretary)
    entered(ward, secretary, full_name="Lê Văn Sáu", groups=["youth"])
    secretary.get("/")  # says that they were entered
    page = secretary.get(f"/search?q={looked_for}").text
    assert "Hồ Thị Kim Ngân" in page
    assert "Lê Văn Sáu" not in page
    assert "Hồ Thị Kim Ngân" not in secretary.get("/search?q=kim thi").text
