"""The agenda: what is proposed and why, items in their order."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from core.checking import changes, missing, wanted_text
from core.errors import RuleBroken
from core.i18n import _, format_day, format_month
from core.settings import value
from core.work import Work

from .. import permissions
from ..models import OPEN_TASK, AgendaItem, Meeting, Resolution, Task, Vote
from .guards import check_not_locked, names_of, note, touch
from .materials import month_materials
from .reading import list_items
from .shapes import ItemFacts, Key, Proposal

MOST_ITEMS = 40
MOST_CARRIED = 12


def propose_agenda(work: Work, meeting: Meeting) -> list[Proposal]:
    """Propose what is not on the agenda yet, each with its reason.

    The template of the unit's sector gives the order; the month's material and what is left of
    the month before come in at their place.
    """
    items = list_items(work, meeting)
    known = {(item.origin, item.origin_id) for item in items}
    titles = {item.title for item in items}
    groups = {
        "material": _from_materials(work, meeting),
        "tasks": [*_from_tasks(work), *_from_failed(work, meeting), *_from_resolutions(work)],
    }
    proposals: list[Proposal] = []
    for entry in _template(work):
        proposals.append(
            Proposal(
                title=str(entry["title"])[:300],
                minutes=int(entry.get("minutes", 10)),
                origin="template",
                reason=_("from the agenda of this kind of branch"),
            )
        )
        proposals.extend(groups.pop(entry.get("slot", ""), []))
    for rest in groups.values():
        proposals.extend(rest)
    return [
        proposal
        for proposal in proposals
        if (proposal.origin, proposal.origin_id) not in known
        and not (proposal.origin_id is None and proposal.title in titles)
        and not (proposal.origin == "template" and ("template", None) in known)
    ]


def _template(work: Work) -> list[dict[str, Any]]:
    """Return the template of the unit's sector, or the one for all."""
    templates = value(work, "meetings.agenda_templates") or {}
    found = templates.get(work.unit.sector) or templates.get("") or []
    return [entry for entry in found if isinstance(entry, dict) and entry.get("title")]


def _from_materials(work: Work, meeting: Meeting) -> list[Proposal]:
    """Propose the points of the month's material; all points of one material name it."""
    return [
        Proposal(
            title=str(point["title"])[:300],
            minutes=int(point.get("minutes") or 5),
            origin="material",
            origin_id=material.id,
            reason=_("from the material of %(month)s", month=format_month(meeting.for_month)),
        )
        for material in month_materials(work, meeting.for_month)
        for point in material.points
    ]


def _from_tasks(work: Work) -> list[Proposal]:
    """Propose what was not finished: overdue first."""
    rows = work.session.scalars(
        sa.select(Task)
        .where(Task.unit_id == work.unit.id, Task.state.in_(OPEN_TASK), Task.due_on <= work.today)
        .order_by(Task.due_on, Task.id)
        .limit(MOST_CARRIED)
    )
    return [
        Proposal(
            title=_("Task not finished: %(title)s", title=task.title)[:300],
            minutes=5,
            origin="task",
            origin_id=task.id,
            reason=_(
                "task not finished, due %(day)s, %(name)s",
                day=format_day(task.due_on),
                name=task.owner_name,
            ),
        )
        for task in rows
    ]


def _from_failed(work: Work, meeting: Meeting) -> list[Proposal]:
    """Propose again what failed to pass and was to be prepared again."""
    rows = work.session.execute(
        sa.select(Vote.id, Vote.question, Meeting.for_month)
        .select_from(Meeting)
        .join(Vote, Vote.meeting_id == Meeting.id)
        .where(
            Meeting.unit_id == work.unit.id,
            Vote.what_next == "prepare_again",
            Meeting.for_month < meeting.for_month,
            sa.not_(
                sa.exists().where(AgendaItem.origin == "vote", AgendaItem.origin_id == Vote.id)
            ),
        )
        .order_by(Vote.at)
        .limit(MOST_CARRIED)
    )
    return [
        Proposal(
            title=question,
            minutes=15,
            origin="vote",
            origin_id=vote_id,
            reason=_("not passed in %(month)s, to be prepared again", month=format_month(month)),
        )
        for vote_id, question, month in rows
    ]


def _from_resolutions(work: Work) -> list[Proposal]:
    """Propose to look at resolutions that are still being carried out."""
    open_tasks = sa.exists().where(
        Task.meeting_id == Resolution.meeting_id,
        Task.unit_id == work.unit.id,
        Task.state.in_(OPEN_TASK),
    )
    rows = work.session.scalars(
        sa.select(Resolution)
        .where(Resolution.unit_id == work.unit.id, Resolution.is_done.is_(False), open_tasks)
        .order_by(Resolution.decided_on.desc())
        .limit(3)
    )
    return [
        Proposal(
            title=_("How this resolution is carried out: %(title)s", title=row.title)[:300],
            minutes=5,
            origin="resolution",
            origin_id=row.id,
            reason=_open_reason(row),
        )
        for row in rows
    ]


def _open_reason(resolution: Resolution) -> str:
    """Say which resolution still has open tasks: by its number where it has one."""
    day = format_day(resolution.decided_on)
    if not resolution.code:
        return _("resolution of %(day)s, tasks still open", day=day)
    return _(
        "resolution %(code)s of %(day)s, tasks still open",
        code=resolution.code.replace("-", "\u2011"),
        day=day,
    )


