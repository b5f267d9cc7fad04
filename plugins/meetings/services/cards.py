"""“My work”: what somebody has to do about meetings; a statement or two a kind of card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

import sqlalchemy as sa

from core.i18n import _, _n, distance, format_day, format_month, format_number
from core.pages import WorkCard
from core.scope import reached
from core.settings import value
from core.units.places import Place
from core.work import Work

from .. import permissions
from ..models import BEFORE, OPEN_TASK, Meeting, Task
from .assigning import followed_branches
from .naming import time_and_day, title_of
from .overseeing import coverage
from .own import my_meetings
from .preparing import propose_facts
from .reading import steps
from .shapes import Key
from .task_lists import my_tasks

IN_HAND = (*BEFORE, "holding", "minutes")
ACTIONS = {
    "preparing": "meetings.prepare",
    "asked": "meetings.prepare",
    "agreed": "meetings.announce",
    "postponed": "meetings.announce",
    "announced": "meetings.hold",
    "holding": "meetings.hold",
    "minutes": "meetings.minutes",
}


def work_cards_of(work: Work) -> list[WorkCard]:
    """Return all cards of this person, over all their units."""
    if work.actor.is_system or work.actor.is_anonymous:
        return []
    return [
        *branch_cards(work),
        *overdue_cards(work),
        *own_cards(work),
        *committee_cards(work),
        *follower_cards(work),
    ]


def _units_of(work: Work, permission: str) -> dict[Key, Place]:
    """Return the living branches at which a permission is held directly."""
    ids = [unit_id for unit_id, _subtree in work.actor.roots(permission)]
    found = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    return {
        key: place
        for key, place in found.items()
        if place.is_living and place.kind == "branch" and work.host.is_on(work, "meetings", place)
    }


def branch_cards(work: Work) -> list[WorkCard]:
    """Return the meeting in hand of each branch this person prepares, or that none is planned."""
    places = _units_of(work, permissions.PREPARE)
    if not places:
        return []
    this_month = work.today.replace(day=1)
    rows = work.session.scalars(
        sa.select(Meeting)
        .where(
            Meeting.unit_id.in_(list(places)),
            Meeting.kind == "branch",
            sa.or_(
                Meeting.state.in_(IN_HAND),
                sa.and_(Meeting.for_month >= this_month, Meeting.state == "closed"),
            ),
        )
        .order_by(Meeting.for_month, Meeting.id)
    ).all()
    cards = []
    for unit_id, place in places.items():
        here = [meeting for meeting in rows if meeting.unit_id == unit_id]
        in_hand = [meeting for meeting in here if meeting.state != "closed"]
        if in_hand:
            cards.append(meeting_card(work, place, in_hand[0]))
        elif not any(m.is_regular and m.for_month == this_month for m in here):
            cards.append(_no_meeting(work, place))
    return cards


def meeting_card(work: Work, place: Place, meeting: Meeting) -> WorkCard:
    """Return the card of a meeting in hand, with its five steps and the next act."""
    when = time_and_day(work, meeting.starts_at) if meeting.starts_at else ""
    titles = {
        "meetings.prepare": _("Prepare the meeting"),
        "meetings.announce": _("Announce the meeting"),
        "meetings.hold": _("Take the roll"),
        "meetings.minutes": _("Finish the minutes"),
    }
    endpoint = ACTIONS[meeting.state]
    due = meeting.starts_at.astimezone(work.host.zone).date() if meeting.starts_at else None
    return WorkCard(
        title=title_of(meeting),
        text=", ".join(part for part in (when, meeting.place) if part),
        action=titles[endpoint],
        endpoint=endpoint,
        values={"unit": place.code, "meeting_id": meeting.id},
        chip=distance(due, work.today) if due and meeting.state in BEFORE else "",
        chip_kind="warn" if due and due < work.today else "info",
        due_on=due,
        urgency=10,
        unit_name=place.name,
        steps=[
            (step.title, "todo" if step.state == "later" else step.state, "")
            for step in steps(work, meeting)
        ],
    )


def _no_meeting(work: Work, place: Place) -> WorkCard:
    month = propose_facts(work.at(place), work.today).for_month
    return WorkCard(
        title=_("Meeting of %(month)s", month=format_month(month)),
        text=_(
            "The branch has no meeting planned for month %(month)s. Choose a day to begin.",
            month=month.month,
        ),
        action=_("Choose the day"),
        endpoint="meetings.schedule",
        values={"unit": place.code},
        urgency=12,
        unit_name=place.name,
    )


def overdue_cards(work: Work) -> list[WorkCard]:
    """Return how many tasks are overdue in each branch this person follows up."""
    places = _units_of(work, permissions.FOLLOW)
    if not places:
        return []
    rows = work.session.execute(
        sa.select(Task.unit_id, sa.func.count(), sa.func.min(Task.due_on))
        .select_from(Task)
        .where(
            Task.unit_id.in_(list(places)),
            Task.state.in_(OPEN_TASK),
            Task.due_on < work.today,
        )
        .group_by(Task.unit_id)
    )
    return [
        WorkCard(
            title=_n("%(n)s task overdue", "%(n)s tasks overdue", count),
            text=_("The oldest was due on %(day)s.", day=format_day(first)),
            action=_("Remind of overdue tasks"),
            endpoint="meetings.tasks",
            values={"unit": places[unit_id].code},
            chip=distance(first, work.today),
            chip_kind="late",
            due_on=first,
            urgency=20,
            unit_name=places[unit_id].name,
        )
        for unit_id, count, first in rows
    ]


def own_cards(work: Work) -> list[WorkCard]:
    """Return one's own next meeting and tasks, as a member."""
    places = _own_places(work)
    cards = []
    prepared = _units_of(work, permissions.PREPARE)
    for meeting in my_meetings(work, limit=3):
        place = places.get(meeting.unit_id)
        if meeting.state not in ("announced", "postponed") or place is None:
            continue
        if meeting.unit_id not in prepared:
            cards.append(_invited(work, place, meeting))
            break
    tasks = my_tasks(work, limit=20)
    if tasks:
        cards.append(_own_tasks(work, tasks, places))
    return cards


