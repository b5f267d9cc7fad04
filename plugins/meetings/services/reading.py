"""Reading meetings: one of this unit, lists, the next one, the five steps."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.checking import check_revision
from core.errors import NotFound
from core.i18n import _
from core.paging import beyond, make_cursor, read_cursor
from core.units.covering import TODAY, AsOf, covered
from core.work import Work

from ..models import (
    BEFORE,
    AgendaItem,
    Meeting,
    Resolution,
    ResolutionItem,
    Task,
    Visitor,
    Vote,
)
from .shapes import Key, Step

SORTS: dict[str, tuple[Any, ...]] = {
    "for_month": (Meeting.for_month, Meeting.id),
    "held_on": (sa.func.coalesce(Meeting.held_on, date.min), Meeting.id),
}


def _not_here() -> NotFound:
    return NotFound(_("There is no such page, or this account may not see it."))


def access_meeting(work: Work, meeting_id: Key, *, revision: int | None = None) -> Meeting:
    """Return a meeting of this unit, or NotFound; `revision` is the one the page was made from."""
    meeting: Meeting | None = work.session.scalar(
        sa.select(Meeting).where(
            Meeting.id == meeting_id, Meeting.unit_id == work.unit.id, Meeting.state != "void"
        )
    )
    if meeting is None:
        raise _not_here()
    check_revision(meeting, revision)
    return meeting


def access_item(work: Work, meeting: Meeting, item_id: Key) -> AgendaItem:
    """Return an item of a meeting, or NotFound."""
    item: AgendaItem = _part(work, AgendaItem, meeting, item_id)
    return item


def access_vote(work: Work, meeting: Meeting, vote_id: Key) -> Vote:
    """Return a vote of a meeting, or NotFound."""
    vote: Vote = _part(work, Vote, meeting, vote_id)
    return vote


def _part(work: Work, model: type[Any], meeting: Meeting, key: Key) -> Any:
    found = work.session.scalar(
        sa.select(model).where(model.id == key, model.meeting_id == meeting.id)
    )
    if found is None:
        raise _not_here()
    return found


def access_task(work: Work, task_id: Key, *, revision: int | None = None) -> Task:
    """Return a task of this unit, or one of this unit that is one's own, or NotFound."""
    here = sa.and_(Task.id == task_id, Task.unit_id == work.unit.id)
    task: Task | None = work.session.scalar(sa.select(Task).where(here))
    member_id = work.actor.member_id
    if task is None and member_id is not None:
        task = work.session.scalar(
            sa.select(Task)
            .where(here, Task.owner_id == member_id)
            .execution_options(unscoped="one's own task")
        )
    if task is None:
        raise _not_here()
    check_revision(task, revision)
    return task


def own_task(work: Work, task: Task) -> Task:
    """Return a task that is one's own; of anybody else's it is not found."""
    if task.owner_id != work.actor.member_id:
        raise _not_here()
    return task


def access_resolution(work: Work, resolution_id: Key, *, revision: int | None = None) -> Resolution:
    """Return a resolution of this unit, or NotFound."""
    found: Resolution | None = work.session.scalar(
        sa.select(Resolution).where(
            Resolution.id == resolution_id, Resolution.unit_id == work.unit.id
        )
    )
    if found is None:
        raise _not_here()
    check_revision(found, revision)
    return found


def list_meetings(  # noqa: PLR0913 - what a list may be asked, by name
    work: Work,
    *,
    month: date | None = None,
    state: str = "",
    kind: str = "",
    subtree: bool = False,
    as_of: AsOf = TODAY,
    sort: str = "-for_month",
    cursor: str = "",
    limit: int = 50,
) -> tuple[list[Meeting], str | None]:
    """List meetings, newest month first unless sorted otherwise, a page at a time."""
    where = covered(work, Meeting.unit_id, as_of, day=Meeting.for_month, alone=not subtree)
    statement = sa.select(Meeting).where(where, Meeting.state != "void")
    for column, wanted in (
        (Meeting.for_month, month),
        (Meeting.state, state),
        (Meeting.kind, kind),
    ):
        if wanted:
            statement = statement.where(column == wanted)
    columns = SORTS[sort.removeprefix("-")]
    after = read_cursor(cursor, "d", "k")
    down = sort.startswith("-")
    if after is not None:
        statement = statement.where(beyond(columns, after, down=down))
    order = [column.desc() if down else column.asc() for column in columns]
    rows = list(work.session.scalars(statement.order_by(*order).limit(limit + 1)))
    return page_of(rows, limit, lambda m: (_sorted_by(m, sort), m.id))


