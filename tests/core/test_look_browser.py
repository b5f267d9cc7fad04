"""The look in a browser: accessible, large, keeping drafts, asking first, also without script."""

from __future__ import annotations

import mimetypes
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from core.app import POLICY
from tests.core.look_pages import CORE, make_field, make_form, make_frame, show

pytestmark = pytest.mark.browser

SITE = "http://look.test"
PHONE = {"width": 390, "height": 844}
EVERYTHING = """{% extends "core/base.html" %}{% import "core/macros.html" as ui %}{% block main %}
{{ ui.steps(steps) }}{{ ui.tabs([("Một", "#", true), ("Hai", "#", false)]) }}
{{ ui.filter_line("", "Tên", [("Tất cả", "#1", true)], "#x") }}{{ ui.as_of_picker() }}
{{ ui.table([("Chi bộ", ""), ("Tỷ lệ", "num")], [["Phúc Sơn", "81,6%"]], "Tháng 11") }}
{{ ui.chip("good", "Xong") }}{{ ui.chip("warn", "Sắp") }}{{ ui.chip("late", "Quá hạn") }}
{{ ui.note("info", "Nhắc") }}{{ ui.facts([("Số thẻ", "26")]) }}{{ ui.empty("Chưa có.") }}
{{ ui.timeline([("28/10", "Lập", "", "good")]) }}{{ ui.tree(nodes) }}{{ ui.pager("#", "#", "2/3") }}
{{ ui.bar_chart("Cột", [("A", 81.6, "81,6%", "31/38")], ("a", "b"), 100, 80, "Mức 80%") }}
{{ ui.line_chart_12_months("Đường", ["1", "2"], [("A", [1, 2]), ("B", [2, none])]) }}
{{ ui.progress("Đã họp", 53, 60) }}{{ ui.count_bar("Có mặt", "31/38", "good", "đủ") }}
{% call ui.roll_list() %}{{ ui.roll_row(1, "Lê", "An", "", "", "", states, "/r") }}
{{ ui.roll_row(2, "Lê", "Ân", "", "late", "", states, "/r") }}{% endcall %}{% endblock %}"""
FORM = """{% extends "core/base.html" %}{% import "core/macros.html" as ui %}{% block main %}
{{ ui.form_block(form, "Gửi", ("Thôi", "#")) }}
{{ ui.confirm("Khóa", "Khóa biên bản?", "Khóa biên bản", "/lock", "Chưa khóa") }}{% endblock %}"""
PARTS: dict[str, Any] = {
    "steps": [("Chuẩn bị", "done", "#1"), ("Thông báo", "now", "#2"), ("Họp", "todo", None)],
    "states": [("present", "Có mặt", "good"), ("late", "Vắng không lý do", "late")],
    "nodes": [{"title": "Đảng bộ", "href": "#d", "open": True, "children": [{"title": "Chi bộ"}]}],
}


def _form(**errors: list[str]) -> Any:
    kinds = {"place": "text", "day": "day", "at": "time", "secret": "password", "told": "checkbox"}
    return make_form(
        *[make_field(name, kind, errors=errors.get(name, [])) for name, kind in kinds.items()],
        draft_key="meeting.1",
    )


def _serve(page: Page, pages: dict[str, str]) -> list[str]:
    """Answer requests from memory and from static/; return what the browser complains of."""
    complaints: list[str] = []

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if route.request.method == "POST":
            route.fulfill(status=204)
        elif path.startswith("/static/"):
            file = CORE / path[1:]
            kind = mimetypes.guess_type(file.name)[0] or "font/woff2"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        else:
            headers = {"Content-Security-Policy": POLICY}
            kind = "text/html; charset=utf-8"
            route.fulfill(body=pages[path], content_type=kind, headers=headers)

    page.route("**/*", answer)
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.mark.parametrize(
    ("size", "contrast", "width"), [(0, False, 1280), (0, True, 390), (3, False, 390)]
)
def test_everything_together_is_accessible_and_fits_the_screen(
    page: Page, size: int, contrast: bool, width: int
) -> None:
    frame = make_frame(text_size=size, contrast=contrast, demo=True, notices=3)
    wrong = _form(place=["Chưa nhập."], day=["Ngày chưa đúng."])
    complaints = _serve(
        page,
        {
            "/all": show(EVERYTHING, page=frame, **PARTS),
            "/form": show(FORM, page=frame, form=wrong),
        },
    )
    page.set_viewport_size({"width": width, "height": 844})
    for path in ("/all", "/form"):
        page.goto(SITE + path)
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []


