"""The file somebody sent, given back with what is to be corrected in each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .columns import LONGEST_CELL, USUAL, Column, Limits, Problems, RawRow, Target, Text
from .headings import DATA, OWN_HEADINGS
from .reading import Reading, read_rows
from .writing import (
    LINE_HEIGHT,
    Look,
    Write,
    cell_writer,
    finish_table,
    headings_of,
    look_of,
    open_workbook,
    width_of,
    write_head,
)

if TYPE_CHECKING:
    from .sheet import QuickSheet

_REASONS_WIDTH = 48
_ROW_WIDTH = 8
_HIGHEST_ROW = 400
# Each comment is a drawing that Excel must lay out; the first column has all reasons anyway.
_MOST_COMMENTS = 2_000


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
    """Write the rows of `source` again, those to correct first, and return how many these are.

    The workbook starts with the columns of reasons and of original row numbers, which are passed
    over when it is imported again. Only the columns that `source` has are written. It speaks the
    active language, like the sentences in `problems`.
    """

    def read() -> Reading:
        return read_rows(source, columns, aliases=aliases, filename=filename, limits=limits)

    columns = list(columns)
    with (
        open_workbook(target, title=str(summary)) as workbook,
        read() as wrong_rows,
        read() as other_rows,
    ):
        there = set(wrong_rows.columns)
        columns = [column for column in columns if column.key in there]
        sheet = workbook.add_worksheet(str(DATA))
        wrong_look = look_of(workbook, bg_color="#FFD9C7", border=1, text_wrap=True)
        table = _Table(sheet, columns, look_of(workbook), wrong_look)
        first = table.write_head(str(summary))
        wrong = table.write_rows(first, wrong_rows, problems, wrong=True)
        rows = wrong + table.write_rows(first + wrong, other_rows, problems, wrong=False)
        finish_table(sheet, first, first + rows - 1, len(columns) + len(OWN_HEADINGS))
    return wrong


class _Table:
    """The sheet being written: ordinary cells in one look, those to correct in another."""

    def __init__(self, sheet: QuickSheet, columns: list[Column], plain: Look, wrong: Look) -> None:
        self._sheet = sheet
        self._columns = columns
        self._plain = plain
        self._wrong = wrong
        self._writers = [
            (column.key, self._writer(column, plain), self._writer(column, wrong))
            for column in columns
        ]
        self._titles = {column.key: str(column.title) for column in columns}
        self._comments = 0

    def _writer(self, column: Column, look: Look) -> Write:
        return cell_writer(self._sheet, look, column, "labels")

    def write_head(self, summary: str) -> int:
        """Write what precedes the rows and return the first row of data."""
        widths = [_REASONS_WIDTH, _ROW_WIDTH, *map(width_of, self._columns)]
        for index, width in enumerate(widths):
            self._sheet.set_column(index, index, width)
        headings = [*map(str, OWN_HEADINGS), *headings_of(self._columns, "labels")]
        return write_head(self._sheet, self._plain, summary.splitlines(), headings)

    def write_rows(
        self, first: int, rows: Iterable[RawRow], problems: Problems, *, wrong: bool
    ) -> int:
        """Write the rows with problems, or those without, and return how many there were."""
        row = first
        for raw in rows:
            if wrong and row - first == len(problems):
                break
            if (raw.number in problems) == wrong:
                self._write(row, raw, problems.get(raw.number, ()))
                row += 1
        return row - first

    def _write(self, row: int, raw: RawRow, problems: Sequence[tuple[str | None, Text]]) -> None:
        """Write one row with its reasons."""
        reasons: dict[str | None, list[str]] = {}
        for key, sentence in problems:
            reasons.setdefault(key, []).append(str(sentence))
        if problems:
            text = self._listed(reasons)
            self._sheet.set_row(row, min(LINE_HEIGHT * _lines(text), _HIGHEST_ROW))
            self._sheet.write_string(row, 0, text, self._wrong.text)
        self._sheet.write_number(row, 1, raw.number, self._plain.number)
        for index, (key, write, write_wrong) in enumerate(self._writers, len(OWN_HEADINGS)):
            value = raw.values[key]
            if key in reasons:
                self._mark(row, index, reasons[key])
                (write_wrong if value else self._write_gap)(row, index, value)
            elif value:
                write(row, index, value)

    def _write_gap(self, row: int, index: int, _value: str) -> object:
        return self._sheet.write_blank(row, index, None, self._wrong.text)

    def _mark(self, row: int, index: int, reasons: list[str]) -> None:
        if self._comments < _MOST_COMMENTS:
            self._comments += 1
            self._sheet.write_comment(row, index, "\n".join(reasons)[:LONGEST_CELL])

    def _listed(self, reasons: Mapping[str | None, list[str]]) -> str:
        """Return all reasons of a row, each with the title of its column."""
        lines = [
            f"{self._titles[key]}: {reason}" if key in self._titles else reason
            for key, sentences in reasons.items()
            for reason in sentences
        ]
        return "\n".join(lines)[:LONGEST_CELL]


def _lines(text: str) -> int:
    """Return how many lines text takes in the column of reasons."""
    return sum(max(1, -(-len(line) // (_REASONS_WIDTH - 4))) for line in text.split("\n"))
