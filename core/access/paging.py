"""Where a list of accounts goes on: the last name and key, as a word in the address."""

from __future__ import annotations

import base64
import binascii
import uuid
from typing import Any, Protocol

import sqlalchemy as sa

from core.errors import InvalidInput
from core.i18n import _

Position = tuple[bytes, uuid.UUID]


class InOrder(Protocol):
    """A row of a list in Vietnamese order."""

    @property
    def id(self) -> uuid.UUID:
        """Its key."""

    @property
    def sort_key(self) -> bytes:
        """Its place in the order."""


def cursor_of(row: InOrder) -> str:
    """Return the word for what comes after a row."""
    return base64.urlsafe_b64encode(row.id.bytes + row.sort_key).decode().rstrip("=")


def position_of(cursor: str) -> Position | None:
    """Return the row after which the list goes on; None at the beginning."""
    if not cursor:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return raw[16:], uuid.UUID(bytes=raw[:16])
    except (binascii.Error, ValueError) as error:
        reason = _("This page of the list does not exist. Begin at the first one.")
        raise InvalidInput(reason, fields={"cursor": [reason]}) from error


def beyond(sort_column: Any, id_column: Any, position: Position) -> sa.ColumnElement[bool]:
    """Condition: the row comes after a position.

    Both values carry the types of their columns: a bare key would be sent as text, which SQLite
    puts before all bytes, and the last row of a page would come again on the next.
    """
    last = sa.tuple_(
        sa.literal(position[0], sort_column.type), sa.literal(position[1], id_column.type)
    )
    return sa.tuple_(sort_column, id_column) > last
