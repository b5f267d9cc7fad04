"""Meetings that were held, as rows: known by unit, day and kind."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import marshmallow as ma
import sqlalchemy as sa

from core.chunks import chunked
from core.db import new_key
from core.exchange.rows import Row
from core.exchange.scope import units_of
from core.forms import DayField, FormSchema, LineField, MonthField, TimeField, choice, options
from core.i18n import _, format_month, lazy
from core.names import search_key
from core.units.datasets.dumping import within
from core.units.models import Unit
from core.units.places import Place
from core.units.tree import lifetimes
from core.work import Work

from .. import permissions
from ..models import HELD, Meeting, Minutes
from ..services import words

FIRST_YEAR = 1930
Known = tuple[uuid.UUID, date, str]
"""Unit, day and kind of a meeting."""


class MeetingRow(FormSchema):
    """A meeting that was held."""

    unit_code = LineField(required=True, most=40, metadata={"label": lazy("Unit code")})
    for_month = MonthField(metadata={"label": lazy("Month it counts for"), "example": "11/2026"})
    held_on = DayField(required=True, metadata={"label": lazy("Day of the meeting")})
    regular = ma.fields.Boolean(metadata={"label": lazy("Regular")})
    thematic = ma.fields.Boolean(metadata={"label": lazy("Thematic")})
    kind = LineField(
        validate=choice(options(words.KINDS)),
        metadata={"label": lazy("Meeting of whom"), "width": 18},
    )
    model = ma.fields.Boolean(metadata={"label": lazy("Model meeting")})
    mode = LineField(
        validate=choice(options(words.MODES)),
        metadata={"label": lazy("How it was held"), "width": 18},
    )
    starts_at = TimeField(metadata={"label": lazy("It began at"), "example": "19:30"})
    ends_at = TimeField(metadata={"label": lazy("It ended at"), "example": "21:05"})
    title = LineField(metadata={"label": lazy("Title"), "width": 30})


def load_meetings(work: Work, rows: Sequence[Row]) -> None:
    """Judge rows; new meetings come in as facts of the past, locked ones are not touched."""
    units = units_of(work, rows, permission=permissions.ENTER, plugin="meetings")
    lives = lifetimes(work, {place.id for place in units.values()})
    stored = stored_meetings(work, [place.id for place in units.values()])
    regular = _regular(stored)
    for row in rows:
        place = units.get(row.get("unit_code", ""))
        if place is None or row.get("held_on") is None:
            continue
        _check(work, row, place, lives.get(place.id, ()))
        if row.is_sound:
            _judge(work, row, place, stored, regular)


def stored_meetings(work: Work, unit_ids: Sequence[uuid.UUID]) -> dict[Known, dict[str, Any]]:
    """Read the held meetings of units with whether their minutes are locked."""
    table = sa.inspect(Meeting).local_table
    locked = sa.exists().where(Minutes.meeting_id == Meeting.id, Minutes.state == "locked")
    found: dict[Known, dict[str, Any]] = {}
    for chunk in chunked(set(unit_ids)):
        rows = work.session.execute(
            sa.select(*table.columns, locked.label("is_locked"))
            .select_from(Meeting)
            .where(Meeting.unit_id.in_(chunk), Meeting.state.in_(HELD))
            .execution_options(unscoped="an import; the right is asked for at the unit of each row")
        ).mappings()
        for row in rows:
            found[(row["unit_id"], row["held_on"], row["kind"])] = dict(row)
    return found


def _regular(stored: Mapping[Known, Mapping[str, Any]]) -> dict[tuple[uuid.UUID, date], Known]:
    """Return which meeting is the regular one of a unit and month."""
    return {
        (values["unit_id"], values["for_month"]): known
        for known, values in stored.items()
        if values["kind"] == "branch" and values["is_regular"]
    }


def _check(work: Work, row: Row, place: Place, lives: Sequence[tuple[date, date]]) -> None:
    """Reject days that are still to come, or on which the unit was not there."""
    day: date = row.get("held_on")
    month: date = row.get("for_month") or day
    if day > work.today:
        row.reject("held_on", _("This day is still to come."))
    elif day.year < FIRST_YEAR or not any(start <= day < end for start, end in lives):
        row.reject("held_on", _("%(unit)s was not there on that day.", unit=place.name))
    if abs((month.year - day.year) * 12 + month.month - day.month) > 6:
        row.reject("for_month", _("The month lies too far from the day of the meeting."))
    if place.kind not in ("branch", "group") and row.get("kind", "branch") in ("branch", "group"):
        row.reject(
            "unit_code",
            _("Meetings of this kind are held in branches. Choose the branch first."),
        )


def _judge(
    work: Work,
    row: Row,
    place: Place,
    stored: dict[Known, dict[str, Any]],
    regular: dict[tuple[uuid.UUID, date], Known],
) -> None:
    """Say what a sound row writes."""
    known = (place.id, row.get("held_on"), row.get("kind", "branch"))
    old = stored.get(known)
    values = _values(work, row, old)
    if values["kind"] == "branch" and not (values["is_regular"] or values["is_thematic"]):
        row.reject(
            "regular", _("A branch meeting is regular, thematic, or both. Choose at least one.")
        )
    month = (place.id, values["for_month"])
    if values["is_regular"] and values["kind"] == "branch":
        if regular.get(month, known) != known:
            row.reject(
                "for_month",
                _(
                    "The branch already has a regular meeting for %(month)s. Open that one.",
                    month=format_month(values["for_month"]),
                ),
            )
        else:
            regular[month] = known
    if not row.is_sound:
        return
    row.unit_id = place.id
    if old is not None:
        _change(row, old, values)
        return
    key = new_key()
    whole = {"id": key, "unit_id": place.id, "held_on": known[1], **values, **_facts(work)}
    row.insert(Meeting, **whole)
    row.target_id, row.is_new = key, True
    row.tell("held_on", None, known[1].isoformat())
    stored[known] = {**whole, "is_locked": False}


def _change(row: Row, old: dict[str, Any], values: Mapping[str, Any]) -> None:
    """Let a stored meeting get other values, unless its minutes are locked."""
    row.target_id = old["id"]
    changed = {name: value for name, value in values.items() if old[name] != value}
    if changed and old["is_locked"]:
        row.reject(None, _("The minutes are locked. To change them, make an amended version."))
        return
    row.alter(Meeting, old, **values)
    for name, value in changed.items():
        row.tell(name, str(old[name]), str(value))
    old.update(values)


def _values(work: Work, row: Row, old: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the columns a row tells; an empty cell leaves what is stored."""
    day: date = row.get("held_on")
    kind = row.get("kind", "branch")
    is_branch = kind == "branch"

    def told(name: str, column: str, default: Any) -> Any:
        return row.get(name, old[column] if old is not None else default)

    month: date = told("for_month", "for_month", day)
    started, ended = _times(work, row, day)
    title = told("title", "title", "")
    return {
        "kind": kind,
        "for_month": month.replace(day=1),
        "is_regular": is_branch and bool(told("regular", "is_regular", is_branch)),
        "is_thematic": is_branch and bool(told("thematic", "is_thematic", False)),
        "is_model": bool(told("model", "is_model", False)),
        "mode": told("mode", "mode", "onsite"),
        "started_at": started or (old["started_at"] if old is not None else None),
        "ended_at": ended or (old["ended_at"] if old is not None else None),
        "title": title,
        "search": search_key(f"{title} {old['theme'] if old is not None else ''}")[:300],
    }


