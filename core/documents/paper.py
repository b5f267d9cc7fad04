"""What a Party paper says, as plain data that can be stored as JSON and printed again."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Final, TypeVar

T = TypeVar("T")

Align = str  # "left", "center", "right" or "justify"

# The codes of kinds that bear a number; a kind that is not here has no line "Số …".
KIND_CODES: Final[Mapping[str, str]] = {
    "resolution": "NQ",
    "conclusion": "KL",
    "decision": "QĐ",
    "directive": "CT",
    "regulation": "QC",
    "guidance": "HD",
    "notice": "TB",
    "report": "BC",
    "plan": "KH",
    "programme": "CTr",
    "project": "ĐA",
    "submission": "TTr",
    "letter": "CV",
    "minutes": "BB",
    "ballot_count": "BB",
    "invitation": "GM",
}

# The head is printed in 14 pt, and in 13 pt where a line of it would break.
HEAD_POINTS: Final = 14
NARROW_HEAD_POINTS: Final = 13
LONGEST_NAME: Final = 25
LONGEST_PLACE: Final = 38
LONGEST_LINE: Final = 42  # of place and day in one line, at 13 pt

ROOM: Final = "\u00a0" * 6  # what is left free to be filled in by hand


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one face."""

    text: str
    bold: bool = False
    italic: bool = False


Text = str | tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading of the body: level 1 "I. …", level 2 "1. …"."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text; `indent` sets its first line in by 10 mm."""

    text: Text
    indent: bool = True
    align: Align = "justify"


@dataclass(frozen=True, slots=True)
class Bullets:
    """Paragraphs that begin with a dash."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `width` in millimetres, 0 takes an equal share of what is left."""

    title: str
    width: float = 0
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table whose head is repeated on every page; `compact` prints it in 12 pt."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    compact: bool = False


@dataclass(frozen=True, slots=True)
class Spacer:
    """Free room, in millimetres."""

    height: float = 5


@dataclass(frozen=True, slots=True)
class People:
    """Names in columns, read downwards."""

    names: tuple[str, ...]
    columns: int = 3
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class SignatureRows:
    """A sheet to be signed by hand: number, name, signature, remark; `blanks` free rows at the end.

    `names` may be texts, or pairs of a name and a remark to print in the last column.
    """

    names: tuple[str | tuple[str, str], ...]
    blanks: int = 0
    heads: tuple[str, str, str, str] = ("TT", "Họ và tên", "Chữ ký", "Ghi chú")


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One labelled value of a slip; `code` prints it large, with letters nobody confuses."""

    label: str
    value: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """A small piece of paper to be cut out: a first password, a reset code, an invitation."""

    head: str
    title: str
    lines: tuple[SlipLine, ...] = ()
    text: str = ""
    note: str = ""


Block = Heading | Paragraph | Bullets | Table | Spacer | People | SignatureRows | PageBreak | Slip


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the role lines from top to bottom, the name, a remark such as "(ký, …)"."""

    roles: tuple[str, ...]
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper.

    `number` None leaves room for a number; an empty `body_code` prints no number line at all.
    `day` None leaves room for the day. `recipients` None prints no "Nơi nhận". One signer stands
    on the right; of two, the first stands on the left. A paper made of slips has no head.
    """

    kind: str
    body_code: str
    upper_body: str
    issuing_body: str
    number: int | None
    place: str
    day: date | None
    title: str
    subtitle: str = ""
    blocks: tuple[Block, ...] = ()
    recipients: tuple[str, ...] | None = None
    signers: tuple[Signer, ...] = ()
    draft: bool = False
    language: str = "vi"
    footnote: str = ""

    @property
    def number_line(self) -> str:
        """The number and code, such as "Số 05-NQ/CB", or nothing for kinds without a number."""
        code = KIND_CODES.get(self.kind, "")
        if not code or not self.body_code:
            return ""
        number = ROOM if self.number is None else f"{self.number:02d}"
        return f"Số {number}-{code}/{self.body_code}"

    @property
    def place_and_day(self) -> str:
        """The place and the day, such as "Bắc Hồng Lĩnh, ngày 03 tháng 11 năm 2026"."""
        if not self.place:
            return ""
        day = day_on_paper(self.day)
        line = f"{self.place}, {day}"
        return line if len(line) <= LONGEST_LINE else f"{self.place},\n{day}"

    @property
    def draft_line(self) -> str:
        """The mark of a draft, or nothing."""
        return "(Dự thảo)" if self.draft else ""

    @property
    def full_title(self) -> str:
        """Kind and subject in one line, as the title of the file."""
        return " ".join(f"{self.title} {self.subtitle}".split())

    @property
    def framed(self) -> bool:
        """Whether the paper has a head and a title: slips to be cut out have none."""
        return not self.blocks or not all(isinstance(block, Slip) for block in self.blocks)

    @property
    def head_points(self) -> int:
        """The size of the head in points: small enough that no line of it breaks."""
        names = [*self.upper_body.split("\n"), *self.issuing_body.split("\n")]
        wide = max(map(len, names)) > LONGEST_NAME or len(self.place_and_day) > LONGEST_PLACE
        return NARROW_HEAD_POINTS if wide else HEAD_POINTS


def day_on_paper(day: date | None) -> str:
    """Write a day as papers do: 0 before days 1 to 9 and before months 1 and 2 only.

    Source: 36-HD/VPTW, part on place and day. None leaves room. Unlike `core.i18n.day_in_words` it
    does not follow the language of the person who prints: a paper is in Vietnamese for everybody.
    """
    if day is None:
        return f"ngày{ROOM}tháng{ROOM}năm{ROOM}"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def runs_of(text: Text) -> tuple[Run, ...]:
    """Give a text as runs, whether it was written as one string or as runs."""
    return (Run(text),) if isinstance(text, str) else text


def clean(text: str) -> str:
    """Make a text printable: composed letters, no control or invisible direction characters."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():
        return composed
    return "".join(filter(_prints, composed.replace("\r\n", "\n").replace("\r", "\n")))


