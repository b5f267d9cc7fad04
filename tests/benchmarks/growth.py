"""How measures grow with the number of members: `var/bench.json` drawn for the README."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.ground import ROOT

RESULTS = ROOT / "var" / "bench.json"
DRAWING = Path(__file__).with_name("growth.svg")
MEMBERS = {"town": 3_500, "province": 350_000, "hanoi": 500_000}
LINES = (
    ("list of the root, JSON, CPU ms", "first page of the list, JSON", "#1d4ed8"),
    ("list of the root, HTML, CPU ms", "first page of the list, HTML", "#0f766e"),
    ("one record, JSON, CPU ms", "one record, JSON", "#6d28d9"),
    ("search for a person, rights: everywhere, CPU ms", "search for a person", "#b45309"),
    ("page of the root with its head counts, CPU ms", "page with all head counts", "#be123c"),
    ("a year of attendance by commune, CPU ms", "a year of attendance, nothing known", "#374151"),
    (
        "overview of a province for a month, page, for the first time, CPU ms",
        "page of figures, nothing known", "#7f1d1d",
    ),
    (
        "overview of a province for a month, page, after a change in one commune, CPU ms",
        "page of figures after a change", "#c2410c",
    ),
    (
        "overview of a province for a month, page, unchanged, CPU ms",
        "page of figures, unchanged", "#15803d",
    ),
)  # fmt: skip
LEFT, TOP, WIDTH, HEIGHT, NAMES = 64, 40, 420, 400, 270
LEAST, MOST = 1.0, 10_000.0
APART = 17
STYLE = "font: 13px system-ui, sans-serif; fill: #1f2937"

Point = tuple[float, float]


def main() -> None:
    """Draw what the last run measured, and print it as a table."""
    rows = json.loads(RESULTS.read_text(encoding="utf-8"))
    found = {(one["measure"], one["size"]): float(one["median"]) for one in rows}
    drawn = [
        (name, colour, {size: found[measure, size] for size in MEMBERS if (measure, size) in found})
        for measure, name, colour in LINES
    ]
    DRAWING.write_text(drawing([one for one in drawn if one[2]]), encoding="utf-8")
    for name, _colour, values in drawn:
        cells = (f"{values[size]:,.4g}" if size in values else "–" for size in MEMBERS)
        print(f"| {name} | {' | '.join(cells)} |")


def drawing(lines: Sequence[tuple[str, str, Mapping[str, float]]]) -> str:
    """Return the picture: both axes by powers of ten, a line for each measure, named at its end."""
    parts = [*_axes()]
    ends = sorted(
        ((_point(*list(values.items())[-1])[1], name, colour) for name, colour, values in lines),
    )
    for _name, colour, values in lines:
        points = [_point(size, value) for size, value in values.items()]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
    below = 0.0
    for y, name, colour in ends:
        below = max(y, below + APART)
        x = LEFT + WIDTH + 12
        parts.append(f'<text x="{x}" y="{below + 4:.1f}" style="fill: {colour}">{name}</text>')
    size = f"{LEFT + WIDTH + NAMES} {TOP + HEIGHT + 60}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" '
        f'aria-label="Processor time a request by the number of members" style="{STYLE}">\n'
        '<rect width="100%" height="100%" fill="#ffffff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _axes() -> list[str]:
    """Draw the powers of ten, and name the sizes."""
    parts = [f'<text x="{LEFT}" y="22">CPU ms a request, server and database together</text>']
    value = LEAST
    while value <= MOST:
        y = _height(value)
        parts.append(
            f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e5e7eb"/>'
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:,.0f}</text>'
        )
        value *= 10
    for size, members in MEMBERS.items():
        x, bottom = _across(members), TOP + HEIGHT
        # The two large ones stand close to each other.
        anchor = {"town": "middle", "province": "end", "hanoi": "start"}[size]
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{bottom}" stroke="#f3f4f6"/>'
            f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="{anchor}">{members:,}</text>'
            f'<text x="{x:.1f}" y="{bottom + 38}" text-anchor="{anchor}">{size}</text>'
        )
    return parts


def _point(size: str, value: float) -> Point:
    return _across(MEMBERS[size]), _height(value)


def _across(members: float) -> float:
    low, high = math.log10(2_500), math.log10(600_000)
    return LEFT + WIDTH * (math.log10(members) - low) / (high - low)


def _height(value: float) -> float:
    low, high = math.log10(LEAST), math.log10(MOST)
    return TOP + HEIGHT * (high - math.log10(max(value, LEAST))) / (high - low)


if __name__ == "__main__":
    main()
