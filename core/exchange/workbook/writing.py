"""Writing workbooks and CSV files: row by row, the same bytes for the same rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.i18n import _, use_locale

from .columns import LONGEST_CELL, Column, Target, Text, Wording
from .delimited import armed
from .headings import DATA

if TYPE_CHECKING:
    from xlsxwriter.format import Format

    from .sheet import QuickBook, QuickSheet

Write = Callable[[int, int, Any], object]

# "none": otherwise Excel shows the font of its theme instead of ours.
FONT = {"font_name": "Times New Roman", "font_size": 12, "font_scheme": "none"}
TEXT_FORMAT = 49  # the built-in one, which keeps zeros in front
DAY_FORMAT = "dd/mm/yyyy"
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{1,2})/(\d{1,2})/(\d{4})")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d*[1-9])?")
_FIRST_DAY = date(1899, 12, 30).toordinal()
_FIRST_SURE_DAY = date(1900, 3, 1)  # before it Excel counts a day that never was
_WIDTHS = {"day": 15, "day_or_year": 15, "month": 11, "number": 11, "yes_no": 10, "choice": 18}
_A4 = 9
LINE_HEIGHT = 16
"""Points of one line of text; programs other than Excel do not fit rows to their text."""


@dataclass(frozen=True, slots=True)
class Look:
    """The cell formats of one workbook."""

    title: Format
    note: Format
    heading: Format
    text: Format
    day: Format
    number: Format


def open_workbook(target: Target, *, title: str = "") -> QuickBook:
    """Start a workbook that is written row by row; nothing in it depends on the hour.

    XlsxWriter brings 45 modules, 19 ms of every start, and most processes never write a workbook.
    """
    from .sheet import QuickBook  # noqa: PLC0415 - see above

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": FONT,
    }
    workbook = QuickBook(str(target) if isinstance(target, Path) else target, options)
    workbook.set_properties({"title": title, "created": datetime(2000, 1, 1, tzinfo=UTC)})
    return workbook


def look_of(workbook: QuickBook, **cells: Any) -> Look:
    """Make the formats; `cells` are properties added to those of all ordinary cells."""
    cell = {**FONT, "valign": "top", **cells}
    frame = {**FONT, "bold": True, "text_wrap": True, "valign": "vcenter", "align": "center"}
    return Look(
        title=workbook.add_format({**FONT, "bold": True, "font_size": 14}),
        note=workbook.add_format({**FONT, "italic": True}),
        heading=workbook.add_format({**frame, "border": 1, "bg_color": "#F2E3C9"}),
        text=workbook.add_format({**cell, "num_format": TEXT_FORMAT}),
        day=workbook.add_format({**cell, "num_format": DAY_FORMAT, "align": "center"}),
        number=workbook.add_format(cell),
    )


def width_of(column: Column) -> int:
    """Return the width of a column in characters."""
    return column.width or _WIDTHS.get(column.kind, 24)


def write_head(sheet: QuickSheet, look: Look, lines: Sequence[str], headings: Sequence[str]) -> int:
    """Write title, notes and headings, freeze and repeat them; returns the first row of data."""
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, look.note if row else look.title)
    sheet.set_row(len(lines), LINE_HEIGHT * 2)
    for index, heading in enumerate(headings):
        sheet.write_string(len(lines), index, heading, look.heading)
    first = len(lines) + 1
    sheet.freeze_panes(first, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(len(lines))
    sheet.set_footer("&C&P/&N")
    return first


def write_rows(
    target: Target,
    columns: Iterable[Column],
    rows: Iterable[Sequence[Any]],
    *,
    title: Text = "",
    note: Text = "",
    locale: str | None = None,
    wording: Wording = "labels",
) -> int:
    """Write a workbook, returns the number of rows; values stand in the order of the columns.

    Days may be `date` or ISO text, choices are stored values, empty cells None or "". A text that
    does not fit in a cell is a ValueError, because cutting it would lose data silently.
    """
    columns = list(columns)
    with use_locale(locale) if locale else nullcontext():
        lines = [text for text in (str(title), *str(note).splitlines()) if text]
        with open_workbook(target, title=str(title)) as workbook:
            look = look_of(workbook)
            sheet = workbook.add_worksheet(str(DATA))
            for index, column in enumerate(columns):
                sheet.set_column(index, index, width_of(column))
            first = write_head(sheet, look, lines, headings_of(columns, wording))
            writers = [cell_writer(sheet, look, column, wording) for column in columns]
            last = _write_cells(writers, rows, first)
            finish_table(sheet, first, last, len(columns))
    return last - first + 1


def _write_cells(writers: list[Write], rows: Iterable[Sequence[Any]], first: int) -> int:
    number = first - 1
    for number, row in enumerate(rows, first):
        for index, (write, value) in enumerate(zip(writers, row, strict=True)):
            if value is not None and value != "":
                write(number, index, value)
    return number


def finish_table(sheet: QuickSheet, first: int, last: int, width: int) -> None:
    """Let the rows be filtered; numbers kept as text are meant so."""
    last = max(first, last)
    sheet.autofilter(first - 1, 0, last, width - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})


def headings_of(columns: Iterable[Column], wording: Wording) -> list[str]:
    """Return the headings of columns."""
    return [column.key if wording == "keys" else str(column.title) for column in columns]


def labels_of(column: Column, wording: Wording = "labels") -> dict[Any, str]:
    """Return how the values of a choice or of yes and no are written."""
    if column.kind == "yes_no":
        yes, no = ("yes", "no") if wording == "keys" else (_("Yes"), _("No"))
        return {"yes": yes, "no": no, True: yes, False: no}
    return {value: value if wording == "keys" else str(label) for value, label in column.choices}


def cell_writer(sheet: QuickSheet, look: Look, column: Column, wording: Wording) -> Write:
    """Return the function that writes a value of a column at a row and a place in it."""

    def write_text(row: int, index: int, value: Any) -> object:
        text = value if type(value) is str else str(value)
        if len(text) > LONGEST_CELL:
            raise ValueError(f"Row {row + 1}, {column.key}: longer than {LONGEST_CELL} characters.")
        return sheet.write_string(row, index, text, look.text)

    def write_day(row: int, index: int, value: Any) -> object:
        day = value if isinstance(value, date) else day_in(str(value))
        if day is None or day < _FIRST_SURE_DAY:
            return write_text(row, index, value)
        return sheet.write_number(row, index, day.toordinal() - _FIRST_DAY, look.day)

    def write_number(row: int, index: int, value: Any) -> object:
        number = Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value
        if isinstance(number, str):
            return write_text(row, index, number)
        return sheet.write_number(row, index, number, look.number)

    labels = labels_of(column, wording)

    def write_label(row: int, index: int, value: Any) -> object:
        return write_text(row, index, labels.get(value, value))

    special = {"number": write_number, "day": write_day, "day_or_year": write_day}
    return write_label if labels else special.get(column.kind, write_text)


def day_in(text: str) -> date | None:
    """Return the day that text writes as 2026-11-03 or 3/11/2026, None when it writes none."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def write_csv(
    target: Target,
    columns: Iterable[Column],
    rows: Iterable[Sequence[Any]],
    *,
    wording: Wording = "keys",
    mark: bool = False,
) -> int:
    """Write CSV in UTF-8 with ISO days, returns the number of rows.

    `mark` puts the mark at the start without which Excel does not show Vietnamese letters;
    programs do not expect it.
    """
    columns = list(columns)
    labels = [labels_of(column, wording) for column in columns]
    count = 0
    with target.open("wb") if isinstance(target, Path) else nullcontext(target) as binary:
        stream = io.TextIOWrapper(binary, "utf-8-sig" if mark else "utf-8", newline="")
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(headings_of(columns, wording))
        try:
            for row in rows:
                cells = zip(labels, row, strict=True)
                writer.writerow([armed(_csv_text(known, value)) for known, value in cells])
                count += 1
        finally:
            stream.detach()  # the stream is closed by whoever opened it
    return count


def _csv_text(labels: dict[Any, str], value: Any) -> str:
    if value is None:
        return ""
    return labels.get(value) or (value if isinstance(value, str) else str(value))
