"""The parts that a page repeats most, written in Python: icons, chips and the cells of lists.

A list of fifty people has 250 cells and a page some seventy icons. As macros of Jinja they took a
third of the page's time; templates use these as if they were macros (`core/macros.html`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from flask.templating import Environment
from jinja2 import nodes
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

SPRITE = "vendor/bootstrap-icons/sprite.svg"
Caller = Callable[[], Any]
find_special = re.compile("[&<>'\"]").search


def escaped(value: Any) -> str:
    """Return a value as it stands in a page; most texts have nothing in them to be escaped.

    Fifteen hundred values are written on a page, and each made into Markup would take two
    microseconds only to be joined with the others.
    """
    kind = type(value)
    if (kind is str and find_special(value) is None) or kind is Markup:
        return value  # type: ignore[no-any-return]  # a text, as the line above says
    return escape(value)


class Parts:
    """Icons and what stands on them; one for each application."""

    def __init__(self, static_url: Callable[[str], str]) -> None:
        """Keep how a static file's address is found; drawings are kept by their name."""
        self._static_url = static_url
        self._icons: dict[str, Markup] = {}

    def for_templates(self) -> dict[str, Callable[..., Markup]]:
        """Return the parts by the names under which the macros of core take them in."""
        return {"part_icon": self.icon, "part_chip": self.chip, "part_cell": cell}

    def icon(self, name: str) -> Markup:
        """Return an icon. It only accompanies words, so it is hidden from a screen reader.

        Names: core/static/vendor/bootstrap-icons.
        """
        found = self._icons.get(name)
        if found is None:
            address = f"{escape(self._static_url(SPRITE))}#{escape(name)}"
            found = Markup(  # noqa: S704 - what goes in is escaped
                '<svg class="icon" aria-hidden="true" focusable="false">'
                f'<use href="{address}"></use></svg>'
            )
            self._icons[name] = found
        return found

    def chip(self, kind: str, text: Any, icon: str = "") -> Markup:
        """Return a word on a colour: good, warn, late, info or none."""
        drawing = self.icon(icon) if icon else ""
        text = f'<span class="chip {escape(kind or "none")}">{drawing}{escape(text)}</span>'
        return Markup(text)  # noqa: S704 - what goes in is escaped


def cell(
    label: Any,
    value: Any = "",
    kind: str = "",
    href: str = "",
    head: bool = False,  # noqa: FBT001, FBT002 - templates call it by name
    small: Any = "",
    caller: Caller | None = None,
) -> Markup:
    """Return a cell of a list: of a table on a PC, of a card with its label on a phone."""
    tag = "th" if head else "td"
    scope = ' scope="row"' if head else ""
    classes = f' class="{escaped(kind)}"' if kind else ""
    content = f'<a href="{escaped(href)}">{escaped(value)}</a>' if href else escaped(value)
    called = escaped(caller()) if caller is not None else ""
    more = f" <small>{escaped(small)}</small>" if small else ""
    return Markup(  # noqa: S704 - what goes in is escaped
        f'<{tag}{scope}{classes} data-label="{escaped(label)}"><span class="cell">'
        f"{content}{called}{more}</span></{tag}>"
    )


class PageContext(Context):
    """Calls macros and functions as Jinja does, without asking each what it would like to be given.

    A page makes a thousand calls, and Jinja looks at each callable six times.
    """

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a macro or a plain function at once; anything else is Jinja's."""
        kind = type(called)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif kind not in PLAIN or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(*args, **kwargs)


PLAIN = (FunctionType, MethodType, BuiltinFunctionType)

OF_DICTIONARIES = frozenset(dir(dict))


class PageEnvironment(Environment):
    """Jinja for pages: the same templates, with less to be done for each value they write."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Read a part of a value; a record's entry needs no failed look for an attribute first."""
        if type(obj) is dict and attribute in obj and attribute not in OF_DICTIONARIES:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,  # noqa: FBT001, FBT002 - Jinja's own hook
    ) -> str:
        """Let templates write values with `escaped`, which is all they use that name for."""
        code = super()._generate(source, name, filename, defer_init)
        return f"{code}\nfrom {escaped.__module__} import escaped as escape\n"
