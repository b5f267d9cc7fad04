"""The command line in the language of the place: our own help, and the sentences of click."""

from __future__ import annotations

import click

from core.i18n import _, mark

SENTENCES = (
    mark("Usage:"),
    mark("Options"),
    mark("Commands"),
    mark("Positional arguments"),
    mark("Show this message and exit."),
    mark("Aborted!"),
    mark("Missing command."),
    mark("Missing argument"),
    mark("Missing option"),
    mark("default: {default}"),
    mark("Error: {message}"),
    mark("Invalid value: {message}"),
    mark("Invalid value for {param_hint}: {message}"),
    mark("No such command {name!r}."),
    mark("No such option {name!r}."),
    mark("Try '{command} {option}' for help."),
    mark("file"),
    mark("directory"),
    mark("path"),
    mark("{name} {filename!r} does not exist."),
    mark("{name} {filename!r} is a directory."),
    mark("{name} {filename!r} is a file."),
    mark("{name} {filename!r} is not readable."),
    mark("{name} {filename!r} is not writable."),
    mark("{value!r} is not a valid {number_type}."),
    mark("{value} is not in the range {range}."),
    mark("Option {name!r} does not take a value."),
)
"""What people meet of click's own sentences."""


def _said(sentence: str) -> str:
    """Translate one of click's sentences; what is not in the catalogue stays as it is."""
    return _(sentence) if sentence in SENTENCES else sentence


def speak() -> None:
    """Let click say its own sentences in the language of the place."""
    # click asks gettext, which wants compiled files in folders of the system; these names are
    # all it asks through.
    for module in (click.core, click.decorators, click.exceptions, click.formatting, click.types):
        module._ = _said  # type: ignore[attr-defined]  # a module's own name


def translate(command: click.Command) -> None:
    """Translate the help of a command and of all below it: docstrings and plain texts."""
    if command.help:
        command.help = _(command.help)
    for option in command.params:
        if isinstance(option, click.Option) and option.help:
            option.help = _(option.help)
    for below in getattr(command, "commands", {}).values():
        translate(below)
