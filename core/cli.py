"""`hatnhan`: the command line; each feature and plugin adds its own commands."""

from __future__ import annotations

import contextlib
import getpass
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import wraps
from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.authentication import principal_of
from core.access.models import Account
from core.access.principal import Principal, operator
from core.app import create_system
from core.config import ConfigError, load_config
from core.errors import DomainError, NotFound
from core.i18n import _, set_default_locale
from core.opening import read_epochs
from core.periods import parse_day
from core.system import System
from core.work import Work


class Context:
    """What every command has: the system, opened once, and how to answer."""

    def __init__(self) -> None:
        """Nothing is opened before a command asks for it."""
        self._system: System | None = None
        self.as_json = False
        self.as_user = ""

    @property
    def system(self) -> System:
        """The system, opened at first use."""
        if self._system is None:
            self._system = create_system(load_config())
        return self._system

    def actor(self) -> Principal:
        """Who acts: the operator at the machine."""
        return operator(getpass.getuser())

    @contextmanager
    def work(self, *, writing: bool) -> Iterator[Work]:
        """Open a work at the root as the operator, or with the rights of `--as USER`."""
        opener = self.system.opener
        if not self.as_user:
            with opener.as_system(self.actor(), writing=writing) as work:
                yield work
            return

        def somebody(session: Session, now: datetime) -> Principal:
            session.info["epochs"] = read_epochs(session)
            account = session.scalars(
                sa.select(Account).where(
                    Account.username == self.as_user, Account.ended_at.is_(None)
                )
            ).one_or_none()
            if account is None:
                raise NotFound(_("There is no account “%(name)s”.", name=self.as_user))
            zone = self.system.host.zone
            found = principal_of(session, account, now, opener.rights, zone)
            return replace(found, label=f"{found.label} ({self.actor().label})")

        with opener.work(somebody, writing=writing) as work:
            yield work

    def say(self, value: Any, text: str = "") -> None:
        """Print one JSON document, or the text for people."""
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False, indent=2))
        elif text:
            click.echo(text)


class DayType(click.ParamType[date]):
    """A DAY: ISO or dd/mm/yyyy."""

    name = "DAY"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Read the day."""
        if isinstance(value, date):
            return value
        try:
            return parse_day(value)
        except ValueError as error:
            self.fail(_(str(error)), param, ctx)


DAY = DayType()
pass_context = click.make_pass_decorator(Context, ensure=True)


def refusing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn refusals into one sentence on stderr and exit 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except DomainError as error:
            click.echo(error.sentence, err=True)
            for name, reasons in error.fields.items():
                click.echo(f"  {name}: {' '.join(reasons)}", err=True)
            sys.exit(1)
        except ConfigError as error:
            click.echo(str(error), err=True)
            sys.exit(2)
        except sa.exc.DBAPIError as error:
            sentence = _unready(error)
            if not sentence:
                raise
            click.echo(sentence, err=True)
            sys.exit(1)

    return run


def _unready(error: sa.exc.DBAPIError) -> str:
    """Say what to do about a database that is not there or not migrated; empty: it is neither."""
    known = str(error.orig)
    if any(words in known for words in ("no such table", "no such column", "does not exist")):
        return _("The database is not up to date. Run “hatnhan db upgrade” first.")
    if any(words in known for words in ("connection failed", "unable to open database file")):
        return _("The database cannot be reached. Check HATNHAN_DATABASE_URL and the server.")
    return ""


as_option = click.option(
    "--as",
    "_as_user",
    metavar="USER",
    expose_value=False,
    callback=lambda ctx, _param, value: (
        setattr(ctx.ensure_object(Context), "as_user", value) if value else None
    ),
    help="Act with the rights of this account.",
)


def with_work(*, writing: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command a work at the root as the operator; it commits when the command ends well."""

    def wrap(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        @refusing
        def run(context: Context, *args: Any, **kwargs: Any) -> Any:
            with context.work(writing=writing) as work:
                return command(context, work, *args, **kwargs)

        return as_option(pass_context(run))

    return wrap


def _note_json(context: click.Context, _option: Any, value: bool) -> bool:  # noqa: FBT001 - click's
    """Remember that JSON is wanted."""
    context.ensure_object(Context).as_json = value
    return value


json_option = click.option(
    "--json",
    "_json",
    is_flag=True,
    expose_value=False,
    callback=_note_json,
    help="Print one JSON document.",
)


class Commands(click.Group):
    """The commands of core's features, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        from core import commands

        return commands.names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, in the language of the place."""
        from core import commands
        from core.commands.speaking import translate

        found = self.commands.get(cmd_name) or commands.find(cmd_name)
        if found is not None and cmd_name not in self.commands:
            translate(found)
            self.add_command(found)
        return found


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@as_option
@click.pass_context
def main(ctx: click.Context) -> None:
    """Hạt Nhân."""
    ctx.ensure_object(Context)


def run() -> None:
    """Run the command line; the entry point of the distribution."""
    from core.commands.speaking import speak, translate

    with contextlib.suppress(ConfigError):  # the command says so, in one sentence
        set_default_locale(load_config().locale)
    speak()
    translate(main)
    main()


__all__ = [
    "DAY",
    "Context",
    "as_option",
    "json_option",
    "main",
    "pass_context",
    "refusing",
    "run",
    "with_work",
]
