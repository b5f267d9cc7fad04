"""The table of a run: a row for each measure, printed, kept so that runs can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

KEPT = ("measure", "size", "median", "p95", "floor", "ratio", "goal", "met")


@dataclass(frozen=True, slots=True)
class Row:
    """A measure: its median and 95th percentile, what the floor took, and what was to be reached.

    The unit stands in the name of the measure; without a goal `met` is None.
    """

    measure: str
    size: str
    median: float
    p95: float | None = None
    floor: float | None = None
    ratio: float | None = None
    goal: str | None = None
    met: bool | None = None


def row(
    measure: str,
    size: str,
    median: float,
    *,
    p95: float | None = None,
    floor: float | None = None,
    at_most: float | None = None,
    ratio_at_most: float | None = None,
    ratio_at_least: float | None = None,
    p95_at_most: float | None = None,
    at_least: float | None = None,
) -> Row:
    """Make a row and judge it by its goal, of which there is at most one."""
    ratio = median / floor if floor else None
    goals = [
        (at_most, median, "≤", ""),
        (at_least, median, "≥", ""),
        (p95_at_most, p95, "≤", " (p95)"),
        (ratio_at_most, ratio, "≤", " × floor"),
        (ratio_at_least, ratio, "≥", " × floor"),
    ]
    goal, met = None, None
    for wanted, found, sign, what in goals:
        if wanted is not None and found is not None:
            goal = f"{sign} {wanted:g}{what}"
            met = found <= wanted if sign == "≤" else found >= wanted
    return Row(
        measure, size, _short(median) or 0.0, _short(p95), _short(floor), _short(ratio), goal, met
    )


def _short(value: float | None) -> float | None:
    """Keep the digits that mean something."""
    if value is None:
        return None
    return round(value, 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2)


def write(path: Path, rows: Sequence[Row]) -> None:
    """Keep rows; those of other sizes and measures that stand there already stay."""
    known: dict[tuple[str, str], dict[str, object]] = {}
    if path.exists():
        known = {(old["measure"], old["size"]): old for old in json.loads(path.read_text())}
    for one in rows:
        values = asdict(one)
        known[one.measure, one.size] = {name: values[name] for name in KEPT}
    text = json.dumps(list(known.values()), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def printed(rows: Iterable[Row]) -> str:
    """Return the table as text."""
    lines = [["measure", "size", "median", "p95", "floor", "ratio", "goal", ""]]
    for one in rows:
        met = {True: "met", False: "MISSED", None: ""}[one.met]
        numbers = [_text(value) for value in (one.median, one.p95, one.floor, one.ratio)]
        lines.append([one.measure, one.size, *numbers, one.goal or "", met])
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.rjust(width) if 2 <= at <= 5 else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:,.10g}"
