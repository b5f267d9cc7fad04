"""`hatnhan i18n`: check that both catalogues are complete, add what is new."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from core.cli import Context, json_option, pass_context
from core.i18n.extraction import missing_translations, update_catalogue

CORE = Path(__file__).resolve().parent.parent
PLUGINS = CORE.parent / "plugins"


def packages() -> list[Path]:
    """Return core and our own plugins."""
    return [CORE, *sorted(file.parent for file in PLUGINS.glob("*/plugin.py"))]


@click.group()
def i18n() -> None:
    """The catalogues of messages."""


@i18n.command()
@json_option
@pass_context
def check(context: Context) -> None:
    """Exit 1 where a message has no Vietnamese, or a translation no message."""
    found = {package.name: missing_translations(package) for package in packages()}
    wrong = {name: lists for name, lists in found.items() if any(lists.values())}
    lines = [
        f"{name} {kind}: {text}"
        for name, lists in wrong.items()
        for kind, texts in lists.items()
        for text in texts
    ]
    context.say(
        {name: {k: list(v) for k, v in lists.items()} for name, lists in wrong.items()},
        "\n".join(lines),
    )
    sys.exit(1 if wrong else 0)


@i18n.command()
def update() -> None:
    """Add new messages to the catalogues, with an empty translation, and drop what is gone."""
    for package in packages():
        update_catalogue(package)
