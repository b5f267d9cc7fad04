"""Who attended which meeting, as rows: known by meeting and person."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.chunks import chunked
from core.exchange.rows import Row
from core.exchange.scope import units_of
from core.forms import DayField, LineField, choice, options
from core.i18n import _, format_day, lazy
from core.members.datasets import PersonRow, birth_text, people_of
from core.members.models import Member
from core.units.datasets.dumping import within
from core.units.models import Unit
from core.units.places import Place
from core.work import Work

from .. import permissions
from ..models import HELD, Attendance, Meeting
from ..services import words
from ..services.figures import settle_figures
from ..services.membership import standings_of
from ..services.shapes import Person
from .meetings import Known, stored_meetings

READS = "an import; the right is asked for at the unit of each row"
CLASSES = ("birth", "card", "standing")


class AttendanceRow(PersonRow):
    """How somebody attended a meeting."""

    unit_code = LineField(required=True, most=40, metadata={"label": lazy("Unit code")})
    held_on = DayField(required=True, metadata={"label": lazy("Day of the meeting")})
    kind = LineField(
        validate=choice(options(words.KINDS)),
        metadata={"label": lazy("Meeting of whom"), "width": 18},
    )
    state = LineField(
        required=True,
        validate=choice(options(words.ATTENDANCE)),
        metadata={"label": lazy("How they attended"), "width": 22},
    )
    reason = LineField(
        validate=choice(options(words.REASONS)),
        metadata={"label": lazy("Reason"), "width": 16},
    )

    class Meta(PersonRow.Meta):
        """Name the meeting before the person, as the contract orders the columns."""

        fields = (
            "unit_code",
            "held_on",
            "kind",
            "card_no",
            "record_no",
            "full_name",
            "birth_date",
            "state",
            "reason",
        )


def load_attendance(work: Work, rows: Sequence[Row]) -> None:
    """Judge rows: the meeting is there and open to imports, the person is known."""
    units = units_of(work, rows, permission=permissions.ENTER, plugin="meetings")
    matches = people_of(work, rows, units)
    meetings = stored_meetings(work, [place.id for place in units.values()])
    found = {row.number: _meeting_of(row, units, meetings) for row in rows}
    named = {row["id"]: row for row in found.values() if row is not None}
    people = {m.member_id for m in matches.values() if m.member_id is not None}
    lines = _lines(work, named, people)
    places = {place.id: place for place in units.values()}
    standings = standings_of(
        work, {key: (places[m["unit_id"]], m["held_on"]) for key, m in named.items()}, people
    )
    names = _people(work, people)
    for row in rows:
        meeting, member_id = found[row.number], matches[row.number].member_id
        if meeting is None or member_id is None or not row.is_sound:
            continue
        person = standings.get((meeting["id"], member_id)) or names[member_id]
        _judge(row, meeting, person, lines)


def _meeting_of(
    row: Row, units: Mapping[str, Place], meetings: Mapping[Known, dict[str, Any]]
) -> dict[str, Any] | None:
    """Return the meeting a row means; a row without one is rejected."""
    place = units.get(row.get("unit_code", ""))
    day = row.get("held_on")
    if place is None or day is None:
        return None
    meeting = meetings.get((place.id, day, row.get("kind", "branch")))
    if meeting is None:
        row.reject(
            "held_on",
            _(
                "%(unit)s has no such meeting on %(day)s. Import the meetings first.",
                unit=place.name,
                day=format_day(day),
            ),
        )
    return meeting


def _lines(
    work: Work, meetings: Mapping[uuid.UUID, Any], people: set[uuid.UUID]
) -> dict[tuple[uuid.UUID, uuid.UUID], dict[str, Any]]:
    """Read the lines of the rolls that concern these people."""
    table = sa.inspect(Attendance).local_table
    found: dict[tuple[uuid.UUID, uuid.UUID], dict[str, Any]] = {}
    for chunk in chunked(meetings):
        rows = work.session.execute(
            sa.select(*table.columns).where(Attendance.meeting_id.in_(chunk))
        ).mappings()
        for row in rows:
            if row["member_id"] in people:
                found[(row["meeting_id"], row["member_id"])] = dict(row)
    return found


def _people(work: Work, ids: set[uuid.UUID]) -> dict[uuid.UUID, Person]:
    """Read people as guests: whoever did not belong to the unit on the day took part for a time."""
    found: dict[uuid.UUID, Person] = {}
    for chunk in chunked(ids):
        rows = work.session.execute(
            sa.select(Member.id, Member.full_name, Member.sort_key, Member.status)
            .where(Member.id.in_(chunk))
            .execution_options(unscoped=READS)
        )
        for key, name, sort_key, status in rows:
            found[key] = Person(
                id=key,
                name=name,
                standing="official" if status in ("official", "left") else status,
                group="temporary",
                is_required=False,
                is_entitled=False,
                sort_key=sort_key,
                status="official" if status == "left" else status,
            )
    return found


def _judge(
    row: Row,
    meeting: dict[str, Any],
    person: Person,
    lines: dict[tuple[uuid.UUID, uuid.UUID], dict[str, Any]],
) -> None:
    """Say what a sound row writes."""
    state, reason = row.get("state"), row.get("reason", "")
    if state == "excused" and not reason:
        reason = "other"
    if state != "excused" and reason:
        row.reject("reason", _("A reason stands only where somebody was excused."))
        return
    row.target_id, row.unit_id = meeting["id"], meeting["unit_id"]
    place = (meeting["id"], person.id)
    old = lines.get(place)
    if old is not None and (old["state"], old["reason"]) == (state, reason):
        return
    if meeting["is_locked"]:
        row.reject(None, _("The minutes are locked. To change them, make an amended version."))
        return
    row.tell(person.name, old["state"] if old else None, state)
    if old is not None:
        row.alter(Attendance, old, state=state, reason=reason, **_duty(state, old))
        old.update(state=state, reason=reason, **_duty(state, old))
        return
    values = _line(meeting, person, state, reason)
    row.insert(Attendance, **values)
    row.is_new = True
    lines[place] = values


def _duty(state: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """Return whether somebody had to attend: whoever was absent had to, whatever is known."""
    if state in ("excused", "absent"):
        return {"is_required": True}
    return {"is_required": line["is_required"] and state != "not_required"}


def _line(meeting: Mapping[str, Any], person: Person, state: str, reason: str) -> dict[str, Any]:
    """Return a line of the roll."""
    values = {
        "meeting_id": meeting["id"],
        "member_id": person.id,
        "printed_name": person.name,
        "sort_key": person.sort_key,
        "list_group": person.group,
        "status": person.status,
        "standing": person.standing,
        "is_required": person.is_required,
        "is_entitled": person.is_entitled,
        "state": state,
        "reason": reason,
    }
    return {**values, **_duty(state, values)}


def settle_meetings(work: Work, ids: set[uuid.UUID]) -> None:
    """Sum the figures of meetings anew from their rolls."""
    settle_figures(work, ids)


def dump_attendance(work: Work, unit: Place, as_of: date | None) -> Iterator[Sequence[Any]]:
    """Yield the lines of rolls in a subtree, up to a day; who has no mark is left out."""
    classes = work.actor.field_classes(unit)
    seen: set[uuid.UUID] = set()
    for row in work.session.execute(_attended(work, unit, as_of)):
        seen.add(row.id)
        yield (
            row.code,
            row.held_on,
            row.kind,
            row.card_no if "card" in classes else "",
            row.record_no if "card" in classes else "",
            row.full_name,
            birth_text(row.birth_date, row.birth_precision) if "birth" in classes else "",
            row.state,
            row.reason,
        )
    ledger.saw(work, "member", seen, classes & frozenset(CLASSES))


def _attended(work: Work, unit: Place, as_of: date | None) -> Any:
    """Select the marks on rolls with who they are about, by unit code, day and name."""
    return (
        sa.select(
            Unit.code,
            Meeting.held_on,
            Meeting.kind,
            Member.id,
            Member.card_no,
            Member.record_no,
            Member.full_name,
            Member.birth_date,
            Member.birth_precision,
            Attendance.state,
            Attendance.reason,
        )
        .select_from(Meeting)
        .join(Unit, Unit.id == Meeting.unit_id)
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .join(Member, Member.id == Attendance.member_id)
        .where(
            Meeting.unit_id.in_(within(work, unit, as_of)),
            Meeting.state.in_(HELD),
            Meeting.held_on <= (as_of or work.today),
            Attendance.state.is_not(None),
        )
        .order_by(
            Unit.code,
            Meeting.held_on,
            Meeting.kind,
            Attendance.sort_key,
            # Two of one name stand in the same order wherever the file was taken in.
            sa.func.coalesce(Member.card_no, ""),
            sa.func.coalesce(Member.record_no, ""),
            Member.birth_date,
            Attendance.member_id,
        )
    )
