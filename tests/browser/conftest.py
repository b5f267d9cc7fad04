"""A real server with the demo town, a real browser, axe, and pictures of pages under var/."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Response
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from core.access.passwords import use_cheap_hashes
from core.app import create_app, create_system
from core.config import Config
from core.demo import prepare_demo
from core.opening import Clock
from core.system import System

PHONE = {"width": 412, "height": 915}
PC = {"width": 1280, "height": 800}
SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
WANTED = bool(os.environ.get("PICTURES"))
"""Whether a picture of every page that is looked at is kept; those of the main job always are."""
PHUC_SON = "C-18121-02"
WARD = "N18115"
MORNING = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # 8 o'clock there, a Sunday


@dataclass(frozen=True)
class Town:
    """The demo town on a running server, with the accounts to sign in with."""

    address: str
    accounts: dict[str, tuple[str, str]]
    system: System
    file: Path

    @property
    def kept(self) -> Path:
        """The database as it was when the town was built."""
        return self.file.with_suffix(".kept")

    def restore(self) -> None:
        """Make the database what it was when the town was built."""
        self.system.database.engine.dispose()
        with (
            closing(sqlite3.connect(self.kept)) as source,
            closing(sqlite3.connect(self.file)) as to,
        ):
            source.backup(to)
        self.system.opener.clock = Clock(MORNING)
        self.system.opener.forget()

    def at(self, day: int, hour: int, minute: int = 0) -> None:
        """Set the clock to a time of November 2026; people sign in again after days."""
        zone = self.system.host.zone
        moment = datetime(2026, 11, day, hour, minute, tzinfo=zone)
        self.system.opener.clock = Clock(moment.astimezone(UTC))


AXE_ADDRESS = "/axe.js"


def axe_script() -> Response:
    """Hand over axe: a script with an address is compiled once, one that is sent for each page."""
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(Axe().axe_script, mimetype="text/javascript", headers=kept)


def copy(source: Path, target: Path) -> None:
    """Copy a database that is open."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def town_config(folder: Path, *, says_so: bool = True) -> Config:
    """Return the configuration of a town that lives in a folder."""
    return Config(
        var=folder,
        database_url=f"sqlite:///{folder / 'town.sqlite3'}",
        secret_key="for-tests-only",
        mode="demo",
        strict_plugins=True,
        now=MORNING if says_so else None,
    )


def prepared(config: Config) -> tuple[System, list[dict[str, str]]]:
    """Open a town, built where there is none yet; return it with the accounts to sign in with."""
    system = create_system(config)
    use_cheap_hashes(True)  # nobody signs in for the sake of the hash
    system.opener.clock = Clock(MORNING)
    return system, prepare_demo(system, "town", lambda _title, _done: None)


@contextmanager
def serve_town(folder: Path, *, says_so: bool = True) -> Iterator[Town]:
    """Serve the town of a folder; its pages say that the clock is set unless told otherwise."""
    system, made = prepared(town_config(folder, says_so=says_so))
    app = create_app(system=system)
    app.add_url_rule(AXE_ADDRESS, "axe", axe_script)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    accounts = {one["role"]: (one["username"], one["password"]) for one in made}
    town = Town(f"http://127.0.0.1:{server.server_port}", accounts, system, folder / "town.sqlite3")
    copy(town.file, town.kept)
    yield town
    server.shutdown()
    thread.join()
    system.database.engine.dispose()


