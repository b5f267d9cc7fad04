"""Whatever is sent to a route: a sentence that says what to do, and nothing changed by it."""

from __future__ import annotations

import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from core.db import Base
from core.testing import Browser
from core.web import Route
from tests.core import wrong_input
from tests.core.inhabited import Inhabited, OpenInhabited, all_routes
from tests.environment.systems import KINDS

pytestmark = [pytest.mark.slow]
# What reading and being seen leave behind; signing in counts the tries.
PASSED_OVER = frozenset({"core_ledger_read", "core_session"})
VIETNAMESE = re.compile(
    r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)
# Wrong passwords are counted, and the ledger tells of it.
COUNTED = {
    "core.change_password_post": {"core_account", "core_ledger", "core_ledger_payload"},
    "core.sign_in_post": {"core_unknown_name"},
    "core.reset_password_post": {"core_unknown_name"},
}
ENGLISH = re.compile(
    r"\b(not a valid|missing data|unknown field|invalid value|must be)\b", re.IGNORECASE
)
WRITING = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
DEEP = "[" * 200_000
NO_OBJECT = ("[]", '"x"', "5", "null", "{", "", "NaN", '{"a":' * 5000, DEEP)

NO_FORM: tuple[Callable[[], dict[str, Any]], ...] = (
    lambda: {"json": {"a": 1}},
    lambda: {"data": b"\xff\x00", "content_type": "text/plain"},
    lambda: {"data": b"--x\r\nabc", "content_type": "multipart/form-data; boundary=x"},
)


@pytest.fixture(scope="module", params=KINDS)
def place(request: pytest.FixtureRequest, inhabited: OpenInhabited) -> Iterator[Inhabited]:
    """A world in which everything exists."""
    with inhabited(request.param, 2) as found:
        yield found


def writing(place: Inhabited, kind: str) -> list[Route]:
    """Return the routes that take something."""
    return [r for r in all_routes(place.world.app) if r.kind == kind and r.writes]


@contextmanager
def written(place: Inhabited) -> Iterator[set[str]]:
    """Name the tables that are written to inside; who takes the names clears the set."""
    names: set[str] = set()

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        names.update(WRITING.findall(statement))

    engine = place.world.system.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield names
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def rows_of(place: Inhabited, names: Collection[str] | None = None) -> Iterator[tuple[str, str]]:
    """Yield tables, all or those of names, with their rows as text; files are no text."""
    connection = place.world.system.database._connection
    for table in Base.metadata.sorted_tables:
        if table.name not in PASSED_OVER and (names is None or table.name in names):
            rows = connection.execute(sa.select(table).prefix_with("/* unscoped: test */"))
            texts = (
                repr([str(cell) for cell in row if not isinstance(cell, bytes)]) for row in rows
            )
            yield table.name, "\n".join(sorted(texts))


def stored(place: Inhabited, names: Collection[str] | None = None) -> dict[str, str]:
    """Return a digest of the rows of every table, or of those of names."""
    found = rows_of(place, names)
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in found}


def send(browser: Browser, place: Inhabited, route: Route, **options: Any) -> TestResponse:
    """Send something to a route."""
    address = place.addresses(route)[-1]
    headers = {"X-CSRFToken": browser.token(), **options.pop("headers", {})}
    if "json" in options:
        options["data"] = json.dumps(options.pop("json"))
        options["content_type"] = "application/json"
    if route.revised:
        headers["If-Match"] = '"1"'
    return browser.open(address, method=route.methods[0], headers=headers, **options)


def fault_of(answer: TestResponse, route: Route, *, only_refused: bool = True) -> str:
    """Say what is wrong with an answer to bad input; "" where all is well."""
    if answer.status_code >= 500:
        return f"{answer.status_code}"
    if answer.status_code < 400:
        return f"taken: {answer.status_code}" if only_refused else ""
    said = said_by_program(answer) if route.kind == "api" else said_by_page(answer)
    if not VIETNAMESE.search(said) or ENGLISH.search(said):
        return f"no sentence in Vietnamese: {said[:300]}"
    return ""