def test_no_text_is_smaller_than_18_pixels_and_no_target_lower_than_44(page: Page) -> None:
    _serve(page, {"/all": show(EVERYTHING, **PARTS)})
    page.set_viewport_size(PHONE)
    page.goto(SITE + "/all")
    small = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() &&
        [...e.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim()) &&
        parseFloat(getComputedStyle(e).fontSize) < 18).map((e) => e.outerHTML.slice(0, 80))"""
    )
    low = page.evaluate(
        """() => [...document.querySelectorAll("a, button, summary, select, input")]
        .filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 1 &&
        !["checkbox", "hidden", "radio"].includes(e.type) && e.getBoundingClientRect().height < 44)
        .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert (small, low) == ([], [])


def test_a_draft_is_kept_offered_again_and_forgotten_after_good_news(page: Page) -> None:
    good = make_frame(flashes=[("done", "Đã gửi.")])
    complaints = _serve(
        page, {"/form": show(FORM, form=_form()), "/done": show("core/base.html", page=good)}
    )
    page.goto(SITE + "/form")
    page.locator("#f-place").fill("Nhà văn hóa")
    page.locator("#f-secret").fill("mật")
    expect(page.locator("[data-draft-note]")).to_have_text(re.compile("Draft saved at"))
    assert "mật" not in page.evaluate("JSON.stringify(localStorage)")
    page.reload()
    page.get_by_role("button", name="Continue the draft").click()
    assert page.locator("#f-place").input_value() == "Nhà văn hóa"
    page.get_by_role("button", name="Gửi").click()
    page.goto(SITE + "/done")
    page.goto(SITE + "/form")
    expect(page.locator(".draft-offer")).to_have_count(0)
    assert page.evaluate("localStorage.length") == 0
    assert complaints == []


def test_a_draft_stays_while_the_server_has_not_said_that_it_has_it(page: Page) -> None:
    _serve(page, {"/form": show(FORM, form=_form()), "/other": show("core/base.html")})
    page.goto(SITE + "/form")
    page.locator("#f-place").fill("Nhà văn hóa")
    expect(page.locator("[data-draft-note]")).to_have_text(re.compile("Draft saved at"))
    page.get_by_role("button", name="Gửi").click()
    page.goto(SITE + "/other")
    page.goto(SITE + "/form")
    expect(page.locator(".draft-offer")).to_be_visible()


def test_digits_become_a_day_and_a_time_and_a_password_can_be_seen(page: Page) -> None:
    _serve(page, {"/form": show(FORM, form=_form())})
    page.goto(SITE + "/form")
    page.locator("#f-day").press_sequentially("03112026")
    page.locator("#f-at").press_sequentially("1930")
    assert page.locator("#f-day").input_value() == "03/11/2026"
    assert page.locator("#f-at").input_value() == "19:30"
    page.get_by_role("button", name="Show password").click()
    expect(page.locator("#f-secret")).to_have_attribute("type", "text")
    expect(page.get_by_role("button", name="Hide password")).to_be_visible()


def test_a_question_becomes_a_dialog_and_goes_back_where_it_was(page: Page) -> None:
    _serve(page, {"/form": show(FORM, form=_form())})
    page.goto(SITE + "/form")
    page.locator("summary", has_text="Khóa").click()
    expect(page.get_by_role("dialog", name="Khóa biên bản?")).to_be_visible()
    page.get_by_role("button", name="Chưa khóa").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("summary", has_text="Khóa")).to_be_focused()


def test_larger_text_comes_at_once_and_is_told_to_the_server(page: Page) -> None:
    _serve(page, {"/all": show(EVERYTHING, **PARTS)})
    page.goto(SITE + "/all")
    with page.expect_request(SITE + "/core.preferences") as told:
        page.get_by_role("button", name="Larger text").click()
    assert 'name="text_size"' in (told.value.post_data or "")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"


def test_errors_take_the_focus_so_that_they_are_read_first(page: Page) -> None:
    _serve(page, {"/form": show(FORM, form=_form(place=["Chưa nhập địa điểm."]))})
    page.goto(SITE + "/form")
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_role("link", name="Chưa nhập địa điểm.").click()
    expect(page.locator("#f-place")).to_be_focused()


def test_without_a_script_questions_open_menus_open_and_nothing_dead_is_shown(
    browser: Browser,
) -> None:
    with browser.new_context(java_script_enabled=False, viewport=PHONE) as context:  # type: ignore[arg-type]
        page = context.new_page()
        _serve(page, {"/form": show(FORM, form=_form())})
        page.goto(SITE + "/form")
        assert page.get_by_role("button", name="Show password").count() == 0
        page.locator("summary", has_text="Khóa").click()
        expect(page.get_by_role("button", name="Khóa biên bản")).to_be_visible()
        page.locator(".fold-all > summary").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
