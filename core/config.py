"""Each deployment variable with its default and meaning; `hatnhan.toml` and the environment."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

MODES = ("production", "demo", "test")


@dataclass(frozen=True, slots=True)
class Variable:
    """One deployment variable: its name without `HATNHAN_`, its default and its meaning."""

    name: str
    default: str
    meaning: str
    secret: bool = False


VARIABLES = (
    Variable("VAR", "./var", "folder of the database file, keys, uploads and archives"),
    Variable(
        "DATABASE_URL",
        "",
        "database; empty: an SQLite file in the folder of HATNHAN_VAR",
        secret=True,
    ),
    Variable(
        "SECRET_KEY", "", "signs sessions; empty: generated and kept in HATNHAN_VAR", secret=True
    ),
    Variable("PLUGIN_FOLDERS", "", "folders with a province's own plugins, separated by ':'"),
    Variable("LOCALE", "vi", "language of pages and commands: vi or en"),
    Variable("TIMEZONE", "Asia/Ho_Chi_Minh", "time zone in which a day begins"),
    Variable("MODE", "production", "production, demo or test"),
    Variable("NOW", "", "simulated clock, an instant or a day; refused in production"),
    Variable("STRICT_PLUGINS", "", "1: a plugin that cannot be loaded stops the start"),
    Variable(
        "SMTP_URL", "", "smtp://user:password@host:port for e-mail; empty: no e-mail", secret=True
    ),
    Variable("MAIL_FROM", "", "sender's address of e-mail"),
    Variable("METRICS", "", "1: answer /metrics for Prometheus"),
    Variable("SECURE_COOKIES", "", "1: cookies only over HTTPS; default in production"),
    Variable("PUBLIC_URL", "", "address people use, for links in e-mail and calendars"),
)


class ConfigError(Exception):
    """The deployment is configured in a way that cannot work; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Config:
    """What this deployment was told; built once by `load_config`."""

    var: Path
    database_url: str
    secret_key: str
    plugin_folders: tuple[Path, ...] = ()
    locale: str = "vi"
    timezone: str = "Asia/Ho_Chi_Minh"
    mode: str = "production"
    now: datetime | None = None
    strict_plugins: bool = False
    smtp_url: str = ""
    mail_from: str = ""
    metrics: bool = False
    secure_cookies: bool = False
    public_url: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)


def _file_values(environ: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """Read `hatnhan.toml` from where the environment says, or from here."""
    named = environ.get("HATNHAN_CONFIG")
    path = Path(named) if named else Path("hatnhan.toml")
    if not path.is_file():
        if named:
            raise ConfigError(
                f"HATNHAN_CONFIG names {named}, which is not a file; correct the path."
            )
        return {}, ""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}. Correct that line.") from error
    unknown = {name.upper() for name in values} - {variable.name for variable in VARIABLES}
    if unknown:
        raise ConfigError(
            f"{path} names {', '.join(sorted(unknown))}, which nobody knows; remove it."
        )
    return {name.upper(): value for name, value in values.items()}, str(path)


def _kept_secret(var: Path) -> str:
    """Return the key kept in the folder of variable data, made at the first start."""
    path = var / "secret.key"
    if path.is_file():
        return path.read_text(encoding="ascii").strip()
    var.mkdir(parents=True, exist_ok=True)
    secret = secrets.token_urlsafe(48)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
    return secret


def _instant(text: str) -> datetime:
    """Read the simulated clock: an instant with its zone, or a day at noon UTC+7."""
    if len(text) == len("2026-11-22"):
        day = date.fromisoformat(text)
        return datetime.fromisoformat(f"{day.isoformat()}T12:00:00+07:00")
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ConfigError("HATNHAN_NOW needs a time zone, for example 2026-11-22T08:00:00+07:00.")
    return moment


def load_config(environ: Mapping[str, str] | None = None, **overrides: str) -> Config:
    """Read the file, then the environment, then `overrides` (names as in `VARIABLES`)."""
    environ = os.environ if environ is None else environ
    from_file, file_name = _file_values(environ)
    values: dict[str, str] = {}
    sources: dict[str, str] = {}
    for variable in VARIABLES:
        value, source = variable.default, "default"
        if variable.name in from_file:
            raw = from_file[variable.name]
            value = ":".join(map(str, raw)) if isinstance(raw, list) else str(raw)
            source = file_name
        if f"HATNHAN_{variable.name}" in environ:
            value, source = environ[f"HATNHAN_{variable.name}"], "environment"
        if variable.name in overrides:
            value, source = overrides[variable.name], "command"
        values[variable.name], sources[variable.name] = value, source
    return _checked(values, sources)


def _checked(values: dict[str, str], sources: dict[str, str]) -> Config:
    """Turn texts into a `Config`; raise `ConfigError` for what cannot work."""
    mode = values["MODE"]
    if mode not in MODES:
        raise ConfigError(f"HATNHAN_MODE is {mode!r}; choose one of {', '.join(MODES)}.")
    if values["NOW"] and mode == "production":
        raise ConfigError(
            "HATNHAN_NOW is refused in production; remove it or set HATNHAN_MODE=demo."
        )
    var = Path(values["VAR"]).expanduser().resolve()
    secret = values["SECRET_KEY"] or _kept_secret(var)
    return Config(
        var=var,
        database_url=values["DATABASE_URL"] or f"sqlite:///{var / 'hatnhan.sqlite3'}",
        secret_key=secret,
        plugin_folders=tuple(
            Path(part).expanduser().resolve()
            for part in values["PLUGIN_FOLDERS"].split(":")
            if part
        ),
        locale=values["LOCALE"],
        timezone=values["TIMEZONE"],
        mode=mode,
        now=_instant(values["NOW"]) if values["NOW"] else None,
        strict_plugins=values["STRICT_PLUGINS"] == "1",
        smtp_url=values["SMTP_URL"],
        mail_from=values["MAIL_FROM"],
        metrics=values["METRICS"] == "1",
        secure_cookies=(values["SECURE_COOKIES"] or ("1" if mode == "production" else "")) == "1",
        public_url=values["PUBLIC_URL"].rstrip("/"),
        sources=sources,
    )
