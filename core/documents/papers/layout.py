"""Arranges a paper for printing: what Word and PDF have in common, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

from core.documents.paper import Paper, from_data, to_data

Data = dict[str, Any]

LONGEST_LINE_OF_NAME: Final = 28  # letters of a body's name in one line of the head, at 13 pt


def arranged(paper: Paper) -> Data:
    """Give everything a template prints: the lines of the frame, and the blocks made simple.

    Text comes as runs, names as columns, signature sheets as rows, neighbouring slips together.
    """
    data = to_data(paper)
    paper = from_data(data)  # the texts that are put together below are clean, too
    left, right = _signers(data["signers"])
    return {
        "kind": paper.kind,
        "language": paper.language,
        "framed": paper.framed,
        "head_points": paper.head_points,
        "upper_body": _name(data["upper_body"]),
        "issuing_body": _name(data["issuing_body"]),
        "number_line": paper.number_line,
        "draft_line": paper.draft_line,
        "place_and_day": paper.place_and_day,
        "title": data["title"],
        "subtitle": data["subtitle"],
        "full_title": paper.full_title,
        "recipients": [line.lstrip("- ") for line in data["recipients"] or ()],
        "left_signer": left,
        "right_signer": right,
        "footnote": data["footnote"],
        "blocks": _with_outline(list(_together(map(_simple, data["blocks"])))),
    }


def _signers(signers: Sequence[Data]) -> tuple[Data | None, Data | None]:
    """Put one signer on the right; of two, the first on the left."""
    if not signers:
        return None, None
    return (None, signers[0]) if len(signers) == 1 else (signers[0], signers[1])


def _name(name: str) -> str:
    """Print a body in capitals; a name too long for a line breaks into lines of like length."""
    capitals = name.upper()
    if "\n" in capitals or len(capitals) <= LONGEST_LINE_OF_NAME:
        return capitals
    fullest = wrap(capitals, LONGEST_LINE_OF_NAME, break_long_words=False)
    widths = range(len(capitals) // len(fullest), LONGEST_LINE_OF_NAME)
    tried = (wrap(capitals, width, break_long_words=False) for width in widths)
    return "\n".join(next((lines for lines in tried if len(lines) == len(fullest)), fullest))


def _simple(block: Data) -> Data:
    change = _SIMPLER.get(block["block"])
    return {**block, **change(block)} if change else block


def _runs(text: Any) -> list[Data]:
    return [{"text": text, "bold": False, "italic": False}] if isinstance(text, str) else text


def _paragraph(block: Data) -> Data:
    return {"text": _runs(block["text"])}


def _bullets(block: Data) -> Data:
    return {"items": [_runs(item) for item in block["items"]]}


def _table(block: Data) -> Data:
    """Give every row as many cells as there are columns."""
    count = len(block["columns"])
    return {"rows": [(row + [""] * count)[:count] for row in block["rows"]]}


def _people(block: Data) -> Data:
    """Fill the columns from top to bottom, the first ones longest."""
    names = block["names"]
    if block["numbered"]:
        names = [f"{place}. {name}" for place, name in enumerate(names, start=1)]
    columns = max(1, block["columns"])
    size, longer = divmod(len(names), columns)
    result, start = [], 0
    for column in range(columns):
        end = start + size + (column < longer)
        result.append(names[start:end])
        start = end
    return {"columns": result}


def _signature_rows(block: Data) -> Data:
    pairs = [[name, ""] if isinstance(name, str) else name for name in block["names"]]
    pairs += [["", ""]] * block["blanks"]
    rows = [[str(place), name, "", remark] for place, (name, remark) in enumerate(pairs, start=1)]
    return {"rows": rows}


_SIMPLER: Final[Mapping[str, Callable[[Data], Data]]] = {
    "paragraph": _paragraph,
    "bullets": _bullets,
    "table": _table,
    "people": _people,
    "signature_rows": _signature_rows,
}


def _together(blocks: Iterator[Data]) -> Iterator[Data]:
    """Put slips that follow one another together, as they share a page."""
    slips: list[Data] = []
    for block in blocks:
        if block["block"] == "slip":
            slips.append(block)
            continue
        if slips:
            yield {"block": "slips", "slips": slips}
            slips = []
        yield block
    if slips:
        yield {"block": "slips", "slips": slips}


def _with_outline(blocks: list[Data]) -> list[Data]:
    """Number the outline without gaps: a screen reader's outline may not skip a level."""
    deepest = 0
    for block in blocks:
        if block["block"] == "heading":
            deepest = min(max(1, block["level"]), deepest + 1)
            block["outline_level"] = deepest
    return blocks
