"""Notices that meetings send: subjects without names of others, agenda, votes or ratings."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from core.i18n import _, format_day
from core.members.models import Position
from core.notices.services import Message, send_notice
from core.units.models import UnitAncestor
from core.units.places import valid_on, visible
from core.work import Work

from ..models import Material, Meeting, Task
from .naming import message_text, time_and_day

COMMITTEE = ("secretary", "deputy_secretary", "branch_committee_member")


def tell_announced(
    work: Work, meeting: Meeting, members: Sequence[uuid.UUID], superiors: Sequence[uuid.UUID]
) -> set[uuid.UUID]:
    """Tell members and the superiors who follow; return who sees it in the application."""
    values = {
        "month": meeting.for_month.month,
        "when": time_and_day(work, meeting.starts_at) if meeting.starts_at else "",
    }
    subject = (
        _("Branch meeting of month %(month)s: %(when)s", **values)
        if meeting.round == 1
        else _("Branch meeting of month %(month)s moved: to %(when)s", **values)
    )
    text, about = message_text(work, meeting), {"meeting_id": str(meeting.id)}
    own = Message("meetings.announced", subject, text, "meetings.my_meeting", about)
    sent = send_notice(work, own, members=members)
    others = [key for key in superiors if key not in set(members)]
    if others:
        above = Message("meetings.announced", subject, text, "meetings.show", about)
        send_notice(work, above, members=others)
    return set(members) - set(sent.without_account)


def tell_committee(work: Work, meeting: Meeting) -> None:
    """Ask the branch committee for its view."""
    members = _holders(work, [meeting.unit_id], COMMITTEE)
    if members:
        subject = _("The content of the meeting of month %(month)s waits for your view",
                    month=meeting.for_month.month)  # fmt: skip
        about = {"meeting_id": str(meeting.id)}
        message = Message("meetings.asked", subject, "", "meetings.prepare", about)
        send_notice(work, message, members=members)


def tell_tasks(work: Work, tasks: Iterable[Task]) -> None:
    """Tell the owners of tasks that were given out: one notice for all."""
    given = list(tasks)
    if not given:
        return
    first = min(task.due_on for task in given)
    subject = _("A task was given to you, due %(day)s", day=format_day(first))
    if len(given) > 1:
        subject = _("Tasks were given out in the meeting")
    message = Message("meetings.task_given", subject, "", "meetings.mine", {}, first)
    send_notice(work, message, members=_owners(given))


def tell_overdue(work: Work, tasks: Sequence[Task]) -> None:
    """Remind the owners of overdue tasks: one notice for all."""
    if tasks:
        days = (work.today - min(task.due_on for task in tasks)).days
        subject = _("Task overdue")
        if len(tasks) == 1:
            subject = _("Task overdue by %(n)s days", n=days)
        message = Message("meetings.task_overdue", subject, "", "meetings.mine", {})
        send_notice(work, message, members=_owners(tasks))


def _owners(tasks: Iterable[Task]) -> list[uuid.UUID]:
    return sorted({task.owner_id for task in tasks})


def tell_chased(work: Work, unit_ids: Sequence[uuid.UUID], month: int) -> None:
    """Remind the secretaries of branches that the month is not entered yet."""
    members = _holders(work, unit_ids, ("secretary",))
    if members:
        subject = _("The meeting of month %(month)s is not entered yet", month=month)
        send_notice(work, Message("meetings.chased", subject), members=members)


def tell_material(work: Work, material: Material) -> None:
    """Tell the secretaries below that the month's material is there."""
    below = sa.select(UnitAncestor.unit_id).where(
        UnitAncestor.ancestor_id == material.unit_id,
        valid_on(UnitAncestor, work.today),
        visible(UnitAncestor, work.generation),
    )
    members = list(
        work.session.scalars(
            sa.select(Position.member_id)
            .where(
                Position.unit_id.in_(below),
                Position.position == "secretary",
                valid_on(Position, work.today),
            )
            .distinct()
        )
    )
    if members:
        subject = _("The material for month %(month)s is there", month=material.for_month.month)
        send_notice(work, Message("meetings.material", subject, material.title), members=members)


def _holders(
    work: Work, unit_ids: Sequence[uuid.UUID], positions: Sequence[str]
) -> list[uuid.UUID]:
    """Return who holds one of these positions in these units today."""
    return sorted(
        set(
            work.session.scalars(
                sa.select(Position.member_id).where(
                    Position.unit_id.in_(list(unit_ids)),
                    Position.position.in_(list(positions)),
                    valid_on(Position, work.today),
                )
            )
        )
    )
