"""`hatnhan indicators`: figures of a unit for a period."""

from __future__ import annotations

import sys
from typing import Any

import click

from core.cli import DAY, Context, json_option, with_work
from core.i18n import _, lazy
from core.indicators.evaluation import Figure, Question, evaluate
from core.indicators.registry import registry_of
from core.indicators.services import figure_text
from core.periods import Period
from core.units.tree import access_unit
from core.work import Work


@click.command()
@click.argument("keys", nargs=-1, metavar="KEY …")
@click.option("--unit", default="ROOT", metavar="CODE", help=str(lazy("The unit.")))
@click.option("--period", metavar="P", help=str(lazy("2023, 2023-Q2, 2023-05 or 2020..2023.")))
@click.option(
    "--by", type=click.Choice(["level", "child"]), help=str(lazy("Groups: kinds or units below."))
)
@click.option("--series", is_flag=True, help=str(lazy("One figure for each part of the period.")))
@click.option("--as-of", type=DAY, help=str(lazy("By the tree of this day.")))
@click.option("--restated", is_flag=True, help=str(lazy("Ended units count where they went.")))
@click.option("--subject", metavar="WORD", help=str(lazy("What is counted, such as unit, member.")))
@click.option("--kind", metavar="KIND", help=str(lazy("Only units of this kind.")))
@click.option("--grassroots/--not-grassroots", default=None, help=str(lazy("Grassroots only.")))
@click.option("--list", "listing", is_flag=True, help=str(lazy("Name all figures.")))
@json_option
@with_work(writing=False)
def indicators(
    context: Context,
    work: Work,
    keys: tuple[str, ...],
    unit: str,
    period: str | None,
    **options: Any,
) -> None:
    """Print figures of a unit for a period."""
    if options.pop("listing"):
        known = registry_of(work).values()
        context.say(
            [{"key": i.key, "title": str(i.title), "unit": i.unit} for i in known],
            "\n".join(f"{i.key}\t{i.title}" for i in known),
        )
        return
    if not keys or not period:
        raise click.UsageError(_("Name at least one figure, and a period (--period 2026)."))
    question = Question(access_unit(work, unit), read_period(period), **options)
    figures = evaluate(work, keys, question)
    text = "\n".join(line_of(work, figure) for figure in figures)
    context.say([figure.as_json() for figure in figures], text)


def read_period(text: str) -> Period:
    """Read a period, or end with what to write."""
    try:
        return Period.parse(text)
    except ValueError as error:
        click.echo(_(str(error)), err=True)
        sys.exit(2)


def line_of(work: Work, figure: Figure) -> str:
    """Write a figure on one line."""
    indicator = registry_of(work)[figure.key]
    parts = [figure.key, figure.period, figure.group or figure.unit, figure_text(indicator, figure)]
    return "\t".join([*parts, figure.note] if figure.note else parts)
