"""The pages as people use them: one path from opening to notice by forms, without a script."""

from __future__ import annotations

import html
import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core.testing import NOON, counted
from plugins.evaluation import services
from plugins.evaluation.models import Campaign, Comment, Counter, Result
from plugins.evaluation.services import Decision
from tests.plugins.evaluation.builders import (
    DECEMBER,
    Ward,
    at_stage,
    levelled,
    picked,
    reviews_of,
)

MOST_STATEMENTS = 15


class Visitor:
    """Somebody with a browser at a unit."""

    def __init__(self, ward: Ward, account: Any, unit: str) -> None:
        """Open a browser for an account."""
        self.ward, self.unit = ward, unit
        self.browser = ward.world.browser(account)

    def address(self, path: str) -> str:
        return path if path.startswith("/u/") else f"/u/{self.unit}/evaluation{path}"

    def page(self, path: str, most: int = MOST_STATEMENTS) -> str:
        """Open a page that must be there, within the statements allowed; return its words."""
        with counted(self.ward.world.system.database.engine) as counter:
            answer = self.browser.get(self.address(path))
        assert answer.status_code == 200, (path, answer.status_code, text_of(answer)[:600])
        assert counter.count <= most, (path, counter.count, counter.statements)
        return text_of(answer)

    def status(self, path: str) -> int:
        return self.browser.get(self.address(path)).status_code

    def done(self, path: str, data: dict | None = None) -> str:
        """Send a form that must be taken; return where it leads."""
        answer = self.browser.submit(self.address(path), data)
        assert answer.status_code == 303, (path, answer.status_code, text_of(answer)[:1500])
        return answer.headers["Location"]

    def refused(self, path: str, data: dict | None = None) -> str:
        """Send a form that must be refused with its page; return the page's words."""
        answer = self.browser.submit(self.address(path), data)
        assert answer.status_code in (409, 422), (path, answer.status_code)
        return text_of(answer)


def text_of(answer: Any) -> str:
    """Return the words of a page's main part."""
    body = answer.get_data(as_text=True)
    found = re.search(r"<main.*?</main>", body, re.DOTALL)
    bare = re.sub(r"<[^>]+>", " ", found.group(0) if found else body)
    return " ".join(html.unescape(bare).split())


@pytest.fixture
def office(ward) -> Visitor:
    """The ward's office."""
    return Visitor(ward, ward.office, "W")


@pytest.fixture
def secretary(ward) -> Visitor:
    """The secretary of B3."""
    return Visitor(ward, ward.secretary, "B3")


@pytest.fixture
def campaign(ward, office) -> str:
    """Open the campaign by the form; return its path."""
    place = office.done("/new", {
        "title": "Đánh giá năm 2026", "period_key": "2026", "period_kind": "year",
        "subjects": ["member", "unit"], "document_no": "12-KH/ĐU",
    })  # fmt: skip
    path = place.split("/evaluation")[1]
    assert "0/4" in office.page(path)
    assert "Đang lập danh sách" in office.refused(f"{path}/close")
    assert ward.do_jobs() == 1
    return path


def ids_of(ward: Ward, unit: str, subject: str = "member") -> list[str]:
    with ward.work() as work:
        found = work.session.scalars(sa.select(Campaign)).one()
        return [str(review.id) for review in reviews_of(work, found, unit, subject)]


def test_the_whole_path_by_forms(ward, office, secretary, campaign) -> None:
    assert "Đánh giá năm 2026" in office.page("/")
    assert "0/24" in office.page(campaign)
    ids = ids_of(ward, "B3")
    here = f"{campaign}/here"
    assert "Tự đánh giá: 11" in secretary.page(here)
    secretary.done(f"{here}/on-paper", {"review": ids})
    secretary.done(f"{here}/complete", {"review": ids})
    assert "Nhập phiếu" in secretary.page(here)
    secretary.page(f"{campaign}/ballots")
    grid = {
        "voted_on": "09/11/2026", "entitled": "10", "present": "10", "issued": "10",
        "returned": "10", "rows.review_id": ids,
        "rows.excellent": ["8", "7", *["0"] * 8], "rows.good": ["2", "3", *["9"] * 8],
        "rows.completed": ["", "", *["1"] * 8], "rows.not_completed": [""] * 10,
    }  # fmt: skip
    secretary.done(f"{campaign}/ballots", grid)
    secretary.done(f"{here}/submit", {"review": ids})
    assert "chọn mức: 10 ở đây" in office.page(campaign)
    page = office.page(f"{campaign}/choose")
    assert "Phiếu: 8 xuất sắc, 2 tốt" in page
    picks = {"rows.review_id": ids, "rows.level": ["excellent", "excellent", *["good"] * 8],
             "rows.points": ["95", "92", *[""] * 8], "rows.rank": ["1", "2", *[""] * 8],
             "rows.reason": [""] * 10}  # fmt: skip
    office.done(f"{campaign}/choose", picks)
    assert "Còn được xếp thêm 0" in office.page(f"{campaign}/choose")
    office.done(f"{campaign}/propose")
    board = office.page(campaign)
    assert "nhập quyết định: 10 ở đây" in board
    assert "chọn mức" not in board
    assert "Nhập quyết định" in office.page(f"{campaign}/decisions")
    decision = {"review": ids, "number": "21-QĐ/ĐU", "on": "10/11/2026"}
    office.done(f"{campaign}/decisions", decision)
    office.done(f"{campaign}/notify")
    assert "10/24" in office.page(campaign)
    page = office.page("/results?period=2026")
    assert "hoàn thành tốt nhiệm vụ trở lên 10/10 (100%), trong đó xuất sắc 2/10 (20%)" in page
    assert ward.world.rows(Result) == 10


