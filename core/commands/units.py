"""`hatnhan units`: the organisation tree with its head counts."""

from __future__ import annotations

from datetime import date

import click

from core.cli import DAY, Context, json_option, with_work
from core.errors import NotFound
from core.i18n import _, format_day, format_number, lazy
from core.members.services import CountedUnit, counted_tree
from core.units.comparing import known_on, taken_back
from core.units.places import ROOT_CODE
from core.units.tree import access_unit
from core.work import Work


@click.group()
def units() -> None:
    """The organisation tree."""


@units.command()
@click.option(
    "--unit", "code", default=ROOT_CODE, metavar="CODE", help=str(lazy("The unit at the top."))
)
@click.option("--as-of", "as_of", type=DAY, help=str(lazy("The day; without it today.")))
@click.option(
    "--known-on",
    "known",
    type=DAY,
    help=str(lazy("The tree as the system knew it at the end of this day; nobody is counted.")),
)
@json_option
@with_work(writing=False)
def tree(context: Context, work: Work, code: str, as_of: date | None, known: date | None) -> None:
    """Print the tree of a day; `members` is the head count of each subtree."""
    day = as_of or work.today
    root = counted_tree(work, access_unit(work, code), day, generation=known_on(work, known))
    if root is None:
        raise NotFound(
            _(
                "%(code)s was not there on %(day)s. Choose another day.",
                code=code,
                day=format_day(day),
            )
        )
    lines = [*taken_back(work, known), *_lines(root)]
    context.say(root.as_json(), "" if context.as_json else "\n".join(lines))


def _lines(node: CountedUnit, depth: int = 0) -> list[str]:
    """Return the tree as lines, indented by level."""
    number = "" if node.members is None else f": {format_number(node.members)}"
    lines = [f"{'  ' * depth}{node.name} ({node.code}){number}"]
    for child in node.children:
        lines.extend(_lines(child, depth + 1))
    return lines
