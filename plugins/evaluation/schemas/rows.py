"""Lines of like kind in one form: ballots, levels or answers of many people, in one grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import marshmallow as ma
from werkzeug.datastructures import MultiDict

from core.forms import FormSchema
from core.i18n import _


class RowsForm(FormSchema):
    """A form whose lists of lines come as `rows.good`, `rows.completed`, … one value a line.

    `rows` names the columns of each list; what reaches the fields is a list of mappings. What is
    wrong in a line of a list `by_line` is told as `row_<key>`, by the first column; lines without
    a title of their own by their number too.
    """

    rows: ClassVar[dict[str, Sequence[str]]] = {}
    by_line: ClassVar[Sequence[str]] = ("rows",)
    is_numbered: ClassVar[bool] = True

    def lines(self, data: MultiDict[str, str], name: str) -> list[tuple[int, dict[str, str]]]:
        """Return the lines that are read, with their number on the page."""
        found = enumerate(lines_of(data, name, self.rows[name]), 1)
        return [(number, line) for number, line in found if line]

    def handle_error(self, error: ma.ValidationError, data: Any, **_options: Any) -> None:
        """Say in which line of the page something is wrong."""
        if not isinstance(data, MultiDict) or not isinstance(error.messages, dict):
            return
        for name in self.by_line:
            wrong = error.messages.get(name)
            if isinstance(wrong, dict):
                del error.messages[name]
                lines = self.lines(data, name)
                for place, told in wrong.items():
                    number, line = lines[place]
                    texts = [text for inner in told.values() for text in inner]
                    key = line.get(self.rows[name][0], number)
                    error.messages[f"row_{key}"] = [self._said(number, text) for text in texts]

    def _said(self, number: int, text: str) -> str:
        if not self.is_numbered:
            return text
        return _("Line %(number)s: %(problem)s", number=number, problem=text)

    @ma.pre_load
    def from_form(self, data: Any, **options: Any) -> Any:
        """Gather the lines before the rest of the form is read."""
        if not isinstance(data, MultiDict):
            return data
        plain = MultiDict(
            (key, value)
            for key, value in data.items(multi=True)
            if key.partition(".")[0] not in self.rows
        )
        values = super().from_form(plain, **options)
        for name in self.rows:
            values[name] = [line for _number, line in self.lines(data, name)]
        return values


def lines_of(data: MultiDict[str, str], name: str, columns: Sequence[str]) -> list[dict[str, str]]:
    """Return the lines as they were typed; a blank cell is left out, a blank line is empty."""
    cells = [data.getlist(f"{name}.{column}") for column in columns]
    lines = []
    for number in range(max((len(column) for column in cells), default=0)):
        line = {
            column: values[number]
            for column, values in zip(columns, cells, strict=True)
            if number < len(values) and values[number].strip()
        }
        lines.append(line)
    return lines