def test_a_member_writes_on_the_phone_and_sees_the_result_only_when_notified(
    ward, campaign
) -> None:
    one = ids_of(ward, "B3")[3]
    with ward.work() as work:
        review = services.access_review(work, uuid.UUID(one))
    member = next(m for m in ward.people["B3"] if m.id == review.member_id)
    mine = Visitor(ward, ward.world.account("member", "B3", member=member), "B3")
    assert "Viết bản kiểm điểm" in mine.page("/mine")
    mine.page(f"/mine/{one}")
    draft = {"parts.key": ["strengths", "weaknesses"], "parts.text": ["Tốt", ""],
             "scores.key": ["politics", "tasks"], "scores.points": ["14", ""]}  # fmt: skip
    mine.done(f"/mine/{one}", draft)
    assert "Viết tiếp bản kiểm điểm" in mine.page("/mine")
    assert "Chọn mức tự xếp loại" in mine.refused(f"/mine/{one}", {**draft, "submit": "1"})
    mine.done(f"/mine/{one}", {**draft, "level": "good", "submit": "1"})
    with ward.work() as work:
        found = work.session.scalars(sa.select(Campaign)).one()
        [decided] = levelled(work, found, [services.access_review(work, review.id)])
    assert "Hoàn thành tốt nhiệm vụ" not in mine.page(f"/mine/{one}").split("Ưu điểm")[0]
    with ward.work() as work:
        services.notify(work, found, [decided.id])
    assert "Hoàn thành tốt nhiệm vụ" in mine.page(f"/mine/{one}")
    mine.done(f"/mine/{one}/appeal", {"text": "Đề nghị xem xét lại mức xếp loại"})
    assert mine.status(f"{campaign}") == 403
    assert mine.status(f"/mine/{ids_of(ward, 'B3')[4]}") == 404


def test_what_was_typed_comes_back_with_the_reason(ward, office, secretary, campaign) -> None:
    ids = ids_of(ward, "B3")
    with ward.work() as work:
        found = work.session.scalars(sa.select(Campaign)).one()
        at_stage(work, "vote", reviews_of(work, found, "B3"))
    grid = {"voted_on": "09/11/2026", "entitled": "10", "present": "10", "issued": "10",
            "returned": "10", "rows.review_id": ids, "rows.excellent": ["11", *[""] * 9],
            "rows.good": [""] * 10, "rows.completed": [""] * 10,
            "rows.not_completed": [""] * 10}  # fmt: skip
    page = secretary.refused(f"{campaign}/ballots", grid)
    assert "cộng các mức được 11 phiếu" in page
    assert "Ghi lý do trả lại" in office.refused(f"{campaign}/send-back", {"review": ids[:1]})
    with ward.work() as work:
        at_stage(work, "appraisal", reviews_of(work, found, "B3"))
    picks = {"rows.review_id": ids[:1], "rows.level": ["excellent"], "rows.points": [""],
             "rows.rank": [""], "rows.reason": ["Tiêu biểu"]}  # fmt: skip
    assert "chưa được xếp ai" in office.refused(f"{campaign}/choose", picks)
    assert "Nhập tên đợt đánh giá" in office.refused("/new", {"title": ""})
    quarter = {"title": "Quý IV", "period_key": "2026-Q4", "period_kind": "year"}
    office.done("/new", {**quarter, "subjects": ["leader"]})
    assert "Quý IV" in office.page("/")
    days = {"unit_code": "G", "stage": "vote", "due_on": "20/01/2027", "document_no": ""}
    assert "Nhập số văn bản" in office.refused(f"{campaign}/extensions", days)
    assert "Chọn bước" in office.refused(f"{campaign}/extensions", {**days, "stage": ""})
    named = {**days, "unit_code": "đảng bộ cơ quan phường", "document_no": "5-CV/ĐU"}
    assert "Không thấy đơn vị" in office.refused(f"{campaign}/extensions",
                                                 {**named, "unit_code": "Z9"})  # fmt: skip
    office.done(f"{campaign}/extensions", named)
    assert "5-CV/ĐU" in office.page(f"{campaign}/days")


