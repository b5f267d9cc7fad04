"""Workbooks whose ordinary cells are written at once; only `open_workbook` imports this."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellNumberTuple, CellStringTuple, Worksheet

# What XML or Excel would read otherwise; control characters are not printable.
_SPECIAL = re.compile(r"[&<>]|_x|^\s|\s$")
_ORDINARY = (CellStringTuple, CellNumberTuple)
_column = lru_cache(xl_col_to_name)


class QuickSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter tells no types
    """A sheet of texts and numbers with formats; the bytes are those of XlsxWriter.

    It asks some twenty questions of every cell: what it is, whether it needs escaping, what stands
    in its attributes. Nearly all of ours have one answer to all of them.
    """

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """Write a plain text or number; anything else is left to XlsxWriter."""
        kind = type(cell)
        # A format gets its number when XlsxWriter writes the first cell in it.
        style = cell.format.xf_index if kind in _ORDINARY and cell.format else None
        if style is None:
            super()._write_cell(row, col, cell)
        elif kind is CellNumberTuple:
            number = f"{cell.number:.16G}"
            self.fh.write(f'<c r="{_column(col)}{row + 1}" s="{style}"><v>{number}</v></c>')
        elif cell.string.isprintable() and not _SPECIAL.search(cell.string):
            self.fh.write(
                f'<c r="{_column(col)}{row + 1}" s="{style}" t="inlineStr">'
                f"<is><t>{cell.string}</t></is></c>"
            )
        else:
            super()._write_cell(row, col, cell)

    def first_cells(self, col: int, count: int) -> str:
        """Return the address of the first cells of a column, as a rule of another sheet says it."""
        return f"='{self.get_name()}'!${_column(col)}$1:${_column(col)}${count}"


class QuickBook(Workbook):  # type: ignore[misc]  # XlsxWriter tells no types
    """A workbook of such sheets."""

    worksheet_class = QuickSheet
