"""The parts of an .xlsx file beside its rows: sheets, number formats, shared strings."""

from __future__ import annotations

import posixpath
import zlib
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from .cells import is_day_format
from .columns import LONGEST_CELL, UnreadableFile
from .guard import Archive
from .refusals import DAMAGED

CHUNK = 64 * 1024
_DAYS_OF_1904 = 1462  # old Macs counted their days from that year
Attributes = dict[str, str]


@contextmanager
def damage_is_refused() -> Iterator[None]:
    """Say that the file is damaged where its parts do not fit together."""
    try:
        yield
    except UnreadableFile:
        raise
    except expat.ExpatError as error:
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
            raise MemoryError from error
        raise UnreadableFile(DAMAGED) from error
    except (
        *(BadZipFile, zlib.error, EOFError, NotImplementedError),
        *(KeyError, IndexError, ValueError, OverflowError),
    ) as error:
        raise UnreadableFile(DAMAGED) from error


def _refuse_document_type(*_: object) -> None:
    raise UnreadableFile(DAMAGED)


def new_parser(*, namespaces: bool = False) -> expat.XMLParserType:
    """Return a parser for a part; a document type, the door of all XML bombs, is refused."""
    parser = expat.ParserCreate(namespace_separator="}" if namespaces else None)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def feed(parser: expat.XMLParserType, stream: IO[bytes]) -> Iterator[None]:
    """Parse a stream piece by piece; yields after each, so that its results can be taken."""
    while piece := stream.read(CHUNK):
        parser.Parse(piece, False)
        yield
    parser.Parse(b"", True)
    yield


class SharedStrings:
    """The workbook's table of strings, in one block of bytes: a tenth of a list of `str`."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def __getitem__(self, index: int) -> str:
        """Return one string; a wrong index is an `IndexError`."""
        if index < 0:
            raise IndexError
        end = self._ends[index + 1]
        return self._bytes[self._ends[index] : end].decode()

    def read(self, stream: IO[bytes]) -> None:
        """Read the part `sharedStrings.xml`."""
        collector = _StringCollector(self._append)
        for _ in feed(collector.parser, stream):
            pass

    def _append(self, text: str) -> None:
        self._bytes += text.encode("utf-8", "replace")
        self._ends.append(len(self._bytes))


class _StringCollector:
    """Gathers each `<si>`: its runs of text, without the reading aids of `<rPh>`."""

    def __init__(self, found: Callable[[str], None]) -> None:
        self.parser = new_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self._found = found
        self._text = ""
        self._in_text = False
        self._aside = False

    def _start(self, tag: str, _: Attributes) -> None:
        name = tag.rpartition(":")[2]
        if name == "si":
            self._text = ""
        elif name == "t":
            self._in_text = not self._aside
        elif name == "rPh":
            self._aside = True

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "si":
            self._found(self._text)
        elif name == "t":
            self._in_text = False
        elif name == "rPh":
            self._aside = False

    def _characters(self, piece: str) -> None:
        if self._in_text and len(self._text) <= LONGEST_CELL:  # what is far beyond is dropped
            self._text += piece


@dataclass(slots=True)
class Package:
    """An opened workbook: its visible sheets by name with their parts, and how cells look."""

    archive: ZipFile
    sheets: list[tuple[str, str]]
    day_styles: frozenset[str]
    day_shift: int
    strings: SharedStrings


def open_package(path: Path) -> Package:
    """Open a workbook that has passed the guard; the caller closes its archive."""
    archive = Archive(path)
    try:
        with damage_is_refused():
            return _read_package(archive)
    except BaseException:
        archive.close()
        raise


def _read_package(archive: ZipFile) -> Package:
    parts = _relations(archive)
    found: list[tuple[str, str]] = []
    properties: list[Attributes] = []
    for name, attributes in _elements(archive, "xl/workbook.xml", {"sheet", "workbookPr"}):
        if name == "workbookPr":
            properties.append(attributes)
        elif attributes.get("state", "visible") == "visible":
            # The relation's attribute is the only one named `id` in a namespace.
            identity = next(v for k, v in attributes.items() if k.endswith("}id"))
            kind, part = parts[identity]
            if kind == "worksheet":  # and not a chart
                found.append((attributes["name"], part))
    strings = SharedStrings()
    for kind, part in parts.values():
        if kind == "sharedStrings":
            with archive.open(part) as stream:
                strings.read(stream)
    return Package(
        archive,
        found,
        _day_styles(archive, parts),
        _DAYS_OF_1904 if any(it.get("date1904") in {"1", "true"} for it in properties) else 0,
        strings,
    )


def _elements(archive: ZipFile, part: str, wanted: set[str]) -> list[tuple[str, Attributes]]:
    """Return the elements of a small part that are wanted, in order, with their attributes."""
    found: list[tuple[str, Attributes]] = []

    def start(tag: str, attributes: Attributes) -> None:
        name = tag.rpartition("}")[2]
        if name in wanted:
            found.append((name, attributes))

    parser = new_parser(namespaces=True)
    parser.StartElementHandler = start
    with archive.open(part) as stream:
        for _ in feed(parser, stream):
            pass
    return found


def _relations(archive: ZipFile) -> dict[str, tuple[str, str]]:
    """Return for each relation of the workbook what it is and which part holds it."""
    found = {}
    part = "xl/_rels/workbook.xml.rels"
    for _, attributes in _elements(archive, part, {"Relationship"}):
        if attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/xl", attributes["Target"]))
            found[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], target.lstrip("/"))
    return found


def _day_styles(archive: ZipFile, parts: dict[str, tuple[str, str]]) -> frozenset[str]:
    """Return the numbers of the cell styles that show days or times."""
    part = next((part for kind, part in parts.values() if kind == "styles"), None)
    if part is None:
        return frozenset()
    codes: dict[int, str] = {}
    formats: list[int] = []
    in_cells = False
    for name, attributes in _elements(archive, part, {"numFmt", "cellStyleXfs", "cellXfs", "xf"}):
        if name == "numFmt":
            # The first one: later ones belong to conditional formats.
            codes.setdefault(int(attributes["numFmtId"]), attributes["formatCode"])
        elif name == "xf":
            if in_cells:
                formats.append(int(attributes.get("numFmtId", "0")))
        else:
            in_cells = name == "cellXfs"
    return frozenset(
        str(style)
        for style, number in enumerate(formats)
        if is_day_format(number, codes.get(number))
    )
