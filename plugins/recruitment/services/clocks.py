"""Clocks: started with the day they run out, stopped by what they waited for, said in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa

from core.i18n import _, distance, format_day
from core.settings import explain
from core.units.places import Place
from core.work import Work

from ..models import Candidate, Clock
from .shapes import Key
from .words import CLOCKS
from .workdays import WorkingDays, months_after

WORKING_DAYS = {
    "decision": "recruitment.decision_days",
    "ceremony": "recruitment.ceremony_days",
    "recognition_vote": "recruitment.recognition_vote_days",
    "recognition": "recruitment.recognition_days",
}
MONTHS = {
    "pool_review": "recruitment.pool_review_months",
    "certificate": "recruitment.certificate_months",
    "papers": "recruitment.paper_months",
}
SOON = 30


def start_clock(
    work: Work, candidate: Candidate, kind: str, on: date, *, key: str = "", step: str = ""
) -> Clock:
    """Start a clock by the settings of the candidate's unit; one of the same kind is stopped.

    `key` names the setting with its length where it is not the kind itself.
    """
    return start_clocks(work, [candidate], kind, on, key=key, step=step)[0]


def start_clocks(
    work: Work,
    candidates: Sequence[Candidate],
    kind: str,
    on: date,
    *,
    key: str = "",
    step: str = "",
) -> list[Clock]:
    """Start one clock for each of some candidates: two statements for any number."""
    stop_clocks(work, [candidate.id for candidate in candidates], [kind], on, step=step)
    started = [_clock(work, candidate, kind, on, key or kind, step) for candidate in candidates]
    work.session.add_all(started)
    work.session.flush()
    return started


def _clock(work: Work, candidate: Candidate, kind: str, on: date, key: str, step: str) -> Clock:
    place = place_of(work, candidate.unit_id)
    in_days = kind in WORKING_DAYS
    setting = WORKING_DAYS[kind] if in_days else MONTHS.get(key, key)
    found = explain(work, setting, place, on)
    length = int(found.value)
    due = WorkingDays.at(work, place, on).after(on, length) if in_days else months_after(on, length)
    return Clock(
        candidate_id=candidate.id,
        kind=kind,
        step=step,
        started_on=on,
        length=length,
        in_working_days=in_days,
        source=(found.given.document_no if found.given else found.default_source)[:300],
        due_on=due,
    )


def stop_clocks(
    work: Work, ids: Sequence[Key], kinds: Iterable[str], on: date, *, step: str | None = None
) -> None:
    """Stop clocks of candidates that still run."""
    statement = (
        sa.update(Clock)
        .where(
            Clock.candidate_id.in_(ids),
            Clock.kind.in_(list(kinds)),
            Clock.stopped_on.is_(None),
        )
        .values(stopped_on=on)
        .execution_options(synchronize_session="fetch")
    )
    if step is not None:
        statement = statement.where(Clock.step == step)
    work.session.execute(statement)


def stop_all(work: Work, candidate_id: Key, on: date) -> None:
    """Stop every clock of a candidate whose way has ended."""
    work.session.execute(
        sa.update(Clock)
        .where(Clock.candidate_id == candidate_id, Clock.stopped_on.is_(None))
        .values(stopped_on=on)
        .execution_options(synchronize_session="fetch")
    )


def place_of(work: Work, unit_id: Key) -> Place:
    """Return the place of a unit."""
    return work.host.places.by_ids(work.session, [unit_id], work.today, work.generation)[unit_id]


def clock_kind(due_on: date, today: date) -> str:
    """Return the colour of a clock: late, soon, or in good time."""
    days = (due_on - today).days
    return "late" if days < 0 else "warn" if days <= SOON else "info"


def clock_sentence(kind: str, due_on: date, today: date, title: str = "") -> str:
    """Say what runs and how long still, always with the day."""
    if kind == "paper" and title:
        return _(
            "%(title)s: valid until %(day)s, %(left)s",
            title=title,
            day=format_day(due_on),
            left=distance(due_on, today),
        )
    return _(
        "%(what)s: until %(day)s, %(left)s",
        what=title or str(CLOCKS[kind]),
        day=format_day(due_on),
        left=distance(due_on, today),
    )