def shared_town(folder: Path) -> Path:
    """Build the town once for all processes of a run; return the folder it lies in."""
    folder.mkdir(exist_ok=True)
    with (folder.parent / "town.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        system, _accounts = prepared(town_config(folder))
        system.database.engine.dispose()
    return folder


@pytest.fixture(scope="session")
def built_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Serve the town; every process of a run has its own copy."""
    own = tmp_path_factory.getbasetemp()
    run = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = shutil.copytree(shared_town(run / "town"), tmp_path_factory.mktemp("served") / "town")
    with serve_town(folder) as town:
        yield town


@pytest.fixture
def town(built_town: Town) -> Town:
    """The town as it was built, whatever the test before did in it."""
    built_town.restore()
    return built_town


PROBLEMS = """() => {
  const seen = (e) => e.checkVisibility() && e.getClientRects().length > 0;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const wrong = [];
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 0) wrong.push(`${wide} px too wide`);
  if (!document.title.trim()) wrong.push("no title");
  const heads = all("h1").length;
  if (heads !== 1) wrong.push(`${heads} main headings`);
  const acts = all("main .btn.primary").map((e) => e.innerText.trim());
  if (new Set(acts).size > 1) wrong.push(`several main actions: ${acts.join(" | ")}`);
  return wrong;
}"""
"""What is wrong with a page that axe does not ask: width, title, one heading, one main action."""

AXE = {"resultTypes": ["violations"], "iframes": False, "preload": False}
ALIKE = ["tbody > tr:nth-child(n + 7)", "li:nth-child(n + 7)"]
"""Lines of a list after the sixth are made as those before; judging all takes twice as long."""
VIOLATIONS = """async ([alike, options]) => {
  const exclude = alike.filter((one) => document.querySelector(one)).map((one) => [one]);
  const found = await axe.run({ include: [["html"]], exclude }, options);
  return found.violations.map((rule) => `${rule.id}: ${rule.nodes[0].html.slice(0, 200)}`);
}"""


@dataclass
class Visitor:
    """Somebody at a screen: opens pages, presses what a person would press, looks."""

    page: Page
    town: Town
    name: str
    faults: list[str]
    has_script: bool = True
    looking: bool = True
    keeps_pictures: bool = WANTED
    touches: list[str] = field(default_factory=list)
    _shots: int = 0

    def open(self, path: str) -> None:
        """Open a page of the town."""
        self.page.goto(path if path.startswith("http") else self.town.address + path)

    def press(self, label: str) -> None:
        """Press the button, link or fold with a label and wait for the page it leads to."""
        page = self.page
        main = page.locator("main")
        for found in (
            main.get_by_role("button", name=label, exact=True),
            main.get_by_role("link", name=label, exact=True),
            main.locator("summary", has_text=label),
        ):
            shown = found.locator("visible=true")
            if shown.count():
                shown.first.click()
                break
        else:
            raise AssertionError((label, page.url, main.inner_text()[:1500]))
        self.touches.append(label)
        page.wait_for_load_state()

    def fill(self, name: str, text: str, number: int = 0) -> None:
        """Fill the field of a name (the nth of them, counted from 0)."""
        self.page.locator(f"main [name='{name}']").nth(number).fill(text)
        self.touches.append(name)

    def choose(self, name: str, label: str, number: int = 0) -> None:
        """Choose from the list of a name (the nth of them, counted from 0)."""
        self.page.locator(f"main select[name='{name}']").nth(number).select_option(label=label)
        self.touches.append(name)

    def sees(self, text: str) -> None:
        """Expect a text on the page."""
        shown = " ".join(self.page.inner_text("body").split())
        assert text in shown, (text, self.page.url, shown[:1500])

    def download(self, label: str, folder: Path) -> Path:
        """Press what hands over a file and keep it."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=label, exact=True).first.click()
        file = folder / waiting.value.suggested_filename
        waiting.value.save_as(file)
        return file

    def keep_picture(self, name: str = "page") -> None:
        """Keep a picture under var/."""
        self._shots += 1
        SHOTS.mkdir(parents=True, exist_ok=True)
        file = SHOTS / f"{self.name}-{self._shots:02d}-{name}.jpeg"
        self.page.screenshot(path=str(file), full_page=True, caret="initial", quality=70)

    def problems(self, *, ask_axe: bool = True) -> list[str]:
        """Say what is wrong with the page: for axe, sideways, in its heading, in its acts."""
        if not self.has_script:
            return []  # axe is a script; the same pages are asked where scripts run
        found: list[str] = self.page.evaluate(PROBLEMS)
        if not ask_axe:
            return found
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.add_script_tag(url=AXE_ADDRESS)
        found += self.page.evaluate(VIOLATIONS, [ALIKE, AXE])
        return found

    def look(self, name: str = "page") -> None:
        """See that nothing is wrong with the page; keep its picture if it is, or is wanted."""
        if not self.looking:
            return
        wrong = self.problems()
        if wrong or self.keeps_pictures:
            self.keep_picture(name)
        assert wrong == [], self.page.url


Enter = Callable[..., Visitor]


@pytest.fixture
def enter(town: Town, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Enter]:
    """Open a browser and sign in as somebody; every request must stay on our server."""
    opened: list[Any] = []
    visitors: list[Visitor] = []

    def come(
        role: str = "",
        *,
        size: dict[str, int] = PHONE,
        script: bool = True,
        looking: bool = True,
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            locale="vi-VN",
            java_script_enabled=script,
            accept_downloads=True,
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        name = f"{request.node.originalname}-{role or 'nobody'}-{size['width']}"
        name = "".join(sign if sign.isalnum() else "-" for sign in name)
        visitor = Visitor(page, town, name, listen(page, town.address), script, looking)
        visitor.keeps_pictures = WANTED or getattr(request.module, "KEEPS_PICTURES", False)
        visitors.append(visitor)
        if role:
            sign_in(visitor, *town.accounts[role])
        return visitor

    yield come
    for context in opened:
        context.close()
    assert [fault for visitor in visitors for fault in visitor.faults] == []


def listen(page: Page, address: str) -> list[str]:
    """Note what a page complains of and whom else it asks; return the list that fills."""
    faults: list[str] = []

    def note(sent: Any) -> None:
        if not sent.url.startswith((address, "data:", "blob:")):
            faults.append(sent.url)

    page.on("request", note)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    return faults


def sign_in(visitor: Visitor, user: str, password: str) -> None:
    """Sign in with a name and a password, as a person does."""
    visitor.open("/sign-in")
    form = visitor.page.locator(".sign-in section.card form").first
    form.locator("input[name=username]").fill(user)
    form.locator("input[name=password]").fill(password)
    with visitor.page.expect_navigation():
        form.locator("button.primary").click()
    assert "/sign-in" not in visitor.page.url, visitor.page.inner_text("main")
