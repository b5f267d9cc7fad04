"""Binding declared routes to Flask: open the work, read the input, call the view, answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

import marshmallow as ma
from flask import Flask, Response, jsonify, request
from flask import session as cookie
from flask_wtf.csrf import ValidationError as CsrfError
from flask_wtf.csrf import validate_csrf
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.http import dump_options_header

from core.access.authentication import by_cookie, by_token
from core.access.principal import Principal
from core.dumping import dump_many, dump_one
from core.errors import (
    ConditionNeeded,
    DomainError,
    InvalidInput,
    NotFound,
    RuleBroken,
    Stale,
    TooLarge,
)
from core.forms import Form, FormSchema, flat_errors
from core.i18n import _, set_locale
from core.incoming import check_address, values_of
from core.names import normalise
from core.opening import Opener
from core.pages import WayOn
from core.rendering import Renderer, say
from core.units.places import ROOT_CODE
from core.web import PUBLIC, Answer, Download, PageAnswer, Redirect, Route
from core.work import Work

API = "/api/v1"
OWN_ADDRESS = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]*")
UNNAMEABLE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\ud800-\udfff]')
# Pages that stay open while a first password or a second factor is still to be given.
ALWAYS_OPEN = frozenset(
    {
        "core.sign_in",
        "core.sign_in_post",
        "core.sign_out",
        "core.preferences",
        "core.change_password",
        "core.change_password_post",
        "core.second_factor",
        "core.second_factor_post",
        "core.switch_person",
        "core.switch_person_post",
    }
)


class Binder:
    """Binds routes of features and plugins to one Flask application."""

    def __init__(self, app: Flask, opener: Opener, renderer: Renderer) -> None:
        """Keep what every request needs."""
        self.app = app
        self.opener = opener
        self.renderer = renderer
        self.routes: dict[str, Route] = {}

    def bind(self, route: Route) -> None:
        """Give a route its address."""
        if route.kind == "api":
            address = f"{API}/{route.owner}{route.rule}"
        elif route.is_site:
            address = route.rule
        else:
            address = f"/u/<unit_code>/{route.owner}{route.rule}"
        if len(address) > 1 and route.kind == "api":
            address = address.rstrip("/")
        self.routes[route.endpoint] = route
        self.app.add_url_rule(
            address,
            endpoint=route.endpoint,
            view_func=partial(self.serve, route),
            methods=list(route.methods),
            strict_slashes=False,
        )

    def serve(self, route: Route, **path: Any) -> Response:
        """Answer one request; every error becomes a sentence."""
        set_locale(self.locale(None))
        try:
            self.check_request(route)
            plugin = self.opener.host.plugins.get(route.plugin) if route.plugin else None
            if plugin is not None and not plugin.is_sound:
                raise NotFound(_("There is no such page, or this account may not see it."))
            answer: Response = self.opener.retrying(partial(self.act, route, path))
            return answer
        except (InvalidInput, RuleBroken) as error:
            if route.form and route.kind == "page":
                return self.form_again(route, path, error)
            return self.error(route, path, error)
        except DomainError as error:
            return self.error(route, path, error)

    def check_request(self, route: Route) -> None:
        """Refuse what is too large, and a form that did not come from our own page."""
        if (request.content_length or 0) > route.max_bytes:
            raise TooLarge(_("What was sent is too large. Send less at once."))
        request.max_content_length = route.max_bytes
        check_address()
        if not route.writes or self.token() is not None or request.method in ("GET", "HEAD"):
            return
        try:
            validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRFToken"))
        except CsrfError as error:
            raise InvalidInput(
                _(
                    "This page has been open for too long. Load it again; "
                    "what was typed is kept as a draft."
                )
            ) from error

    def token(self) -> str | None:
        """Return the bearer token of a program, or None."""
        header = request.headers.get("Authorization", "")
        if not request.path.startswith(API) or not header.lower().startswith("bearer "):
            return None
        return header[7:].strip()

    def authenticate(self, session: Any, now: Any) -> Principal:
        """Say who sends this request."""
        token = self.token()
        host = self.opener.host
        if token is not None:
            return by_token(session, now, token, self.opener.rights, host.places, host.zone)
        actor = by_cookie(session, now, cookie, self.opener.rights, host.zone)
        set_locale(self.locale(actor))
        return actor

    def locale(self, actor: Principal | None) -> str:
        """Return the language: the person's, the device's, else the deployment's."""
        chosen = (actor.locale if actor else "") or request.cookies.get("locale", "")
        return chosen if chosen in ("vi", "en") else self.opener.config.locale

    def act(self, route: Route, path: dict[str, Any], *, form: Form | None = None) -> Response:
        """Open the work, load the input, call the view, render the answer."""
        values = dict(path)
        code = values.pop("unit_code", None)
        if route.kind == "api":
            code = self.api_unit(route)
        with self.opener.work(
            self.authenticate,
            writing=route.writes,
            unit_code=code or ROOT_CODE,
            permission=route.permission,
            plugin=route.plugin,
            route=route.endpoint,
            anywhere=route.anywhere and code is None,
        ) as work:
            held_up = self.held_up(route, work)
            if held_up is not None:
                return held_up
            if form is not None:
                return self.render(route.view(work, form=form, **values), work, route)
            if route.revised:
                values["revision"] = known_revision()
            arguments = [self.load(route)] if route.accepts is not None else []
            result = route.view(work, *arguments, **values)
            return self.render(result, work, route)

    def api_unit(self, route: Route) -> str | None:
        """Return the unit an API request names; a plugin's routes need it."""
        code = request.args.get("unit")
        if code is None and route.plugin is not None:
            raise InvalidInput(
                _("Name the unit: unit=CODE."), fields={"unit": [_("Name the unit: unit=CODE.")]}
            )
        return code

    def held_up(self, route: Route, work: Work) -> Response | None:
        """Send somebody with a first password, or without the second factor, there first."""
        actor = work.actor
        if route.endpoint in ALWAYS_OPEN or actor.is_anonymous or route.permission == PUBLIC:
            return None
        where = "core.change_password" if actor.must_change else ""
        where = "core.second_factor" if actor.needs_totp else where
        if not where:
            return None
        if route.kind == "api":
            raise RuleBroken(_("Sign in on a page first and finish what it asks."))
        response = Response(status=303)
        response.headers["Location"] = self.renderer.url(work, where)
        return response

    def load(self, route: Route) -> Any:
        """Read the input by the route's schema; raise InvalidInput with all reasons at once."""
        try:
            return route.accepts.load(values_of(route)) if route.accepts else None
        except ma.ValidationError as error:
            fields = flat_errors(error.messages)
            raise InvalidInput(_("Something is still to be corrected."), fields=fields) from error

    def render(self, result: Any, work: Work, route: Route) -> Response:
        """Turn what a view returned into a response."""
        if isinstance(result, Response):
            return result
        if isinstance(result, PageAnswer):
            work.session.info["rendering"] = True
            response = self.renderer.show(result, work, route)
            work.session.info.pop("rendering", None)
            return response
        if isinstance(result, Redirect):
            if result.sentence:
                say(result.kind, result.sentence)
            response = Response(status=303)
            values = dict(result.values)
            target = values.pop("next", None)
            response.headers["Location"] = (
                safe_address(target)
                if target
                else self.renderer.url(work, result.endpoint, **values)
            )
            return response
        if isinstance(result, Download):
            return file_response(result)
        return api_response(result, route)

    def form_again(self, route: Route, path: dict[str, Any], error: DomainError) -> Response:
        """Show the form again with what was typed and what is wrong; nothing was changed."""
        shown = self.routes[f"{route.owner}.{route.form}"]
        # The page may be about the whole of which the act was about a part.
        known = set(re.findall(r"<(?:[^:<>]+:)?([a-z_]+)>", shown.rule)) | {"unit_code"}
        path = {name: value for name, value in path.items() if name in known}
        form = Form(
            route.accepts or FormSchema(),
            data=MultiDict(request.form),
            errors_by_field=error.fields,
            sentence=error.sentence,
        )
        try:
            response: Response = self.opener.retrying(partial(self.act, shown, path, form=form))
        except DomainError as other:
            return self.error(route, path, other)
        if response.status_code != 200 or not form.was_told:
            # The page went elsewhere, or has no place for what is wrong: nobody would know.
            return self.error(route, path, error)
        response.status_code = error.status
        return response

    def error(self, route: Route, path: Mapping[str, Any], error: DomainError) -> Response:
        """Render an error, inside the frame of the person where there is one."""
        if route.kind == "api":
            return self.renderer.error(error, None, as_json=True)
        try:
            with self.opener.work(
                self.authenticate, writing=False, permission=PUBLIC, unit_code=ROOT_CODE
            ) as work:
                ways = self.ways_on(work, path, error)
                return self.renderer.error(error, work, as_json=False, ways=ways)
        except DomainError:
            return self.renderer.error(error, None, as_json=False)

    def ways_on(self, work: Work, path: Mapping[str, Any], error: DomainError) -> list[WayOn]:
        """Return what is known of a unit that an address names and that is not there at all."""
        code = path.get("unit_code")
        if code is None or not isinstance(error, NotFound) or work.actor.is_anonymous:
            return []
        places = work.host.places
        if places.by_code(work.session, code, work.today, work.generation) is not None:
            return []
        return list(work.hooks.unit_not_there(code=code))


