"""`hatnhan settings`: what holds at a unit and why, give values, the deployment's variables."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from core.cli import DAY, Context, json_option, refusing, with_work
from core.config import VARIABLES, load_config
from core.i18n import _, lazy, mark
from core.settings import services
from core.settings.explaining import Reason, explain_on, list_reasons
from core.settings.values import in_words, read_toml
from core.settings.views import why
from core.units.tree import access_unit
from core.work import Work

# What `core.config` says of each variable, named here so that the catalogues know it.
MEANINGS = (
    mark("folder of the database file, keys, uploads and archives"),
    mark("database; empty: an SQLite file in the folder of HATNHAN_VAR"),
    mark("signs sessions; empty: generated and kept in HATNHAN_VAR"),
    mark("folders with a province's own plugins, separated by ':'"),
    mark("language of pages and commands: vi or en"),
    mark("time zone in which a day begins"),
    mark("production, demo or test"),
    mark("simulated clock, an instant or a day; refused in production"),
    mark("1: a plugin that cannot be loaded stops the start"),
    mark("smtp://user:password@host:port for e-mail; empty: no e-mail"),
    mark("sender's address of e-mail"),
    mark("1: answer /metrics for Prometheus"),
    mark("1: cookies only over HTTPS; default in production"),
    mark("address people use, for links in e-mail and calendars"),
)
unit_option = click.option("--unit", default="ROOT", metavar="CODE", help=str(lazy("The unit.")))
as_of_option = click.option("--as-of", type=DAY, help=str(lazy("On this day, in its tree.")))
from_option = click.option("--from", "since", type=DAY, help=str(lazy("From this day.")))
document_option = click.option(
    "--document", default="", metavar="NO", help=str(lazy("The document that orders it."))
)


@click.group(invoke_without_command=True)
@click.option("--deployment", is_flag=True, help=str(lazy("List the deployment's variables.")))
@json_option
@click.pass_context
def settings(ctx: click.Context, *, deployment: bool) -> None:
    """Settings of units, and of the deployment."""
    if deployment:
        show_deployment(ctx.ensure_object(Context))
    elif ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@refusing
def show_deployment(context: Context) -> None:
    """List the variables with their meaning and current source; secrets are masked."""
    config = load_config()
    found = [
        {
            "name": f"HATNHAN_{variable.name}",
            "value": masked(getattr(config, variable.name.lower()), secret=variable.secret),
            "source": config.sources.get(variable.name, "default"),
            "default": variable.default,
            "meaning": _(variable.meaning),
        }
        for variable in VARIABLES
    ]
    text = "\n".join(
        f"{one['name']}={one['value']}\n    {one['meaning']} ({one['source']})" for one in found
    )
    context.say(found, text)


def masked(value: Any, *, secret: bool) -> str:
    """Write a value of the configuration; of a secret only whether there is one."""
    if secret:
        return "***" if value else ""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, tuple):
        return ":".join(map(str, value))
    return "" if value is None else str(value)


@settings.command(name="list")
@unit_option
@as_of_option
@json_option
@with_work(writing=False)
def list_(context: Context, work: Work, unit: str, as_of: date | None) -> None:
    """List all settings of a unit with value and source."""
    place = access_unit(work, unit)
    reasons = list_reasons(work, place, list(work.host.settings), as_of)
    context.say(
        [reason.as_json() for reason in reasons],
        "\n".join(f"{reason.spec.key}\t{why(reason)}" for reason in reasons),
    )


@settings.command()
@click.argument("key")
@unit_option
@as_of_option
@json_option
@with_work(writing=False)
def get(context: Context, work: Work, key: str, unit: str, as_of: date | None) -> None:
    """Print the value of a setting at a unit."""
    reason = explain_on(work, key, access_unit(work, unit), as_of)
    value = reason.found.value
    answer = {"key": key, "unit": unit, "as_of": reason.day.isoformat(), "value": value}
    context.say(answer, in_words(reason.spec, value))


@settings.command()
@click.argument("key")
@unit_option
@as_of_option
@json_option
@with_work(writing=False)
def explain(context: Context, work: Work, key: str, unit: str, as_of: date | None) -> None:
    """Say why a setting has its value: from which unit, day, document, and which lock."""
    reason = explain_on(work, key, access_unit(work, unit), as_of)
    context.say(reason.as_json(), explained(reason))


def explained(reason: Reason) -> str:
    """Write a reason: the sentence, then the way down from the root."""
    lines = [why(reason)]
    for step in reason.steps:
        said = (
            in_words(reason.spec, step.given.value) if step.given else _("follows the unit above")
        )
        lock = _("locked") if step.given and step.given.locked else ""
        mark = "→" if step.is_chosen else " "
        lines.append(" ".join(part for part in (mark, step.place.name, said, lock) if part))
    return "\n".join(lines)


@settings.command(name="set")
@click.argument("key")
@click.argument("value")
@unit_option
@from_option
@click.option("--lock", is_flag=True, help=str(lazy("Nobody below can set another value.")))
@document_option
@json_option
@with_work(writing=True)
def set_(
    context: Context, work: Work, key: str, value: str, unit: str, since: date | None, **rest: Any
) -> None:
    """Give a setting a value (as TOML) at a unit from a day on."""
    place = access_unit(work, unit)
    services.give_setting(
        work,
        key=key,
        value=read_toml(value),
        unit=place,
        on=since,
        locked=rest["lock"],
        document_no=rest["document"],
    )
    say_result(context, work, key, unit, since)


@settings.command()
@click.argument("key")
@unit_option
@from_option
@document_option
@json_option
@with_work(writing=True)
def inherit(
    context: Context, work: Work, key: str, unit: str, since: date | None, document: str
) -> None:
    """Let a setting follow the unit above from a day on."""
    place = access_unit(work, unit)
    services.inherit_setting(work, key=key, unit=place, on=since, document_no=document)
    say_result(context, work, key, unit, since)


def say_result(context: Context, work: Work, key: str, unit: str, since: date | None) -> None:
    """Say what holds from the day on."""
    reason = explain_on(work, key, access_unit(work, unit), since)
    context.say(reason.as_json(), why(reason))
