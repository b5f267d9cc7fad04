"""What is known of a member from meetings: facts for the year's review, one's data, its erasure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.gathering import gathered
from core.i18n import _
from core.people import Evidence
from core.work import Work

from ..models import (
    CAME,
    HELD,
    AgendaItem,
    Attendance,
    Meeting,
    Moved,
    OversightAssignment,
    ResolutionItem,
    Task,
    Told,
    Visitor,
)

FACTS = "facts for the yearly review, asked for by core for members it may show"
OWN_DATA = "a person's own data"


def _sum(*conditions: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0)), 0)


def evidence_of(
    work: Work, member_ids: Sequence[uuid.UUID], start: date, end: date
) -> list[Evidence]:
    """Return, for members in a span of days, attendance and tasks; one statement each a chunk."""
    found: list[Evidence] = []
    for ids in chunked(member_ids):
        found.extend(_attendance(work, ids, start, end))
        found.extend(_tasks(work, ids, start, end))
    return found


def _attendance(work: Work, ids: Sequence[uuid.UUID], start: date, end: date) -> list[Evidence]:
    rows = work.session.execute(
        sa.select(
            Attendance.member_id,
            _sum(Attendance.state.in_(CAME)),
            _sum(Attendance.state == "absent"),
            sa.func.count(),
        )
        .select_from(Meeting)
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .where(
            Attendance.member_id.in_(ids),
            Attendance.is_required.is_(True),
            Meeting.state.in_(HELD),
            Meeting.kind == "branch",
            Meeting.held_on >= start,
            Meeting.held_on < end,
        )
        .group_by(Attendance.member_id)
        .execution_options(unscoped=FACTS)
    )
    found = []
    for member_id, came, absent, required in rows:
        title = _("Branch meetings attended, of those required")
        found.append(Evidence(member_id, "meetings.attended", title, came, required, "meetings"))
        if absent:
            title = _("Branch meetings missed without a reason")
            found.append(
                Evidence(member_id, "meetings.absent", title, absent, required, "meetings")
            )
    return found


def _tasks(work: Work, ids: Sequence[uuid.UUID], start: date, end: date) -> list[Evidence]:
    rows = work.session.execute(
        sa.select(
            Task.owner_id,
            _sum(Task.state == "done", Task.done_on <= Task.due_on),
            _sum(Task.state == "done"),
            sa.func.count(),
        )
        .where(
            Task.owner_id.in_(ids),
            Task.due_on >= start,
            Task.due_on < end,
            Task.state != "dropped",
        )
        .group_by(Task.owner_id)
        .execution_options(unscoped=FACTS)
    )
    found = []
    for member_id, on_time, done, due in rows:
        title = _("Tasks finished by their day, of those due")
        found.append(Evidence(member_id, "meetings.tasks_on_time", title, on_time, due, "meetings"))
        title = _("Tasks finished, of those due")
        found.append(Evidence(member_id, "meetings.tasks_done", title, done, due, "meetings"))
    return found


def data_of(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Return everything kept about a member, as plain values."""
    follows = OversightAssignment
    parts = {
        "attendance": sa.select(Meeting.held_on, Meeting.kind, Attendance.state, Attendance.reason)
        .select_from(Meeting)
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .where(Attendance.member_id == member_id),
        "tasks": sa.select(Task.due_on, Task.title, Task.state, Task.done_on, Task.report).where(
            Task.owner_id == member_id
        ),
        "told": sa.select(Told.at, Told.how).where(Told.member_id == member_id),
        "follows": sa.select(follows.valid_from, follows.valid_to, follows.role).where(
            follows.official_id == member_id
        ),
    }
    found = gathered(work.session, parts, reason=OWN_DATA)
    return {name: rows for name, rows in found.items() if rows}


