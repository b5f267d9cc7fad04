"""Pages of lists: a cursor holds the last row's sorting values; the next page begins there."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.errors import InvalidInput
from core.i18n import _


def make_cursor(values: Sequence[Any]) -> str:
    """Write the sorting values of a row as a cursor."""
    plain = [_plain(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray)):
        return {"b": bytes(value).hex()}
    if isinstance(value, uuid.UUID):
        return {"k": str(value)}
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return value


READERS = {
    "b": bytes.fromhex,
    "k": uuid.UUID,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
}


def read_cursor(cursor: str, *kinds: str) -> tuple[Any, ...] | None:
    """Read a cursor whose values are of these kinds (`b k t d` or `n`); None for an empty one."""
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        return tuple(_read(value, kind) for value, kind in zip(values, kinds, strict=True))
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error) as error:
        sentence = _("This page of the list does not exist. Begin at the first one.")
        raise InvalidInput(sentence, fields={"cursor": [sentence]}) from error


def _read(value: Any, kind: str) -> Any:
    if kind == "n":
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**31:
            raise ValueError(value)
        return value
    reader: Any = READERS[kind]
    return reader(value[kind])


def beyond(columns: Sequence[Any], values: Sequence[Any], *, down: bool = False) -> Any:
    """Condition: a row comes after the cursor's; values are bound as the columns' own types.

    A bare key would be sent as text, which SQLite puts before all bytes, and the last row of a
    page would come again on the next. Parameters of a statement built once are taken as they are.
    """
    row = sa.tuple_(*columns)
    last = sa.tuple_(
        *(
            value if isinstance(value, sa.BindParameter) else sa.literal(value, column.type)
            for value, column in zip(values, columns, strict=True)
        )
    )
    return row < last if down else row > last


def next_cursor(rows: Sequence[Any], size: int, *columns: str) -> str:
    """Return the cursor of the next page; empty when no row was read beyond this one's size."""
    if len(rows) <= size:
        return ""
    return make_cursor([getattr(rows[size - 1], column) for column in columns])
