"""A real server with the demo town, a real browser, axe, and screenshots kept under var/."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from core.app import create_app, create_system
from core.config import Config
from core.demo import prepare_demo

PHONE = {"width": 412, "height": 915}
PC = {"width": 1280, "height": 800}
SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
PHUC_SON = "C-18121-02"
WARD = "N18115"


@dataclass(frozen=True)
class Town:
    """The demo town on a running server, with the accounts to sign in with."""

    address: str
    accounts: dict[str, tuple[str, str]]


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Build the town once and serve it."""
    folder = tmp_path_factory.mktemp("town")
    config = Config(
        var=folder,
        database_url=f"sqlite:///{folder / 'town.sqlite3'}",
        secret_key="for-tests-only",
        mode="demo",
        strict_plugins=True,
        now=datetime(2026, 11, 22, 1, 0, tzinfo=UTC),
    )
    system = create_system(config)
    made = prepare_demo(system, "town", lambda _title, _done: None)
    server = make_server("127.0.0.1", 0, create_app(system=system), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    accounts = {one["role"]: (one["username"], one["password"]) for one in made}
    yield Town(f"http://127.0.0.1:{server.server_port}", accounts)
    server.shutdown()
    thread.join()
    system.database.engine.dispose()


@dataclass
class Visitor:
    """Somebody at a screen: opens pages, presses what a person would press, looks."""

    page: Page
    town: Town
    name: str
    faults: list[str]
    has_script: bool = True
    _shots: int = 0

    def open(self, path: str) -> None:
        """Open a page of the town."""
        self.page.goto(self.town.address + path)

    def press(self, label: str) -> None:
        """Press the button or link with a label and wait for the page it leads to."""
        page = self.page
        found = page.get_by_role("button", name=label, exact=True)
        target = found if found.count() else page.get_by_role("link", name=label, exact=True)
        target.first.click()
        page.wait_for_load_state()

    def fill(self, label: str, text: str) -> None:
        """Fill the field with a label."""
        self.page.get_by_label(label).first.fill(text)

    def sees(self, text: str) -> None:
        """Expect a text on the page."""
        assert text in self.page.inner_text("body"), (text, self.page.url)

    def look(self, name: str = "") -> None:
        """Keep a screenshot and ask axe; nothing may be wrong, nothing may overflow sideways."""
        self._shots += 1
        SHOTS.mkdir(parents=True, exist_ok=True)
        file = SHOTS / f"{self.name}-{self._shots:02d}-{name or 'page'}.png"
        self.page.screenshot(path=str(file), full_page=True)
        if not self.has_script:
            return  # axe is a script; the same pages are asked where scripts run
        results = Axe().run(self.page)
        assert results.violations_count == 0, (self.page.url, results.generate_report())
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, (self.page.url, wide)


Enter = Callable[..., Visitor]


@pytest.fixture
def enter(town: Town, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Enter]:
    """Open a browser and sign in as somebody; every request must stay on our server."""
    opened: list[Any] = []
    visitors: list[Visitor] = []

    def come(role: str = "", *, size: dict[str, int] = PHONE, script: bool = True) -> Visitor:
        context = browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            locale="vi-VN",
            java_script_enabled=script,
            accept_downloads=True,
        )
        opened.append(context)
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        ours = (town.address, "data:", "blob:")

        def note(sent: Any) -> None:
            if not sent.url.startswith(ours):
                faults.append(sent.url)

        page.on("request", note)
        name = f"{request.node.name}-{role or 'nobody'}-{size['width']}"
        name = "".join(sign if sign.isalnum() else "-" for sign in name)
        visitor = Visitor(page, town, name, faults, script)
        visitors.append(visitor)
        if role:
            user, password = town.accounts[role]
            visitor.open("/sign-in")
            form = page.locator(".sign-in section.card form").first
            form.locator("input[name=username]").fill(user)
            form.locator("input[name=password]").fill(password)
            with page.expect_navigation():
                form.locator("button.primary").click()
            assert "/sign-in" not in page.url, page.inner_text("main")
        return visitor

    yield come
    for context in opened:
        context.close()
    assert [fault for visitor in visitors for fault in visitor.faults] == []
