"""Lines of like kind in one form, as they were typed, with blank ones to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from core.forms import Form

from ..schemas.rows import lines_of


def typed_lines(
    form: Form | None,
    name: str,
    columns: Sequence[str],
    blank: int,
    first: Sequence[Mapping[str, Any]] = (),
) -> list[dict[str, Any]]:
    """Return the lines of a form: those typed when it was refused, else the first values.

    At least `blank` empty ones follow.
    """
    if form is not None and isinstance(form.data, MultiDict):
        lines: list[dict[str, Any]] = [dict(line) for line in lines_of(form.data, name, columns)]
    else:
        lines = [dict(line) for line in first]
    while lines and not lines[-1]:
        lines.pop()
    return [*lines, *({} for _number in range(blank))]
