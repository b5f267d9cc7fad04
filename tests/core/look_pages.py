"""Pages rendered as the application does it, without an application: for the tests of the look."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2

from core.parts import PageContext, Parts

CORE = Path(__file__).resolve().parents[2] / "core"
TEMPLATES = CORE / "templates"
ALL_MACROS = '{% import "core/macros.html" as ui %}'


def _make_environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.context_class = PageContext
    environment.globals.update(
        {
            **Parts(lambda path: f"/static/{path}?v=1").for_templates(),
            "_": lambda text, **values: text % values if values else text,
            "csrf_token": lambda: "a-token",
            "static": lambda path: f"/static/{path}?v=1",
        }
    )
    environment.filters.update(
        {
            "day": lambda day: f"{day:%d/%m/%Y}",
            "day_long": lambda day: f"{day:%d/%m/%Y}",
            "time": lambda moment: f"{moment:%H:%M}",
            "number": lambda value: f"{value:,}".replace(",", "."),
        }
    )
    return environment


ENVIRONMENT = _make_environment()


def make_frame(**changes: Any) -> dict[str, Any]:
    """Return what core.rendering puts around every page."""
    actor = SimpleNamespace(id="7", name="Nguyễn Thị Hoa", acting_for=None)
    frame = {
        "title": "Điểm danh",
        "unit": SimpleNamespace(code="N1", name="Chi bộ Phúc Sơn", kind="branch"),
        "trail": [],
        "menu": [SimpleNamespace(title="Sinh hoạt", href="/m", current=True, icon="calendar3")],
        "actor": actor,
        "locale": "vi",
        "text_size": 0,
        "contrast": False,
        "as_of": None,
        "notices": 0,
        "demo": False,
        "simulated_now": None,
        "flashes": [],
        "mode": "test",
        "other_units": 0,
        "path": "/m",
    }
    return {**frame, **changes}


def show(template: str, **values: Any) -> str:
    """Render a page of core inside the frame; a name that ends in `.html`, or the source itself."""
    load = ENVIRONMENT.get_template if template.endswith(".html") else ENVIRONMENT.from_string
    given = {"page": make_frame(), "url": lambda name, **_parts: f"/{name}", **values}
    return load(template).render(given)


def draw(source: str, **values: Any) -> str:
    """Render a piece of a template that may use every macro as `ui.…`."""
    return ENVIRONMENT.from_string(ALL_MACROS + source).render(**values)


def make_field(name: str, kind: str = "text", **changes: Any) -> SimpleNamespace:
    """Make a field as core.forms shows it."""
    plain = {
        "label": name.title(),
        "hint": "",
        "required": True,
        "value": "",
        "choices": [],
        "errors": [],
        "maxlength": None,
        "min": None,
        "max": None,
        "inputmode": None,
        "autocomplete": None,
    }
    return SimpleNamespace(name=name, kind=kind, **{**plain, **changes})


def make_form(*fields: SimpleNamespace, **changes: Any) -> SimpleNamespace:
    """Make a form as core.forms shows it."""
    plain = {
        "fields": {one.name: one for one in fields},
        "errors": [(one.name, text) for one in fields for text in one.errors],
        "draft_key": "",
        "draft_saved_at": None,
        "action": "/send",
        "hidden": {},
    }
    return SimpleNamespace(**{**plain, **changes})


class Nesting(HTMLParser):
    """Checks that every element that opens also closes, in order, and that no id comes twice."""

    void = frozenset(("br", "hr", "img", "input", "link", "meta"))

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.void and tag not in ("path", "rect", "circle"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def well_formed(markup: str) -> str:
    """Return the markup, after checking that it nests and that no id comes twice."""
    nesting = Nesting()
    nesting.feed(markup)
    assert nesting.open == []
    assert len(nesting.ids) == len(set(nesting.ids))
    return markup
