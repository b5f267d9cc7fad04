"""Pages: the templates' environment, the frame around every page, and errors as pages or JSON."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask, Response, flash, get_flashed_messages, jsonify, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.routing import BuildError

from core import i18n
from core.addresses import Addresses
from core.errors import DomainError, InvalidInput, SignInNeeded
from core.i18n import _, mark
from core.opening import Opener
from core.pages import MenuEntry, WayOn
from core.parts import PageContext, Parts
from core.units.places import ROOT_CODE
from core.web import PageAnswer, Route
from core.work import Work

log = logging.getLogger("hatnhan")
FILTERS: dict[str, Callable[..., Any]] = {
    "day": i18n.format_day,
    "day_long": i18n.format_day_long,
    "time": i18n.format_time,
    "number": i18n.format_number,
    "percent": i18n.format_percent,
    "month": i18n.format_month,
}


@dataclass(slots=True)
class MenuLine:
    """A line of the menu as the frame shows it."""

    title: str
    href: str
    current: bool
    icon: str


@dataclass(slots=True)
class Person:
    """Who is signed in, as the frame shows it."""

    id: str
    name: str
    acting_for: str | None


class Renderer:
    """Builds pages inside the frame; one for each application."""

    def __init__(self, app: Flask, opener: Opener, folders: dict[str, Path]) -> None:
        """Prepare the templates' environment."""
        self.app = app
        self.opener = opener
        self._hashes: dict[str, str] = {}
        self._folders = folders
        self._addresses = Addresses(app)
        environment = app.jinja_env
        environment.loader = jinja2.FileSystemLoader(
            [str(folder / "templates") for folder in folders.values()]
        )
        environment.context_class = PageContext
        environment.filters.update(FILTERS)
        environment.filters["distance"] = self._distance
        environment.filters["instant"] = lambda moment: i18n.format_instant(
            moment, opener.host.zone
        )
        environment.globals.update(
            {
                **Parts(self.static_url).for_templates(),
                "_": _,
                "_n": i18n._n,  # noqa: SLF001 - the plural twin of `_`
                "csrf_token": generate_csrf,
                "static": self.static_url,
                "share": i18n.share_text,
            }
        )
        environment.trim_blocks = True
        environment.lstrip_blocks = True

    def _distance(self, day: date, today: date | None = None) -> str:
        now = self.opener.clock().astimezone(self.opener.host.zone).date()
        return i18n.distance(day, today or now)

    def static_url(self, path: str) -> str:
        """Return the address of a static file, with a digest so that it may be kept for ever."""
        owner, _slash, rest = path.partition("/")
        if path not in self._hashes:
            folder = self._folders.get(owner, self._folders["core"])
            file = folder / "static" / path
            body = file.read_bytes() if file.is_file() else b""
            self._hashes[path] = hashlib.sha256(body).hexdigest()[:12]
        return f"/static/{owner}/{rest}?v={self._hashes[path]}"

    def url(self, work: Work | None, endpoint: str, **values: Any) -> str:
        """Return the address of a page; the unit is the work's unless named."""
        if endpoint.startswith(("core.", "static")) and "unit_code" not in values:
            return self._addresses.write(endpoint, values)
        unit = values.pop("unit", None)
        code = getattr(unit, "code", unit) or (work.unit.code if work else ROOT_CODE)
        values.setdefault("unit_code", code)
        try:
            return self._addresses.write(endpoint, values)
        except BuildError:
            values.pop("unit_code")
            return self._addresses.write(endpoint, values)

    def show(self, answer: PageAnswer, work: Work | None, route: Route | None) -> Response:
        """Render a page inside the frame."""
        values = dict(answer.values)
        frame = self.frame(work, route)
        for name in ("title", "trail", "as_of", "unit", "today_href"):
            if name in values and name != "unit":
                frame[name] = values[name]
        template = self.app.jinja_env.get_template(answer.template)

        def url(endpoint: str, **parts: Any) -> str:
            return self.url(work, endpoint, **parts)

        def can(permission: str, unit: Any = None) -> bool:
            return work is not None and work.may(permission, unit)

        body = template.render(
            {"page": frame, "url": url, "can": can, "today": work.today if work else None, **values}
        )
        return Response(body, status=answer.status, mimetype="text/html")

    def frame(self, work: Work | None, route: Route | None) -> dict[str, Any]:
        """Return what the frame around every page needs."""
        config = self.opener.config
        actor = work.actor if work is not None and not work.actor.is_anonymous else None
        return {
            "title": "",
            "unit": work.unit
            if work is not None and route is not None and not route.is_site
            else None,
            "trail": [],
            "menu": self.menu(work, route) if work is not None and actor else [],
            "actor": Person(str(actor.account_id), actor.label, actor.stands_in_for(work.unit))
            if actor and work
            else None,
            "locale": i18n.get_locale(),
            "text_size": actor.text_size if actor else _device_number("text_size"),
            "contrast": actor.contrast if actor else bool(_device_number("contrast")),
            "as_of": None,
            "notices": work.session.info.get("unread", 0) if work else 0,
            "demo": config.mode == "demo",
            "simulated_now": config.now.date() if config.now else None,
            "flashes": get_flashed_messages(with_categories=True),
            "mode": config.mode,
            "other_units": len({right.unit_id for right in actor.rights}) > 1 if actor else False,
            "path": request.full_path.rstrip("?"),
            "version": "",
            "help_phone": "",
        }

    def menu(self, work: Work, route: Route | None) -> list[MenuLine]:
        """Return the unit's menu: entries of the plugins on there that this person may open."""
        if route is None or route.is_site:
            return []
        entries: list[MenuEntry] = work.hooks.menu_entries()
        seen = [entry for entry in entries if work.may(entry.permission)]
        lines = []
        for entry in sorted(seen, key=lambda e: (e.order, e.title)):
            owner = entry.endpoint.partition(".")[0]
            href = self.url(work, entry.endpoint, **entry.values)
            current = entry.endpoint == route.endpoint or (
                owner == route.owner
                and len([e for e in seen if e.endpoint.startswith(owner + ".")]) == 1
            )
            lines.append(MenuLine(str(entry.title), href, current, entry.icon))
        return lines

    # --- errors --------------------------------------------------------------------------------

    def error(
        self,
        error: DomainError,
        work: Work | None,
        *,
        as_json: bool,
        ways: Sequence[WayOn] = (),
    ) -> Response:
        """Turn an error into a page or into a problem document; the only place that does."""
        reference = secrets.token_hex(3) if error.status >= 500 else ""
        if reference:
            log.error("%s: %s", reference, error.sentence, exc_info=error)
        if as_json:
            body = {
                "type": "about:blank",
                "title": error.sentence,
                "status": error.status,
                "code": error.code,
                "fields": error.fields,
            }
            response = jsonify(body)
            response.status_code = error.status
            response.mimetype = "application/problem+json"
            return response
        if isinstance(error, SignInNeeded):
            here = request.full_path.rstrip("?") if request.method == "GET" else "/"
            response = Response(status=303)
            response.headers["Location"] = url_for("core.sign_in", next=here)
            return response
        heading = HEADINGS.get(error.status, mark("This does not work now"))
        advice = error.sentence
        if ways:
            heading, advice = mark("This unit is no more"), ""
        if isinstance(error, InvalidInput) and error.fields:
            advice = " ".join([advice, *(s for texts in error.fields.values() for s in texts)])
        values = {
            "heading": _(heading),
            "advice": advice,
            "reference": reference,
            "status": error.status,
            "ways": ways,
        }
        try:
            return self.show(PageAnswer("core/error.html", values, error.status), work, None)
        except Exception:  # whatever a database or a plugin throws while the frame asks it
            log.exception("the error page itself failed")
            if self.opener.host.strict:
                raise  # no test shall take the last resort for the page it asked for
            return self.bare(values, error.status)

    def bare(self, values: dict[str, Any], status: int) -> Response:
        """The last resort, so that whoever asked gets a sentence: neither database nor plugins."""
        template = self.app.jinja_env.get_template("core/error_bare.html")
        return Response(
            template.render(locale=i18n.get_locale(), **values), status=status, mimetype="text/html"
        )


HEADINGS = {
    400: mark("This could not be read"),
    403: mark("You have not been given the right to do this"),
    404: mark("There is no such page, or this account may not see it"),
    409: mark("This cannot be done now"),
    413: mark("What was sent is too large"),
    422: mark("Something is still to be corrected"),
    429: mark("Too many tries"),
    500: mark("The server has a fault; it is not your doing"),
}


def _device_number(name: str) -> int:
    """Return a preference kept on the device of somebody not signed in."""
    value = request.cookies.get(name, "0")
    return int(value) if value.isdigit() and len(value) == 1 else 0


def say(kind: str, sentence: str) -> None:
    """Show a sentence on the next page."""
    flash(sentence, kind)


__all__ = ["Renderer", "say"]