def _sorted_by(meeting: Meeting, sort: str) -> date:
    return meeting.for_month if sort.endswith("for_month") else meeting.held_on or date.min


def page_of(rows: list[Any], limit: int, values: Any) -> tuple[list[Any], str | None]:
    """Cut one row too many off a page and return it with the cursor of the next page."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], make_cursor(values(rows[limit - 1]))


def current_meeting(work: Work) -> Meeting | None:
    """Return the branch meeting in hand: the earliest not finished, or None."""
    found: Meeting | None = work.session.scalar(
        sa.select(Meeting)
        .where(
            Meeting.unit_id == work.unit.id,
            Meeting.kind == "branch",
            Meeting.state.in_((*BEFORE, "holding", "minutes")),
        )
        .order_by(Meeting.for_month, Meeting.id)
        .limit(1)
    )
    return found


AGENDA = (
    sa.select(AgendaItem)
    .where(AgendaItem.meeting_id == sa.bindparam("meeting"))
    .order_by(AgendaItem.order, AgendaItem.id)
)


def list_items(work: Work, meeting: Meeting) -> list[AgendaItem]:
    """Return the agenda in order."""
    return list(work.session.scalars(AGENDA, {"meeting": meeting.id}))


def list_votes(work: Work, meeting: Meeting) -> list[Vote]:
    """Return the votes of a meeting in the order in which they were taken."""
    return list(
        work.session.scalars(
            sa.select(Vote).where(Vote.meeting_id == meeting.id).order_by(Vote.at, Vote.id)
        )
    )


def list_visitors(work: Work, meeting: Meeting) -> list[Visitor]:
    """Return the guests of a meeting, superiors first."""
    return list(
        work.session.scalars(
            sa.select(Visitor)
            .where(Visitor.meeting_id == meeting.id)
            .order_by(Visitor.is_superior.desc(), Visitor.id)
        )
    )


def list_resolutions(
    work: Work, meeting: Meeting | None = None, limit: int = 100
) -> list[tuple[Resolution, list[ResolutionItem]]]:
    """Return resolutions with their points: of a meeting, or all of this unit, newest first."""
    statement = sa.select(Resolution).where(Resolution.unit_id == work.unit.id)
    if meeting is not None:
        statement = statement.where(Resolution.meeting_id == meeting.id)
    rows = work.session.scalars(
        statement.order_by(Resolution.decided_on.desc(), Resolution.id).limit(limit)
    ).all()
    points = points_of(work, [row.id for row in rows])
    return [(row, points.get(row.id, [])) for row in rows]


def points_of(work: Work, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[ResolutionItem]]:
    """Return the points of resolutions, in order; one statement."""
    result: dict[uuid.UUID, list[ResolutionItem]] = {}
    if ids:
        for point in work.session.scalars(
            sa.select(ResolutionItem)
            .where(ResolutionItem.resolution_id.in_(ids))
            .order_by(ResolutionItem.resolution_id, ResolutionItem.order)
        ):
            result.setdefault(point.resolution_id, []).append(point)
    return result


STEPS = ("prepare", "announce", "hold", "minutes", "follow")
REACHED = {
    "preparing": 0,
    "asked": 0,
    "agreed": 1,
    "postponed": 1,
    "announced": 2,
    "holding": 2,
    "minutes": 3,
    "closed": 4,
    "not_held": 0,
    "void": 0,
}


def steps(work: Work, meeting: Meeting | None) -> list[Step]:
    """Return the five steps and where a meeting stands in them: done, now or later."""
    titles = (_("Prepare"), _("Announce"), _("Hold"), _("Minutes"), _("Follow up"))
    reached = REACHED[meeting.state] if meeting is not None else 0
    return [
        Step(
            key,
            title,
            "done" if number < reached else "now" if number == reached else "later",
            f"meetings.{key}",
        )
        for number, (key, title) in enumerate(zip(STEPS, titles, strict=True))
    ]
