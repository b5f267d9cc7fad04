"""create_app: all wiring, read from top to bottom."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, send_from_directory
from werkzeug.exceptions import NotFound as NoFile
from werkzeug.routing import Rule

from core import features, i18n
from core.access.passwords import use_cheap_hashes
from core.binding import Binder, bind_errors
from core.config import Config, load_config
from core.db import Database, make_engine
from core.health import bind_health
from core.openapi import bind_openapi
from core.opening import Clock, Opener
from core.parts import PageEnvironment
from core.plugin_host import PluginHost
from core.rendering import Renderer
from core.system import System

HERE = Path(__file__).resolve().parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; manifest-src 'self'"
)


def create_system(config: Config | None = None, *, database: Database | None = None) -> System:
    """Load features and plugins and connect to the database; commands and jobs stop here."""
    config = config or load_config()
    use_cheap_hashes(config.mode == "test")
    database = database or Database(make_engine(config.database_url))
    spool = config.var / "reads"
    spool.mkdir(parents=True, exist_ok=True)
    host = PluginHost(
        zone=ZoneInfo(config.timezone),
        ledger_key=hmac.new(config.secret_key.encode(), b"ledger", hashlib.sha256).digest(),
        spool_folder=spool,
        strict=config.strict_plugins,
    )
    host.load_core(features.ALL)
    host.load_plugins(config.plugin_folders)
    i18n.load_catalogues(
        [("core", HERE / "translations")]
        + [(plugin.name, plugin.folder / "translations") for plugin in host.foreign()]
    )
    i18n.set_default_locale(config.locale)
    opener = Opener(config, database, host, Clock(config.now))
    for plugin in host.sound():
        try:
            opener.constraints.update(plugin.offered("constraints") or {})
            opener.watchers.extend(plugin.offered("watchers"))
            for prepare in plugin.offered("preparations"):
                prepare(host)
        except Exception as error:
            if plugin.is_core:
                raise
            host.refuse(plugin.name, f"{type(error).__name__}: {error}")
    return System(config, database, host, opener)


class LateRule(Rule):
    """A route's address; what writes it is compiled when it is first written.

    Werkzeug compiles two functions for each rule, a quarter of a second for all of ours, and most
    processes write few of them.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - as Werkzeug has it
        compiled: list[Callable[..., tuple[str, str]]] = []

        def build(*args: Any, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(Rule._compile_builder(self, append_unknown))  # noqa: SLF001
            return compiled[0](*args, **values)

        return build


def create_app(config: Config | None = None, *, system: System | None = None) -> Flask:
    """Build the web application around a system."""
    system = system or create_system(config)
    config = system.config
    app = Flask("hatnhan", static_folder=None, template_folder=None)
    app.url_rule_class = LateRule
    app.jinja_environment = PageEnvironment  # before it is first asked for
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="hatnhan",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure_cookies,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        MAX_CONTENT_LENGTH=32_000_000,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of Flask's own provider
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of Flask's own provider
    folders = {"core": HERE, **{p.name: p.folder for p in system.host.foreign() if p.is_sound}}
    renderer = Renderer(app, system.opener, folders)
    binder = Binder(app, system.opener, renderer)
    for plugin in system.host.sound():
        try:
            for route in [r for b in plugin.offered("blueprints") for r in b.routes]:
                binder.bind(route)
        except Exception as error:
            if plugin.is_core:
                raise
            system.host.refuse(plugin.name, f"{type(error).__name__}: {error}")
    bind_static(app, folders)
    bind_health(app, system.opener)
    bind_openapi(app, binder)
    bind_errors(app, renderer)
    system.host.endpoints = frozenset(app.view_functions)
    app.after_request(protect)
    app.extensions["hatnhan"] = system
    app.extensions["hatnhan_binder"] = binder
    return app


def bind_static(app: Flask, folders: dict[str, Path]) -> None:
    """Serve static files of core and of plugins; their addresses carry a digest."""

    @app.get("/static/<owner>/<path:name>", endpoint="static")
    def static(owner: str, name: str) -> Response:
        folder = folders.get(owner, HERE if owner == "vendor" else None)
        if folder is None:
            raise NoFile
        response = send_from_directory(folder / "static" / owner, name, max_age=31_536_000)
        response.cache_control.immutable = True
        response.direct_passthrough = False
        return response


def protect(response: Response) -> Response:
    """Set the headers that keep pages from being framed, sniffed, or kept by a shared device."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if not response.cache_control.max_age:
        headers["Cache-Control"] = "no-store"
    return response
