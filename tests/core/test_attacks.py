"""What somebody who means harm would try: forged pages, foreign addresses, markup in names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from core.app import POLICY
from core.binding import file_response, safe_address
from core.db import Base
from core.testing import World
from core.web import Download, Route
from tests.core.inhabited import Inhabited, OpenInhabited, all_routes

MARKUP = "\"'><b id=xss>{{7*7}}</b>"
INLINE = re.compile(r"(?i)<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:")


pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def place(inhabited: OpenInhabited) -> Iterator[Inhabited]:
    """A world in which everything exists, on SQLite."""
    with inhabited("sqlite", 2) as found:
        yield found


# --- markup ------------------------------------------------------------------------------------


def spoil(place: Inhabited) -> int:
    """Write markup into every free text that is kept; return into how many columns."""
    connection = place.world.system.database._connection
    count = 0
    for table in Base.metadata.sorted_tables:
        free = [c for c in table.c if isinstance(c.type, sa.Text) or length(c) in (300, 600)]
        free = [c for c in free if not c.primary_key and not c.foreign_keys and c.name != "search"]
        if free:
            connection.execute(sa.update(table).values(dict.fromkeys(free, MARKUP)))
            count += len(free)
    place.world.system.opener.forget()
    return count


def length(column: Any) -> int | None:
    return column.type.length if isinstance(column.type, sa.String) else None


def test_markup_in_whatever_is_kept_stays_text_on_every_page(place: Inhabited) -> None:
    browser = place.browser()
    shown = 0
    with place.world.system.database._connection.begin_nested() as savepoint:
        assert spoil(place) > 40
        for route in all_routes(place.world.app):
            if "GET" not in route.methods or route.kind != "page":
                continue
            for address in place.addresses(route):
                answer = browser.get(address)
                if answer.mimetype != "text/html":
                    continue
                body = answer.get_data(as_text=True)
                assert answer.status_code < 500, route.endpoint
                assert "<b id=xss>" not in body, route.endpoint
                assert "49</b>" not in body, route.endpoint
                assert not INLINE.search(body), (route.endpoint, INLINE.search(body))
                assert answer.headers["Content-Security-Policy"] == POLICY
                shown += "&lt;b id=xss&gt;" in body
        savepoint.rollback()
    place.world.system.opener.forget()
    assert shown > 60


# --- addresses and names of files --------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\t\\evil.example",
        "/x\r\nSet-Cookie: a=b",
        "/x\nLocation: //evil.example",
        "evil.example",
        "",
        " /x",
    ],
)
def test_nobody_is_sent_to_another_server(target: str) -> None:
    assert safe_address(target) == "/"


@given(st.text(alphabet="/\\:@.\t\n\r abx?#%", max_size=12))
@settings(deadline=None, database=None, derandomize=True)
def test_a_safe_address_begins_with_one_slash(target: str) -> None:
    found = safe_address(target)
    assert re.fullmatch(r"/(?![/\\])[^\\\x00-\x1f]*", found)


@pytest.mark.parametrize("target", ["/u/B1/members/?q=Nguyễn Văn", "/", "/me#top", "/u/B1/x?y=//z"])
def test_an_address_of_ours_is_followed(target: str) -> None:
    assert safe_address(target) == target


@given(st.text(max_size=40))
@settings(
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_name_of_a_file_breaks_no_header(name: str) -> None:
    response = file_response(Download(b"x", name, "text/plain", inline=False))
    header = response.headers["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert not re.search(r"[\x00-\x1f\x7f]|\.\./|\.\.\\", header)
    assert header.isascii()


def test_a_file_keeps_its_vietnamese_name() -> None:
    response = file_response(Download(b"x", "Biên bản Đảng bộ.docx", "text/plain", inline=False))
    header = response.headers["Content-Disposition"]
    assert parse_options_header(header) == ("attachment", {"filename": "Biên bản Đảng bộ.docx"})
    assert 'filename="Bien ban Dang bo.docx"' in header


@pytest.mark.parametrize(
    "path",
    [
        "/static/core/../../config.py",
        "/static/core/%2e%2e/%2e%2e/config.py",
        "/static/core/..%5c..%5cconfig.py",
        "/static/../core/config.py",
        "/static/meetings/../plugin.py",
        "/static/nobody/x.css",
        "/static/core/\x00.css",
    ],
)
def test_static_files_are_only_those_of_the_folder(world: World, path: str) -> None:
    assert world.browser().get(path).status_code == 404


# --- forged requests ---------------------------------------------------------------------------


def writing(place: Inhabited) -> Iterator[tuple[Route, str]]:
    """Yield every route that changes something, with an address."""
    for route in all_routes(place.world.app):
        if route.writes and "GET" not in route.methods:
            yield route, place.addresses(route)[0]


@pytest.mark.parametrize("sent", [{}, {"csrf_token": "x"}, {"csrf_token": "of another"}])
def test_no_request_without_this_browsers_token_changes_anything(
    place: Inhabited, sent: dict[str, str]
) -> None:
    browser, other = place.browser(), place.browser()
    with other.session_transaction() as cookie:
        cookie["csrf_token"] = "0" * 40
    if sent.get("csrf_token") == "of another":
        sent = {"csrf_token": other.token()}
    for route, address in writing(place):
        headers = {"X-CSRFToken": sent.get("csrf_token", "")}
        options: dict[str, Any] = {"json": {}} if route.kind == "api" else {"data": sent}
        answer = browser.open(address, method=route.methods[0], headers=headers, **options)
        # Where the record is unknown, the page that would say so is not there either.
        assert answer.status_code in (404, 422), route.endpoint


def test_a_page_takes_no_bearer_and_a_program_no_empty_one(place: Inhabited) -> None:
    nobody = place.world.browser()
    for bearer in ("Bearer ", "Bearer x", "bearer  ", "Basic dTpw"):
        headers = {"Authorization": bearer}
        assert nobody.get("/me/security", headers=headers).status_code == 303
        assert nobody.get("/api/v1/members?unit=B1", headers=headers).status_code == 401
    signed_in = place.browser()
    answer = signed_in.get("/api/v1/members?unit=B1", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 401, "a wrong token is not made good by a cookie"


def test_a_cookie_made_without_the_key_is_nobodys(place: Inhabited) -> None:
    browser = place.browser()
    cookie = browser.get_cookie("hatnhan")
    assert cookie is not None
    payload, _dot, rest = cookie.value.partition(".")
    for forged in (payload, f"{payload}.x.y", f"{payload[:-2]}AA.{rest}", "a" * 3000, "é"):
        browser.set_cookie("hatnhan", forged)
        assert browser.get("/").status_code == 303


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "PUT", "DELETE"])
def test_methods_nobody_declared_are_refused(place: Inhabited, method: str) -> None:
    browser = place.browser()
    for address in ("/", "/u/B1/members/", "/api/v1/members?unit=B1"):
        answer = browser.open(address, method=method, headers={"X-CSRFToken": browser.token()})
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]


def test_every_answer_says_how_it_may_be_used(place: Inhabited) -> None:
    browser = place.browser()
    for address in ("/", "/nowhere", "/api/v1/members?unit=B1", "/u/B1/members/"):
        headers = browser.get(address).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]


def test_the_session_cookie_is_for_this_server_and_no_script(place: Inhabited) -> None:
    answer = place.world.browser().get("/sign-in")
    cookie = next(h for h in answer.headers.getlist("Set-Cookie") if h.startswith("hatnhan="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
