"""What happens by itself each day: reminders of clocks, and forgetting those whose time is over."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.chunks import chunked
from core.db import table_of
from core.i18n import _, format_day
from core.ledger.erasing import erase_payload
from core.members.models import Position
from core.notices.services import Message, send_notice
from core.settings import value
from core.settings.models import EffectiveValue
from core.units.places import Place, valid_on
from core.work import Work

from .. import permissions
from ..models import OPEN_STATES, Candidate, Clock, DossierPaper, Judgement, Supporter
from .words import CLOCKS
from .workdays import months_after

WHY = "a daily job over all units"
ABOVE = ("decision", "recognition")
BRANCH_POSTS = ("secretary", "deputy_secretary")
COMMITTEE_POSTS = ("secretary", "standing_deputy_secretary", "office_head", "board_head")
FARTHEST = timedelta(days=400)
SOONEST = 0.75
"""A reminder comes when at least a quarter of a clock has run."""


def remind(work: Work) -> int:
    """Send reminders of clocks before their end and at it, each once; return how many clocks."""
    due = _due(work)
    told: dict[tuple[uuid.UUID, str, date], list[Clock]] = {}
    for clock, candidate in due:
        place = _place(work, candidate.unit_id)
        step = _threshold(work, place, clock)
        if step is None:
            continue
        clock.reminded = step
        told.setdefault((candidate.unit_id, clock.kind, clock.due_on), []).append(clock)
    receivers = _receivers(work, {(unit, kind in ABOVE) for unit, kind, _day in told})
    for (unit_id, kind, day), clocks in told.items():
        _tell(work, _place(work, unit_id), kind, day, receivers, len(clocks))
    work.session.flush()
    return sum(map(len, told.values()))


def _due(work: Work) -> list[tuple[Clock, Candidate]]:
    """Return the clocks that run and might need a reminder today."""
    rows = work.session.execute(
        sa.select(Clock, Candidate)
        .select_from(Candidate)
        .join(Clock, Clock.candidate_id == Candidate.id)
        .where(
            Clock.stopped_on.is_(None),
            Clock.due_on <= work.today + FARTHEST,
            Clock.started_on <= work.today,
            Candidate.state.in_(OPEN_STATES),
            sa.or_(Clock.reminded.is_(None), Clock.reminded > 0),
        )
        .order_by(Clock.due_on, Clock.id)
        .execution_options(unscoped=WHY)
    )
    return [(clock, candidate) for clock, candidate in rows]


def _threshold(work: Work, place: Place, clock: Clock) -> int | None:
    """Return for how many days before the end a reminder is due now, or None."""
    days = (clock.due_on - work.today).days
    # A clock of a month is not announced on the day it starts.
    span = (clock.due_on - clock.started_on).days * SOONEST
    given = sorted({int(one) for one in value(work, "recruitment.remind_days_before", place)})
    step = next((one for one in given if days <= one <= span), None)
    if step is None or (clock.reminded is not None and clock.reminded <= step):
        return None
    return step


def _place(work: Work, unit_id: uuid.UUID) -> Place:
    return work.host.places.by_ids(work.session, [unit_id], work.today, work.generation)[unit_id]


def _receivers(
    work: Work, wanted: Iterable[tuple[uuid.UUID, bool]]
) -> dict[tuple[uuid.UUID, bool], list[uuid.UUID]]:
    """Return who leads each branch, and for the committee's clocks who leads above it."""
    asked = list(wanted)
    units = {unit_id for unit_id, _above in asked}
    above = {unit_id: _place(work, unit_id).parent_id for unit_id in units}
    everybody = units | {parent for parent in above.values() if parent}
    holders: dict[uuid.UUID, list[tuple[str, uuid.UUID]]] = {}
    for chunk in chunked(everybody):
        for unit_id, position, member_id in work.session.execute(
            sa.select(Position.unit_id, Position.position, Position.member_id)
            .where(Position.unit_id.in_(chunk), valid_on(Position, work.today))
            .order_by(Position.unit_id, Position.id)
        ):
            holders.setdefault(unit_id, []).append((position, member_id))
    found = {}
    for unit_id, committee in asked:
        people = [m for p, m in holders.get(unit_id, ()) if p in BRANCH_POSTS]
        parent = above[unit_id]
        if committee and parent is not None:
            people += [m for p, m in holders.get(parent, ()) if p in COMMITTEE_POSTS]
        found[(unit_id, committee)] = people
    return found


