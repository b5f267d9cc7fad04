"""Reading a workbook or CSV file row by row, in little memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import lru_cache
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from .columns import USUAL, Column, Limits, RawRow, UnreadableFile
from .delimited import delimited_rows, encoding_of, find_separator
from .guard import check_file
from .headings import (
    HEAD_ROWS,
    Expected,
    Heading,
    accept,
    best_heading,
    expected,
    loose,
    rank,
)
from .package import Package, damage_is_refused, open_package
from .refusals import TOO_MANY_ROWS
from .sheet_parser import SheetRow, sheet_rows

_DAY = re.compile(r"(\d{4})-(\d{2})-\d{2}")


def read_rows(
    path: Path,
    columns: Iterable[Column],
    *,
    aliases: Mapping[str, str] | None = None,
    filename: str | None = None,
    limits: Limits = USUAL,
) -> Reading:
    """Open a file for reading row by row; raises `UnreadableFile` at once or at a later row.

    `aliases` gives further headings (labels in another language, old names) with their keys;
    `filename` is the name its sender gave the file.
    """
    return Reading(path, expected(columns, aliases or {}), filename=filename, limits=limits)


class Reading(Iterator[RawRow]):
    """The rows of a file: an iterator and a context manager that closes the file.

    `columns` are the keys found, `unknown_columns` the headings nobody knows, `heading_row` the
    number of the row with the headings, `sheet` the name of the worksheet ("" for CSV).
    """

    def __init__(
        self, path: Path, wanted: Expected, *, filename: str | None = None, limits: Limits = USUAL
    ) -> None:
        """Look at the file, find its headings and stop before the first row."""
        self._wanted = wanted
        self._limits = limits
        self._open = ExitStack()
        self.sheet = ""
        try:
            kind = check_file(path, filename=filename, limits=limits)
            heading, rows = self._open_csv(path) if kind == "csv" else self._open_workbook(path)
        except BaseException:
            self._open.close()
            raise
        self.columns = list(heading.columns.values())
        self.unknown_columns = heading.unknown
        self.heading_row = heading.row
        self._rows = self._finish(heading, rows)

    def __next__(self) -> RawRow:
        """Return the next row that holds anything."""
        return next(self._rows)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file; reading to the end does it too."""
        self._open.close()

    def _open_csv(self, path: Path) -> tuple[Heading, Iterator[SheetRow]]:
        encoding = encoding_of(path)
        separator, found = find_separator(path, encoding, self._wanted)
        heading = accept(found, self._wanted)
        return heading, self._open.enter_context(
            delimited_rows(path, encoding, separator, heading.columns)
        )

    def _open_workbook(self, path: Path) -> tuple[Heading, Iterator[SheetRow]]:
        package = open_package(path)
        self._open.callback(package.archive.close)
        self.sheet, part, heading = self._find_sheet(package)
        stream = self._open.enter_context(package.archive.open(part))
        years = {
            index
            for index, key in heading.columns.items()
            if self._wanted.kinds[key] == "day_or_year"
        }
        return heading, sheet_rows(stream, package, columns=heading.columns, years=years)

    def _find_sheet(self, package: Package) -> tuple[str, str, Heading]:
        """Return the first sheet with all needed headings, else the one nearest to that."""
        best: tuple[str, str, Heading] | None = None
        for name, part in package.sheets:
            if loose(name) in self._wanted.passed_over:
                continue
            with damage_is_refused(), package.archive.open(part) as stream:
                rows = sheet_rows(stream, package)
                head = islice(((number, cells) for number, cells, _ in rows), HEAD_ROWS)
                heading = best_heading(head, self._wanted)
            if heading is None:
                continue
            if not heading.lacks(self._wanted):
                best = (name, part, heading)
                break
            if best is None or rank(heading, self._wanted) > rank(best[2], self._wanted):
                best = (name, part, heading)
        heading = accept(best[2] if best else None, self._wanted)
        return (*best[:2], heading) if best else ("", "", heading)

    def _finish(self, heading: Heading, rows: Iterator[SheetRow]) -> Iterator[RawRow]:
        """Give the columns their names, choices their values, months their form."""
        keys = heading.columns
        empty = dict.fromkeys(keys.values(), "")
        turns = [(index, key) for index, key in keys.items() if self._turns(key)]
        turn = lru_cache(maxsize=4096)(self._turn)
        count = 0
        with self._open, damage_is_refused():
            for number, cells, bad in rows:
                if number <= heading.row:
                    continue
                count += 1
                if count > self._limits.rows:
                    raise UnreadableFile(TOO_MANY_ROWS, limit=self._limits.rows)
                values = empty.copy()
                for index, text in cells.items():
                    values[keys[index]] = text
                for index, key in turns:
                    if index in cells:
                        values[key] = turn(key, cells[index])
                yield RawRow(number, values, {keys[index]: why for index, why in bad.items()})

    def _turns(self, key: str) -> bool:
        return key in self._wanted.words or self._wanted.kinds[key] == "month"

    def _turn(self, key: str, text: str) -> str:
        if self._wanted.kinds[key] == "month":
            day = _DAY.fullmatch(text)
            return f"{day[2]}/{day[1]}" if day else text
        return self._wanted.value(key, text)
