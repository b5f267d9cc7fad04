"""What meetings offer to pages of core: hits of a search, a calendar, a panel of the overview."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from core.errors import RuleBroken
from core.folded import holds, not_empty
from core.i18n import NOTHING, _, format_day, format_month, format_number, share_text
from core.names import search_key
from core.notices.events import CalendarEvent
from core.pages import Panel, SearchHit
from core.periods import Period, month_of
from core.units.places import Place
from core.work import Work

from .. import permissions
from ..models import HELD, Meeting, Resolution
from .naming import phrase_of, title_of
from .overseeing import coverage
from .own import own_meetings
from .shapes import Key
from .task_lists import task_counts


def hits_of(work: Work, words: str, limit: int) -> list[SearchHit]:
    """Find meetings by title or theme and resolutions by title, without marks; one's own to see."""
    folded = search_key(words)
    if len(folded) < 3:  # what the index of trigrams answers; two letters stand in most titles
        return []
    meetings = work.session.scalars(
        sa.select(Meeting)
        .where(
            not_empty(Meeting.search),
            holds(Meeting.search, folded),
            Meeting.state != "void",
        )
        .order_by(Meeting.for_month.desc(), Meeting.id)
        .limit(limit)
    ).all()
    resolutions = work.session.scalars(
        sa.select(Resolution)
        .where(not_empty(Resolution.search), holds(Resolution.search, folded))
        .order_by(Resolution.decided_on.desc(), Resolution.id)
        .limit(limit)
    ).all()
    ids = {row.unit_id for row in meetings} | {row.unit_id for row in resolutions}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    found = [_meeting_hit(row, places[row.unit_id]) for row in meetings]
    found += [_resolution_hit(row, places[row.unit_id]) for row in resolutions]
    return found[:limit]


def _meeting_hit(meeting: Meeting, place: Place) -> SearchHit:
    title = title_of(meeting)
    return SearchHit(
        kind=_("Meetings"),
        title=f"{title}: {meeting.theme}" if meeting.theme else title,
        text=f"{place.name}, {format_month(meeting.for_month)}",
        endpoint="meetings.show",
        values={"unit": place.code, "meeting_id": meeting.id},
        icon="calendar3",
    )


def _resolution_hit(resolution: Resolution, place: Place) -> SearchHit:
    return SearchHit(
        kind=_("Resolutions"),
        title=f"{resolution.code} · {resolution.title}" if resolution.code else resolution.title,
        text=f"{place.name}, {format_day(resolution.decided_on)}",
        endpoint="meetings.show",
        values={"unit": place.code, "meeting_id": resolution.meeting_id},
        icon="file-earmark-text",
    )


def events_of(work: Work, start: datetime, end: datetime) -> list[CalendarEvent]:
    """Return the announced meetings of one's own branches in a span of instants."""
    rows = own_meetings(work, start, end)
    ids = {row.unit_id for row in rows}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    return [
        CalendarEvent(
            uid=f"meeting-{row.id}",
            title=phrase_of(row)[:1].upper() + phrase_of(row)[1:],
            starts_at=row.starts_at,
            ends_at=row.ends_at or row.starts_at + timedelta(minutes=90),
            place=row.place,
            endpoint="meetings.my_meeting",
            values={"unit": places[row.unit_id].code, "meeting_id": row.id},
            unit_name=places[row.unit_id].name,
            is_cancelled=row.state == "not_held",
            changed=max(0, row.round - 1),
        )
        for row in rows
        if row.starts_at is not None
    ]


def panels_of(work: Work, period: Period) -> list[Panel]:
    """Return the panel of a unit's overview: a committee's month, or a branch's last meeting."""
    if work.unit.kind == "branch":
        return _branch_panel(work) if work.may(permissions.SEE) else []
    if not work.may(permissions.OVERSEE):
        return []
    month = min(month_of(period.last_day), month_of(work.today), key=lambda p: p.start)
    found = coverage(work, month.start)
    held = found.states["done"] + found.states["held_no_minutes"]
    return [
        Panel(
            title=_("Meetings of %(month)s", month=format_month(month.start)),
            figures=[
                (_("Branches that met"), share_text(held, found.branches), found.sentence),
                (
                    _("Rate of attendance"),
                    share_text(found.attended, found.required),
                    _(
                        "%(n)s/%(all)s branches have figures",
                        n=found.with_attendance,
                        all=found.branches,
                    ),
                ),
                (_("Tasks overdue"), format_number(found.overdue_tasks), ""),
            ],
            endpoint="meetings.month",
            values={"month": f"{month.start:%Y-%m}"},
            action=_("See the month"),
            order=20,
        )
    ]


def _branch_panel(work: Work) -> list[Panel]:
    last = work.session.scalar(
        sa.select(Meeting)
        .where(
            Meeting.unit_id == work.unit.id,
            Meeting.kind == "branch",
            Meeting.state.in_(HELD),
        )
        .order_by(Meeting.held_on.desc(), Meeting.id)
        .limit(1)
    )
    figures = [
        (
            _("Attendance of the last meeting"),
            share_text(last.attended, last.required) if last else NOTHING,
            format_day(last.held_on) if last and last.held_on else _("no figures yet"),
        )
    ]
    if work.may(permissions.TASK_SEE):
        counts = task_counts(work)
        figures.append((_("Tasks overdue"), format_number(counts.overdue), ""))
        figures.append((_("Tasks open"), format_number(counts.open), ""))
    return [
        Panel(
            title=_("Branch meetings"),
            figures=figures,
            endpoint="meetings.index",
            action=_("See the meetings"),
            order=20,
        )
    ]


def object_to_ending(work: Work, unit_id: Key) -> None:
    """Object to the end of a unit whose meeting is going on at this hour."""
    title = _open_meeting(work, unit_id, Meeting.state == "holding")
    if title:
        raise RuleBroken(
            _("A meeting of this unit is going on: %(title)s. End it first.", title=title)
        )


def object_to_voiding(work: Work, unit_id: Key) -> None:
    """Object to the voiding of a unit in which somebody met or planned to."""
    title = _open_meeting(work, unit_id, Meeting.state != "void")
    if title:
        raise RuleBroken(
            _("This unit has meetings, such as %(title)s. It can end, not be voided.", title=title)
        )


def _open_meeting(work: Work, unit_id: Key, condition: sa.ColumnElement[bool]) -> str:
    found = work.session.scalar(
        sa.select(Meeting)
        .where(Meeting.unit_id == unit_id, condition)
        .limit(1)
        .execution_options(unscoped="whether anything of a unit is open, whoever ends it")
    )
    return title_of(found) if found is not None else ""
