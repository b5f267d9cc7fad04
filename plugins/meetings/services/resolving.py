"""Resolutions: made of what was passed, with points that somebody carries out until a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from core.checking import changes, missing, wanted_text
from core.errors import RuleBroken
from core.i18n import _
from core.names import search_key
from core.work import Work

from .. import permissions
from ..models import AgendaItem, Meeting, Resolution, ResolutionItem, Task, Vote
from .following import write_task
from .guards import check_held, content_changed, names_of, note
from .shapes import PointFacts, ResolutionFacts, TaskFacts
from .voting import record_vote

MOST_POINTS = 30


def make_resolution(
    work: Work, meeting: Meeting, item: AgendaItem | None, facts: ResolutionFacts
) -> Resolution:
    """Make a resolution; a failed vote makes none, and without a vote there is none.

    A point with an owner and a day becomes a task at once.
    """
    check_held(meeting)
    vote = _passed_vote(work, meeting, item, facts)
    resolution = Resolution(
        unit_id=meeting.unit_id,
        meeting_id=meeting.id,
        item_id=item.id if item is not None else None,
        vote_id=vote.id,
        decided_on=meeting.held_on or work.today,
        **_texts(facts),
    )
    work.session.add(resolution)
    work.session.flush()
    _write_points(work, meeting, resolution, facts.points)
    content_changed(work, meeting)
    note(work, "resolved", meeting, permissions.HOLD, after={"title": resolution.title})
    return resolution


def _texts(facts: ResolutionFacts) -> dict[str, Any]:
    title = wanted_text(facts.title, "title", _("The resolution has no title yet."))
    return {
        "title": title,
        "search": search_key(title)[:300],
        "text": wanted_text(facts.text, "text", _("The text of the resolution is missing.")),
        "grounds": facts.grounds.strip(),
    }


def _passed_vote(
    work: Work, meeting: Meeting, item: AgendaItem | None, facts: ResolutionFacts
) -> Vote:
    """Return the vote the resolution rests on: the one given, else the item's last."""
    if facts.vote is not None:
        vote: Vote | None = record_vote(work, meeting, item, facts.vote)
    else:
        vote = work.session.scalar(
            sa.select(Vote)
            .where(
                Vote.meeting_id == meeting.id,
                Vote.item_id == (item.id if item is not None else None),
                Vote.kind != "minutes",
            )
            .order_by(Vote.at.desc(), Vote.id.desc())
            .limit(1)
        )
    if vote is None:
        raise RuleBroken(_("Nothing was voted on yet. Enter the counts of the vote first."))
    if not vote.is_passed:
        raise RuleBroken(
            _(
                "Not passed: %(in_favour)s/%(count)s, needed %(needed)s. A failed vote makes no"
                " resolution; choose what follows.",
                in_favour=vote.in_favour,
                count=vote.base_count,
                needed=vote.needed,
            )
        )
    return vote


def _write_points(
    work: Work, meeting: Meeting, resolution: Resolution, points: Sequence[PointFacts]
) -> None:
    if len(points) > MOST_POINTS:
        raise missing("points", _("A resolution has at most %(n)s points here.", n=MOST_POINTS))
    owners = names_of(work, {point.owner_id for point in points}, "points", meeting.unit_id)
    rows = []
    for number, point in enumerate(points, 1):
        if point.due_on is not None and point.due_on < resolution.decided_on:
            raise missing("points", _("A point cannot be due before it was decided."))
        rows.append(
            ResolutionItem(
                resolution_id=resolution.id,
                order=number,
                text=wanted_text(point.text, "points", _("A point has no text yet.")),
                owner_id=point.owner_id,
                owner_name=owners.get(point.owner_id, ""),
                due_on=point.due_on,
            )
        )
    work.session.add_all(rows)
    work.session.flush()
    for row in rows:
        if row.owner_id is not None and row.due_on is not None:
            task = TaskFacts(row.text[:300], row.owner_id, row.due_on)
            write_task(
                work,
                meeting.unit_id,
                task,
                row.owner_name,
                given_on=resolution.decided_on,
                meeting_id=meeting.id,
                item_id=resolution.item_id,
                resolution_item_id=row.id,
            )


def change_resolution(
    work: Work, meeting: Meeting, resolution: Resolution, facts: ResolutionFacts
) -> Resolution:
    """Change the text of a resolution before its minutes are locked; its points stay."""
    check_held(meeting)
    if resolution.issued_on is not None:
        raise RuleBroken(_("This resolution was issued and stays as it is."))
    before, after = changes(resolution, _texts(facts))
    if after:
        content_changed(work, meeting)
        note(work, "resolution_changed", meeting, permissions.HOLD, before=before, after=after)
    return resolution


def remove_resolution(work: Work, meeting: Meeting, resolution: Resolution) -> None:
    """Take back a resolution typed in wrongly, with its points and the tasks nobody began."""
    check_held(meeting)
    if resolution.issued_on is not None:
        raise RuleBroken(_("This resolution was issued and stays as it is."))
    points = sa.select(ResolutionItem.id).where(ResolutionItem.resolution_id == resolution.id)
    begun = work.session.scalar(
        sa.select(Task.id)
        .where(
            Task.unit_id == meeting.unit_id,
            Task.resolution_item_id.in_(points),
            Task.state != "todo",
        )
        .limit(1)
    )
    if begun is not None:
        raise RuleBroken(_("Tasks of this resolution have been begun. Drop them first."))
    session = work.session
    options = {"synchronize_session": False}
    session.execute(
        sa.delete(Task).where(Task.resolution_item_id.in_(points)).execution_options(**options)
    )
    session.execute(
        sa.delete(ResolutionItem)
        .where(ResolutionItem.resolution_id == resolution.id)
        .execution_options(**options)
    )
    session.delete(resolution)
    content_changed(work, meeting)
    before = {"title": resolution.title}
    note(work, "resolution_removed", meeting, permissions.HOLD, before=before)
