"""An empty workbook to fill in: drop-downs, checks of days, and a page that explains columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING, Any

from core.i18n import _, use_locale

from .columns import Column, Target, Text
from .headings import DATA, GUIDANCE, LISTS
from .refusals import BAD_DATE
from .writing import (
    DAY_FORMAT,
    FONT,
    TEXT_FORMAT,
    Look,
    labels_of,
    look_of,
    open_workbook,
    width_of,
    write_head,
)

if TYPE_CHECKING:
    from .sheet import QuickBook, QuickSheet

_LAST_ROW = 1_048_575
_INLINE_LIST = 255
_HINT_TITLE = 32
_HINT = 255
_WIDE = 34


def write_template(
    target: Target,
    columns: Iterable[Column],
    *,
    title: Text,
    guidance: Sequence[Text] = (),
    locale: str | None = None,
) -> None:
    """Write an empty workbook with the columns, a page of guidance and its hidden lists."""
    columns = list(columns)
    with (
        use_locale(locale) if locale else nullcontext(),
        open_workbook(target, title=str(title)) as workbook,
    ):
        look = look_of(workbook)
        data = workbook.add_worksheet(str(DATA))
        _write_guidance(workbook.add_worksheet(str(GUIDANCE)), look, columns, str(title), guidance)
        lists = workbook.add_worksheet(str(LISTS))
        lists.hide()
        sources = _write_lists(lists, columns)
        for index, column in enumerate(columns):
            data.set_column(index, index, width_of(column), _format_of(workbook, column))
        headings = [f"{each.title} *" if each.required else str(each.title) for each in columns]
        note = _(
            "Columns with * must be filled in. The sheet “%(sheet)s” explains each column.",
            sheet=str(GUIDANCE),
        )
        lines = [str(title), note]
        first = write_head(data, look, lines, headings)
        for index, column in enumerate(columns):
            rule = _rule(column, sources.get(index))
            data.data_validation(first, index, _LAST_ROW, index, rule | _message(column))
        data.activate()


def _format_of(workbook: QuickBook, column: Column) -> Any:
    """Return the format of a whole column; what could lose its zeros or its form is text."""
    formats: dict[str, str] = {"day": DAY_FORMAT, "number": "General"}
    return workbook.add_format({**FONT, "num_format": formats.get(column.kind, TEXT_FORMAT)})


def _write_lists(sheet: QuickSheet, columns: Sequence[Column]) -> dict[int, Any]:
    """Write what does not fit into a rule and return the source of each drop-down."""
    sources: dict[int, Any] = {}
    long: list[tuple[int, list[str]]] = []
    for index, column in enumerate(columns):
        labels = list(dict.fromkeys(labels_of(column).values()))
        if len(",".join(labels)) > _INLINE_LIST or any("," in label for label in labels):
            long.append((index, labels))
        elif labels:
            sources[index] = labels
    for row in range(max((len(labels) for _index, labels in long), default=0)):
        for place, (_index, labels) in enumerate(long):
            if row < len(labels):
                sheet.write_string(row, place, labels[row])
    for place, (index, labels) in enumerate(long):
        sources[index] = sheet.first_cells(place, len(labels))
    return sources


def _rule(column: Column, source: Any) -> dict[str, Any]:
    """Return what the spreadsheet itself checks while somebody types."""
    if source:
        wrong = _("Choose one from the list.")
        return {"validate": "list", "source": source, "error_message": wrong}
    if column.kind == "day":
        return {
            "validate": "date",
            "criteria": ">=",
            "value": date(1900, 3, 1),
            "error_message": _(BAD_DATE),
        }
    if column.kind == "number":
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": -(10**15),
            "maximum": 10**15,
            "error_message": _("Type a number only, without a unit."),
        }
    return {"validate": "any"}


def _message(column: Column) -> dict[str, Any]:
    hint = str(column.hint) or _what_to_write(column)
    return {"input_title": str(column.title)[:_HINT_TITLE], "input_message": hint[:_HINT]}


def _what_to_write(column: Column) -> str:
    if column.kind in {"choice", "yes_no"}:
        return _("Choose one from the list.")
    sentences = {
        "day": _("Day/month/year."),
        "day_or_year": _("Day/month/year, or the year alone when only that is known."),
        "month": _("Month/year."),
        "number": _("A number only, without a unit."),
    }
    return sentences.get(column.kind, _("Text."))


def _example(column: Column) -> str:
    usual = {"day": "03/11/2026", "day_or_year": "03/02/1950; 1950", "month": "11/2026"}
    first = next(iter(labels_of(column).values()), "")
    return str(column.example) or first or usual.get(column.kind, "")


def _write_guidance(
    sheet: QuickSheet,
    look: Look,
    columns: Sequence[Column],
    title: str,
    guidance: Sequence[Text],
) -> None:
    """Explain each column on a page of its own, which is never read back."""
    headings = [
        _("Column"),
        _("Must be filled in"),
        _("What to write"),
        _("Allowed"),
        _("Example"),
    ]
    for index, width in enumerate((26, 12, 60, _WIDE, 22)):
        sheet.set_column(index, index, width)
    first = write_head(sheet, look, [title, *(str(line) for line in guidance)], headings)
    look.text.set_text_wrap()
    for row, column in enumerate(columns, first):
        hint = str(column.hint)
        usual = _what_to_write(column)
        cells = (
            str(column.title),
            _("Yes") if column.required else _("No"),
            f"{hint} {usual}" if hint and column.kind != "text" else hint or usual,
            "; ".join(dict.fromkeys(labels_of(column).values())),
            _example(column),
        )
        for index, cell in enumerate(cells):
            sheet.write_string(row, index, cell, look.text)
