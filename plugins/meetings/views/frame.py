"""What the pages of a meeting share: the way through the five steps, its head, filled forms."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import marshmallow as ma
from flask import request, url_for

from core.forms import Form
from core.i18n import _
from core.web import PageAnswer, page
from core.work import Work

from .. import permissions, services
from ..services import words

Choices = Sequence[tuple[str, str]]

STATE_KINDS = {
    "preparing": "info",
    "asked": "warn",
    "agreed": "info",
    "announced": "info",
    "postponed": "warn",
    "holding": "info",
    "minutes": "warn",
    "closed": "good",
    "not_held": "none",
}
"""The colour beside the words of each state."""

NEEDED = {
    "prepare": permissions.SEE,
    "announce": permissions.SEE,
    "hold": permissions.MINUTES_SEE,
    "minutes": permissions.MINUTES_SEE,
    "follow": permissions.TASK_SEE,
}
"""The permission that opens the page of each step."""


def address(work: Work, endpoint: str, **values: Any) -> str:
    """Return the address of a page of meetings in this unit."""
    return url_for(f"meetings.{endpoint}", unit_code=work.unit.code, **values)


def stepper(work: Work, meeting: Any) -> list[tuple[str, str, str]]:
    """Return the five steps as (title, done|now|todo, address); no address without the right."""
    return [
        (
            step.title,
            "todo" if step.state == "later" else step.state,
            address(work, step.key, meeting_id=meeting.id) if work.may(NEEDED[step.key]) else "",
        )
        for step in services.steps(work, meeting)
    ]


STEPS = {"prepare": 1, "announce": 2, "hold": 3, "minutes": 4, "follow": 5}


def head_of(work: Work, meeting: Any) -> dict[str, Any]:
    """Return how a meeting is called: its title, its time and place, its state in words."""
    when = services.time_and_day(work, meeting.starts_at) if meeting.starts_at else ""
    return {
        "meeting": meeting,
        "name": services.title_of(meeting),
        "when": when,
        "state": state_of(meeting),
        "steps": stepper(work, meeting),
    }


def state_of(meeting: Any) -> tuple[str, str]:
    """Return the state of a meeting as (kind of colour, words)."""
    return STATE_KINDS.get(meeting.state, "none"), str(words.STATES[meeting.state])


def meeting_page(
    work: Work,
    meeting: Any,
    template: str,
    *,
    title: str,
    step: str,
    refused: Form | None = None,
    trail: Iterable[tuple[str, str]] = (),
    **values: Any,
) -> PageAnswer:
    """Show a page of one meeting; what was refused stands in the summary on top."""
    way = [(_("Branch meetings"), address(work, "index")), *trail, (title, "")]
    return page(
        f"meetings/{template}.html",
        title=title,
        trail=way,
        step=STEPS[step],
        refused=refused,
        **head_of(work, meeting),
        **values,
    )


def filled(
    form: Form | None,
    schema: ma.Schema,
    data: Any = None,
    *,
    action: str = "",
    draft: str = "",
    choices: Mapping[str, Choices] | None = None,
    also: Mapping[str, str] | None = None,
) -> Form:
    """Return the refused form where it is of this schema, else a fresh one with first values.

    `also` says to which field an error of another name belongs.
    """
    mine = form is not None and type(form.schema) is type(schema)
    result = form if form is not None and mine else Form(schema, data)
    result.action, result.draft_key = action, draft
    result.choices = dict(choices or {})
    result.errors_by_field = {
        (also or {}).get(name, name): texts for name, texts in result.errors_by_field.items()
    }
    return result


def people_choices(work: Work, on: date | None = None) -> list[tuple[str, str]]:
    """Return the comrades of this unit to choose from, in the order of given names."""
    return [(str(person.id), person.name) for person in services.people_here(work, on)]


def as_last_time(work: Work) -> dict[str, Any]:
    """Return place, chair and clerk of the last meeting, as first values."""
    last = next(iter(services.list_meetings(work, kind="branch", limit=1)[0]), None)
    if last is None:
        return {}
    here = {person.id for person in services.people_here(work)}
    return {
        name: value
        for name, value in (
            ("place", last.place),
            ("chair_id", last.chair_id if last.chair_id in here else None),
            ("clerk_id", last.clerk_id if last.clerk_id in here else None),
        )
        if value
    }


def instant(work: Work, day: date, clock: time) -> datetime:
    """Return the instant of a day and a time on the site's clock."""
    return datetime.combine(day, clock, work.host.zone).astimezone(UTC)


def span(work: Work, day: date, begin: time, end: time | None) -> tuple[datetime, datetime | None]:
    """Return the instants of a meeting; an end before the beginning lies after midnight."""
    started = instant(work, day, begin)
    if end is None:
        return started, None
    return started, instant(work, day + timedelta(days=end < begin), end)


def clock_of(work: Work, moment: datetime | None) -> time | None:
    """Return the time of an instant on the site's clock."""
    return services.local(work, moment).time().replace(microsecond=0) if moment else None


def by_htmx() -> bool:
    """Whether a script on our own page asks for a piece of it."""
    return request.headers.get("HX-Request") == "true"


def key_in(text: str) -> uuid.UUID | None:
    """Read a key from a form, or None."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
