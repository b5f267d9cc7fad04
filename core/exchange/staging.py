"""From a file, or rows of a program, to clean rows in blocks: read in a child, all reasons kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from core.exchange.parsing import RowParser
from core.exchange.registry import Dataset
from core.exchange.rows import Row
from core.exchange.workbook import USUAL, Column, Limits, RawRow, check_file, read_in_child
from core.exchange.workbook.headings import Expected, expected
from core.work import Work

COMMAND_LINE = Limits(megabytes=200, unzipped=4 * 2**30, rows=1_000_000, seconds=600)
"""What whoever sits at the machine may import at once."""
PAGE = Limits(rows=20_000)
"""What is right for a file sent by a page; larger ones are for the command line."""


class Source(Protocol):
    """Where rows come from; it can be read several times."""

    @property
    def name(self) -> str:
        """How the source is called."""

    @property
    def digest(self) -> str:
        """The digest of all that is in it."""

    def open(self, columns: Sequence[Column], aliases: Mapping[str, str]) -> Opened:
        """Start reading."""


@dataclass(slots=True)
class Opened:
    """Rows being read: the columns found, headings nobody knows, and the rows."""

    columns: list[str]
    unknown_columns: list[str]
    rows: Iterator[RawRow]
    closing: AbstractContextManager[Any] = field(default_factory=nullcontext)


@dataclass
class FileSource:
    """A workbook or CSV file, read in a process of its own; `name` is how its sender called it."""

    path: Path
    name: str
    limits: Limits = USUAL

    @property
    def digest(self) -> str:
        """The digest of the file; one that cannot be read is an `UnreadableFile`."""
        check_file(self.path, filename=self.name, limits=self.limits)
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def open(self, columns: Sequence[Column], aliases: Mapping[str, str]) -> Opened:
        """Start the child; a file that cannot be read is an `UnreadableFile`, now or later."""
        reading = read_in_child(
            self.path, columns, aliases=aliases, filename=self.name, limits=self.limits
        )
        rows = (row for batch in reading for row in batch)
        return Opened(reading.columns, reading.unknown_columns, rows, closing(reading))


@dataclass
class JsonSource:
    """Rows sent by a program: objects under the keys of the columns; the first is number 1."""

    records: Sequence[Mapping[str, Any]]
    name: str = "JSON"

    @property
    def digest(self) -> str:
        """The digest of the rows."""
        digest = hashlib.sha256()
        for record in self.records:
            digest.update(repr(sorted(record.items())).encode())
        return digest.hexdigest()

    def open(self, columns: Sequence[Column], aliases: Mapping[str, str]) -> Opened:
        """Turn values into the text a cell would hold."""
        wanted = expected(columns, aliases)
        known = {column.key for column in columns}
        names = dict.fromkeys(name for record in self.records for name in record)
        keys = {name: aliases.get(name, name) for name in names}
        rows = (
            RawRow(number, _texts(record, keys, known, wanted))
            for number, record in enumerate(self.records, 1)
        )
        unknown = [name for name in names if keys[name] not in known]
        return Opened([keys[n] for n in names if keys[n] in known], unknown, rows)


def _texts(
    record: Mapping[str, Any], keys: Mapping[str, str], known: set[str], wanted: Expected
) -> dict[str, str]:
    """Return the values of one object as text; what is no plain value is text that no cell is."""
    return {
        keys[name]: wanted.value(keys[name], _text(value))
        for name, value in record.items()
        if keys[name] in known
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip()


def blocks(dataset: Dataset, rows: Iterable[RawRow]) -> Iterator[list[Row]]:
    """Yield rows in blocks of the dataset's size; what belongs together stays together."""
    parser = RowParser(dataset.schema())
    block: list[Row] = []
    for raw in rows:
        row = parser.parse(raw)
        if dataset.block and len(block) >= dataset.block and not _together(dataset, block, row):
            yield block
            block = []
        block.append(row)
    if block:
        yield block


def _together(dataset: Dataset, block: Sequence[Row], row: Row) -> bool:
    return dataset.together is not None and dataset.together(block[-1], row)


def start(work: Work, dataset: Dataset, source: Source) -> Opened:
    """Begin to read a source by a dataset's columns."""
    return source.open(dataset.columns(work), dataset.aliases)
