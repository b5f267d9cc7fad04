"""Every route times every kind of visitor: nobody, elsewhere, here, with the right, where off."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core.access.models import Role
from core.access.permissions import titles
from core.testing import Browser, World
from core.web import PUBLIC, SIGNED_IN, Answer, PluginBlueprint, Route

THROUGH = "through the door"
EXAMPLES = {"uuid": str(uuid.UUID(int=7)), "int": "7", "default": "x", "string": "x", "path": "x"}


@pytest.fixture
def routes(world: World, monkeypatch: pytest.MonkeyPatch) -> list[Route]:
    """All routes, whose views only say that the door let the visitor in."""
    found: list[Route] = list(world.app.extensions["hatnhan_binder"].routes.values())
    for route in found:
        monkeypatch.setattr(route, "view", lambda *_a, **_k: Answer({"door": THROUGH}))
        monkeypatch.setattr(route, "answers", None)
        monkeypatch.setattr(route, "form", None)
    return found


def address_of(world: World, route: Route, unit: str) -> str:
    """Return an address of a route, with example values for what stands in it."""
    rule = next(iter(world.app.url_map.iter_rules(route.endpoint)))
    values: dict[str, Any] = {}
    for name in rule.arguments:
        converter = type(rule._converters[name]).__name__.removesuffix("Converter").lower()
        kind = {"unicode": "default", "integer": "int"}.get(converter, converter)
        if kind == "any":
            values[name] = next(iter(rule._converters[name].items))
        else:
            values[name] = unit if name == "unit_code" else EXAMPLES[kind]
    with world.app.test_request_context():
        address = world.app.url_for(route.endpoint, **values)
    if route.kind == "api":
        address += f"?unit={unit}"
    return address


def knock(world: World, browser: Browser, route: Route, unit: str = "B") -> TestResponse:
    """Ask for a route as its page or a program would."""
    address, method = address_of(world, route, unit), route.methods[0]
    if method == "GET":
        return browser.get(address)
    if route.kind == "api":
        return browser.send(method, address, json={})
    return browser.submit(address)


def was_let_in(answer: TestResponse) -> bool:
    """Whether the door was passed: the view answered, or the input after it was refused."""
    return THROUGH in answer.get_data(as_text=True) or answer.status_code in (422, 428)


def with_role(world: World, permissions: list[str], unit: str) -> Browser:
    """Return a browser of somebody with exactly these permissions at a unit."""
    key = uuid.uuid4().hex[:12]
    with world.work() as work:
        work.session.add(
            Role(
                key=key,
                title=key,
                title_en=key,
                permissions=permissions,
                denied=[],
                field_classes=[],
            )
        )
        work.touch("access")
    return world.browser(world.account(key, unit))


@pytest.fixture
def places(world: World) -> World:
    """A branch here and one elsewhere."""
    world.unit("W", "commune")
    world.unit("B", "branch", "W")
    world.unit("X", "branch")
    return world


def unit_routes(routes: list[Route]) -> list[Route]:
    """Return the routes that need a permission at a unit."""
    return [
        route
        for route in routes
        if route.permission not in (PUBLIC, SIGNED_IN) and not route.is_site
    ]


def test_nobody_is_let_in_without_signing_in(places: World, routes: list[Route]) -> None:
    browser = places.browser()
    for route in routes:
        if route.permission == PUBLIC:
            continue
        answer = knock(places, browser, route)
        expected = 401 if route.kind == "api" else 303
        assert answer.status_code == expected, route.endpoint
        if expected == 303:
            assert answer.headers["Location"].startswith("/sign-in"), route.endpoint


def test_somebody_from_elsewhere_finds_nothing(places: World, routes: list[Route]) -> None:
    permissions = sorted({route.permission for route in unit_routes(routes)})
    browser = with_role(places, permissions, "X")
    for route in unit_routes(routes):
        assert knock(places, browser, route).status_code == 404, route.endpoint


def test_who_is_here_without_the_right_is_refused(places: World, routes: list[Route]) -> None:
    browser = with_role(places, ["core:nothing:at_all"], "B")
    for route in unit_routes(routes):
        assert knock(places, browser, route).status_code == 403, route.endpoint


def test_who_is_here_with_the_right_is_let_in(places: World, routes: list[Route]) -> None:
    permissions = sorted({route.permission for route in unit_routes(routes)})
    browser = with_role(places, permissions, "B")
    for route in unit_routes(routes):
        answer = knock(places, browser, route)
        assert was_let_in(answer), (route.endpoint, answer.status_code)


def test_where_a_plugin_is_off_it_does_not_exist(places: World, routes: list[Route]) -> None:
    names = {route.plugin for route in routes if route.plugin}
    for name in names:
        places.switch(name, "B", on=False)
    permissions = sorted({route.permission for route in unit_routes(routes)})
    browser = with_role(places, permissions, "B")
    for route in unit_routes(routes):
        if route.plugin:
            assert knock(places, browser, route).status_code == 404, route.endpoint


def test_a_page_sent_from_another_site_changes_nothing(places: World, routes: list[Route]) -> None:
    permissions = sorted({route.permission for route in routes})
    browser = with_role(places, permissions, "B")
    for route in routes:
        if route.writes and route.kind == "page" and "GET" not in route.methods:
            answer = browser.post(address_of(places, route, "B"), data={})
            assert answer.status_code == 422, route.endpoint
            assert THROUGH not in answer.get_data(as_text=True), route.endpoint


def test_a_route_without_a_permission_cannot_be_declared() -> None:
    blueprint = PluginBlueprint("example")
    with pytest.raises(TypeError, match="permission"):
        blueprint.view("/")  # type: ignore[call-arg]


def test_a_plugin_cannot_put_a_page_outside_its_switch() -> None:
    with pytest.raises(TypeError):
        PluginBlueprint("example").view("/", permission=PUBLIC, site=True)


def test_every_permission_of_a_route_has_a_title_people_can_read(
    world: World, routes: list[Route]
) -> None:
    known = titles(world.system.host)
    assert {route.permission for route in routes} - known.keys() - {PUBLIC, SIGNED_IN} == set()


def test_every_permission_of_a_route_is_held_by_some_role(
    world: World, routes: list[Route]
) -> None:
    from core.access.rights import load_roles  # noqa: PLC0415 - only here

    with world.work(writing=False) as work:
        roles = load_roles(work.session, work.host)
    held = frozenset().union(*(role[0] for role in roles.values()))
    missing = {route.permission for route in unit_routes(routes)} - held
    assert not missing
