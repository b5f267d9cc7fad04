"""Results of periods as rows: known by period, subject and, for people, the rule of identity."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import marshmallow as ma
import sqlalchemy as sa

from core import ledger
from core.chunks import chunked
from core.db import new_key, table_of
from core.exchange.rows import Row
from core.exchange.scope import units_of
from core.forms import DayField, LineField, choice, options
from core.i18n import _, lazy
from core.members.datasets import PersonRow, birth_text, people_of
from core.members.models import Member
from core.periods import Period
from core.settings import value
from core.units.datasets.dumping import within
from core.units.models import Unit
from core.units.places import Place
from core.units.tree import lifetimes
from core.work import Work

from .. import permissions
from ..models import Campaign, Result
from ..services import words
from ..services.guards import points_problem

READS = "an import; the right is asked for at the unit of each row"
CLASSES = ("birth", "card")
PEOPLE = ("member", "leader")
# By name; those of one name by what a reader can tell them apart by, the same in every system.
NAMESAKES = (
    Member.sort_key, Member.full_name, Member.birth_date, Member.card_no, Member.record_no,
)  # fmt: skip
Known = tuple[str, str, uuid.UUID, uuid.UUID]
"""Period, kind of subject, subject, post."""


class ResultRow(PersonRow):
    """The level of a subject for a period."""

    period = LineField(
        required=True, most=20, metadata={"label": lazy("Period"), "example": "2023", "width": 12}
    )
    subject_kind = LineField(
        required=True,
        validate=choice(options(words.ONE_SUBJECT, "unit", "collective", "leader", "member")),
        metadata={"label": lazy("Who is rated"), "width": 22},
    )
    unit_code = LineField(required=True, most=40, metadata={"label": lazy("Unit code")})
    level = LineField(
        validate=choice(options(words.LEVELS)),
        metadata={"label": lazy("Level"), "width": 30},
    )
    points = ma.fields.Float(validate=ma.validate.Range(0, 100), metadata={"label": lazy("Points")})
    decided_on = DayField(metadata={"label": lazy("Day of the decision")})
    decision_no = LineField(most=80, metadata={"label": lazy("Number of the decision")})

    class Meta(PersonRow.Meta):
        """Name the period first, as the contract orders the columns."""

        fields = (
            "period",
            "subject_kind",
            "unit_code",
            "card_no",
            "record_no",
            "full_name",
            "birth_date",
            "level",
            "points",
            "decided_on",
            "decision_no",
        )


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whom a row rates: known by this, counted at this unit."""

    known: Known
    unit_id: uuid.UUID
    member_id: uuid.UUID | None
    period: Period


def load_results(work: Work, rows: Sequence[Row]) -> None:
    """Judge rows: the period is sound, the subject is known, the level fits the scheme."""
    units = units_of(work, rows, permission=permissions.IMPORT, plugin="evaluation")
    about_people = [row for row in rows if row.get("subject_kind") in PEOPLE]
    matches = people_of(work, about_people, units)
    lives = lifetimes(work, {place.id for place in units.values()})
    subjects: dict[int, _Subject] = {}
    for row in rows:
        period = _period(work, row)
        place = units.get(row.get("unit_code", ""))
        if period is None or place is None or row.get("subject_kind") is None:
            continue
        _check(work, row, period, place, lives.get(place.id, ()))
        member_id = matches[row.number].member_id if row.number in matches else None
        if row.get("subject_kind") in PEOPLE and member_id is None:
            continue
        subjects[row.number] = _subject(row, period, place, member_id)
    stored = _stored(work, [one.known for one in subjects.values()])
    open_periods = _running(work, {one.known[0] for one in subjects.values()})
    for row in rows:
        subject = subjects.get(row.number)
        if subject is not None and row.is_sound:
            _judge(work, row, subject, stored, open_periods)


