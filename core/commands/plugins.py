"""`hatnhan plugin`: modules by unit; write, check, remove and restore one."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from core import ledger
from core.authoring.checking import check_plugin
from core.authoring.scaffold import new_plugin
from core.cli import DAY, Context, json_option, pass_context, refusing, with_work
from core.errors import RuleBroken
from core.i18n import _, lazy
from core.modules import services
from core.modules.archiving import (
    drop_data,
    read_archive,
    restore_data,
    tables_in_order,
    write_archive,
)
from core.plugin_host import OURS, Plugin
from core.settings.effective import ensure_effective
from core.units.tree import access_unit
from core.work import Work

unit_option = click.option("--unit", default="ROOT", metavar="CODE", help=str(lazy("The unit.")))
from_option = click.option("--from", "since", type=DAY, help=str(lazy("From this day.")))
lock_option = click.option(
    "--lock", is_flag=True, help=str(lazy("Nobody below can decide otherwise."))
)
document_option = click.option(
    "--document", default="", metavar="NO", help=str(lazy("The document that orders it."))
)
yes_option = click.option("--yes", is_flag=True, help=str(lazy("Do it without asking.")))


@click.group()
def plugin() -> None:
    """Modules: where they are on and why, new ones, checks, removal."""


@plugin.command(name="list")
@unit_option
@json_option
@with_work(writing=False)
def list_(context: Context, work: Work, unit: str) -> None:
    """List the modules with their state at a unit."""
    here = work.at(access_unit(work, unit))
    found = []
    for one in services.list_modules(here):
        state = services.state_of(here, one, here.unit)
        found.append(
            {
                "name": one.name,
                "title": state.title,
                "version": one.manifest.version if one.manifest else None,
                "ours": one.is_ours,
                "on": state.is_on,
                "source": services.source_words(state),
                "locked": state.is_locked,
                "problem": one.problem or None,
                "calls": one.calls,
                "seconds": round(one.seconds, 3),
            }
        )
    text = "\n".join(
        f"{one['name']}\t{_('On') if one['on'] else _('Off')}\t{one['source']}"
        + (f"\t{one['problem']}" if one["problem"] else "")
        for one in found
    )
    context.say(found, text)


def switch(context: Context, work: Work, name: str, state: str, options: dict[str, Any]) -> None:
    """Switch a module and say what holds from the day on."""
    unit, since = access_unit(work, options["unit"]), options["since"]
    services.switch_module(
        work,
        name,
        state,
        unit=unit,
        since=since,
        locked=options.get("lock", False),
        document_no=options["document"],
    )
    reason = services.explain_module(work, name, unit, since)
    context.say(reason.as_json(), services.why(reason))


@plugin.command()
@click.argument("name")
@unit_option
@from_option
@lock_option
@document_option
@json_option
@with_work(writing=True)
def on(context: Context, work: Work, name: str, **options: Any) -> None:
    """Switch a module on at a unit and below it, from a day on."""
    switch(context, work, name, "on", options)


@plugin.command()
@click.argument("name")
@unit_option
@from_option
@lock_option
@document_option
@json_option
@with_work(writing=True)
def off(context: Context, work: Work, name: str, **options: Any) -> None:
    """Switch a module off at a unit and below it, from a day on; its data are kept."""
    switch(context, work, name, "off", options)


@plugin.command()
@click.argument("name")
@unit_option
@from_option
@document_option
@json_option
@with_work(writing=True)
def inherit(context: Context, work: Work, name: str, **options: Any) -> None:
    """Let a module follow the unit above from a day on."""
    switch(context, work, name, "inherit", options)


@plugin.command()
@click.argument("name")
@unit_option
@click.option("--as-of", type=DAY, help=str(lazy("On this day, in its tree.")))
@json_option
@with_work(writing=False)
def explain(context: Context, work: Work, name: str, unit: str, as_of: date | None) -> None:
    """Say why a module is on or off at a unit."""
    reason = services.explain_module(work, name, access_unit(work, unit), as_of)
    lines = [services.why(reason)]
    for step in reason.steps:
        said = _("follows the unit above")
        if step.given is not None:
            said = _("On") if step.given.value else _("Off")
            said = _("%(value)s, locked", value=said) if step.given.locked else said
        lines.append(f"{'→' if step.is_chosen else ' '} {step.place.name}: {said}")
    context.say(reason.as_json(), "\n".join(lines))


# --- writing and checking ------------------------------------------------------------------------


@plugin.command()
@click.argument("name")
@click.option("--title", metavar="T", help=str(lazy("How people call it.")))
@click.option("--record", metavar="R", help=str(lazy("What it keeps, such as receipt.")))
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help=str(lazy("The folder with the province's modules.")),
)
@yes_option
@json_option
@pass_context
@refusing
def new(
    context: Context,
    name: str,
    *,
    title: str | None,
    record: str | None,
    folder: Path | None,
    yes: bool,
) -> None:
    """Write a new module that works, to begin with."""
    asks = sys.stdin.isatty() and not yes
    title = title or (click.prompt(_("How people call it")) if asks else name)
    record = record or (click.prompt(_("What it keeps")) if asks else "record")
    files = new_plugin(name=name, title=title, record=record, folder=folder or Path.cwd())
    place = files[0].parents[0] if files else Path(name)
    text = _(
        "%(n)s files are in %(folder)s. Next: name the folder above in HATNHAN_PLUGIN_FOLDERS, "
        "then “hatnhan db upgrade”, “hatnhan plugin on %(name)s --unit CODE”.",
        n=len(files),
        folder=place,
        name=name,
    )
    context.say({"name": name, "folder": str(place), "files": [str(f) for f in files]}, text)


@plugin.command()
@click.argument("name")
@json_option
@pass_context
@refusing
def check(context: Context, name: str) -> None:
    """Say which level a module (its name or folder) has reached, and what is missing first."""
    verdict = check_plugin(folder_of(context, name))
    titles = {
        "refused": _("refused"),
        "basic": _("basic"),
        "good": _("good"),
        "excellent": _("excellent"),
    }
    lines = [f"{verdict.name}: {titles[verdict.level]}"]
    if verdict.missing:
        lines.append(_("Missing first: %(what)s", what=verdict.missing[0]))
        lines.extend(f"  {what}" for what in verdict.missing[1:])
    context.say(verdict.as_json(), "\n".join(lines))
    sys.exit(1 if verdict.level == "refused" else 0)


def folder_of(context: Context, name: str) -> Path:
    """Find the folder of a module by its path or its name."""
    if (Path(name) / "plugin.toml").is_file():
        return Path(name)
    if (OURS / name / "plugin.toml").is_file():
        return OURS / name
    found = context.system.host.plugins.get(name)
    if found is None or found.is_core:
        raise RuleBroken(_("There is no module %(name)s.", name=name))
    return found.folder


# --- removing and restoring ----------------------------------------------------------------------


def loaded(context: Context, name: str) -> tuple[Plugin, list[str]]:
    """Return a sound module and the names of the others."""
    host = context.system.host
    found = host.plugins.get(name)
    if found is None or found.is_core:
        raise RuleBroken(_("There is no module %(name)s.", name=name))
    if not found.is_sound:
        raise RuleBroken(
            _("The module %(name)s is out of order: %(reason)s", name=name, reason=found.problem)
        )
    return found, [one.name for one in host.foreign() if one.name != name]


def confirmed(question: str, *, yes: bool) -> None:
    """Ask on a terminal; without one `--yes` is needed."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise RuleBroken(_("Nothing was done. Say --yes to do it."))
    if not click.confirm(question):
        sys.exit(1)


