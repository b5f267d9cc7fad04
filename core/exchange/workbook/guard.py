"""What is looked at before anything of a file is parsed: its kind, its size, its size inside."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from .columns import USUAL, Limits, UnreadableFile
from .refusals import (
    BINARY_EXCEL,
    DAMAGED,
    EMPTY,
    MACROS,
    NOT_A_FILE,
    NOT_A_WORKBOOK,
    OLD_EXCEL,
    OPEN_DOCUMENT,
    PASSWORD,
    RENAMED,
    TOO_BIG_INSIDE,
    TOO_LARGE,
    WRONG_KIND,
)

FileKind = Literal["xlsx", "csv"]

_BY_EXTENSION = {
    ".xls": OLD_EXCEL,
    ".xlsm": MACROS,
    ".xltm": MACROS,
    ".xlam": MACROS,
    ".xlsb": BINARY_EXCEL,
    ".ods": OPEN_DOCUMENT,
    ".fods": OPEN_DOCUMENT,
}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TEXT = (
    *_ZIP,
    _OLE,
    b"MZ",
    b"\x7fELF",
    b"%PDF",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
)
_MARKUP = re.compile(
    rb"^(\xef\xbb\xbf)?\s*<(!doctype|html|table|\?xml|head|style|meta)", re.IGNORECASE
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ODD_NAME = re.compile(r"^/|\\|^[A-Za-z]:|(^|/)\.\.(/|$)|[\x00-\x1f]")
_DIRECTORY = 2**20
_SMALL = 2**20


class _Frugal(io.FileIO):
    """A file of which nothing is read in pieces beyond a mebibyte, so no forged list of parts."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read at most a mebibyte at once; asking for more is a forged archive."""
        if size is not None and size > _DIRECTORY:
            raise UnreadableFile(TOO_BIG_INSIDE)
        return super().read(-1 if size is None else size) or b""


def check_file(path: Path, *, filename: str | None = None, limits: Limits = USUAL) -> FileKind:
    """Tell the kind of a file; raise `UnreadableFile` when it cannot be one we read.

    `filename` is the name its sender gave it, when it is kept under another one.
    """
    if not path.is_file():
        raise UnreadableFile(NOT_A_FILE)
    extension = Path(filename or path.name).suffix.lower()
    if extension not in {".xlsx", ".csv"}:
        raise UnreadableFile(_BY_EXTENSION.get(extension, WRONG_KIND))
    size = path.stat().st_size
    if size > limits.megabytes * 2**20:
        raise UnreadableFile(TOO_LARGE, limit=limits.megabytes)
    if size == 0:
        raise UnreadableFile(EMPTY)
    with path.open("rb") as stream:
        start = stream.read(4096)
    if extension == ".csv":
        _check_text(start)
        return "csv"
    _check_workbook(path, start, limits)
    return "xlsx"


def _check_text(start: bytes) -> None:
    binary = b"\0" in start and not start.startswith(_UTF16) and not _looks_like_utf16(start)
    if binary or start.startswith(_NOT_TEXT) or _MARKUP.match(start):
        raise UnreadableFile(RENAMED, extension=".csv")


def _looks_like_utf16(start: bytes) -> bool:
    """Tell UTF-16 without a mark at its start: every second byte of plain letters is nothing."""
    return max(start[::2].count(0), start[1::2].count(0)) > len(start) // 8 and not (
        start[::2].count(0) and start[1::2].count(0)
    )


def _check_workbook(path: Path, start: bytes, limits: Limits) -> None:
    if start.startswith(_OLE):
        raise UnreadableFile(PASSWORD if _ENCRYPTED in path.read_bytes() else OLD_EXCEL)
    if not start.startswith(_ZIP):
        raise UnreadableFile(RENAMED, extension=".xlsx")
    with Archive(path) as archive:
        parts = archive.infolist()
        _check_parts(parts, limits)
        _check_content({part.filename for part in parts})


class Archive(zipfile.ZipFile):
    """A zip file whose list of parts may be forged."""

    def __init__(self, path: Path) -> None:
        """Read the list of parts; the caller closes the archive."""
        self._stream = _Frugal(path)
        try:
            super().__init__(self._stream)
        except BaseException as error:
            self._stream.close()
            if isinstance(error, (zipfile.BadZipFile, NotImplementedError, EOFError)):
                raise UnreadableFile(DAMAGED) from error
            raise

    def close(self) -> None:
        """Close the file too, which `zipfile` leaves to whoever opened it."""
        super().close()
        self._stream.close()


def _check_parts(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse what unpacks to too much; `zipfile` itself never unpacks more than is declared."""
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(PASSWORD)
    sizes_fit = len(parts) <= limits.entries and sum(p.file_size for p in parts) <= limits.unzipped
    if not sizes_fit or any(_is_bomb(part, limits) for part in parts):
        raise UnreadableFile(TOO_BIG_INSIDE)
    names = [part.filename for part in parts]
    known = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    strange = any(_ODD_NAME.search(name) for name in names) or len(set(names)) != len(names)
    if strange or any(part.compress_type not in known for part in parts):
        raise UnreadableFile(DAMAGED)


def _is_bomb(part: zipfile.ZipInfo, limits: Limits) -> bool:
    return part.file_size > max(_SMALL, limits.ratio * max(part.compress_size, 1))


def _check_content(names: set[str]) -> None:
    kinds: list[tuple[str, Callable[[str], bool]]] = [
        (MACROS, lambda name: name.lower().endswith("vbaproject.bin")),
        (BINARY_EXCEL, lambda name: name == "xl/workbook.bin"),
        (OPEN_DOCUMENT, lambda name: name == "mimetype"),
    ]
    for sentence, tells in kinds:
        if any(tells(name) for name in names):
            raise UnreadableFile(sentence)
    if "xl/workbook.xml" not in names:
        raise UnreadableFile(NOT_A_WORKBOOK)
