"""Writes the body of a paper in the language of Word, by paragraph styles a locality may change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from xml.sax.saxutils import escape

Data = dict[str, Any]

TWIPS: Final = 56.6929  # in a millimetre

_ALIGN: Final[Mapping[str, str]] = {
    "left": "left",
    "center": "center",
    "right": "right",
    "justify": "both",
}
_RULED: Final = "single"
_CUT: Final = "dashed"


def body(blocks: Iterable[Data], width: float) -> str:
    """Give the arranged blocks as paragraphs and tables; `width` of the text in millimetres."""
    shown = list(blocks)
    parts = [_WRITERS[block["block"]](block, width) for block in shown]
    if shown and shown[-1]["block"] in {"paragraph", "bullets"}:
        parts[-1] = _kept_with_next(parts[-1])
    return "".join(parts)


def _kept_with_next(part: str) -> str:
    """Keep the last paragraph with the signatures: they may not stand alone on a page."""
    before, mark, after = part.rpartition("</w:pStyle>")
    return f"{before}{mark}<w:keepNext/>{after}" if mark else part


def paragraph(style: str, content: str, more: str = "") -> str:
    """Write a paragraph; `more` are further properties, in the order the format wants."""
    properties = f'<w:pStyle w:val="{style}"></w:pStyle>{more}'
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def run(text: str, *, bold: bool = False, italic: bool = False) -> str:
    """Write plain text; line ends become line breaks."""
    face = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    properties = f"<w:rPr>{face}</w:rPr>" if face else ""
    lines = (_line(line) for line in text.split("\n"))
    return f"<w:r>{properties}{'<w:br/>'.join(lines)}</w:r>"


def _line(text: str) -> str:
    pieces = (f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in text.split("\t"))
    return "<w:tab/>".join(pieces)


def _runs(runs: Iterable[Data]) -> str:
    return "".join(run(one["text"], bold=one["bold"], italic=one["italic"]) for one in runs)


def _heading(block: Data, _width: float) -> str:
    level = min(max(1, block["level"]), 2)
    more = f'<w:outlineLvl w:val="{block["outline_level"] - 1}"/>'
    return paragraph(f"PartyHeading{level}", run(block["text"]), more)


def _paragraph(block: Data, _width: float) -> str:
    more = "" if block["indent"] else '<w:ind w:firstLine="0"/>'
    more += f'<w:jc w:val="{_ALIGN[block["align"]]}"/>'
    return paragraph("PartyBody", _runs(block["text"]), more)


def _bullets(block: Data, _width: float) -> str:
    dash = run("-\u00a0")
    return "".join(paragraph("PartyBody", dash + _runs(item)) for item in block["items"])


def _spacer(block: Data, _width: float) -> str:
    height = round(block["height"] * TWIPS)
    spacing = f'<w:spacing w:before="0" w:after="0" w:line="{height}" w:lineRule="exact"/>'
    return paragraph("PartyCell", "", spacing)


def _page_break(_block: Data, _width: float) -> str:
    spacing = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    return paragraph("PartyCell", '<w:r><w:br w:type="page"/></w:r>', spacing)


# ------------------------------------------------------------------------------- tables


def _table(block: Data, width: float) -> str:
    widths = _widths([column["width"] for column in block["columns"]], width)
    style = "PartyCellCompact" if block["compact"] else "PartyCell"
    aligns = [column["align"] for column in block["columns"]]
    titles = [column["title"] for column in block["columns"]]
    rows = [_head_row(titles, widths)]
    for cells in block["rows"]:
        texts = (_cell_text(style, *cell) for cell in zip(cells, aligns, strict=True))
        rows.append(_row(zip(texts, widths, strict=True)))
    return _apart(_grid(rows, widths, _RULED))


def _signature_rows(block: Data, width: float) -> str:
    widths = _widths([12, 0, 45, 38], width)
    rows = [_head_row(block["heads"], widths)]
    for cells in block["rows"]:
        aligned = zip(cells, ("center", "left", "left", "left"), strict=True)
        texts = (_cell_text("PartyCell", *cell) for cell in aligned)
        rows.append(_row(zip(texts, widths, strict=True), height=9.5))
    return _apart(_grid(rows, widths, _RULED))


def _people(block: Data, width: float) -> str:
    widths = _widths([0] * len(block["columns"]), width)
    cells = (
        "".join(paragraph("PartyName", run(name)) for name in names) or paragraph("PartyName", "")
        for names in block["columns"]
    )
    row = _row(zip(cells, widths, strict=True))
    return _apart(_grid([row], widths, "nil", margin=0))


def _slips(block: Data, width: float) -> str:
    widths = _widths([0, 0], width)
    slips = [_slip(slip) for slip in block["slips"]]
    slips += [paragraph("PartySlip", "")] * (len(slips) % 2)
    pairs = zip(slips[::2], slips[1::2], strict=True)
    rows = [_row(zip(pair, widths, strict=True)) for pair in pairs]
    return _apart(_grid(rows, widths, _CUT, margin=4))


def _slip(slip: Data) -> str:
    centered = '<w:jc w:val="center"/>'
    parts = [
        paragraph("PartySlip", run(slip["head"]), centered),
        paragraph("PartySlip", run(slip["title"], bold=True), centered),
    ]
    for line in slip["lines"]:
        label = run(f"{line['label']}: ")
        if line["code"]:
            parts += [paragraph("PartySlip", label), paragraph("PartyCode", run(line["value"]))]
        else:
            parts.append(paragraph("PartySlip", label + run(line["value"], bold=True)))
    if slip["text"]:
        parts.append(paragraph("PartySlip", run(slip["text"])))
    if slip["note"]:
        parts.append(paragraph("PartySlipNote", run(slip["note"])))
    return "".join(parts)


def _widths(wanted: list[float], width: float) -> list[int]:
    """Share the width: what a column asks for, the rest equally, too much in proportion."""
    free = wanted.count(0)
    taken = sum(wanted)
    if taken > width or not free:
        return [round(one * width / taken * TWIPS) for one in wanted]
    share = (width - taken) / free
    return [round((one or share) * TWIPS) for one in wanted]


def _head_row(titles: Iterable[str], widths: list[int]) -> str:
    texts = (paragraph("PartyTableHead", run(title)) for title in titles)
    return _row(zip(texts, widths, strict=True), head=True)


def _row(cells: Iterable[tuple[str, int]], *, head: bool = False, height: float = 0) -> str:
    rule = f'<w:trHeight w:val="{round(height * TWIPS)}"/>' if height else ""
    repeated = "<w:tblHeader/>" if head else ""
    align = "center" if head or height else "top"
    content = "".join(_cell(text, width, align) for text, width in cells)
    return f"<w:tr><w:trPr><w:cantSplit/>{rule}{repeated}</w:trPr>{content}</w:tr>"


def _cell(content: str, width: int, align: str) -> str:
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="{align}"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def _cell_text(style: str, text: str, align: str) -> str:
    return paragraph(style, run(text), f'<w:jc w:val="{_ALIGN[align]}"/>')


def _grid(rows: Iterable[str], widths: list[int], line: str, *, margin: float = 1.5) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="{line}" w:sz="4" w:space="0"/>' for side in sides)
    inner = round(margin * TWIPS)
    upright = inner if line == _CUT else 0
    around = (("top", upright), ("left", inner), ("bottom", upright), ("right", inner))
    margins = "".join(f'<w:{side} w:w="{size}" w:type="dxa"/>' for side, size in around)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _apart(table: str) -> str:
    """Keep a table a little apart from what stands before it, and from a table after it."""
    before, after = (_spacer({"height": height}, 0) for height in (1.2, 0.8))
    return f"{_kept_with_next(before)}{table}{after}"


_WRITERS: Final[Mapping[str, Callable[[Data, float], str]]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "bullets": _bullets,
    "table": _table,
    "spacer": _spacer,
    "people": _people,
    "signature_rows": _signature_rows,
    "page_break": _page_break,
    "slips": _slips,
}
