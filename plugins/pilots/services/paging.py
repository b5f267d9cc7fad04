"""Cursors of lists: the last row's sorting values, so that the next page begins after it."""

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
        sentence = _("This cursor cannot be read. Begin the list again.")
        raise InvalidInput(sentence, fields={"cursor": [sentence]}) from error


def _read(value: Any, kind: str) -> Any:
    if kind == "n":
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**31:
            raise ValueError(value)
        return value
    reader: Any = READERS[kind]
    return reader(value[kind])


def beyond(columns: Sequence[Any], values: Sequence[Any], *, down: bool = False) -> Any:
    """Condition: a row comes after the cursor's; values are bound as the columns' own types."""
    row = sa.tuple_(*columns)
    last = sa.tuple_(
        *(sa.literal(v, column.type) for v, column in zip(values, columns, strict=True))
    )
    return row < last if down else row > last
