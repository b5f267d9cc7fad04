"""Makes workbooks and CSV files; what makes them is imported when one is made.

XlsxWriter brings 45 modules, 19 ms of every start, and most processes never write a workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .columns import USUAL, Column, Limits, Problems, Target, Text, Wording


def write_rows(
    target: Target,
    columns: Iterable[Column],
    rows: Iterable[Sequence[Any]],
    *,
    title: Text = "",
    note: Text = "",
    locale: str | None = None,
    wording: Wording = "labels",
) -> int:
    """Write a workbook, returns the number of rows; see `writing.write_rows`."""
    from . import writing  # noqa: PLC0415 - see above

    told: dict[str, Any] = {"title": title, "note": note, "locale": locale, "wording": wording}
    return writing.write_rows(target, columns, rows, **told)


def write_csv(
    target: Target,
    columns: Iterable[Column],
    rows: Iterable[Sequence[Any]],
    *,
    wording: Wording = "keys",
    mark: bool = False,
) -> int:
    """Write CSV in UTF-8, returns the number of rows; see `writing.write_csv`."""
    from . import writing  # noqa: PLC0415 - see above

    return writing.write_csv(target, columns, rows, wording=wording, mark=mark)


def write_template(
    target: Target,
    columns: Iterable[Column],
    *,
    title: Text,
    guidance: Sequence[Text] = (),
    locale: str | None = None,
) -> None:
    """Write an empty workbook to fill in; see `template.write_template`."""
    from . import template  # noqa: PLC0415 - see above

    template.write_template(target, columns, title=title, guidance=guidance, locale=locale)


def annotate(
    source: Path,
    target: Target,
    columns: Iterable[Column],
    problems: Problems,
    *,
    summary: Text,
    aliases: Mapping[str, str] | None = None,
    filename: str | None = None,
    limits: Limits = USUAL,
) -> int:
    """Write rows again, those to correct first, returns how many; see `annotating.annotate`."""
    from . import annotating  # noqa: PLC0415 - see above

    told: dict[str, Any] = {"aliases": aliases, "filename": filename, "limits": limits}
    return annotating.annotate(source, target, columns, problems, summary=summary, **told)
