"""The parts of pages that are written in Python, and the calls that templates make."""

from __future__ import annotations

import jinja2
import pytest
from flask import Flask
from jinja2 import pass_context
from markupsafe import Markup

from core.i18n import lazy
from core.parts import PageContext, PageEnvironment, Parts, cell

PARTS = Parts(lambda path: f"/static/{path}?v=1&w=2")
BAD = '<b>"&'
SAFE = "&lt;b&gt;&#34;&amp;"


def test_an_icon_is_a_drawing_that_is_not_read_out():
    drawn = PARTS.icon("people")
    assert drawn == (
        '<svg class="icon" aria-hidden="true" focusable="false">'
        '<use href="/static/vendor/bootstrap-icons/sprite.svg?v=1&amp;w=2#people"></use></svg>'
    )
    assert PARTS.icon("people") is drawn


def test_whatever_a_chip_or_a_cell_is_given_is_escaped():
    everything = [
        PARTS.chip(BAD, BAD, BAD),
        cell(BAD, BAD, BAD, BAD, head=True, small=BAD),
        cell(BAD, caller=lambda: BAD),
    ]
    for markup in everything:
        assert isinstance(markup, Markup)
        assert BAD not in markup
        assert SAFE in markup


def test_a_cell_says_its_label_its_value_and_what_is_small():
    assert cell("Họ tên", "An", href="/x", head=True, small="Bí thư") == (
        '<th scope="row" data-label="Họ tên"><span class="cell"><a href="/x">An</a>'
        " <small>Bí thư</small></span></th>"
    )
    assert cell("Số", 7, "num") == (
        '<td class="num" data-label="Số"><span class="cell">7</span></td>'
    )
    assert cell(lazy("Status"), None).endswith('<span class="cell">None</span></td>')
    assert "<i>" in cell("", Markup("<i>already markup</i>"))


@pass_context
def told(context: jinja2.runtime.Context, word: str) -> str:
    """Answer from the context of the page."""
    return f"{word} {context['here']}"


class Loud:
    """Something that is called without being a function."""

    def __call__(self, word: str) -> str:
        """Answer loudly."""
        return word.upper()


@pytest.fixture(scope="module")
def environments() -> list[jinja2.Environment]:
    """Jinja as it is, and with our way of calling."""
    made = [jinja2.Environment(autoescape=True), PageEnvironment(Flask("pages"), autoescape=True)]
    made[1].context_class = PageContext
    for environment in made:
        environment.globals.update(told=told, loud=Loud(), plain=lambda *a, **k: f"{a}{k}")
        environment.globals.update(record={"items": 1, "name": BAD, "get": 2}, late=lazy(BAD))
    return made


@pytest.mark.parametrize(
    "text",
    [
        "{% macro m(x, y=1) %}<i>{{ x }}{{ y }}{% endmacro %}{{ m('<', y=2) }}",
        "{% macro m() %}[{{ caller('<') }}]{% endmacro %}{% call(v) m() %}{{ v }}{% endcall %}",
        "{% for here in [1, 2] %}{{ told('at') }} {{ plain(here, x=1) }}{% endfor %}",
        "{{ told('<') }}{{ loud('a') }}{{ dict(a=1) }}{{ 'x'.upper() }}{{ range(2) | list }}",
        "{% block b %}{{ plain() }}{% endblock %}{{ self.b() }}",
        "{% autoescape false %}{% macro m() %}<{% endmacro %}{{ m() }}{% endautoescape %}",
        "{{ here }}{{ here | safe }}{{ 7 }}{{ none }}{{ nothing }}{{ late }}{{ '\"' ~ here }}",
        "{{ record.name }}{{ record.items() | list }}{{ record.get('name') }}{{ record.nothing }}",
        "{% set x %}<b>{{ here }}</b>{% endset %}{{ x }}{{ [here] | join('<') }}{{ here | e | e }}",
    ],
)
def test_templates_call_as_jinja_calls(environments, text):
    usual, ours = (each.from_string(text).render(here="<here>") for each in environments)
    assert ours == usual
