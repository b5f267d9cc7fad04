"""What services ask before they write: a text, a revision, a thing that is there; what changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import Changed, InvalidInput, NotFound
from core.i18n import _


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
