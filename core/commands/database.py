"""`hatnhan db`: migrate the database and compare it with the models."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from core.cli import Context, json_option, pass_context, refusing
from core.i18n import _
from core.reference import add_reference_data
from core.schema import components, differences, migrate, pending


@click.group()
def db() -> None:
    """The database: upgrade, check, write a revision."""


@db.command()
@json_option
@pass_context
@refusing
def upgrade(context: Context) -> None:
    """Migrate core and every plugin; add the root and the reference data when absent."""
    system = context.system
    migrate(system.database, system.host)
    with system.database.session(writing=True) as session:
        made = add_reference_data(session)
        session.commit()
    names = [name for name, _folder in components(system.host)]
    context.say({"components": names, "root_made": made}, _("The database is up to date."))


@db.command()
@json_option
@pass_context
@refusing
def check(context: Context) -> None:
    """Compare the models with the database; exit 1 where they differ."""
    system = context.system
    waiting = pending(system.database, system.host)
    found = {
        name: [str(difference) for difference in differences(system.database, name)]
        for name, _folder in components(system.host)
    }
    wrong = waiting or any(found.values())
    context.say(
        {"pending": waiting, "differences": found},
        _("Models and database differ; run “hatnhan db upgrade”.")
        if wrong
        else _("Models and database agree."),
    )
    sys.exit(1 if wrong else 0)


@db.command()
@click.argument("component")
@click.argument("message")
@pass_context
@refusing
def revision(context: Context, component: str, message: str) -> None:
    """Write a revision of core or of a plugin from what its models changed."""
    folders: dict[str, Path] = dict(components(context.system.host))
    plugin = context.system.host.plugins.get(component)
    if component not in folders and plugin is not None:
        folders[component] = plugin.folder / "migrations"
        folders[component].mkdir(exist_ok=True)
    if component not in folders:
        raise click.UsageError(_("There is no component %(name)s.", name=component))
    from core.revising import revise  # noqa: PLC0415 - brings Alembic, which a server does not need

    revise(context.system.database, component, folders[component], message)
