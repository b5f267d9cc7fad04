"""Every page that a link leads to, as each kind of visitor finds it: sound, accessible, fitting."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from core.app import create_app
from core.web import Route
from tests.browser import journey
from tests.browser.conftest import BY_WIDTH, PC, PHONE, PHUC_SON, WARD, Enter, Town, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
LINK = re.compile(r'<a [^>]*href="([^"]+)"')
OURS = (None, "meetings")
"""Core and meetings; the pages of the other plugins are walked by their own tests."""
STARTS = {
    "branch_secretary": ("/search?q=nguyen", f"/u/{PHUC_SON}/meetings/"),
    "commune_staff": (f"/u/{WARD}/meetings/month?month=10/2026",),
}
"""Pages that are reached by typing something, not by a link."""
OWN = {"core.my_work", "units.overview", "meetings.index"}
"""Pages that are another one for each kind of visitor: everybody looks at their own."""


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
        role = visitor.name
        queue, known = ["/", *STARTS.get(role, ())], set[str]()
        while queue:
            address = urljoin(self.town.address, queue.pop(0)).partition("#")[0]
            endpoint = self.endpoint(address)
            if not endpoint or endpoint in known:
                continue
            known.add(endpoint)
            answer = visitor.page.request.get(address)
            if answer.status != 200:
                self.faults.append(f"{role}: {address}: {answer.status}")
            elif "text/html" in answer.headers["content-type"]:
                queue += [urljoin(answer.url, unescape(one)) for one in LINK.findall(answer.text())]
                reached = self.endpoint(answer.url)
                if reached not in self.seen or reached in OWN:
                    self.look(visitor, answer.url, reached)

    def look(self, visitor: Visitor, address: str, endpoint: str) -> None:
        """Look at a page on a phone, then on a PC; there each role's first page with all rules."""
        page = visitor.page
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        page.goto(address)
        frame = () if visitor.name not in self.met else BY_WIDTH
        self.met.add(visitor.name)
        for size, rules in ((PHONE, ()), (PC, frame)):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            self.faults += [
                f"{visitor.name} {size['width']}: {address}: {text}"
                for text in visitor.problems(rules)
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