def _tell(
    work: Work,
    place: Place,
    kind: str,
    day: date,
    receivers: dict[tuple[uuid.UUID, bool], list[uuid.UUID]],
    count: int,
) -> None:
    """Send one notice for all dossiers of a branch with the same clock; it names nobody."""
    people = receivers[(place.id, kind in ABOVE)]
    if not people:
        return
    subject = _(
        "Admission: %(what)s, until %(day)s (%(n)s dossiers)",
        what=str(CLOCKS[kind]),
        day=format_day(day),
        n=count,
    )
    message = Message("recruitment.clock", subject, "", "recruitment.index", {}, day)
    send_notice(work.at(place), message, members=people, unit=place)


def forget_closed(work: Work) -> int:
    """Make refused and withdrawn candidates anonymous once the months at their unit are over."""
    ids = [
        row.id
        for row in work.session.execute(_closed(work))
        if months_after(row.closed_on, int(row.months)) <= work.today
    ]
    forget(work, ids, "recruitment.keep_closed_months")
    return len(ids)


def _closed(work: Work) -> Any:
    return (
        sa.select(Candidate.id, Candidate.closed_on, EffectiveValue.number.label("months"))
        .select_from(Candidate)
        .join(
            EffectiveValue,
            sa.and_(
                EffectiveValue.unit_id == Candidate.unit_id,
                EffectiveValue.key == "recruitment.keep_closed_months",
                EffectiveValue.valid_from <= work.today,
                EffectiveValue.valid_to > work.today,
            ),
        )
        .where(
            Candidate.state.in_(("refused", "withdrawn")),
            Candidate.member_id.is_(None),
            Candidate.anonymised_at.is_(None),
        )
        .execution_options(unscoped=WHY)
    )


def forget(work: Work, ids: Sequence[uuid.UUID], rule: str) -> None:
    """Erase who candidates were, in the ledger too; stages, days, groups and votes stay."""
    nobody = _("(erased)")
    for chunk in chunked(ids):
        places = dict(
            work.session.execute(
                sa.select(Candidate.id, Candidate.unit_id)
                .where(Candidate.id.in_(chunk))
                .execution_options(unscoped=WHY)
            ).all()
        )
        work.session.execute(
            sa.update(table_of(Candidate))
            .where(Candidate.id.in_(chunk))
            .values(**_nobody(nobody), anonymised_at=work.now, revision=Candidate.revision + 1)
        )
        for model in (Supporter, Judgement):
            work.session.execute(sa.delete(table_of(model)).where(model.candidate_id.in_(chunk)))
        work.session.execute(
            sa.update(table_of(DossierPaper))
            .where(DossierPaper.candidate_id.in_(chunk))
            .values(number="", checked_by="")
        )
        erase_payload(work, rule=rule, about_ids=chunk)
        for key in chunk:
            about = ledger.About("candidate", key, "", places[key])
            after = {"rule": rule}
            ledger.record(
                work, "recruitment.anonymised", about, after=after, permission=permissions.MANAGE
            )
    work.session.expire_all()


def _nobody(text: str) -> dict[str, object]:
    return {
        "surname": "",
        "middle_name": "",
        "given_name": text,
        "full_name": text,
        "sort_key": b"",
        "search": "",
        "birth_date": None,
        "sex": "",
        "phone": "",
        "education": "",
        "former_id": None,
    }
