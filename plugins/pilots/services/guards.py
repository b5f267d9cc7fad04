"""What must be true before something is written, and the line each act leaves in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core import ledger
from core.errors import Changed, InvalidInput, NotFound
from core.i18n import _
from core.work import Work

FIRST_DAY = date(1930, 2, 3)


def not_here() -> NotFound:
    """Return the error for what is not there, or is not this visitor's to see."""
    return NotFound(_("There is no such page, or this account may not see it."))


def check_revision(record: Any, revision: int | None) -> None:
    """Refuse to write over what somebody else changed since the page was opened."""
    if revision is not None and record.revision != revision:
        raise Changed(_("Somebody changed this meanwhile. Look at both versions, then choose."))


def missing(field: str, sentence: str) -> InvalidInput:
    """Return the error of one field."""
    return InvalidInput(sentence, fields={field: [sentence]})


def wanted_text(text: str, field: str, sentence: str) -> str:
    """Return a text that may not be empty."""
    if not text.strip():
        raise missing(field, sentence)
    return text.strip()


def sound_day(work: Work, day: date, field: str) -> date:
    """Return a day of the past or today; refuse one still to come."""
    if day > work.today:
        raise missing(field, _("This day is still to come."))
    if day < FIRST_DAY:
        raise missing(field, _("The day lies too far in the past."))
    return day


def clean_lines(lines: Sequence[str], most: int = 30) -> list[str]:
    """Return lines of text without the empty ones."""
    return [line.strip()[:500] for line in lines if line.strip()][:most]


def note(
    work: Work,
    action: str,
    record: Any,
    label: str,
    permission: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Record an act on something of this plugin."""
    about = ledger.About(type(record).__name__.lower(), record.id, label, record.unit_id)
    ledger.record(
        work, f"pilots.{action}", about, before=before, after=after, permission=permission
    )


def changes(record: Any, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set values on a record and return what was and what is, only where it differs."""
    before = {name: getattr(record, name) for name in values}
    changed = {name: value for name, value in values.items() if before[name] != value}
    for name, value in changed.items():
        setattr(record, name, value)
    return {name: before[name] for name in changed}, changed