def _period(work: Work, row: Row) -> Period | None:
    """Return the year or quarter of a row; anything else is rejected."""
    text = row.get("period")
    if text is None:
        return None
    try:
        period = Period.parse(str(text))
    except ValueError:
        period = None
    if period is None or period.kind not in ("year", "quarter"):
        row.reject("period", _("Write a year as 2026 and a quarter as 2026-Q4."))
        return None
    if period.start > work.today:
        row.reject("period", _("This period is still to come."))
    return period


def _check(
    work: Work, row: Row, period: Period, place: Place, lives: Sequence[tuple[date, date]]
) -> None:
    """Reject what cannot be: a unit of another time, people named for a unit, points that lie."""
    if not any(start <= period.last_day and end > period.start for start, end in lives):
        row.reject("unit_code", _("%(unit)s was not there in %(period)s.",
                                  unit=place.name, period=period.key))  # fmt: skip
    named = [name for name in ("card_no", "record_no", "full_name") if row.get(name)]
    if row.get("subject_kind") not in PEOPLE and named:
        row.reject(named[0], _("No person stands in the row of an organisation or collective."))
    if row.get("points") is not None:
        if row.get("level") is None:
            row.reject("points", _("Points need a level beside them."))
        else:
            scheme = value(work, "evaluation.scheme", place, period.last_day)
            problem = points_problem(row.get("level"), row.get("points"), scheme)
            if problem:
                row.reject("points", problem)
    decided_on = row.get("decided_on")
    if decided_on is not None and decided_on > work.today:
        row.reject("decided_on", _("The day of the decision is still to come."))


def _subject(row: Row, period: Period, place: Place, member_id: uuid.UUID | None) -> _Subject:
    kind = row.get("subject_kind")
    subject_id = member_id or place.id
    post_id = place.id if kind == "leader" else subject_id
    return _Subject((period.key, kind, subject_id, post_id), place.id, member_id, period)


def _stored(work: Work, wanted: Sequence[Known]) -> dict[Known, dict[str, Any]]:
    """Read the current results of subjects, with whether a campaign decided them."""
    table, found = table_of(Result), {}
    for chunk in chunked({known[2] for known in wanted}):
        rows = work.session.execute(
            sa.select(*table.columns)
            .where(Result.subject_id.in_(chunk), Result.is_current.is_(True))
            .execution_options(unscoped=READS)
        ).mappings()
        for row in rows:
            known = (row["period_key"], row["subject_kind"], row["subject_id"], row["post_id"])
            found[known] = dict(row)
    return found


def _running(work: Work, periods: set[str]) -> dict[tuple[str, str], set[uuid.UUID]]:
    """Return the units of running campaigns by period and kind of subject."""
    rows = work.session.execute(
        sa.select(Campaign.period_key, Campaign.subjects, Campaign.unit_id)
        .where(Campaign.state == "running", Campaign.period_key.in_(periods))
        .execution_options(unscoped=READS)
    )
    found: dict[tuple[str, str], set[uuid.UUID]] = {}
    for period, subjects, unit_id in rows:
        for subject in subjects:
            found.setdefault((period, subject), set()).add(unit_id)
    return found


def _judge(
    work: Work,
    row: Row,
    subject: _Subject,
    stored: dict[Known, dict[str, Any]],
    running: Mapping[tuple[str, str], set[uuid.UUID]],
) -> None:
    """Say what a sound row writes; an empty cell leaves what is stored."""
    old = stored.get(subject.known)
    row.unit_id = subject.unit_id
    values = _values(row, subject, old)
    if old is None:
        _insert(work, row, subject, values, stored, running)
        return
    row.target_id = old["id"]
    changed = {name: value for name, value in values.items() if old[name] != value}
    if not changed:
        return
    if old["review_id"] is not None:
        row.reject(None, _("This level was decided in a campaign here. Correct it there."))
        return
    if old.get("row") is not None:
        row.reject(None, _("Row %(row)s of this file rates the same subject.", row=old["row"]))
        return
    row.alter(Result, old, **values)
    row.topic = (subject.known[0], subject.unit_id)
    for name, new in changed.items():
        row.tell(name, old[name] if name != "unit_id" else str(old[name]),
                 new if name != "unit_id" else str(new))  # fmt: skip
    old.update(values)


