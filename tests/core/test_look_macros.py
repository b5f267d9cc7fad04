"""The frame of every page and the macros that pages are built from."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from tests.core.look_pages import (
    ENVIRONMENT,
    TEMPLATES,
    draw,
    make_field,
    make_form,
    make_frame,
    show,
    well_formed,
)

# --- the frame -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("core/base.html", {}),
        ("core/error.html", {"heading": "Không có trang này.", "advice": "Quay lại."}),
        ("core/message.html", {"paragraphs": ["Đã gửi."], "action": ("Xem", "/x")}),
        ("core/inbox.html", {"notices": [], "next": None}),
        ("core/search.html", {"query": "hoa", "groups": []}),
        ("core/choose_unit.html", {"units": [], "found": None, "query": ""}),
        ("core/my_work.html", {"cards": []}),
    ],
)  # fmt: skip
def test_pages_of_core_are_well_formed_and_have_one_heading(
    template: str, values: dict[str, Any]
) -> None:
    markup = well_formed(show(template, **values))
    assert markup.count("<h1>") == 1
    assert '<html lang="vi" data-text-size="0" data-contrast="0"' in markup


def test_the_frame_says_where_one_is_and_escapes_names() -> None:
    unit = SimpleNamespace(code="N1", name="Chi bộ <b>", kind="branch")
    page = make_frame(
        unit=unit, trail=[("Sinh hoạt", "/a"), ("Nay", None)], flashes=[("done", "Đã lưu.")]
    )
    markup = show("core/base.html", page=page)
    assert "Chi bộ &lt;b&gt;" in markup
    assert "<b></b>" not in markup
    assert '<span aria-current="page">Nay</span>' in markup
    assert 'class="note good"' in markup


def test_the_frame_tells_of_demonstration_and_of_another_day() -> None:
    page = make_frame(demo=True, as_of=date(2025, 6, 30), simulated_now=date(2026, 11, 3))
    markup = show("core/base.html", page=page)
    for sentence in ("demonstration data", "as of 30/06/2025", "set to 03/11/2026"):
        assert sentence in markup


def test_the_last_error_page_needs_no_page_and_no_person() -> None:
    made = ENVIRONMENT.get_template("core/error_bare.html")
    assert "A1" in well_formed(made.render(heading="Lỗi", advice="", reference="A1"))


def test_one_tap_signs_a_demonstration_role_in() -> None:
    role = SimpleNamespace(title="Bí thư", subtitle="68 tuổi", username="bt", password="mk")
    form = make_form(
        make_field("username"), make_field("password", "password"), hidden={"next": "/after"}
    )
    markup = well_formed(show("core/sign_in.html", form=form, roles=[role]))
    assert markup.count('name="next" value="/after"') == 2
    assert 'name="username" value="bt"' in markup


def test_work_shows_its_cards_in_order_with_one_main_act() -> None:
    cards = [
        {"title": "Họp", "text": "19:30", "action": ("Gửi", "/g"), "first": True},
        {"title": "Việc", "text": ["a", "b"], "action": ("Nhắc", "/n"), "chip": ("late", "2 ngày")},
    ]
    markup = well_formed(show("core/my_work.html", cards=cards))
    assert markup.index("Họp") < markup.index("Việc")
    assert markup.count('class="btn primary') == 1


# --- macros --------------------------------------------------------------------------------------


def test_every_macro_named_on_top_of_macros_html_exists_and_is_described() -> None:
    text = (TEMPLATES / "core" / "macros.html").read_text()
    described, _sep, code = text.partition("-#}")
    for name in re.findall(r"\{% set (\w+) =", code):
        assert re.search(rf"\b{name}\b", described), name
    module = ENVIRONMENT.get_template("core/macros.html").module
    assert callable(module.field)  # type: ignore[attr-defined]


KINDS = "text textarea day time month number choice radio checkbox checkboxes password file".split()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_field_is_labelled_and_tells_its_error(kind: str) -> None:
    choices = [("1", "Một"), ("2", "Hai")]
    value: Any = ["2"] if kind == "checkboxes" else "2"
    one = make_field("x", kind, errors=["Chưa nhập."], choices=choices, value=value, hint="Gợi ý")
    markup = well_formed(draw("{{ ui.field(form, 'x') }}", form=make_form(one)))
    assert 'for="f-x"' in markup
    assert 'id="f-x"' in markup
    assert 'aria-describedby="f-x-hint f-x-error"' in markup
    assert "Chưa nhập." in markup


def test_days_are_shown_as_people_write_them() -> None:
    form = make_form(
        make_field("x", "day", value="2026-11-03"), make_field("y", "day", value="31/2/2026")
    )
    markup = draw("{{ ui.field(form, 'x') }}{{ ui.field(form, 'y') }}", form=form)
    assert 'value="03/11/2026"' in markup
    assert 'value="31/2/2026"' in markup


def test_what_was_typed_is_escaped() -> None:
    nasty = '"><script>'
    form = make_form(make_field("x", value=nasty), make_field("y", "textarea", value=nasty))
    markup = well_formed(draw("{{ ui.form_block(form, 'Lưu') }}", form=form))
    assert "<script>" not in markup


def test_the_summary_of_errors_links_to_the_fields() -> None:
    form = make_form(
        make_field("x", errors=["Chưa nhập."]), errors=[("x", "Chưa nhập."), ("", "Cộng sai.")]
    )
    markup = draw("{{ ui.form_errors(form) }}", form=form)
    assert '<a href="#f-x">Chưa nhập.</a>' in markup
    assert "<li>Cộng sai.</li>" in markup
    assert draw("{{ ui.form_errors(form) }}", form=make_form(make_field("x"))).strip() == ""


def test_a_form_brings_its_token_its_draft_and_room_for_files() -> None:
    form = make_form(
        make_field("x", "file"),
        draft_key="k.1",
        draft_saved_at=datetime(2026, 11, 3, 20, 14, tzinfo=UTC),
    )
    markup = well_formed(draw("{{ ui.form_block(form, 'Gửi', ('Thôi', '/t')) }}", form=form))
    for part in (
        'value="a-token"',
        'data-draft="k.1"',
        "multipart/form-data",
        "20:14",
        'href="/t"',
    ):
        assert part in markup


def test_a_question_is_a_form_that_works_without_a_script() -> None:
    markup = well_formed(draw("{{ ui.confirm('Khóa', 'Khóa biên bản?', 'Khóa', '/k') }}"))
    assert "<details" in markup
    assert 'method="post" action="/k"' in markup


def test_steps_tell_done_now_and_to_come_in_words() -> None:
    items = [("Chuẩn bị", "done", "/1"), ("Thông báo", "now", "/2"), ("Sinh hoạt", "todo", None)]
    markup = well_formed(draw("{{ ui.steps(items) }}", items=items))
    assert markup.count('aria-current="step"') == 1
    assert "(done)" in markup
    assert "Step 2 of 3" in markup


def test_a_table_carries_its_heads_into_the_cards_of_a_phone() -> None:
    columns = [("Chi bộ", ""), ("Tỷ lệ", "num")]
    markup = well_formed(draw("{{ ui.table(c, [['A', '81,6%']]) }}", c=columns))
    assert 'data-label="Tỷ lệ"' in markup
    assert '<th scope="row" data-label="Chi bộ">' in markup


def test_the_next_page_is_a_plain_link_and_disappears_at_the_end() -> None:
    assert 'href="/m?after=1"' in draw("{{ ui.next_page('/m?after=1') }}")
    assert "<a" not in draw("{{ ui.next_page(none) }}")


def test_a_fresh_name_is_one_tap_and_a_ticked_one_offers_choices() -> None:
    states = [("present", "Có mặt", "good"), ("absent", "Vắng", "late")]
    call = "{{ ui.roll_row(1, 'Lê', 'An', '', state, '', states, '/r') }}"
    fresh = well_formed(draw(call, state="", states=states))
    assert fresh.count("<button") == 1
    assert 'value="present"' in fresh
    ticked = well_formed(draw(call, state="absent", states=states))
    assert ticked.count("<button") == 2
    assert 'class="late"' in ticked


def test_a_drawing_brings_its_figures_as_text_and_leaves_gaps_open() -> None:
    source = (
        "{{ ui.line_chart_12_months('Tỷ lệ', ['1', '2', '3'], [('A', [50, none, 70])], 0, 100) }}"
    )
    markup = well_formed(draw(source))
    assert "<title>Tỷ lệ</title>" in markup
    assert 'd="M5 50.00M25 30.00"' in markup
    assert "<td" in markup


def test_a_bar_without_a_figure_is_empty_and_none_is_longer_than_its_ground() -> None:
    rows = [("A", 130, "130%", ""), ("B", None, "–", "")]
    markup = well_formed(draw("{{ ui.bar_chart('T', rows, ('a', 'b'), 100) }}", rows=rows))
    assert 'width="100.00"' in markup
    assert markup.count("bar-fill") == 1


def test_a_chart_of_nothing_does_not_divide_by_nothing() -> None:
    well_formed(draw("{{ ui.line_chart_12_months('T', ['1'], [('A', [none])]) }}"))
    well_formed(draw("{{ ui.bar_chart('T', [], ('a', 'b')) }}{{ ui.progress('P', 0, 0) }}"))


def test_a_tree_nests_and_keeps_links_outside_its_switches() -> None:
    leaf = {"title": "Chi bộ", "href": "/c"}
    nodes = [{"title": "Đảng bộ", "href": "/d", "children": [leaf], "open": True}]
    markup = well_formed(draw("{{ ui.tree(nodes) }}", nodes=nodes))
    assert not re.search(r"<summary>[^/]*<a", markup)
    assert markup.count("<details open>") == 1


def test_a_printed_list_says_that_it_is_restated() -> None:
    said = 'class="print-only">'
    assert said not in draw("{{ ui.as_of_picker(day, {}, false) }}", day=date(2026, 6, 1))
    printed = draw("{{ ui.as_of_picker(day, {}, true) }}", day=date(2026, 6, 1))
    assert re.search(rf"{said}[^<]*01/06/2026: [^<]+</p>", printed)