def test_one_branch_is_appraised_and_decided_by_itself_with_live_room(
    ward, office, secretary, campaign
) -> None:
    ids = ids_of(ward, "B3")
    with ward.work() as work:
        found = work.session.scalars(sa.select(Campaign)).one()
        at_stage(work, "appraisal", reviews_of(work, found))
    levels = ["excellent"] * 3 + ["good"] * 7
    blank = {f"rows.{name}": [""] * 10 for name in ("points", "rank", "reason")}
    lines = {"branch": "B3", "rows.review_id": ids, "rows.level": levels, **blank}
    answer = office.browser.submit(office.address(f"{campaign}/choose/room"), lines)
    shown = " ".join(answer.get_data(as_text=True).split())
    assert "Đã vượt 1 hoàn thành xuất sắc (tối đa 20% của 10 = 2, đã xếp 3)" in shown
    assert "Nguyễn Thị An, Nguyễn Thị Bình, Nguyễn Thị Châu" in shown
    page = office.refused(f"{campaign}/choose", lines)
    assert "Chi bộ tổ dân phố Phúc Sơn" in page
    assert "Chi bộ Văn phòng" not in page
    levels[2] = "good"
    place = office.done(f"{campaign}/choose", lines)
    assert place.endswith("/choose?branch=B3")
    with ward.work() as work:
        picked(work, found, {reviews_of(work, found, "B1")[0].id: "good"})
    assert "Trình 10 hồ sơ" in office.page(place)
    office.done(f"{campaign}/propose", {"branch": "B3"})
    with ward.work() as work:
        assert [one.stage for one in reviews_of(work, found)].count("decision") == 10
    document = {"branch": "B3", "everyone": "1", "number": "21-QĐ/ĐU", "on": "10/11/2026"}
    where = office.done(f"{campaign}/decisions", document)
    assert where.endswith("/decisions?branch=B3")
    assert ward.world.rows(Result) == 10
    page = office.page(f"{campaign}/decisions?branch=NOWHERE")
    assert "Không có hồ sơ nào chờ quyết định" in page


def test_residence_comments_are_asked_and_answered_on_one_page_each(
    ward, office, secretary, campaign
) -> None:
    ids = ids_of(ward, "B1")
    branch = Visitor(ward, ward.world.account("branch_secretary", "B1"), "B1")
    assert "Đề nghị nhận xét" in branch.page(f"{campaign}/residence")
    branch.done(f"{campaign}/residence",
                {"review": ids[:3], "unit_code": "B3", "kind": "residence"})  # fmt: skip
    branch.done(f"{campaign}/residence",
                {"review": ids[3:4], "outside_name": "Chi bộ thôn 2"})  # fmt: skip
    branch.done(f"{campaign}/residence/exempt", {"review": ids[4:], "reason": "Ở tập thể"})
    page = secretary.page("/asked")
    assert "Chi bộ Văn phòng" in page
    with ward.work() as work:
        rows = work.session.scalars(sa.select(Comment).where(Comment.is_outside.is_(False))).all()
    secretary.done("/asked", {
        "rows.id": [str(row.id) for row in rows],
        "rows.opinion": ["fulfilled", "partly", ""], "rows.text": ["", "Ít dự họp tổ", ""],
    })  # fmt: skip
    assert "Thực hiện nghĩa vụ còn có mặt hạn chế" in branch.page(f"{campaign}/residence")
    answer = branch.browser.get(branch.address(f"{campaign}/residence/letter.docx"))
    assert answer.status_code == 200