def _values(row: Row, subject: _Subject, old: Mapping[str, Any] | None) -> dict[str, Any]:
    def told(name: str, default: Any = None) -> Any:
        return row.get(name, old[name] if old is not None else default)

    return {
        "unit_id": subject.unit_id,
        "level": told("level"),
        "points": told("points"),
        "decided_on": told("decided_on"),
        "decision_no": told("decision_no", ""),
    }


def _insert(
    work: Work,
    row: Row,
    subject: _Subject,
    values: Mapping[str, Any],
    stored: dict[Known, dict[str, Any]],
    running: Mapping[tuple[str, str], set[uuid.UUID]],
) -> None:
    period_key, kind, subject_id, post_id = subject.known
    place = work.host.places.by_ids(work.session, [subject.unit_id], work.today, work.generation)[
        subject.unit_id
    ]
    if any(place.stands_under(unit_id) for unit_id in running.get((period_key, kind), ())):
        row.reject("period", _("A campaign for %(period)s is running here. Decide the level there.",
                               period=period_key))  # fmt: skip
        return
    key = new_key()
    whole = {
        "id": key,
        "period_key": period_key,
        "period_kind": subject.period.kind,
        "period_start": subject.period.start,
        "period_last": subject.period.last_day,
        "subject_kind": kind,
        "subject_id": subject_id,
        "post_id": post_id,
        "member_id": subject.member_id,
        **values,
        "not_rated_reason": "",
        "review_id": None,
        "version": 1,
        "is_current": True,
        "replaces_id": None,
        "reason": "",
        "made_at": work.now,
        "made_by": work.actor.label[:300],
    }
    row.insert(Result, **whole)
    row.target_id, row.is_new = key, True
    row.topic = (period_key, subject.unit_id)
    row.tell("level", None, values["level"])
    stored[subject.known] = {**whole, "row": row.number}


def dump_results(work: Work, unit: Place, as_of: date | None) -> Iterator[Sequence[Any]]:
    """Yield the current results of a subtree, those of periods that ended by a day."""
    classes = work.actor.field_classes(unit)
    seen: set[uuid.UUID] = set()
    for row in work.session.execute(_current(work, unit, as_of)):
        if row.member_id is not None:
            seen.add(row.member_id)
        yield (
            row.period_key,
            row.subject_kind,
            row.code,
            row.card_no if "card" in classes else "",
            row.record_no if "card" in classes else "",
            row.full_name or "",
            birth_text(row.birth_date, row.birth_precision)
            if row.member_id is not None and "birth" in classes
            else "",
            row.level or "",
            row.points,
            row.decided_on,
            row.decision_no,
        )
    ledger.saw(work, "member", seen, (classes & frozenset(CLASSES)) | {"level"})


def _current(work: Work, unit: Place, as_of: date | None) -> Any:
    statement = (
        sa.select(
            Result.period_key,
            Result.subject_kind,
            Unit.code,
            Result.member_id,
            Member.card_no,
            Member.record_no,
            Member.full_name,
            Member.birth_date,
            Member.birth_precision,
            Result.level,
            Result.points,
            Result.decided_on,
            Result.decision_no,
        )
        .select_from(Result)
        .join(Unit, Unit.id == Result.unit_id)
        .outerjoin(Member, Member.id == Result.member_id)
        .where(
            Result.unit_id.in_(within(work, unit, as_of)),
            Result.is_current.is_(True),
            Result.period_kind.in_(("year", "quarter")),
        )
        .order_by(Result.period_key, Unit.code, Result.subject_kind, *NAMESAKES, Result.id)
    )
    if as_of is not None:
        statement = statement.where(Result.period_last <= as_of)
    return statement


__all__ = ["ResultRow", "dump_results", "load_results"]
