"""What services ask before they write: a text, a revision, a thing that is there; what changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.chunks import chunked
from core.db import Base
from core.errors import Changed, InvalidInput, NotFound
from core.i18n import _

Record = TypeVar("Record", bound=Base)


def not_here() -> NotFound:
    """Return the one error for what is not there and for what may not be seen."""
    return NotFound(_("There is no such page, or this account may not see it."))


def missing(field: str, sentence: str) -> InvalidInput:
    """Return the error of one field."""
    return InvalidInput(sentence, fields={field: [sentence]})


def wanted_text(text: str, field: str, sentence: str) -> str:
    """Return a text that may not be empty, without space around it."""
    if not text.strip():
        raise missing(field, sentence)
    return text.strip()


def check_revision(record: Any, revision: int | None) -> None:
    """Refuse to write over what somebody else changed since the page was opened."""
    if revision is not None and record.revision != revision:
        raise Changed(_("Somebody changed this meanwhile. Look at both versions, then choose."))


def changes(record: Any, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set values on a record and return what was and what is, only where it differs."""
    before = {name: getattr(record, name) for name in values}
    changed = {name: value for name, value in values.items() if before[name] != value}
    for name, value in changed.items():
        setattr(record, name, value)
    return {name: before[name] for name in changed}, changed


def locked(
    session: Session, model: type[Record], ids: Iterable[uuid.UUID], *conditions: Any
) -> list[Record]:
    """Return records as they are now, locked in the order of their keys until the work ends.

    Who locks many does it in one order, so that two never wait for each other. Raises NotFound
    where one of them is not there or a condition leaves it out.
    """
    column: Any = model.__table__.c.id
    wanted = sorted(set(ids), key=lambda key: key.bytes)
    found: list[Record] = []
    for chunk in chunked(wanted):
        statement = (
            sa.select(model)
            .where(column.in_(chunk), *conditions)
            .order_by(column)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        found.extend(session.scalars(statement))
    if len(found) != len(wanted):
        raise not_here()
    return found