def _times(work: Work, row: Row, day: date) -> tuple[datetime | None, datetime | None]:
    """Return the instants of begin and end; an end before the begin lies on the next day."""
    begin: time | None = row.get("starts_at")
    end: time | None = row.get("ends_at")
    zone = work.host.zone
    started = datetime.combine(day, begin, zone) if begin else None
    ended = datetime.combine(day, end, zone) if end else None
    if started and ended and ended < started:
        ended += timedelta(days=1)
    return started, ended


def _facts(work: Work) -> dict[str, Any]:
    """Return what is true of every imported meeting: a fact of the past, without minutes here."""
    return {
        "state": "closed",
        "is_from_paper": True,
        "closed_at": work.now,
        "created_at": work.now,
        "created_by": work.actor.label[:300],
        "changed_at": work.now,
        "theme": "",
        "revision": 1,
    }


def dump_meetings(work: Work, unit: Place, as_of: date | None) -> Iterator[Sequence[Any]]:
    """Yield the held meetings of a subtree, up to a day, by unit code and day."""
    statement = (
        sa.select(
            Unit.code,
            Meeting.for_month,
            Meeting.held_on,
            Meeting.is_regular,
            Meeting.is_thematic,
            Meeting.kind,
            Meeting.is_model,
            Meeting.mode,
            Meeting.started_at,
            Meeting.ended_at,
            Meeting.title,
        )
        .select_from(Meeting)
        .join(Unit, Unit.id == Meeting.unit_id)
        .where(
            Meeting.unit_id.in_(within(work, unit, as_of)),
            Meeting.state.in_(HELD),
            Meeting.held_on <= (as_of or work.today),
        )
        .order_by(Unit.code, Meeting.held_on, Meeting.kind, Meeting.started_at, Meeting.title)
    )
    for row in work.session.execute(statement):
        values = list(row)
        values[8], values[9] = clock(work, values[8]), clock(work, values[9])
        yield values


def clock(work: Work, moment: datetime | None) -> str:
    """Write the time of an instant as a cell holds it."""
    return f"{moment.astimezone(work.host.zone):%H:%M}" if moment is not None else ""
