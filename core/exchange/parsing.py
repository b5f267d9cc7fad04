"""From the texts of a row to its values: by the schema of the dataset, all reasons kept.

Nearly all rows of a file are right, and most cells say what a cell above them said. So each cell is
loaded by its own field, once for each text, and only a row in which something is wrong, or of which
that is not certain, goes through the whole schema, which knows how to word all reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, NamedTuple

import marshmallow as ma

from core.exchange.rows import Row
from core.exchange.workbook import RawRow
from core.forms import flat_errors
from core.i18n import _

REMEMBERED = 4_096
"""Texts of a column of which the value is kept while a file is read."""


class _Cell(NamedTuple):
    """How the cells of one column are loaded."""

    name: str
    load: Callable[[str], Any]


class RowParser:
    """Loads rows by a schema; whatever is wrong is kept with the row."""

    def __init__(self, schema: ma.Schema) -> None:
        """Take a look at the fields; a field looks at its own cell only, and so do its checks."""
        self._schema = schema
        self._cells = {
            one.data_key or name: _Cell(
                one.attribute or name,
                lru_cache(REMEMBERED)(partial(one.deserialize, attr=one.data_key or name)),
            )
            for name, one in schema.load_fields.items()
        }
        self._required = {
            one.attribute or name for name, one in schema.load_fields.items() if one.required
        }
        self._is_plain = is_plain(schema)

    def parse(self, raw: RawRow) -> Row:
        """Load a row."""
        values = None if raw.bad or not self._is_plain else self._loaded(raw.values)
        return self._judged(raw) if values is None else Row(raw.number, values)

    def _loaded(self, texts: Mapping[str, str]) -> dict[str, Any] | None:
        """Load cell by cell; None as soon as something is wrong."""
        loaded: dict[str, Any] = {}
        try:
            for key, text in texts.items():
                cell = self._cells[key]
                if text:
                    loaded[cell.name] = cell.load(text)
        except (KeyError, ma.ValidationError):
            return None
        return loaded if self._required <= loaded.keys() else None

    def _judged(self, raw: RawRow) -> Row:
        """Load a row by the whole schema and keep all reasons."""
        cells = {key: text for key, text in raw.values.items() if text and key not in raw.bad}
        row = Row(raw.number, {})
        for key, why in raw.bad.items():
            row.reject(key, _(why))
        try:
            row.values = self._schema.load(cells)
        except ma.ValidationError as error:
            row.values = dict(error.valid_data) if isinstance(error.valid_data, dict) else {}
            for key, sentences in flat_errors(error.messages).items():
                column = key.partition(".")[0]
                for sentence in sentences:
                    if column not in raw.bad:
                        row.reject(None if column == "_schema" else column, sentence)
        return row


def is_plain(schema: ma.Schema) -> bool:
    """Whether a row is nothing but its cells: no checks of the whole, no defaults, no parts."""
    # Marshmallow has no other way to ask what a schema does beside its fields.
    listed = schema._hooks.values()  # noqa: SLF001 - see above
    hooks = {name for found in listed for name, *_more in found}
    return hooks <= {"from_form"} and not any(
        one.load_default is not ma.missing
        or isinstance(one, (ma.fields.Nested, ma.fields.List, ma.fields.Dict))
        or "." in (one.attribute or "")
        for one in schema.load_fields.values()
    )
