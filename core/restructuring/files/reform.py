"""The table of a reform: old communes and new ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from core.exchange.workbook import RawRow
from core.i18n import _
from core.restructuring.files.columns import bad_row, parse_share
from core.restructuring.operations import WHOLE


@dataclass(frozen=True, slots=True)
class Succession:
    """A row of the reform's table."""

    old: str
    new: str
    name: str
    province: str
    province_name: str
    share: Fraction | None
    is_main: bool


def read_reform(rows: Iterable[RawRow]) -> tuple[list[Succession], list[str]]:
    """Read the reform's table; return its rows and what is wrong with others."""
    found: list[Succession] = []
    problems: list[str] = []
    seen: set[tuple[str, str]] = set()
    for row in rows:
        values = row.values
        old, new = values.get("old_code", ""), values.get("new_code", "")
        try:
            share = parse_share(values.get("share", ""))
        except ValueError:
            sentence = _("The share is whole, part, or a number up to 1.")
            problems.append(bad_row(row.number, sentence))
            continue
        if not old or not new or (old, new) in seen:
            sentence = _("Each row needs an old code and a new code, and each pair stands once.")
            problems.append(bad_row(row.number, sentence))
            continue
        seen.add((old, new))
        main = values.get("main_successor", "")
        found.append(
            Succession(
                old,
                new,
                values.get("new_name", ""),
                values.get("new_province_code", ""),
                values.get("new_province", ""),
                share,
                main == "yes" or (share == WHOLE and main != "no"),
            )
        )
    return found, problems
