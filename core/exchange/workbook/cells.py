"""From what a cell holds to clean text: letters, numbers, days."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from unicodedata import is_normalized, normalize

# Control characters, zero-width signs of copying from web pages, halves of surrogate pairs.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u2060\ufeff\ufffe\uffff"
    "\ud800-\udfff]"
)
_SPACES = re.compile("[\u00a0\u2007\u202f]")
_BREAKS = re.compile("\r\n?|\u2028|\u2029|\x85")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DURATION = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_BUILTIN_DAYS = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
_FIRST_DAY = date(1899, 12, 30)
_LAST_SERIAL = 2_958_466  # 31/12/9999
_DIGITS_KEPT = 15


def clean(text: str) -> str:
    """Return text in NFC without surrounding space and without signs nobody sees."""
    if text.isascii() and text.isprintable():
        return text.strip()
    if not is_normalized("NFC", text):
        text = normalize("NFC", text)
    if not text.isprintable():  # ours is printable as a rule, and this is a tenth of the time
        text = _UNSEEN.sub("", _SPACES.sub(" ", _BREAKS.sub("\n", text)))
    return text.strip()


def unescape(text: str) -> str:
    """Resolve `_x000D_`, the way of workbooks to write what XML cannot hold."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def number_text(raw: str) -> str | None:
    """Return a stored number as a person writes it, None when Excel has rounded it."""
    if raw.isascii() and raw.isdigit() and len(raw) <= _DIGITS_KEPT:
        return raw
    value = float(raw)
    if abs(value) >= 10**_DIGITS_KEPT:
        return None
    if value == int(value):
        return str(int(value))
    return format(Decimal(f"{value:.{_DIGITS_KEPT}g}"), "f")


def is_day_format(number: int, code: str | None) -> bool:
    """Tell whether a number format shows days or times; lengths of time are numbers."""
    if code is None:
        return number in _BUILTIN_DAYS
    if _DURATION.search(code):
        return False
    shown = _NOT_FORMAT.sub("", code).split(";")[0]
    return any(letter in shown.lower() for letter in "dmyhs") and shown.lower() != "general"


@lru_cache(maxsize=32_768)
def moment_text(raw: str, shift: int = 0) -> str | None:
    """Return a serial day as `2026-11-03`, with `T19:30` behind when it has a time.

    A time alone is `19:30`. None when it is no day: negative, or after the year 9999. `shift` is
    added to days that are not counted from 1900.
    """
    serial = float(raw) + shift
    if not 0 <= serial < _LAST_SERIAL:
        return None
    days, seconds = divmod(round(serial * 86400), 86400)
    if days == 0:
        return _time(seconds)
    # Excel believes in a 29 February 1900, the serial day 60.
    on = _FIRST_DAY + timedelta(days=days if days >= 60 else days + 1)
    return f"{on.isoformat()}T{_time(seconds)}" if seconds else on.isoformat()


def _time(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{rest:02}" if rest else text
