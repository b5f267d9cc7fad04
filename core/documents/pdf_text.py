"""Reads the text of a PDF without a program: enough to find a few words, not to show the text.

No table of objects is followed. Every stream is unpacked; every map from letter shapes to letters
(ToUnicode) is tried on every string, as the right one is among them; a wrong one yields nonsense.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

LARGEST_STREAM: Final = 16 * 1024 * 1024  # unpacked, in bytes
MOST_MAPS: Final = 40

Letters = dict[int, str]

_STREAM: Final = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_SECTION: Final = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_LIST: Final = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*\[(.*?)\]", re.DOTALL)
_HEX: Final = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_SHOWN: Final = re.compile(
    rb"(\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>)"  # a string
    rb"|(?<![\w])(T[dDm*]|ET|'|\")(?![\w])",  # a move to another line
    re.DOTALL,
)
_ESCAPE: Final = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pdf_lines(data: bytes) -> list[str]:
    """Give the lines of a PDF as every map of letters in it reads them."""
    streams = list(_streams(data))
    maps = [letters for stream in streams for letters in _maps(stream)][:MOST_MAPS]
    lines: list[str] = []
    for stream in streams:
        if b"Tj" in stream or b"TJ" in stream:
            for strings in _shown(stream):
                lines += _read(strings, maps)
    return lines


def _streams(data: bytes) -> Iterator[bytes]:
    for found in _STREAM.finditer(data):
        packed = found[1]
        try:
            yield zlib.decompressobj().decompress(packed, LARGEST_STREAM)
        except zlib.error:
            yield packed


def _maps(stream: bytes) -> Iterator[Letters]:
    if b"beginbf" not in stream:
        return
    letters: Letters = {}
    for kind, content in _SECTION.findall(stream):
        if kind == b"bfchar":
            numbers = _HEX.findall(content)
            for code, text in zip(numbers[::2], numbers[1::2], strict=False):
                letters[int(code, 16)] = _utf16(text)
        else:
            _add_ranges(letters, content)
    yield letters


def _add_ranges(letters: Letters, content: bytes) -> None:
    for first, _last, texts in _LIST.findall(content):
        for place, text in enumerate(_HEX.findall(texts)):
            letters[int(first, 16) + place] = _utf16(text)
    numbers = _HEX.findall(_LIST.sub(b"", content))
    for first, last, text in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=False):
        begin, end = int(first, 16), int(last, 16)
        start = _utf16(text)
        for code in range(begin, min(end, begin + 65535) + 1):
            if start:
                letters[code] = start[:-1] + chr(min(ord(start[-1]) + code - begin, 0x10FFFF))


def _utf16(text: bytes) -> str:
    digits = b"".join(text.split())
    return bytes.fromhex(digits.decode()[: len(digits) // 2 * 2]).decode("utf-16-be", "ignore")


def _shown(stream: bytes) -> Iterator[list[bytes]]:
    """Give the strings of each line: what is shown without a move in between."""
    strings: list[bytes] = []
    for found in _SHOWN.finditer(stream):
        if found[1]:
            strings.append(_string(found[1]))
        elif strings:
            yield strings
            strings = []
    if strings:
        yield strings


def _string(written: bytes) -> bytes:
    if written.startswith(b"<"):
        digits = b"".join(written[1:-1].split()).decode()
        return bytes.fromhex(digits + "0" * (len(digits) % 2))
    return _ESCAPE.sub(_escaped, written[1:-1])


def _escaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 255]) if code.isdigit() else _NAMED.get(code, code)


def _read(strings: list[bytes], maps: list[Letters]) -> Iterator[str]:
    together = b"".join(strings)
    pairs = [int.from_bytes(together[at : at + 2], "big") for at in range(0, len(together), 2)]
    yield together.decode("cp1252", "ignore")
    for letters in maps:
        for codes in (pairs, together):
            text = "".join(letters.get(code, "") for code in codes)
            if text.strip():
                yield text
