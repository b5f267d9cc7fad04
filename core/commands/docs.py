"""`hatnhan docs`: pages that are printed from the code, so that they stay true."""

from __future__ import annotations

import sys

import click

from core.authoring.hook_docs import HOOKS, hooks_page
from core.cli import Context, json_option, pass_context
from core.i18n import _, lazy


@click.group()
def docs() -> None:
    """Pages printed from the code."""


@docs.command()
@click.option("--check", is_flag=True, help=str(lazy("Only say whether the page is up to date.")))
@json_option
@pass_context
def hooks(context: Context, *, check: bool) -> None:
    """Print all hooks with their users into core/HOOKS.md."""
    text = hooks_page()
    is_true = HOOKS.is_file() and HOOKS.read_text(encoding="utf-8") == text
    if not check and not is_true:
        HOOKS.write_text(text, encoding="utf-8")
    sentence = (
        _("The page is up to date.")
        if is_true or not check
        else _("The page is old; run “hatnhan docs hooks”.")
    )
    context.say({"path": HOOKS.name, "up_to_date": is_true or not check}, sentence)
    sys.exit(1 if check and not is_true else 0)