def _prints(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in _UNPRINTED


_UNPRINTED: Final = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})


# ------------------------------------------------------------------------- to JSON and back

_BLOCKS: Final[Mapping[str, type[Any]]] = {
    "heading": Heading,
    "paragraph": Paragraph,
    "bullets": Bullets,
    "table": Table,
    "spacer": Spacer,
    "people": People,
    "signature_rows": SignatureRows,
    "page_break": PageBreak,
    "slip": Slip,
}
_NAMES: Final = {kind: name for name, kind in _BLOCKS.items()}


def to_data(paper: Paper) -> dict[str, Any]:
    """Give the paper as plain data for JSON, every text cleaned; `from_data` reads it back."""
    data = _plain(paper)
    data["day"] = paper.day.isoformat() if paper.day else None
    return dict(data)


def from_data(data: Mapping[str, Any]) -> Paper:
    """Build the paper from plain data; unknown or missing keys raise TypeError or KeyError."""
    values = dict(data)
    values["day"] = date.fromisoformat(values["day"]) if values.get("day") else None
    values["blocks"] = tuple(_block(block) for block in values.get("blocks", ()))
    values["signers"] = tuple(_built(Signer, signer) for signer in values.get("signers", ()))
    return _built(Paper, values)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if is_dataclass(value):
        data = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        name = _NAMES.get(type(value))
        return {"block": name, **data} if name else data
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _block(data: Mapping[str, Any]) -> Block:
    values = dict(data)
    kind = _BLOCKS[values.pop("block")]
    for key, part in (("columns", Column), ("lines", SlipLine)):
        if isinstance(values.get(key), list):
            values[key] = tuple(_built(part, item) for item in values[key])
    if isinstance(values.get("text"), list):
        values["text"] = _runs(values["text"])
    if kind is Bullets:
        values["items"] = tuple(
            item if isinstance(item, str) else _runs(item) for item in values["items"]
        )
    block: Block = _built(kind, values)
    return block


def _runs(items: Iterable[Mapping[str, Any]]) -> tuple[Run, ...]:
    return tuple(_built(Run, item) for item in items)


def _built(kind: type[T], values: Mapping[str, Any]) -> T:
    return kind(**{key: _frozen(value) for key, value in values.items()})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value
