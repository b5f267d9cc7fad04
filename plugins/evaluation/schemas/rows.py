"""Lines of like kind in one form: ballots, levels or answers of many people, in one grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import marshmallow as ma
from werkzeug.datastructures import MultiDict

from core.forms import FormSchema


class RowsForm(FormSchema):
    """A form whose lists of lines come as `rows.good`, `rows.completed`, … one value a line.

    `rows` names the columns of each list; what reaches the fields is a list of mappings.
    """

    rows: ClassVar[dict[str, Sequence[str]]] = {}

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
        for name, columns in self.rows.items():
            values[name] = [line for line in lines_of(data, name, columns) if line]
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
