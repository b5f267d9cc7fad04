"""Make the README's picture again: `.venv/bin/python -m tests.browser.picture`."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from tests.browser import journey
from tests.browser.conftest import WARD, Town, Visitor, listen, serve_town, sign_in
from tests.environment.browser import launch_arguments

PICTURE = Path(__file__).with_name("readme.png")
SHEET = """<!doctype html><style>
body { margin: 0; background: #e9e4dd }
#all { position: relative; width: 1500px; height: 900px }
img { position: absolute; border-radius: 14px; box-shadow: 0 14px 44px rgb(60 30 20 / .35) }
#pc { left: 36px; top: 40px; width: 1180px }
#phone { right: 36px; top: 64px; width: 372px; border: 6px solid #2b2725; border-radius: 26px }
</style><div id="all"><img id="pc" src="data:image/png;base64,%s">
<img id="phone" src="data:image/png;base64,%s"></div>"""


def enter(browser: Browser, town: Town, role: str, width: int, height: int) -> Visitor:
    """Sign in as somebody, with a screen of a size."""
    page = browser.new_page(viewport={"width": width, "height": height}, locale="vi-VN")
    visitor = Visitor(page, town, role, listen(page, town.address), looking=False)
    sign_in(visitor, *town.accounts[role])
    return visitor


def roll_call(browser: Browser, town: Town) -> bytes:
    """Return the roll call on a phone, in the middle of it."""
    meeting = journey.prepare(enter(browser, town, "branch_secretary", 412, 860))
    journey.announce(enter(browser, town, "branch_secretary", 412, 860), meeting)
    town.at(25, 19, 30)
    visitor = enter(browser, town, "branch_secretary", 412, 860)
    journey.open_roll(visitor, meeting)
    visitor.press("Tất cả có mặt")
    journey.excuse(visitor, 3, "Vắng có lý do: Sức khỏe")
    journey.excuse(visitor, 5, "Đến muộn")
    visitor.open(f"{meeting}/roll")
    visitor.page.mouse.wheel(0, 330)
    visitor.page.wait_for_function("scrollY > 300")
    return visitor.page.screenshot()


def month(browser: Browser, town: Town) -> bytes:
    """Return the ward's month on a PC."""
    visitor = enter(browser, town, "commune_staff", 1280, 880)
    visitor.open(f"/u/{WARD}/meetings/month")
    return visitor.page.screenshot()


def main() -> None:
    """Build the town, take both pictures, put them side by side."""
    with (
        TemporaryDirectory() as folder,
        serve_town(Path(folder), says_so=False) as town,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**launch_arguments())
        shots = [b64encode(take(browser, town)).decode() for take in (month, roll_call)]
        page = browser.new_page(viewport={"width": 1500, "height": 900})
        page.set_content(SHEET % tuple(shots))
        page.screenshot(path=str(PICTURE))
        browser.close()


if __name__ == "__main__":
    main()
