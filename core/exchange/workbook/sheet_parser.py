"""One worksheet, streamed: the text of each row's cells while its XML passes by."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import IO

from .cells import clean, moment_text, number_text, unescape
from .columns import LONGEST_CELL
from .package import Attributes, Package, feed, new_parser
from .refusals import BAD_DATE, BAD_ERROR, BAD_FORMULA, BAD_LONG, BAD_ROUNDED

Cells = dict[int, str]
SheetRow = tuple[int, Cells, Cells]
"""The number of a row, the text of its cells by column, and what is wrong with some of them."""

_DIGITS = "0123456789"
_SHOWN = 100
_MOST_COLUMNS = 16_384
_YEAR_LENGTH = 4


def sheet_rows(
    stream: IO[bytes],
    package: Package,
    *,
    columns: Collection[int] | None = None,
    years: Collection[int] = (),
) -> Iterator[SheetRow]:
    """Yield the rows of a worksheet that hold anything; `columns` are the ones wanted, else all.

    In the columns `years` a day of 1902 to 1908 is a year that was typed into a cell for days.
    """
    parser = _SheetParser(package, columns, years)
    for _ in feed(parser.parser, stream):
        yield from parser.rows
        parser.rows.clear()


def column_index(reference: str) -> int:
    """Return the column of a reference such as `AB12`, from 0."""
    index = 0
    for letter in reference.rstrip(_DIGITS):
        index = index * 26 + ord(letter) - 64
    return index - 1


class _SheetParser:
    """Takes the tags of a worksheet as they come; finished rows wait in `rows`."""

    def __init__(
        self, package: Package, columns: Collection[int] | None, years: Collection[int]
    ) -> None:
        self.rows: list[SheetRow] = []
        self.parser = new_parser()
        self.parser.StartElementHandler = self._root
        self._package = package
        self._columns = columns
        self._years = years
        self._indexes: dict[str, int] = {}
        self._number = 0
        self._index = -1
        self._cells: Cells = {}
        self._bad: Cells = {}
        self._cell: Attributes = {}
        self._text = ""
        self._formula = False
        self._aside = False

    def _root(self, tag: str, _: Attributes) -> None:
        """Learn from the first tag whether all names carry a prefix, as some writers do."""
        prefix = tag.removesuffix("worksheet")
        self._row_tag = prefix + "row"
        self._cell_tag = prefix + "c"
        self._value_tags = (prefix + "v", prefix + "t")
        self._formula_tag = prefix + "f"
        self._aside_tag = prefix + "rPh"
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, tag: str, attributes: Attributes) -> None:
        if tag == self._cell_tag:
            self._cell = attributes
            self._formula = False
            self._text = ""
        elif tag in self._value_tags:
            if not self._aside:
                self.parser.CharacterDataHandler = self._add
        elif tag == self._row_tag:
            self._number = int(attributes.get("r", self._number + 1))
            self._index = -1
            self._cells = {}
            self._bad = {}
        elif tag == self._formula_tag:
            self._formula = True
        elif tag == self._aside_tag:
            self._aside = True

    def _add(self, piece: str) -> None:
        if len(self._text) <= LONGEST_CELL:  # what is far beyond is dropped at once
            self._text += piece

    def _end(self, tag: str) -> None:
        if tag == self._cell_tag:
            self._end_cell()
        elif tag in self._value_tags:
            self.parser.CharacterDataHandler = None
        elif tag == self._row_tag:
            if self._cells:
                self.rows.append((self._number, self._cells, self._bad))
        elif tag == self._aside_tag:
            self._aside = False

    def _end_cell(self) -> None:
        reference = self._cell.get("r")
        if reference is None:
            index = self._index + 1
        else:
            letters = reference.rstrip(_DIGITS)
            found = self._indexes.get(letters)
            index = self._learn(letters) if found is None else found
        self._index = index
        unwanted = self._columns is not None and index not in self._columns
        if unwanted or index >= _MOST_COLUMNS:
            return
        text, bad = self._read_cell(self._text, index)
        if text or bad:
            self._cells[index] = text
        if bad:
            self._bad[index] = bad

    def _learn(self, letters: str) -> int:
        index = self._indexes[letters] = column_index(letters)
        return index

    def _read_cell(self, raw: str, index: int) -> tuple[str, str]:
        kind = self._cell.get("t", "n")
        if kind == "n":
            return self._read_number(raw, index)
        if kind == "s":
            raw = self._package.strings[int(raw)] if raw else ""
        elif kind == "b":
            return ("yes" if raw == "1" else "no") if raw else "", ""
        elif kind == "e":
            return clean(raw), BAD_ERROR
        elif kind == "d":
            return clean(raw).removesuffix("T00:00:00"), ""
        if len(raw) > LONGEST_CELL:
            return clean(raw[:_SHOWN]), BAD_LONG
        return clean(unescape(raw)), ""

    def _read_number(self, raw: str, index: int) -> tuple[str, str]:
        raw = raw.strip()
        if not raw:
            return "", BAD_FORMULA if self._formula else ""
        if self._cell.get("s") in self._package.day_styles:
            if index in self._years and len(raw) == _YEAR_LENGTH and raw.isdigit():
                return raw, ""
            text = moment_text(raw, self._package.day_shift)
            return (raw, BAD_DATE) if text is None else (text, "")
        plain = number_text(raw)
        return (raw, BAD_ROUNDED) if plain is None else (plain, "")
