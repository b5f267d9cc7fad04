"""Hooks about pages: menu, one's own work, search, panels."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from core.hooks import hookspec

if TYPE_CHECKING:
    from core.notices.events import CalendarEvent
    from core.pages import MenuEntry, SearchHit, WorkCard
    from core.work import Work


@hookspec
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer entries for a unit's menu.

    Called: for every page of the unit, for each plugin enabled there; may not query.
    Returns: entries; core sorts them by `order`, then by title.
    Fails: the plugin's entries are left out and its administrator is told.
    Since: 1.0
    """


@hookspec
def work_cards(work: Work) -> list[WorkCard]:
    """Offer cards for “my work”: what this person has to do in this unit.

    Called: on the start page, once for each plugin, with the person's nearest unit; a plugin may
    look at all units of the person in one statement.
    Returns: cards with an urgency; core shows at most seven, most urgent first.
    Fails: the plugin's cards are left out and its administrator is told.
    Since: 1.0
    """


@hookspec
def search_hits(work: Work, words: str, limit: int) -> list[SearchHit]:
    """Offer what a search without marks finds in your things; only what the person may see.

    Called: on the search page, with folded words.
    Returns: hits in order of likeness, at most `limit`.
    Fails: the plugin's hits are left out and its administrator is told.
    Since: 1.0
    """


@hookspec
def calendar_events(work: Work, start: datetime, end: datetime) -> list[CalendarEvent]:
    """Offer what stands in this person's calendar, such as the meetings of their branch.

    Called: for the month calendar and for the calendar a telephone subscribes to, once for each
    plugin, with the person's nearest unit and a half-open span of instants; look at all units of
    the person in one statement.
    Returns: `core.notices.events.CalendarEvent`s; their titles name no person, agenda or vote.
    Fails: the plugin's events are left out and its administrator is told.
    Since: 1.0
    """
