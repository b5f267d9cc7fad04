"""Writes appointments as iCalendar; imported when a telephone fetches its feed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import icalendar

from core.i18n import _
from core.notices.events import CalendarEvent
from core.work import Work


def written(
    work: Work,
    events: Iterable[CalendarEvent],
    address_of: Callable[[CalendarEvent], str],
    *,
    is_discreet: bool,
) -> bytes:
    """Write a calendar; `address_of` gives the page of an entry.

    A discreet one says only when something is.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Hạt Nhân//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Work calendar"))
    for event in events:
        calendar.add_component(_component(work, event, address_of(event), is_discreet=is_discreet))
    return bytes(calendar.to_ical())


def _component(
    work: Work, event: CalendarEvent, address: str, *, is_discreet: bool
) -> icalendar.Event:
    """Write one entry."""
    entry = icalendar.Event()
    entry.add("uid", f"{event.uid}@hatnhan")
    entry.add("dtstamp", work.now.replace(microsecond=0))
    entry.add("dtstart", event.starts_at.astimezone(work.now.tzinfo))
    entry.add("dtend", event.ends_at.astimezone(work.now.tzinfo))
    entry.add("sequence", event.changed)
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    entry.add("summary", _("Appointment") if is_discreet else event.title)
    if event.place and not is_discreet:
        entry.add("location", event.place)
    if address:
        entry.add("url", address)
    return entry
