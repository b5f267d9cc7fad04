"""CSV files: which letters, which separator, and their rows."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from .cells import clean
from .columns import LONGEST_CELL, UnreadableFile
from .headings import HEAD_ROWS, Expected, Heading, best_heading, rank
from .refusals import BAD_LONG, ENCODING, OPEN_QUOTE
from .sheet_parser import SheetRow

_SAMPLE = 64 * 1024
_SHOWN = 100
_SEPARATORS = (",", ";", "\t")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_PLAIN_NUMBER = frozenset("0123456789.,+- ()")


def encoding_of(path: Path) -> str:
    """Tell the encoding of a text: UTF-8, UTF-16 or the Vietnamese one of old Windows."""
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if b"\0" in sample:
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    if _is_utf8(path):
        return "utf-8"
    # windows-1258 and its Western sister differ only in the Vietnamese letters, so whatever can
    # be text of this family is read as Vietnamese.
    from charset_normalizer import from_bytes  # noqa: PLC0415 - only such old files need it

    if not from_bytes(sample, cp_isolation=["cp1258", "cp1252", "cp1250"]):
        raise UnreadableFile(ENCODING)
    return "cp1258"


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as stream:
            while piece := stream.read(_SAMPLE):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def find_separator(path: Path, encoding: str, expected: Expected) -> tuple[str, Heading | None]:
    """Return the separator with which most headings are found, and the row they stand in."""
    best: tuple[str, Heading | None] = (",", None)
    for separator in _SEPARATORS:
        with delimited_rows(path, encoding, separator) as rows:
            head = islice(((number, cells) for number, cells, _ in rows), HEAD_ROWS)
            heading = best_heading(head, expected)
        known = best[1]
        if heading and (known is None or rank(heading, expected) > rank(known, expected)):
            best = (separator, heading)
    return best


@contextmanager
def delimited_rows(
    path: Path, encoding: str, separator: str, columns: Collection[int] | None = None
) -> Iterator[Iterator[SheetRow]]:
    """Open a CSV file; gives its rows that hold anything, numbered as a spreadsheet would.

    `columns` are the ones wanted, else all.
    """
    with path.open(encoding=encoding, newline="") as stream:
        yield _rows(csv.reader(stream, delimiter=separator), columns)


def _rows(reader: Iterator[list[str]], columns: Collection[int] | None) -> Iterator[SheetRow]:
    number = 0
    while True:
        number += 1
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise UnreadableFile(OPEN_QUOTE, row=number) from error
        except UnicodeError as error:
            raise UnreadableFile(ENCODING) from error
        if fields is None:
            return
        cells = {
            index: text
            for index, field in enumerate(fields)
            if field and (columns is None or index in columns) and (text := disarmed(clean(field)))
        }
        bad = {index: BAD_LONG for index, text in cells.items() if len(text) > LONGEST_CELL}
        for index in bad:
            cells[index] = cells[index][:_SHOWN]
        if cells:
            yield number, cells, bad


def armed(text: str) -> str:
    """Return text that no spreadsheet program runs as a formula: a mark is put before it."""
    return f"'{text}" if _would_run(text) else text


def disarmed(text: str) -> str:
    """Take the mark of `armed` away again."""
    return text[1:] if text.startswith("'") and _would_run(text) else text


def _would_run(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(_DANGEROUS) and not _PLAIN_NUMBER.issuperset(bare)
