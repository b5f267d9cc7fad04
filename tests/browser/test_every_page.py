"""Every page that a link leads to, as each kind of visitor finds it: sound, accessible, fitting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from core.app import create_app
from core.web import Route
from tests.browser import journey
from tests.browser.conftest import PC, PHONE, PHUC_SON, WARD, Enter, Town, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
LINK = re.compile(r'<a [^>]*href="([^"]+)"')
OURS = (None, "meetings")
"""Core and meetings; the pages of the other plugins are walked by their own tests."""
STARTS = {
    "branch_secretary": ("/search?q=nguyen", f"/u/{PHUC_SON}/meetings/"),
    "commune_staff": (f"/u/{WARD}/meetings/month?month=10/2026",),
}
"""Pages that are reached by typing something, not by a link."""
OWN = {"core.my_work", "units.overview"}
"""Pages that are another one for each kind of visitor: everybody looks at their own."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Where an address led, and the page that is there; "" where it is no page but a file."""

    address: str
    text: str


def cookie_of(visitor: Visitor) -> str:
    """Return what the visitor's browser sends to show who asks."""
    kept = visitor.page.context.cookies()
    return "; ".join(f"{one.get('name')}={one.get('value')}" for one in kept)


def fetch(address: str, cookie: str) -> Fetched:
    """Ask for an address as a browser with this cookie would, which would take twice as long."""
    asked = Request(address, headers={"Cookie": cookie})  # noqa: S310 - our own server
    with urlopen(asked, timeout=60) as answer:  # noqa: S310 - our own server
        body = answer.read()
        is_page = answer.headers.get_content_type() == "text/html"
        return Fetched(answer.url, body.decode() if is_page else "")


class Walk:
    """The routes of the town's pages, and which of them somebody has looked at."""

    def __init__(self, town: Town) -> None:
        self.town = town
        app: Flask = create_app(system=town.system)
        routes: dict[str, Route] = app.extensions["hatnhan_binder"].routes
        self.routes = {route.endpoint: route for route in routes.values()}
        self.addresses = app.url_map.bind("localhost")
        self.faults: list[str] = []
        self.seen: set[str] = set()
        self.met: set[str] = set()

    def endpoint(self, address: str) -> str:
        """Return the route an address of ours belongs to, empty where it is none of a page."""
        if not address.startswith(self.town.address):
            return ""
        try:
            endpoint, _values = self.addresses.match(urlsplit(address).path, method="GET")
        except HTTPException as error:
            self.faults.append(f"{address}: {error.name}")
            return ""
        route = self.routes.get(str(endpoint))
        return route.endpoint if route is not None and route.plugin in OURS else ""

    def follow(self, visitor: Visitor) -> None:
        """Follow every link of every kind of page once; look where nobody has looked yet."""
        role, cookie = visitor.name, cookie_of(visitor)
        queue, known = ["/", *STARTS.get(role, ())], set[str]()
        while queue:
            address = urljoin(self.town.address, queue.pop(0)).partition("#")[0]
            endpoint = self.endpoint(address)
            if not endpoint or endpoint in known:
                continue
            known.add(endpoint)
            try:
                answer = fetch(address, cookie)
            except HTTPError as error:
                self.faults.append(f"{role}: {address}: {error.code}")
                continue
            if answer.text:
                queue += [urljoin(answer.address, unescape(o)) for o in LINK.findall(answer.text)]
                reached = self.endpoint(answer.address)
                if reached not in self.seen or reached in OWN:
                    self.look(visitor, answer.address, reached)

    def look(self, visitor: Visitor, address: str, endpoint: str) -> None:
        """Look at a page on a phone, then on a PC; there axe judges each role's first page."""
        page = visitor.page
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        page.goto(address)
        is_first = visitor.name not in self.met
        self.met.add(visitor.name)
        for size, ask_axe in ((PHONE, True), (PC, is_first)):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            self.faults += [
                f"{visitor.name} {size['width']}: {address}: {text}"
                for text in visitor.problems(ask_axe=ask_axe)
            ]
        self.seen.add(endpoint)


def test_every_page_is_sound_for_whoever_a_link_leads_there(enter: Enter, town: Town) -> None:
    walk = Walk(town)
    secretary = enter("branch_secretary", looking=False)
    journey.announce(secretary, journey.prepare(secretary))
    for role in town.accounts:
        visitor = enter(role)
        visitor.name = role
        walk.follow(visitor)
    assert "\n".join(walk.faults) == ""
    assert len(walk.seen) > 100, sorted(walk.seen)