def said_by_program(answer: TestResponse) -> str:
    """Return what a problem document says; "" when it is none."""
    told = answer.get_json() if answer.mimetype == "application/problem+json" else {}
    if not {"code", "title", "status", "fields"} <= told.keys():
        return ""
    return " ".join([told["title"], *(s for texts in told["fields"].values() for s in texts)])


def said_by_page(answer: TestResponse) -> str:
    """Return what the summary of a page says is wrong, or its error page."""
    body = answer.get_data(as_text=True)
    found = re.search(
        r'class="error-summary".*?</section>|data-error-page.*?</section>', body, re.DOTALL
    )
    return re.sub(r"<[^>]+>", " ", found[0]) if found and answer.mimetype == "text/html" else ""


def tried(
    place: Inhabited, kind: str, cases: Any, *, only_refused: bool = True, after: Any = None
) -> list[str]:
    """Send the cases to every route; return what went wrong, also with what was kept.

    After a route the tables it wrote to are compared, in the end all of them.
    """
    browser, wrong = place.browser(), []
    before = stored(place)
    with written(place) as names:
        for route in writing(place, kind):
            if route.accepts is None:
                continue
            touched = set[str]()
            for name, options in cases(route):
                names.clear()
                found = knocked(place, browser, route, options, only_refused, after, names)
                wrong += [f"{route.endpoint} {name}: {fault}" for fault in found]
                touched |= names
            now = before | stored(place, touched)
            changed = {table for table in now if now[table] != before[table]}
            if changed - COUNTED.get(route.endpoint, set()):
                wrong.append(f"{route.endpoint}: changed {changed}")
            before = now
    return wrong + [f"changed in the end: {name}" for name in differing(before, stored(place))]


