"""`hatnhan generate`: reference data of a size, written straight into the database."""

from __future__ import annotations

import time

import click
import sqlalchemy as sa

from core.cli import Context, json_option, pass_context, refusing
from core.commands.demonstrating import progress
from core.generate.building import generate as build
from core.generate.country import Country
from core.generate.scale import SIZES
from core.i18n import _, lazy
from core.reference import add_reference_data
from core.schema import migrate

SQLITE_BYTES = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"


@click.command()
@click.option("--size", type=click.Choice(list(SIZES)), required=True)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--part",
    type=click.FloatRange(0, 1, min_open=True),
    default=1.0,
    help=str(lazy("Only so large a part of it: 0.1 is a tenth.")),
)
@json_option
@pass_context
@refusing
def generate(context: Context, size: str, seed: int, part: float) -> None:
    """Fill an empty database with made-up units, people and twelve months of meetings."""
    system = context.system
    migrate(system.database, system.host)
    with system.database.session(writing=True) as session:
        add_reference_data(session)
        session.commit()
    began = time.monotonic()
    with progress() as step:
        scale, rows = build(system, size, seed, step, part)
    seconds = time.monotonic() - began
    with system.database.engine.begin() as connection:
        if system.database.is_postgresql:
            taken = connection.scalar(sa.text("SELECT pg_database_size(current_database())"))
        else:
            taken = connection.scalar(sa.text(SQLITE_BYTES))
    told = {
        "size": size,
        "part": part,
        "seed": seed,
        "seconds": round(seconds, 1),
        "bytes": taken,
        "rows": rows,
    }
    sentence = _(
        "Written in %(seconds)s seconds; the database takes %(size)s MB.",
        seconds=round(seconds, 1),
        size=int(taken or 0) // 1_000_000,
    )
    if isinstance(scale, Country):
        path = scale.write_reform(system.config.var)
        told["reform"] = str(path)
        sentence += "\n" + _("The reform's file: %(path)s", path=path)
    context.say(told, sentence)