def erase(work: Work, member_id: uuid.UUID) -> None:
    """Erase names, reports and reasons of a member; counts and figures stay.

    Locked minutes keep their text: they are papers under the archive's rules.
    """
    nobody = _("(erased)")
    updates: tuple[tuple[Any, Any, dict[str, Any]], ...] = (
        (Attendance, Attendance.member_id, {"printed_name": nobody, "reason": ""}),
        (Task, Task.owner_id, {"owner_name": nobody, "report": "", "request_reason": ""}),
        (ResolutionItem, ResolutionItem.owner_id, {"owner_name": nobody}),
        (AgendaItem, AgendaItem.presenter_id, {"presenter_name": nobody}),
        (Meeting, Meeting.chair_id, {"chair_name": nobody}),
        (Meeting, Meeting.clerk_id, {"clerk_name": nobody}),
        (OversightAssignment, OversightAssignment.official_id, {"official_name": nobody}),
    )
    for model, column, values in updates:
        work.session.execute(
            sa.update(model)
            .where(column == member_id)
            .values(values)
            .execution_options(synchronize_session=False)
        )
    work.session.execute(
        sa.delete(Told)
        .where(Told.member_id == member_id)
        .execution_options(synchronize_session=False)
    )
    work.session.execute(
        sa.update(Visitor)
        .where(
            Visitor.assignment_id.in_(
                sa.select(OversightAssignment.id).where(
                    OversightAssignment.official_id == member_id
                )
            )
        )
        .values(name=nobody)
        .execution_options(synchronize_session=False)
    )


LINKS: tuple[tuple[str, Any, Any], ...] = (
    ("task", Task, Task.owner_id),
    ("point", ResolutionItem, ResolutionItem.owner_id),
    ("item", AgendaItem, AgendaItem.presenter_id),
    ("chair", Meeting, Meeting.chair_id),
    ("clerk", Meeting, Meeting.clerk_id),
    ("assignment", OversightAssignment, OversightAssignment.official_id),
)


def move_rows(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> None:
    """Move what names one record to the other, and note it; called the other way round, back.

    Where both stand on one roll, the line of the kept record holds and the other stays behind.
    """
    note = _taken_back(work, kept_id, merged_id)
    if note is not None:
        _move_noted(work, note, kept_id, merged_id)
        return
    rows: dict[str, list[str]] = {}
    for name, model, column in LINKS:
        rows[name] = _move(work, model, column, kept_id, merged_id)
    for name, model in (("roll", Attendance), ("told", Told)):
        rows[name] = _move_lines(work, model, kept_id, merged_id)
    work.session.add(Moved(kept_id=kept_id, merged_id=merged_id, rows=rows))
    work.session.flush()


def _taken_back(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> Moved | None:
    """Return the note of the merge that this call takes back, or None."""
    found: Moved | None = work.session.scalar(
        sa.select(Moved)
        .where(Moved.kept_id == merged_id, Moved.merged_id == kept_id)
        .order_by(Moved.id.desc())
        .limit(1)
    )
    return found


def _move(
    work: Work, model: Any, column: Any, kept_id: uuid.UUID, merged_id: uuid.UUID
) -> list[str]:
    ids = list(
        work.session.scalars(
            sa.select(model.id)
            .where(column == merged_id)
            .execution_options(unscoped="two records of one person became one")
        )
    )
    _point(work, model, column, ids, kept_id)
    return [str(key) for key in ids]


def _point(work: Work, model: Any, column: Any, ids: Sequence[uuid.UUID], to: uuid.UUID) -> None:
    for chunk in chunked(ids):
        work.session.execute(
            sa.update(model)
            .where(model.id.in_(chunk))
            .values({column.key: to})
            .execution_options(synchronize_session=False)
        )


def _move_lines(work: Work, model: Any, kept_id: uuid.UUID, merged_id: uuid.UUID) -> list[str]:
    """Move lines whose key names the member, unless the kept record has its own there."""
    other = sa.orm.aliased(model)
    twice = sa.exists().where(other.meeting_id == model.meeting_id, other.member_id == kept_id)
    ids = list(
        work.session.scalars(
            sa.select(model.meeting_id).where(model.member_id == merged_id, ~twice).distinct()
        )
    )
    _point_lines(work, model, ids, merged_id, kept_id)
    return [str(key) for key in ids]


def _point_lines(
    work: Work, model: Any, ids: Sequence[uuid.UUID], old: uuid.UUID, new: uuid.UUID
) -> None:
    for chunk in chunked(ids):
        work.session.execute(
            sa.update(model)
            .where(model.meeting_id.in_(chunk), model.member_id == old)
            .values(member_id=new)
            .execution_options(synchronize_session=False)
        )


def _move_noted(work: Work, note: Moved, kept_id: uuid.UUID, merged_id: uuid.UUID) -> None:
    """Give back exactly what a merge had taken."""
    for name, model, column in LINKS:
        _point(work, model, column, [uuid.UUID(key) for key in note.rows[name]], kept_id)
    for name, model in (("roll", Attendance), ("told", Told)):
        ids = [uuid.UUID(key) for key in note.rows[name]]
        _point_lines(work, model, ids, merged_id, kept_id)
    work.session.delete(note)
