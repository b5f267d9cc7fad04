"""Finds the marks of state secrets (Mật, Tối mật, Tuyệt mật) in a file somebody wants to send.

Only marks are looked for, as a stamp prints them: alone in a line, after "Độ mật:", or as
capitals among small letters. Words in running text ("bí mật kinh doanh", "mật độ") are none.
A picture of a stamp, as in a scan, cannot be found: the notice beside the field says so.

Text of a PDF is read by `pdftotext` of poppler where the machine has it, because it also reads
encrypted, compressed and unusual files; otherwise by `pdf_lines`, a reader of our own that
understands what Word, LibreOffice and typst write.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from html import unescape
from io import BytesIO
from typing import Final

from core.documents.pdf_text import pdf_lines

MARKS: Final = ("Mật", "Tối mật", "Tuyệt mật")

# How much of a packed file is unpacked, in bytes: somebody may send a bomb.
FARTHEST: Final = 32 * 1024 * 1024
LONGEST_READING: Final = 30  # seconds

# How old fonts wrote the words before Unicode: TCVN3 (.VnTime), VNI.
_OLD_SPELLINGS: Final = {
    "MËT": "MẬT",
    "TèI": "TỐI",
    "TUYÖT": "TUYỆT",
    "MAÄT": "MẬT",
    "TOÁI": "TỐI",
    "TUYEÄT": "TUYỆT",
}

# Where a paragraph, a cell, a line or a tab ends in the XML of office files.
_LINE_END: Final = re.compile(
    r"</?(?:\w+:)?(?:p|br|cr|tab|line-break|si|is|c|h|row|table-cell|td|th|div|li|h[1-6]"
    r"|txbxContent|title|subject|keywords|description|category|lpwstr|oddHeader|evenHeader"
    r"|firstHeader|oddFooter|evenFooter|firstFooter)\b[^>]*>"
)
_TAG: Final = re.compile(r"<[^>]*>")
_WORD_ART: Final = re.compile(r'\bstring="([^"]*)"')
_SHEET_PLACE: Final = re.compile(r"&[LCR]")
_RTF_LETTER: Final = re.compile(r"\\u(-?\d+)(?:\\'[0-9a-f]{2}|\?| )?")
_RTF_END: Final = re.compile(r"\\(?:par|line|tab|cell|row)\b ?")
_RTF_WORD: Final = re.compile(r"\\[a-z]+-?\d* ?|[{}]")

# Two spaces also stand in justified text; three stand between columns only.
_COLUMNS: Final = re.compile(r"[\t\v\f]|[ \u00a0]{3,}")
_LABEL: Final = re.compile(r"^(?:dấu chỉ |mức )*độ mật\s*:\s*", re.IGNORECASE)
_STOPS: Final = re.compile(r"[^\w\s]+|_+")


def secrecy_marks(data: bytes, filename: str) -> list[str]:
    """Give the marks found in a file or its name, the gravest last; none is an empty list."""
    stem = filename.rpartition(".")[0] or filename
    found = {mark for line in [stem, *_lines(data)] for mark in marks_in_line(line)}
    return [mark for mark in MARKS if mark in found]


def marks_in_line(line: str) -> set[str]:
    """Give the marks that one line of text bears."""
    line = unicodedata.normalize("NFC", line)
    spaced = _mark(line)  # a stamp whose letters stand far apart has no columns
    if spaced and not line.islower():
        return {spaced}
    found = set()
    for piece in _COLUMNS.split(line):
        text = _LABEL.sub("", piece.strip())
        alone = _mark(_STOPS.sub(" ", text))
        if alone and not text.islower():
            found.add(alone)
        found.update(_capital_marks(text))
    return found


def _capital_marks(text: str) -> Iterator[str]:
    """Find marks in capitals: words in capitals that are the mark and nothing beside it."""
    for part in _STOPS.split(text):
        capitals: list[str] = []
        for word in [*part.split(), ""]:
            if word.isupper():
                capitals.append(word)
                continue
            mark = _mark(" ".join(capitals))
            if mark:
                yield mark
            capitals = []


def _mark(text: str) -> str | None:
    """Name the mark a text is, however its tone marks are placed and its letters spaced out."""
    words = [_OLD_SPELLINGS.get(word.upper(), word) for word in text.split()]
    return _SHAPES.get(_shape("".join(words)))


def _shape(text: str) -> tuple[str, str]:
    """Give the letters and, apart from them, their marks: "MÂṬ" and "MẬT" have one shape."""
    letters = unicodedata.normalize("NFD", text.lower())
    marks = sorted(letter for letter in letters if unicodedata.combining(letter))
    plain = (letter for letter in letters if not unicodedata.combining(letter))
    return "".join(plain), "".join(marks)


_SHAPES: Final = {_shape(mark.replace(" ", "")): mark for mark in MARKS}


# ------------------------------------------------------------------------ text of a file


def _lines(data: bytes) -> Iterable[str]:
    """Read a file by what it is, not by what its name says."""
    if data.startswith(b"%PDF"):
        return _pdf(data)
    if data.startswith(b"PK"):
        return _packed(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _old_office(data)
    text = _decoded(data)
    if text.startswith("{\\rtf"):
        return _rtf(text)
    if text.lstrip().startswith("<"):
        return _xml(text)
    return text.splitlines()


def _pdf(data: bytes) -> list[str]:
    program = shutil.which("pdftotext")
    if program:
        command = [program, "-layout", "-enc", "UTF-8", "-", "-"]
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command, the file on standard input
                command, input=data, capture_output=True, timeout=LONGEST_READING, check=True
            )
            return done.stdout.decode("utf-8", "replace").splitlines()
        except (OSError, subprocess.SubprocessError):
            pass  # damaged or locked: what can be read without the program is read below
    return [line for line in pdf_lines(data) if line.isupper()]


def _packed(data: bytes) -> Iterator[str]:
    """Read every XML part of a Word, Excel, PowerPoint or OpenDocument file, headers too."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            left = FARTHEST
            for entry in archive.infolist():
                if entry.filename.endswith((".xml", ".txt", ".html")):
                    with archive.open(entry) as part:
                        content = part.read(left)
                    left -= len(content)
                    yield from _xml(_decoded(content))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return  # damaged or locked with a password: nothing more can be read


def _xml(text: str) -> Iterator[str]:
    yield from (unescape(drawn) for drawn in _WORD_ART.findall(text))
    for line in _TAG.sub("", _LINE_END.sub("\n", text)).splitlines():
        yield from _SHEET_PLACE.split(unescape(line))


def _old_office(data: bytes) -> Iterator[str]:
    """Read .doc and .xls roughly: their text stands in the file as it is, in one of two codes."""
    for text in (data.decode("utf-16-le", "ignore"), data[1:].decode("utf-16-le", "ignore")):
        yield from re.split(r"[\x00-\x1f]+", text)
    yield from re.split(r"[\x00-\x1f]+", data.decode("cp1252", "ignore"))


def _rtf(text: str) -> list[str]:
    letters = _RTF_LETTER.sub(lambda found: chr(int(found[1]) % 65536), text)
    return _RTF_WORD.sub("", _RTF_END.sub("\n", letters)).splitlines()


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1258", "replace")