def add_proposals(work: Work, meeting: Meeting, proposals: Sequence[Proposal]) -> list[AgendaItem]:
    """Put proposals on the agenda."""
    new = put_on_agenda(work, meeting, list_items(work, meeting), proposals)
    work.session.flush()
    return new


def put_on_agenda(
    work: Work, meeting: Meeting, items: Sequence[AgendaItem], proposals: Sequence[Proposal]
) -> list[AgendaItem]:
    """Put proposals after the items of the agenda; they are written with what comes next."""
    check_not_locked(meeting)
    _check_room(len(items) + len(proposals))
    after = max((item.order for item in items), default=0)
    new = [
        AgendaItem(
            meeting_id=meeting.id,
            order=after + number,
            title=proposal.title,
            minutes=proposal.minutes,
            origin=proposal.origin,
            origin_id=proposal.origin_id,
            reason=proposal.reason[:300],
            draft_resolution=proposal.draft_resolution,
        )
        for number, proposal in enumerate(proposals, 1)
    ]
    work.session.add_all(new)
    mark_material(meeting, [*items, *new])
    touch(work, meeting)
    if new:
        note(
            work,
            "agenda_added",
            meeting,
            permissions.PREPARE,
            after={"titles": [item.title for item in new]},
        )
    return new


def mark_material(meeting: Meeting, items: Iterable[AgendaItem]) -> None:
    """Keep whether the agenda uses the month's material with the meeting."""
    meeting.used_material = any(item.origin == "material" for item in items)


def _check_room(count: int) -> None:
    if count > MOST_ITEMS:
        raise RuleBroken(
            _("An agenda has at most %(n)s items. Put some of them together.", n=MOST_ITEMS)
        )


def add_item(work: Work, meeting: Meeting, facts: ItemFacts) -> AgendaItem:
    """Add an item at the end of the agenda, also while the meeting is going on."""
    check_not_locked(meeting)
    items = list_items(work, meeting)
    _check_room(len(items) + 1)
    item = AgendaItem(
        meeting_id=meeting.id,
        order=max((other.order for other in items), default=0) + 1,
        origin="own",
        **_item_values(work, meeting, facts),
    )
    work.session.add(item)
    touch(work, meeting)
    work.session.flush()
    note(work, "item_added", meeting, permissions.PREPARE, after={"title": item.title})
    return item


def _item_values(work: Work, meeting: Meeting, facts: ItemFacts) -> dict[str, Any]:
    if not 0 <= facts.minutes <= 600:
        raise missing("minutes", _("The minutes of an item go from 0 to 600."))
    names = names_of(work, {facts.presenter_id}, "presenter_id", meeting.unit_id)
    return {
        "title": wanted_text(facts.title, "title", _("The item has no title yet.")),
        "minutes": facts.minutes,
        "presenter_id": facts.presenter_id,
        "presenter_name": names.get(facts.presenter_id, ""),
        "draft_resolution": facts.draft_resolution.strip(),
    }


def change_item(work: Work, meeting: Meeting, item: AgendaItem, facts: ItemFacts) -> AgendaItem:
    """Change an item."""
    check_not_locked(meeting)
    before, after = changes(item, _item_values(work, meeting, facts))
    if after:
        touch(work, meeting)
        note(work, "item_changed", meeting, permissions.PREPARE, before=before, after=after)
    return item


def move_item(work: Work, meeting: Meeting, item: AgendaItem, *, up: bool) -> None:
    """Move an item one place; the first does not go up, the last does not go down."""
    check_not_locked(meeting)
    ids = [other.id for other in list_items(work, meeting)]
    at = ids.index(item.id)
    to = at - 1 if up else at + 1
    if 0 <= to < len(ids):
        ids[at], ids[to] = ids[to], ids[at]
        order_items(work, meeting, ids)


def order_items(work: Work, meeting: Meeting, item_ids: Sequence[Key]) -> None:
    """Put the agenda in a new order; all items are named."""
    check_not_locked(meeting)
    items = {item.id: item for item in list_items(work, meeting)}
    if len(set(item_ids)) != len(item_ids) or set(item_ids) != set(items):
        raise missing("items", _("The agenda changed meanwhile. Load the page and order it again."))
    for number, item_id in enumerate(item_ids, 1):
        items[item_id].order = number
    touch(work, meeting)
    titles = [items[item_id].title for item_id in item_ids]
    note(work, "agenda_ordered", meeting, permissions.PREPARE, after={"titles": titles})


def remove_item(work: Work, meeting: Meeting, item: AgendaItem) -> None:
    """Take an item off the agenda; one that was concluded or voted on stays."""
    check_not_locked(meeting)
    voted: uuid.UUID | None = work.session.scalar(
        sa.select(Vote.id).where(Vote.item_id == item.id).limit(1)
    )
    if item.concluded_at is not None or voted is not None:
        raise RuleBroken(_("This item was concluded or voted on and stays in the minutes."))
    work.session.execute(
        sa.update(Task)
        .where(Task.item_id == item.id)
        .values(item_id=None)
        .execution_options(synchronize_session=False)
    )
    work.session.delete(item)
    mark_material(meeting, [o for o in list_items(work, meeting) if o.id != item.id])
    touch(work, meeting)
    note(work, "item_removed", meeting, permissions.PREPARE, before={"title": item.title})
