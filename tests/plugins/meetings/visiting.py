"""Visitors of the pages of meetings: browsers at a branch, and what they find there."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from core.testing import Browser, counted
from tests.plugins.meetings.builders import Branch

MOST_STATEMENTS = 15


@dataclass
class Visitor:
    """Somebody with a browser at a unit."""

    branch: Branch
    browser: Browser
    unit: str = "B1"

    def address(self, path: str) -> str:
        """Return the address of a page of meetings at the unit."""
        return path if path.startswith("/u/") else f"/u/{self.unit}/meetings{path}"

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.browser.get(self.address(path))

    def page(self, path: str) -> str:
        """Open a page that must be there, within the statements allowed; return its words."""
        with counted(self.branch.world.system.database.engine) as counter:
            answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        assert counter.count <= MOST_STATEMENTS, (path, counter.count)
        return text_of(answer)

    def send(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form as the page would, without any script."""
        return self.browser.submit(self.address(path), data, **options)

    def done(self, path: str, data: dict[str, Any] | None = None) -> str:
        """Send a form that must be taken; return the address it leads to."""
        answer = self.send(path, data)
        assert answer.status_code == 303, (path, answer.status_code, text_of(answer)[:2000])
        return answer.headers["Location"]

    def refused(self, path: str, data: dict[str, Any] | None = None) -> str:
        """Send a form that must be refused with a page; return the page."""
        answer = self.send(path, data)
        assert answer.status_code in (409, 422), (path, answer.status_code)
        return answer.get_data(as_text=True)


def text_of(answer: TestResponse) -> str:
    """Return the words of a page's main part."""
    body = answer.get_data(as_text=True)
    found = re.search(r"<main.*?</main>", body, re.DOTALL)
    bare = re.sub(r"<[^>]+>", " ", found.group(0) if found else body)
    return " ".join(html.unescape(bare).split())


def visitor(branch: Branch, account: Any, unit: str = "B1") -> Visitor:
    """Return somebody with an account, at a unit."""
    return Visitor(branch, branch.world.browser(account), unit)


def secretary_of(branch: Branch) -> Visitor:
    """Return the branch's secretary."""
    return visitor(branch, branch.secretary)


def deputy_of(branch: Branch) -> Visitor:
    """Return a deputy, who can take over every step."""
    deputy = branch.people[1]
    branch.world.position(deputy, "deputy_secretary", "B1")
    return visitor(branch, branch.world.account(None, "B1", member=deputy))


def member_of(branch: Branch) -> Visitor:
    """Return a plain member."""
    return visitor(branch, branch.world.account("member", "B1", member=branch.people[2]))


def stranger_to(branch: Branch) -> Visitor:
    """Return the secretary of another branch, who looks at this one."""
    return visitor(branch, branch.world.account("branch_secretary", "B2"))


def auditor_of(branch: Branch) -> Visitor:
    """Return a reader who may change nothing."""
    return visitor(branch, branch.world.account("auditor", "W"))


def inside(page: str, words: str) -> bool:
    """Whether a page holds these words, however its markup breaks them."""
    return " ".join(words.split()) in " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


PLAN = {
    "day": "12/11/2026",
    "time": "19 giờ 30",
    "place": "Nhà văn hóa tổ dân phố",
    "parts": "regular",
    "for_month": "11/2026",
    "mode": "onsite",
    "kind": "branch",
}


def scheduled(branch: Branch) -> tuple[Visitor, str]:
    """Schedule a meeting by the form; return the secretary and the meeting's address."""
    secretary = secretary_of(branch)
    people = {"chair_id": str(branch.people[0].id), "clerk_id": str(branch.people[1].id)}
    return secretary, secretary.done("/new", {**PLAN, **people}).removesuffix("/prepare")


def held(branch: Branch) -> tuple[Visitor, str]:
    """Schedule, agree, announce, open the roll: the secretary in the evening of the meeting."""
    secretary, at = scheduled(branch)
    secretary.done(f"{at}/agree", {"on": "10/11/2026"})
    secretary.done(f"{at}/announce")
    branch.evening()
    secretary = secretary_of(branch)
    secretary.done(f"{at}/roll/open")
    return secretary, at


def items_of(secretary: Visitor, at: str) -> list[str]:
    """Return the addresses of the items, in order."""
    page = secretary.get(f"{at}/proceed").get_data(as_text=True)
    return list(dict.fromkeys(re.findall(rf"{at}/proceed/[0-9a-f-]{{36}}", page)))
