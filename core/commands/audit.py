"""`hatnhan audit`: prove, read and seal the ledger."""

from __future__ import annotations

import sys
from datetime import date

import click

from core.cli import DAY, Context, json_option, pass_context, refusing, with_work
from core.i18n import _, _n, format_instant, lazy
from core.ledger import services
from core.ledger.schemas import ActOutput, ReadOutput
from core.ledger.sealing import seal_due
from core.ledger.verifying import verify as verify_ledger
from core.units.tree import access_unit
from core.work import Work


@click.group()
def audit() -> None:
    """The ledger: who did what, who saw what, and that nothing was altered."""


@audit.command()
@json_option
@with_work(writing=False)
def verify(context: Context, work: Work) -> None:
    """Prove that nothing was altered, dropped or inserted; exit 1 otherwise."""
    verdict = verify_ledger(work)
    lines = [problem.sentence for problem in verdict.problems] or [
        _(
            "The ledger is whole: %(acts)s acts, %(reads)s reads, %(batches)s batches.",
            acts=verdict.acts,
            reads=verdict.reads,
            batches=verdict.batches,
        )
    ]
    context.say(verdict.as_json(), "\n".join(lines))
    if not verdict.is_whole:
        click.echo(verdict.problems[0].sentence, err=True)
        sys.exit(1)


@audit.command()
@click.option("--unit", default="ROOT", metavar="CODE", help=str(lazy("The unit.")))
@click.option("--who", default="", help=str(lazy("Part of the name of who acted.")))
@click.option("--what", default="", help=str(lazy("An area such as members, or one act.")))
@click.option("--about", default="", help=str(lazy("What it was about: words, or a key.")))
@click.option("--from", "since", type=DAY, help=str(lazy("From this day.")))
@click.option("--to", "until", type=DAY, help=str(lazy("Up to this day.")))
@click.option("--reads", is_flag=True, help=str(lazy("Who saw what, instead of who did what.")))
@click.option("--limit", default=50, type=click.IntRange(1, 5000), help=str(lazy("Rows.")))
@json_option
@with_work(writing=False)
def show(
    context: Context,
    work: Work,
    unit: str,
    reads: bool,  # noqa: FBT001 - an option of the command
    limit: int,
    **words: str | date | None,
) -> None:
    """Print the newest rows at a unit and below it."""
    here = work.at(access_unit(work, unit))
    search = services.Search(**words)  # type: ignore[arg-type]  # typed by click
    if reads:
        seen, _following = services.list_reads(here, search, limit=limit)
        text = [f"{_time(work, line)}\t{line.actor}\t{line.shown}\t{line.unit}" for line in seen]
        context.say(ReadOutput().dump(seen, many=True), "\n".join(text))
        return
    acts, _following = services.list_acts(here, search, limit=limit)
    text = [
        f"{_time(work, line)}\t{line.actor}\t{line.title}\t{line.label}\t{line.unit}"
        for line in acts
    ]
    context.say(ActOutput().dump(acts, many=True), "\n".join(text))


def _time(work: Work, line: services.ActLine | services.ReadLine) -> str:
    """Write when it was, by the site's clock."""
    return format_instant(line.at, work.host.zone)


@audit.command()
@json_option
@pass_context
@refusing
def seal(context: Context) -> None:
    """Take in what was read and seal what is new; the background work does it every minute."""
    count = seal_due(context.system)
    context.say({"sealed": count}, _n("%(n)s row was sealed.", "%(n)s rows were sealed.", count))