def _own_places(work: Work) -> Mapping[Key, Place]:
    ids = [unit_id for unit_id, _subtree in work.actor.roots(permissions.OWN)]
    return work.host.places.by_ids(work.session, ids, work.today, work.generation)


def _invited(work: Work, place: Place, meeting: Meeting) -> WorkCard:
    return WorkCard(
        title=title_of(meeting),
        text=", ".join(
            part
            for part in (
                time_and_day(work, meeting.starts_at) if meeting.starts_at else "",
                meeting.place,
            )
            if part
        ),
        action=_("See the content"),
        endpoint="meetings.my_meeting",
        values={"unit": place.code, "meeting_id": meeting.id},
        due_on=meeting.starts_at.astimezone(work.host.zone).date() if meeting.starts_at else None,
        urgency=15,
        unit_name=place.name,
    )


def _own_tasks(work: Work, tasks: Iterable[Task], places: Mapping[Key, Place]) -> WorkCard:
    listed = list(tasks)
    first = listed[0]
    late = first.due_on < work.today
    place = places.get(first.unit_id) or next(iter(places.values()), work.unit)
    return WorkCard(
        title=_n("%(n)s task given to me", "%(n)s tasks given to me", len(listed)),
        text="",
        lines=[
            _("%(title)s, due %(day)s", title=task.title, day=format_day(task.due_on))
            for task in listed[:3]
        ],
        action=_("See my tasks"),
        endpoint="meetings.mine",
        values={"unit": place.code},
        chip=distance(first.due_on, work.today),
        chip_kind="late" if late else "info",
        due_on=first.due_on,
        urgency=18 if late else 30,
    )


def committee_cards(work: Work) -> list[WorkCard]:
    """Return how the month stands for the committee this person works in."""
    if work.unit.kind == "branch" or not work.may(permissions.OVERSEE):
        return []
    if reached(work, permissions.OVERSEE, Meeting.unit_id) is None:
        return []  # nobody's own committee: somebody who sees everything
    month = work.today.replace(day=1)
    found = coverage(work, month)
    late = found.states["overdue_unentered"]
    if not found.branches:
        return []
    return [
        WorkCard(
            title=_("Meetings of %(month)s", month=format_month(month)),
            text=found.sentence,
            action=_("See the month"),
            endpoint="meetings.month",
            values={"unit": work.unit.code},
            chip=_n("%(n)s branch not entered", "%(n)s branches not entered", late) if late else "",
            chip_kind="warn",
            urgency=14 if late else 25,
            unit_name=work.unit.name,
        )
    ]


def follower_cards(work: Work) -> list[WorkCard]:
    """Return the next meetings of the branches this person follows."""
    places = {place.id: place for place in followed_branches(work)}
    if not places:
        return []
    rows = work.session.scalars(
        sa.select(Meeting)
        .where(
            Meeting.unit_id.in_(list(places)),
            Meeting.state == "announced",
            Meeting.starts_at >= work.now,
        )
        .order_by(Meeting.starts_at)
        .limit(5)
    ).all()
    late = _late_below(work, places)
    if not rows:
        return late
    lines = [
        f"{places[m.unit_id].name}: {time_and_day(work, m.starts_at)}" for m in rows if m.starts_at
    ]
    first = rows[0]
    return [
        *late,
        WorkCard(
            title=_("Branches I follow"),
            lines=lines,
            action=_("See the next meeting"),
            endpoint="meetings.show",
            values={"unit": places[first.unit_id].code, "meeting_id": first.id},
            due_on=first.starts_at.date() if first.starts_at else None,
            urgency=16,
        ),
    ]


def _late_below(work: Work, places: Mapping[Key, Place]) -> list[WorkCard]:
    """Return the branches one follows in which tasks are overdue for longer than is let pass."""
    days = int(value(work, "meetings.overdue_days_above"))
    rows = work.session.execute(
        sa.select(Task.unit_id, sa.func.count(), sa.func.min(Task.due_on))
        .select_from(Task)
        .where(
            Task.unit_id.in_(list(places)),
            Task.state.in_(OPEN_TASK),
            Task.due_on < work.today - timedelta(days=days),
        )
        .group_by(Task.unit_id)
        .order_by(sa.func.min(Task.due_on))
    ).all()
    if not rows:
        return []
    unit_id, _count, oldest = rows[0]
    return [
        WorkCard(
            title=_("Tasks overdue in branches I follow"),
            lines=[f"{places[key].name}: {format_number(count)}" for key, count, _day in rows[:5]],
            action=_("See the tasks"),
            endpoint="meetings.tasks",
            values={"unit": places[unit_id].code},
            chip=distance(oldest, work.today),
            chip_kind="late",
            due_on=oldest,
            urgency=22,
        )
    ]