def safe_address(target: str) -> str:
    """Return an address on this server; anything else leads to the start page."""
    # Browsers leave out tabs and line ends and read a backslash as a slash before they look.
    return target if OWN_ADDRESS.fullmatch(target) else "/"


def known_revision() -> int:
    """Return the revision a program says it knows (`If-Match`)."""
    header = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not header:
        raise ConditionNeeded(
            _("Say which revision you know: send If-Match with the ETag you read.")
        )
    if not header.isdigit() or len(header) > 9:
        raise Stale(_("This revision is not the current one; read the record again."))
    return int(header)


def file_response(result: Download) -> Response:
    """Hand over a file with a name every browser understands, and which names no folder."""
    response = Response(result.body, mimetype=result.mimetype)
    how = "inline" if result.inline else "attachment"
    name = UNNAMEABLE.sub("-", normalise(result.filename)).lstrip(".") or "file"
    # Headers hold no Vietnamese letters: one name without marks, one as it is, percent-encoded.
    plain = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    names = {
        "filename": plain.encode("ascii", "ignore").decode() or "file",
        "filename*": f"UTF-8''{quote(name, safe='')}",
    }
    response.headers["Content-Disposition"] = dump_options_header(how, names)
    return response


def api_response(result: Any, route: Route) -> Response:
    """Dump a value by the route's schema."""
    status, revision = 200, None
    if isinstance(result, Answer):
        result, status, revision = result.value, result.status, result.revision
    if result is None:
        return Response(status=204 if status == 200 else status)
    if route.answers is not None:
        if route.many:
            items, following = result
            result = {"items": dump_many(route.answers, items), "next": following}
        else:
            revision = revision or getattr(result, "revision", None)
            result = dump_one(route.answers, result)
    response = jsonify(result)
    response.status_code = status
    if revision is not None:
        response.set_etag(str(revision))
    return response


def bind_errors(app: Flask, renderer: Renderer) -> None:
    """Give errors outside our routes (unknown address, wrong method) the same face."""

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        sentence = NotFound(_("There is no such page, or this account may not see it."))
        sentence.status = error.code or 500
        sentence.code = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}.get(
            sentence.status, "http_error"
        )
        response = renderer.error(sentence, None, as_json=request.path.startswith("/api/"))
        if error.code == 405 and error.valid_methods:  # type: ignore[attr-defined]  # 405 has them
            response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]  # 405 has them
        return response

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        wrapped = DomainError(
            _("The server has a fault; it is not your doing. Read out the code when you call.")
        )
        wrapped.__cause__ = error
        return renderer.error(wrapped, None, as_json=request.path.startswith("/api/"))


__all__ = ["Binder", "bind_errors"]
