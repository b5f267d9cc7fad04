"""What must be true before something is written, and the line each act leaves in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core import ledger
from core.checking import missing
from core.i18n import _
from core.work import Work

FIRST_DAY = date(1930, 2, 3)


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