def differing(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """Name the tables whose digests differ."""
    return [name for name in now if now[name] != before[name]]


def knocked(
    place: Inhabited,
    browser: Browser,
    route: Route,
    options: dict[str, Any],
    only_refused: bool,
    after: Any,
    names: Collection[str],
) -> list[str]:
    """Send one case and undo what it did; return what went wrong."""
    wrong = []
    with place.world.system.database._connection.begin_nested() as savepoint:
        named = options.pop("named", set())
        answer = send(browser, place, route, **options)
        fault = fault_of(answer, route, only_refused=only_refused)
        if named and not fault:
            told = {key.partition(".")[0] for key in answer.get_json()["fields"]}
            fault = f"says nothing of {named - told}" if named - told else ""
        if fault:
            wrong.append(fault[:80])
        if answer.status_code < 400:
            wrong += [f"kept {what}" for what in after(place, names)] if after else []
            savepoint.rollback()
            place.world.system.opener.forget()
    return wrong


def json_cases(place: Inhabited) -> Any:
    """Make the cases of a route that takes JSON."""
    turn = count()

    def cases(route: Route) -> Iterator[tuple[str, dict[str, Any]]]:
        schema = route.accepts
        good = wrong_input.whole(schema, place.examples)
        for body in wrong_input.wrong_types(schema):
            yield f"wrong types {body}", {"json": body, "named": set(body)}
        yield "unknown field", {"json": {**good, "khac": 1}}
        for name in wrong_input.texts(schema)[:1]:
            yield f"1 MB in {name}", {"json": {**good, name: "a" * wrong_input.LONG}}
        if any(one.required for one in schema.load_fields.values()):
            yield "nothing", {"json": {}}
        if wrong_input.texts(schema):
            for text in (wrong_input.NUL, wrong_input.HALF):
                yield f"text {text!r}", {"json": wrong_input.everywhere(good, text)}
        # No JSON object is refused before a route is asked; each is tried on every third route.
        for text in NO_OBJECT[next(turn) % 3 :: 3]:
            yield f"JSON {text[:20]}", {"data": text, "content_type": "application/json"}
        yield "form", {"data": {"a": "b"}}
        yield "text", {"data": b"\xff\xfe{}", "content_type": "text/plain"}
        yield "not UTF-8", {"data": b'{"a": "\xff\xfe"}', "content_type": "application/json"}

    return cases


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_programs_are_told_what_is_wrong(place: Inhabited) -> None:
    wrong = tried(place, "api", json_cases(place))
    assert not wrong


def form_cases(place: Inhabited) -> Any:
    """Make the cases of a page's form."""
    turn = count()

    def cases(route: Route) -> Iterator[tuple[str, dict[str, Any]]]:
        schema = route.accepts
        good = wrong_input.as_form(wrong_input.whole(schema, place.examples))
        number = next(turn)
        typed = wrong_input.typed(schema)
        for name in typed[number % len(typed) :][:1] if typed else ():
            yield f"wrong type of {name}", {"data": {**good, name: "không phải"}}
        yield "unknown field", {"data": {**good, "khac": "1"}}
        for name in wrong_input.texts(schema)[:1]:
            file = (io.BytesIO(b"x"), "tệp.xlsx")
            large = {name: "a" * wrong_input.LONG}, {name: file}
            yield f"large or a file in {name}", {"data": {**good, **large[number % 2]}}
        if wrong_input.texts(schema):
            text = (wrong_input.NUL, "a" * 20_001)[number % 2]
            yield f"text {text[:10]!r}", {"data": wrong_input.everywhere(good, text)}
        if any(one.required for one in schema.load_fields.values()):
            yield "nothing", {"data": {}}
            # What is no form is seen before a route is asked; each is tried on every third route.
            yield "no form", NO_FORM[number % 3]()

    return cases


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_people_are_told_what_is_wrong(place: Inhabited) -> None:
    wrong = tried(place, "page", form_cases(place))
    assert not wrong


def strange_cases(place: Inhabited, kind: str) -> Any:
    """Make input that a route may take: what is kept of it must be clean."""
    turn = count()

    def cases(route: Route) -> Iterator[tuple[str, dict[str, Any]]]:
        good = wrong_input.whole(route.accepts, place.examples)
        bodies = {"strange": wrong_input.everywhere(good, wrong_input.STRANGE)}
        # Programs send all of these; the forms of pages, which lead to the same verbs, take turns.
        every = slice(None) if kind == "api" else slice(next(turn) % 2, None, 2)
        for day in ("31/12/9999", "01/01/0001")[every]:
            bodies[day] = wrong_input.everywhere(good, day, instead_of="12/12/2026")
        for number in (2**31, wrong_input.HUGE)[every]:
            bodies[f"{number}"] = wrong_input.everywhere(good, number, instead_of=1)
        for name, body in bodies.items():
            if body != good:
                sent = {"json": body} if kind == "api" else {"data": wrong_input.as_form(body)}
                yield name, sent

    return cases


def unclean(place: Inhabited, names: Collection[str]) -> list[str]:
    """Return what is kept in another form than NFC, or with signs nobody sees."""
    found = []
    for name, text in rows_of(place, names):
        if not unicodedata.is_normalized("NFC", text):
            found.append(f"{name} not NFC")
        found += [f"{name} {sign}" for sign in wrong_input.SHOWN_SIGNS if sign in text]
    return found


# Pages hand the same services what programs hand them; on PostgreSQL, which refuses more signs.
KEPT = (("sqlite", "api"), ("postgresql", "api"), ("postgresql", "page"))


@pytest.mark.parametrize(("place", "kind"), KEPT, indirect=["place"])
def test_what_is_taken_is_kept_clean(place: Inhabited, kind: str) -> None:
    wrong = tried(place, kind, strange_cases(place, kind), only_refused=False, after=unclean)
    assert not wrong