def test_one_evaluation_shows_everything_and_lets_the_office_act(ward, office, campaign) -> None:
    one = ids_of(ward, "B3")[0]
    page = office.page(f"/reviews/{one}")
    assert "Kết quả thực hiện nhiệm vụ được giao" in page
    office.done(f"/reviews/{one}/force", {"code": "discipline", "reference": "5-QĐ/UBKT"})
    assert "5-QĐ/UBKT" in office.page(f"/reviews/{one}")
    office.done(f"/reviews/{one}/lift", {"reason": "Nhầm"})
    office.done(f"/reviews/{one}/rated", {"reason": "Đi học dài hạn"})
    office.done(f"/reviews/{one}/rated", {"reason": "Đã về"})
    with ward.work() as work:
        found = work.session.scalars(sa.select(Campaign)).one()
        decided = levelled(work, found, reviews_of(work, found, "B3"))
    last = decided[-1].id
    office.done(f"/reviews/{last}/appeal", {"text": "Xem lại"})
    assert "Xem lại" in office.page(f"/reviews/{last}")
    office.done(f"/reviews/{last}/correct", {
        "level": "completed", "number": "30-QĐ/ĐU", "on": "10/11/2026", "reason": "Kỷ luật",
    })  # fmt: skip
    assert "30-QĐ/ĐU" in office.page(f"/reviews/{last}")
    for unit in ids_of(ward, "G", "unit"):
        assert "Xây dựng tổ chức đảng" in office.page(f"/reviews/{unit}", most=22)


def test_caps_reports_names_and_years(ward, office, campaign) -> None:
    with ward.work() as work:
        found = work.session.scalars(sa.select(Campaign)).one()
        levelled(work, found, reviews_of(work, found, "B3"), excellent=1)
        counter = work.session.scalars(sa.select(Counter).where(Counter.excellent == 1)).one()
    assert "Đã xếp: Nguyễn Thị An" in office.page(f"{campaign}/caps")
    place = f"{campaign}/caps/{counter.id}"
    office.page(place)
    office.done(place, {"extra": "1", "document_no": "7-QĐ/TU"})
    office.done(f"{campaign}/reports", {"document_no": "40-BC/ĐU"})
    with ward.work() as work:
        report = services.list_reports(work, found)[0]
    where = f"{campaign}/reports/{report.id}"
    assert "chưa có thay đổi" in office.page(where)
    ward.at(NOON + timedelta(hours=1))
    with ward.work() as work:
        one = reviews_of(work, found, "B3")[5]
        services.correct(work, found, one, level="completed", reason="Kỷ luật",
                         decision=Decision("50-QĐ/ĐU", date(2026, 11, 10)))  # fmt: skip
    page = office.page(where)
    assert "10/10 (100%) → 9/10 (90%)" in page
    assert "50-QĐ/ĐU" in page
    assert "Nguyễn Thị An" in office.page("/results/names?period=2026&level=excellent")
    assert office.page("/results/running?period=2026")
    for path in ("/results.xlsx?period=2026", "/results.docx?period=2026",
                 f"{campaign}/list.docx", f"{campaign}/moved"):  # fmt: skip
        assert office.status(path) == 200, path


def test_late_work_stands_on_the_board_and_in_my_work(ward, campaign) -> None:
    ward.at(DECEMBER)
    office = Visitor(ward, ward.world.account("commune_staff", "W"), "W")
    assert "quá hạn" in office.page(campaign).lower()
    member = ward.people["B3"][4]
    mine = Visitor(ward, ward.world.account("member", "B3", member=member), "B3")
    assert "Bản kiểm điểm năm 2026" in text_of(mine.browser.get("/"))


def test_pages_take_the_same_statements_at_any_size(ward, office, campaign) -> None:
    engine = ward.world.system.database.engine
    for path in (campaign, f"{campaign}/here", f"{campaign}/choose"):
        office.page(path)
        with counted(engine) as few:
            office.page(path)
        for number in range(15):
            ward.world.member("B3", f"Trần Văn {number}")
        office.done(f"{campaign}/take-in")
        assert ward.do_jobs() == 1
        with counted(engine) as many:
            office.page(path)
        assert many.count <= few.count + 2, path


def test_strangers_see_nothing_and_auditors_change_nothing(ward, office, campaign) -> None:
    stranger = Visitor(ward, ward.world.account("branch_secretary", "B2"), "B3")
    assert stranger.status(f"{campaign}/here") == 404
    auditor = Visitor(ward, ward.world.account("auditor", "W"), "W")
    assert "0/24" in auditor.page(campaign)
    answer = auditor.browser.submit(auditor.address(f"{campaign}/close"))
    assert answer.status_code == 403
    assert auditor.status(f"{campaign}/choose") == 403


@pytest.mark.parametrize("what", ["all", "forms", "ballots"])
def test_papers_of_the_whole_branch_come_as_one_document(ward, secretary, campaign, what) -> None:
    assert secretary.status(f"{campaign}/print/{what}.docx") == 200