@plugin.command()
@click.argument("name")
@yes_option
@json_option
@pass_context
@refusing
def uninstall(context: Context, name: str, *, yes: bool) -> None:
    """Write a module's data into an archive, then drop its tables and settings."""
    found, others = loaded(context, name)
    tables = ", ".join(table.name for table in tables_in_order(found, others))
    confirmed(_("Drop %(tables)s after archiving?", tables=tables or "–"), yes=yes)
    system = context.system
    now: datetime = system.opener.clock()
    file = system.config.var / "archives" / f"{name}-{now:%Y%m%d-%H%M%S}.zip"
    archive = write_archive(system.database, found, others, file, now)
    with system.opener.as_system(context.actor(), writing=True) as work:
        about = ledger.About("module", label=name)
        ledger.record(
            work, "plugins.removed", about, after={"rows": archive.rows, "archive": file.name}
        )
        work.touch("settings")
    drop_data(system.database, found, others)
    system.host.quarantine(name, "uninstalled")
    text = _(
        "%(n)s rows are in %(file)s, the tables are gone. Take the module's folder away now.",
        n=archive.rows,
        file=file,
    )
    context.say({"name": name, "archive": str(file), "tables": archive.tables}, text)


@plugin.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@pass_context
@refusing
def restore(context: Context, file: Path) -> None:
    """Bring a module's data back from an archive; the module itself must be there again."""
    name = read_archive(file).plugin
    found, others = loaded(context, name)
    system = context.system
    archive = restore_data(system.database, found, others, file)
    with system.opener.as_system(context.actor(), writing=True) as work:
        keys = {spec.key for spec in work.host.settings if spec.key.startswith(f"{name}.")}
        ensure_effective(work, keys)
        work.touch("settings")
        about = ledger.About("module", label=name)
        ledger.record(
            work, "plugins.restored", about, after={"rows": archive.rows, "archive": file.name}
        )
    text = _("%(n)s rows are back; every digest agrees.", n=archive.rows)
    context.say({"name": name, "tables": archive.tables}, text)
