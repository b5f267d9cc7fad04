"""The commands of `hatnhan`: a server imports the one that serves, everybody else all of them."""

from __future__ import annotations

import click


def names() -> list[str]:
    """Return the names of all commands."""
    from core.commands import every  # noqa: PLC0415 - see above

    return sorted(command.name for command in every.ALL if command.name)


def find(name: str) -> click.Command | None:
    """Return a command."""
    if name == "serve":
        from core.commands import serving  # noqa: PLC0415 - see above

        return serving.serve
    from core.commands import every  # noqa: PLC0415 - see above

    return {command.name: command for command in every.ALL}.get(name)
