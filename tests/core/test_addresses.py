"""Addresses written by patterns are those that Flask writes."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask, url_for
from werkzeug.routing import BuildError

from core.addresses import Addresses

KEY, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.fixture(scope="module")
def app() -> Flask:
    """Have pages of several kinds."""
    app = Flask("pages")
    for rule in ("/u/<unit>/", "/u/<unit>/x/<uuid:key>", "/n/<int:number>", "/%41/<unit>"):
        app.add_url_rule(rule, endpoint=rule, view_func=lambda **_values: "")
    for rule in ("/two", "/two/<unit>"):
        app.add_url_rule(rule, endpoint="two", view_func=app.view_functions["/u/<unit>/"])
    return app


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("/u/<unit>/", [{"unit": "A"}, {"unit": "a/b?"}, {"unit": "Đ"}, {"unit": ""}]),
        (
            "/u/<unit>/",
            [{"unit": "A", "q": "x"}, {"unit": "A", "q": "x y"}, {"q": "y", "unit": "B"}],
        ),
        ("/u/<unit>/", [{"unit": "A", "q": None}, {"unit": "A", "q": ["1", "2"]}, {"unit": 7}]),
        ("/u/<unit>/x/<uuid:key>", [{"unit": "A", "key": KEY}, {"unit": "B", "key": OTHER}]),
        ("/u/<unit>/x/<uuid:key>", [{"unit": "A", "key": str(KEY)}, {"unit": "A", "key": KEY}]),
        ("/u/<unit>/", [{"unit": "A", "_anchor": "rows"}, {"unit": "B", "_anchor": "x"}]),
        ("/n/<int:number>", [{"number": 7}, {"number": "8"}]),
        ("/%41/<unit>", [{"unit": "A"}, {"unit": "B"}]),
        ("two", [{}, {"unit": "A"}, {"unit": "B"}, {"q": "A"}]),
    ],
)
@pytest.mark.parametrize("root", ["", "/hatnhan"])
def test_an_address_is_the_one_that_flask_writes(app, endpoint, values, root):
    addresses = Addresses(app)
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
        for one in values * 2:
            assert addresses.write(endpoint, one) == url_for(endpoint, **one)


def test_an_address_that_there_is_not_is_refused_each_time(app):
    addresses = Addresses(app)
    with app.test_request_context("/"):
        for _ in range(2):
            with pytest.raises(BuildError):
                addresses.write("nothing", {"unit": "A"})
            with pytest.raises(BuildError):
                addresses.write("/u/<unit>/", {"other": "A"})
