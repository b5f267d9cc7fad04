"""What a sheet consists of: its columns, the rows read from it, and why a file is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

from core.i18n import LazyText

Kind = Literal["text", "day", "day_or_year", "month", "number", "yes_no", "choice"]
Text = LazyText | str
Target = Path | IO[bytes]
Wording = Literal["labels", "keys"]
"""Headings and choices as people read them, or as programs do."""

Problems = Mapping[int, Sequence[tuple[str | None, Text]]]
"""For the number of a row its reasons: the key of the column concerned, if one, and a sentence."""

LONGEST_CELL = 32_767
"""Characters in one cell, the limit of Excel."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` for programs, `title` for people; `width` is in characters.

    `day_or_year` is a day of which sometimes only the year is known. `choices` are pairs of the
    stored value and what people see. `example` is shown in the guidance of a template; a kind has
    one of its own.
    """

    key: str
    title: Text
    kind: Kind = "text"
    required: bool = False
    choices: tuple[tuple[str, Text], ...] = ()
    hint: Text = ""
    example: Text = ""
    width: int | None = None


Sheet = list[Column]


@dataclass(slots=True)
class RawRow:
    """One row as it stands in the file: `number` as the spreadsheet shows it, text by column.

    Columns that the file lacks are missing from `values`, empty cells are "". `bad` says for a
    column in an English sentence (an id of the catalogue) why its cell cannot be read.
    """

    number: int
    values: dict[str, str]
    bad: dict[str, str] = field(default_factory=dict)


class UnreadableFile(ValueError):
    """A file that cannot be read: an English sentence with `%(name)s` and its values.

    Whoever shows it translates: `_(refusal.sentence, **refusal.values)`.
    """

    def __init__(self, sentence: str, /, **values: str | int) -> None:
        """Keep the sentence as an id of the catalogue and the values apart."""
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values: Mapping[str, str | int] = values


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost; `memory` is what a child may take beyond what Python itself needs."""

    megabytes: int = 20
    unzipped: int = 400 * 2**20
    ratio: int = 200
    entries: int = 2_000
    rows: int = 500_000
    memory: int = 96 * 2**20
    seconds: int = 120


USUAL = Limits()
"""What is right for a file somebody sends; the command line may allow more."""
