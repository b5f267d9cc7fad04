"""The main pages for other eyes: in English, with the largest text, with high contrast."""

from __future__ import annotations

import re

import pytest

from tests.browser import journey
from tests.browser.conftest import PC, PHUC_SON, WANTED, WARD, Enter, Visitor

pytestmark = [pytest.mark.browser]
OF_THE_BRANCH = (
    "/",
    f"/u/{PHUC_SON}/meetings/",
    f"/u/{PHUC_SON}/meetings/new",
    f"/u/{PHUC_SON}/meetings/paper",
    f"/u/{PHUC_SON}/meetings/tasks",
    f"/u/{PHUC_SON}/members/",
)
OF_A_MEETING = ("prepare", "announce", "roll", "minutes", "follow")
OF_THE_WARD = ("/", f"/u/{WARD}/meetings/month", f"/u/{WARD}/meetings/year", f"/u/{WARD}/units/")
VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


def prefer(visitor: Visitor, name: str, value: str) -> None:
    """Choose how pages look for oneself, as its button does."""
    page = visitor.page
    visitor.open("/")
    button = page.locator(f"button[name={name}][value='{value}'] >> visible=true")
    if not button.count():  # it stands in a fold of the bar
        page.locator("header.bar summary >> visible=true").first.click()
    with page.expect_response(lambda answer: answer.url.endswith("/preferences")):
        button.first.click()
    page.wait_for_load_state()


def walk(visitor: Visitor, addresses: tuple[str, ...], *, ask_axe: bool = True) -> None:
    """Open each page; nothing may be wrong with any."""
    wrong = []
    for address in addresses:
        visitor.open(address)
        wrong += [f"{address}: {text}" for text in visitor.problems(ask_axe=ask_axe)]
    if wrong or WANTED:
        visitor.keep_picture("last")
    assert "\n".join(wrong) == ""


def branch_pages(visitor: Visitor) -> tuple[str, ...]:
    """Return the main pages of a branch that has an announced meeting."""
    meeting = journey.prepare(visitor)
    journey.announce(visitor, meeting)
    return (*OF_THE_BRANCH, *(f"{meeting}/{step}" for step in OF_A_MEETING))


def test_large_text_fits_a_phone(enter: Enter) -> None:
    pages = branch_pages(enter("branch_secretary", looking=False))
    visitor = enter("branch_secretary")
    for wanted in ("1", "2"):  # A+ pressed twice
        prefer(visitor, "text_size", wanted)
    assert visitor.page.locator("html").get_attribute("data-text-size") == "2"
    walk(visitor, pages, ask_axe=False)  # what it asks does not depend on the size of text


def test_high_contrast_is_high_on_every_main_page(enter: Enter) -> None:
    pages = branch_pages(enter("branch_secretary", looking=False))
    visitor = enter("branch_secretary")
    prefer(visitor, "contrast", "1")
    assert visitor.page.locator("html").get_attribute("data-contrast") == "1"
    walk(visitor, pages)
    office = enter("commune_staff", size=PC)
    prefer(office, "contrast", "1")
    walk(office, OF_THE_WARD)


def test_the_main_pages_speak_english(enter: Enter) -> None:
    pages = branch_pages(enter("branch_secretary", looking=False))
    visitor = enter("branch_secretary")
    prefer(visitor, "locale", "en")
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    walk(visitor, pages)
    visitor.open(f"/u/{PHUC_SON}/meetings/new")
    labels = visitor.page.locator("main label, main button, main .hint").all_inner_texts()
    assert [text for text in labels if VIETNAMESE.search(text)] == []
