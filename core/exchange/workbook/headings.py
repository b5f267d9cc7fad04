"""Which heading means which column, however it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from core.i18n import LOCALES, lazy, use_locale

from .cells import clean
from .columns import Column, Text, UnreadableFile
from .refusals import MISSING_HEADINGS, NO_HEADINGS, TWICE

HEAD_ROWS = 10
"""Within how many rows the headings are looked for."""

OWN_HEADINGS = (lazy("To correct"), lazy("Row"))
"""The columns `annotate` puts first; they are passed over when the file comes back."""
DATA, GUIDANCE, LISTS = lazy("Data"), lazy("Guidance"), lazy("Lists")
"""The names of our sheets; the guidance is never read, and the lists are hidden."""

_OTHER = re.compile(r"[\W_]+")
_YES_NO = {
    **dict.fromkeys(("yes", "true", "có", "co", "đúng"), "yes"),
    **dict.fromkeys(("no", "false", "không", "khong", "ko", "sai"), "no"),
}


@lru_cache(maxsize=8192)
def loose(text: str) -> str:
    """Return text without marks, case, spaces and signs: `Họ và tên *` is `hovaten`."""
    plain = normalize("NFD", text.casefold().replace("đ", "d"))
    return _OTHER.sub("", "".join(sign for sign in plain if not "\u0300" <= sign <= "\u036f"))


def _book(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what exact and loose spellings mean; a loose one with two meanings is left out."""
    exact: dict[str, str] = {}
    vague: dict[str, set[str]] = {}
    for spelling, meaning in pairs:
        if spelling := clean(spelling):
            exact.setdefault(spelling.casefold(), meaning)
            vague.setdefault(loose(spelling), set()).add(meaning)
    return {
        spelling: min(of) for spelling, of in vague.items() if spelling and len(of) == 1
    } | exact


def _meaning(book: Mapping[str, str], spelling: str) -> str | None:
    spelling = spelling.rstrip(" *")  # the star of a required column
    return book.get(spelling.casefold()) or book.get(loose(spelling))


@dataclass(frozen=True, slots=True)
class Expected:
    """What to look for in a file, in plain data, so that it can be handed to another process."""

    headings: dict[str, str]
    titles: dict[str, str]
    required: list[str]
    kinds: dict[str, str]
    words: dict[str, dict[str, str]]
    passed_over: list[str]

    def value(self, key: str, text: str) -> str:
        """Return the stored value of a choice or of yes and no, other text as it is."""
        words = self.words.get(key)
        return text if words is None else _meaning(words, text) or text


def expected(columns: Iterable[Column], aliases: Mapping[str, str]) -> Expected:
    """Prepare the search for columns; `aliases` are further headings, each with its key.

    Titles are known in every language we speak, whichever the file was made in.
    """
    columns = list(columns)
    titled = [(text, column.key) for column in columns for text in _in_all_languages(column.title)]
    return Expected(
        # Keys last: they win when a title of another column is spelt the same.
        headings=_book([*aliases.items(), *titled])
        | _book((column.key, column.key) for column in columns),
        titles={column.key: str(column.title) for column in columns},
        required=[column.key for column in columns if column.required],
        kinds={column.key: column.kind for column in columns},
        words={column.key: _words(column) for column in columns if _has_words(column)},
        passed_over=[
            loose(text) for ours in (*OWN_HEADINGS, GUIDANCE) for text in _in_all_languages(ours)
        ],
    )


def _in_all_languages(text: Text) -> list[str]:
    found = []
    for locale in LOCALES:
        with use_locale(locale):
            found.append(str(text))
    return found


def _has_words(column: Column) -> bool:
    return column.kind in {"choice", "yes_no"}


def _words(column: Column) -> dict[str, str]:
    if column.kind == "yes_no":
        return _book(_YES_NO.items())
    labels = ((text, value) for value, label in column.choices for text in _in_all_languages(label))
    return _book(labels) | _book((value, value) for value, _ in column.choices)


@dataclass(frozen=True, slots=True)
class Heading:
    """A row of headings: which column stands where, and what nobody knows."""

    row: int
    columns: dict[int, str]
    unknown: list[str]
    twice: list[str]

    def lacks(self, expected: Expected) -> list[str]:
        """Return the required columns that are not there."""
        there = set(self.columns.values())
        return [key for key in expected.required if key not in there]


def read_heading(row: int, cells: Mapping[int, str], expected: Expected) -> Heading:
    """Read one row as if it were the headings."""
    columns: dict[int, str] = {}
    unknown: list[str] = []
    twice: list[str] = []
    for index, text in cells.items():
        key = _meaning(expected.headings, text)
        if key is None:
            if text and loose(text) not in expected.passed_over:
                unknown.append(text)
        elif key in columns.values():
            twice.append(key)
        else:
            columns[index] = key
    return Heading(row, columns, unknown, twice)


def best_heading(
    rows: Iterable[tuple[int, Mapping[int, str]]], expected: Expected
) -> Heading | None:
    """Return the row that knows most columns, the complete ones first; None without any."""
    found = [read_heading(number, cells, expected) for number, cells in rows]
    known = [heading for heading in found if heading.columns]
    # `max` keeps the first of equals: a heading stands above what it heads.
    return max(known, key=lambda it: rank(it, expected), default=None)


def rank(heading: Heading, expected: Expected) -> tuple[bool, int]:
    """Say how good a heading is: complete, then the number of columns it knows."""
    return (not heading.lacks(expected), len(heading.columns))


def accept(heading: Heading | None, expected: Expected) -> Heading:
    """Refuse a file without headings, without required ones, or with one of them twice."""
    if heading is None:
        raise UnreadableFile(NO_HEADINGS)
    if lacking := heading.lacks(expected):
        names = ", ".join(expected.titles[key] for key in lacking)
        raise UnreadableFile(MISSING_HEADINGS, columns=names)
    if heading.twice:
        raise UnreadableFile(TWICE, column=expected.titles[heading.twice[0]])
    return heading
