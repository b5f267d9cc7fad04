"""The pages: the way of a model and of a trial through forms, refusals, who may open what."""

from __future__ import annotations

import re
from datetime import date

import pytest

from core.testing import counted
from plugins.pilots import services
from plugins.pilots.models import Change, Review, Trial
from tests.plugins.pilots.town import KEY

HEAD = {"vote_entitled": "10", "vote_present": "9", "vote_in_favour": "8"}
POINTS = {
    "points.key": ["tasks", "meetings", "unity", "people"],
    "points.points": ["28", "22", "18", "22"],
}


class Visitor:
    """Somebody at the pages of pilot models of one unit."""

    def __init__(self, town, account, unit):
        self.browser, self.base = town.world.browser(account), f"/u/{unit}/pilots"

    def get(self, path, status=200):
        answer = self.browser.get(self.base + path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def send(self, path, data=None, status=303):
        answer = self.browser.submit(self.base + path, data)
        assert answer.status_code == status, (path, answer.get_data(as_text=True)[-3000:])
        return answer.headers.get("Location", "") or answer.get_data(as_text=True)

    def key_after(self, path, data):
        """Send a form and return the key in the address it leads to."""
        found = re.search(r"[0-9a-f-]{36}", self.send(path, data))
        assert found is not None
        return found[0]


@pytest.fixture
def branch(town):
    """The secretary of B1."""
    return Visitor(town, town.secretary, "B1")


@pytest.fixture
def ward(town):
    """The ward's office."""
    return Visitor(town, town.staff, "W")


@pytest.fixture
def admin(town):
    """The administrator."""
    return Visitor(town, town.admin, "W")


def test_a_branch_registers_scores_and_is_recognised_through_pages(branch, ward) -> None:
    assert "Đơn vị chưa đăng ký mô hình nào." in branch.get("/")
    form = {"model_code": "four_good_branch", "registered_on": "03/03/2026", **HEAD}
    assert 'value="four_good_branch" selected' in branch.get("/register?model=four_good_branch")
    key = branch.key_after("/register", {**form, "plan": "Mỗi quý một chuyên đề"})
    assert "Mỗi quý một chuyên đề" in branch.get(f"/registrations/{key}")
    what = {"kind": "books", "title": "Tủ sách", "quantity": "1", "given_on": "01/04/2026"}
    assert "Nơi cấp" in ward.get(f"/registrations/{key}/inputs")
    ward.send(f"/registrations/{key}/inputs", what)
    assert "Tủ sách" in branch.get(f"/registrations/{key}")
    assert "Bảng điểm" not in branch.get(f"/registrations/{key}/score")
    branch.send(f"/registrations/{key}/score", {**POINTS, "scored_on": "05/11/2026", **HEAD})
    page = ward.get(f"/registrations/{key}")
    assert "Tự chấm 90/100 điểm" in page
    ward.send(f"/registrations/{key}/recognise", {"decision_no": "25-QĐ/ĐU", "points": "90"})
    assert "25-QĐ/ĐU" in branch.get(f"/registrations/{key}")
    answer = ward.browser.get(f"{ward.base}/registrations/{key}/decision.docx")
    assert answer.data[:2] == b"PK"
    ward.send(f"/registrations/{key}/issue")
    page = branch.get("/")
    assert "Đã công nhận" in page
    assert "Đăng ký ngày" in ward.get("/registrations?state=recognised&model=four_good_branch")
    assert ward.browser.get(f"{ward.base}/registrations.xlsx").data[:2] == b"PK"
    branch.send(f"/registrations/{key}/end", {"outcome": "completed"})
    assert "Trước đây" in branch.get("/")


def test_a_refused_form_comes_back_with_what_was_typed(branch, ward, town) -> None:
    page = branch.send("/register", {"model_code": "four_good_branch", "plan": "Giữ lại"}, 422)
    assert "Giữ lại" in page
    assert "Chi bộ đăng ký bằng biểu quyết" in page
    key = town.registered().id
    wrong = {**POINTS, "points.points": ["99", "1", "1", "1"], **HEAD}
    page = branch.send(f"/registrations/{key}/score", wrong, 422)
    assert 'value="99"' in page
    assert "nhập từ 0 đến 30 điểm" in page
    page = ward.send("/select", {"model_code": "online_meetings"}, 422)
    assert "Chưa chọn đơn vị." in page
    page = ward.send(f"/registrations/{key}/recognise", {}, 422)
    assert "Nhập số quyết định." in page
    page = ward.send(f"/registrations/{key}/refuse", {"reason": "Chưa đạt"}, 303)


def test_a_refused_decision_leads_back_to_its_trial(ward, town) -> None:
    trial = town.running()
    typed = {"trial_id": str(trial.id), "model_code": trial.model_code, "outcome": "extend"}
    page = ward.send("/decisions/new", typed, 422)
    assert f'href="{ward.base}/trials/{trial.id}"' in page
    page = ward.send("/decisions/new", {**typed, "trial_id": "x"}, 422)
    assert f'href="{ward.base}/"' in page


def test_what_is_rolled_out_later_says_from_when(ward, town) -> None:
    trial = town.running()
    town.changed(trial, "roll_out", on=date(2026, 12, 1))
    page = ward.get(f"/trials/{trial.id}")
    assert "Áp dụng cho mọi đơn vị trực thuộc từ ngày 01/12/2026." in page


def test_what_is_rolled_out_holds(ward, town) -> None:
    trial = town.running()
    town.changed(trial, "roll_out")
    assert "Đang áp dụng cho mọi đơn vị trực thuộc" in ward.get(f"/trials/{trial.id}")


def test_the_office_chooses_units_reviews_and_decides(ward, town) -> None:
    ward.get("/select?model=online_meetings")
    units = [str(town.key("B3")), str(town.key("B4"))]
    ward.send("/select", {"model_code": "online_meetings", "unit_ids": units})
    assert "Sinh hoạt chi bộ trực tuyến" in ward.get("/reviews/new")
    ward.get("/reviews/new?model=online_meetings")
    review = {
        "model_code": "online_meetings",
        "kind": "interim",
        "covers_from": "01/03/2026",
        "covers_to": "31/10/2026",
        "reviewed_on": "05/11/2026",
        "results": "Dự đông hơn",
        "limitations": "Mạng yếu\nMáy cũ",
    }
    page = ward.send("/reviews/new", {**review, "results": ""}, 422)
    assert "Máy cũ" in page
    key = ward.key_after("/reviews/new", review)
    assert "Mạng yếu" in ward.get(f"/reviews/{key}")
    ward.get(f"/reviews/{key}/edit")
    ward.send(f"/reviews/{key}/edit", {**review, "proposals": "Mua máy mới"})
    assert ward.browser.get(f"{ward.base}/reviews/{key}/report.docx").data[:2] == b"PK"
    ward.send(f"/reviews/{key}/send")
    assert "Mua máy mới" in ward.get(f"/reviews/{key}")
    ward.send(f"/reviews/{key}/send", status=409)
    assert "Sơ kết" in ward.get("/reviews")
    ward.get("/decisions/new?model=online_meetings")
    decision = {
        "model_code": "online_meetings",
        "outcome": "roll_out",
        "decided_on": "08/11/2026",
        "document_no": "30-QĐ/ĐU",
        "scope": "Toàn phường",
    }
    assert f'href="{ward.base}/"' in ward.send("/decisions/new", {**decision, "scope": ""}, 422)
    ward.send("/decisions/new", decision)
    page = ward.get("/models/online_meetings")
    assert "30-QĐ/ĐU" in page
    assert "2/6 (33,3%)" in page


def test_a_model_is_described_and_worded_anew(ward, town) -> None:
    ward.get("/new-model")
    form = {
        "title": "Chi bộ số",
        "kinds": ["branch"],
        "criteria.key": ["", ""],
        "criteria.title": ["Dùng sổ tay điện tử", ""],
        "criteria.points": ["50", ""],
        "criteria.must": ["yes", "no"],
        "pass_points": "30",
        "milestones.title": ["Sơ kết"],
        "milestones.months": ["6"],
        "settings.key": [KEY],
        "settings.value": ["3"],
        "inputs": "Máy tính\nTập huấn",
    }
    assert "chi_bo_so" in ward.send("/new-model", form)
    page = ward.get("/models/chi_bo_so")
    setting = "khi mô hình không quy định: <b>3</b>"
    for text in ("Dùng sổ tay điện tử", "cần 30/50 điểm", "Máy tính", setting):
        assert text in page, text
    assert "Dùng sổ tay điện tử" in ward.get("/models/chi_bo_so/edit")
    assert "Đã có mô hình mang mã này" in ward.send("/new-model", form, 422)
    page = ward.send("/models/chi_bo_so/edit", {**form, "settings.value": ["x"]}, 422)
    assert "Dùng sổ tay điện tử" in page
    ward.send("/models/chi_bo_so/edit", {**form, "title": "Chi bộ số hóa"})
    assert "Chi bộ số hóa" in ward.get("/")
    page = ward.send("/models/chi_bo_so/edit", {**form, "pass_points": "90"}, 422)
    assert "50 điểm" in page
    ward.get("/models/nothing", 404)


def plan_form(town, **changes):
    return {
        "model_code": "online_meetings",
        "title": "Đợt một",
        "starts_on": "10/11/2026",
        "sunset_on": "10/02/2027",
        "unit_ids": [str(town.key("B1")), str(town.key("B2"))],
        "settings.key": [KEY, ""],
        "settings.value": ["3", ""],
        **changes,
    }


def test_a_trial_is_planned_proposed_approved_compared_and_ended(ward, admin, town) -> None:
    assert "Chưa có đợt thí điểm nào" in ward.get("/trials")
    ward.get("/trials/new?model=online_meetings")
    page = ward.send("/trials/new", plan_form(town, title=""), 422)
    assert 'value="3"' in page
    key = ward.key_after("/trials/new", plan_form(town))
    ward.get(f"/trials/{key}/edit")
    ward.send(f"/trials/{key}/edit", plan_form(town, purpose="Thử ba tháng"))
    assert "Thử ba tháng" in ward.get(f"/trials/{key}")
    ward.get(f"/trials/{key}/propose/start")
    change = ward.key_after(f"/trials/{key}/propose/start", {"document_no": "12-KH/ĐU"})
    page = ward.get(f"/changes/{change}")
    assert "6, theo cấp trên" in page
    assert "Phê duyệt và ghi" not in page
    leader = Visitor(town, town.world.account("committee_leader", "W"), "W")
    page = leader.get(f"/changes/{change}")
    assert "Phê duyệt và ghi" not in page, "no button that is refused when it is pressed"
    assert "quyền thay đổi thiết lập hoặc bật, tắt phân hệ" in page
    assert "Phê duyệt và ghi" in admin.get(f"/changes/{change}")
    admin.send(f"/changes/{change}/approve")
    assert "Đang thí điểm" in ward.get(f"/trials/{key}")
    ward.get(f"/trials/{key}/effect/plan")
    chosen = {"indicators": ["members.count"], "before": "2026-Q3", "after": "2026-Q4"}
    assert "Nhập cả hai kỳ" in ward.send(
        f"/trials/{key}/effect/plan", {"indicators": ["members.count"]}, 422
    )
    ward.send(f"/trials/{key}/effect/plan", {**chosen, "matched": "baseline"})
    page = ward.get(f"/trials/{key}/effect")
    for text in ("Ít số liệu", "bốc thăm", "Bảng đối chiếu", "<svg"):
        assert text in page, text
    again = ward.key_after(f"/trials/{key}/propose/end", {"on": "10/11/2026"})
    ward.send(f"/changes/{again}/withdraw")
    assert "Đã rút" in ward.get(f"/trials/{key}")
    assert "Đợt một" in ward.get("/trials")
    page = ward.send(f"/trials/{key}/propose/extend", {"sunset_on": "01/01/2027"}, 422)
    assert "muộn hơn" in page
    assert town.world.rows(Change) == 2
    assert town.world.rows(Trial) == 1


def test_a_trial_without_figures_leads_to_choosing_them(ward, town) -> None:
    with town.work(town.staff, "W") as work:
        services.save_model(work, services.ModelFacts(code="plain", title="Mô hình mới"))
    trial = town.planned(model_code="plain", settings=[])
    assert "Trước hết chọn số liệu" in ward.get(f"/trials/{trial.id}/effect")
    change = ward.key_after(f"/trials/{trial.id}/propose/start", {})
    assert "Không thiết lập nào thay đổi" in ward.get(f"/changes/{change}")


def test_pages_are_for_whom_they_are_meant(town, branch, ward) -> None:
    made = town.scored()
    trial = town.running()
    for path in ("/new-model", "/select", "/trials/new", "/trials", "/reviews.xlsx"):
        branch.get(path, 404 if path.endswith("xlsx") else 403)
    branch.get(f"/registrations/{made.id}/recognise", 403)
    branch.get(f"/trials/{trial.id}", 404)
    other = Visitor(town, town.world.account("commune_staff", "X"), "X")
    other.get(f"/registrations/{made.id}", 404)
    other.get(f"/trials/{trial.id}", 404)
    auditor = Visitor(town, town.world.account("auditor", "P"), "W")
    assert "Nhập kết quả sơ kết" not in auditor.get("/")
    auditor.get(f"/trials/{trial.id}/effect")
    assert auditor.browser.get(f"{auditor.base}/registrations.xlsx").status_code == 200
    auditor.send("/reviews/new", {}, 403)
    plain = Visitor(town, town.world.account("member", "B1"), "B1")
    plain.get("/", 403)
    assert town.world.rows(Review) == 0


def test_where_the_module_is_off_there_are_no_pages_and_data_stay(town, branch, ward) -> None:
    made = town.registered()
    town.world.switch("pilots", "B1", on=False)
    branch.get("/", 404)
    assert "Chi bộ tổ dân phố số 1" not in ward.get("/registrations")
    town.world.switch("pilots", "B1", on=True)
    branch.get(f"/registrations/{made.id}")


def test_list_pages_stay_within_fifteen_statements(town, ward, backend) -> None:
    town.scored()
    town.registered("B2")
    trial = town.running()
    key = trial.id
    for path in ("/", "/registrations", "/reviews", "/trials", "/models/four_good_branch",
                 f"/trials/{key}", f"/trials/{key}/effect"):  # fmt: skip
        ward.get(path)
        with counted(backend.database.engine) as counter:
            ward.get(path)
        # Signing in, the place, the menu and the notices take some of them.
        assert counter.count <= 22, (path, counter.count, counter.statements)


def test_the_start_page_search_and_overview_lead_to_models(town, ward, branch) -> None:
    town.scored()
    assert "1 đơn vị chờ công nhận" in ward.browser.get("/").get_data(as_text=True)
    page = ward.browser.get("/u/W/units/").get_data(as_text=True)
    assert "Chi bộ bốn tốt" in page
    found = ward.browser.get("/search?q=bon+tot").get_data(as_text=True)
    assert "Chi bộ bốn tốt" in found
