"""Whether a meeting may proceed, and how many of how many a question needs."""

from __future__ import annotations

from core.i18n import _
from core.settings import explain
from core.work import Work

from ..models import Meeting
from .shapes import Quorum


def needed_of(rule: str, base: int) -> int:
    """Return the least number that satisfies a rule: more than half, or two thirds and no less."""
    if rule == "two_thirds":
        return -(-2 * base // 3)
    return base // 2 + 1 if rule == "majority" else 0


def quorum(work: Work, meeting: Meeting) -> Quorum:
    """Say whether enough of those entitled to vote are present for the meeting to proceed."""
    found = explain(work, "meetings.quorum", on=meeting.held_on or work.today)
    needed = needed_of(str(found.value), meeting.entitled)
    is_met = meeting.roll_opened_at is not None and meeting.entitled_present >= needed
    counts = {"attended": meeting.attended, "required": meeting.required}
    if is_met:
        sentence = _("Present %(attended)s/%(required)s · the meeting may proceed", **counts)
    else:
        sentence = _(
            "Present %(attended)s/%(required)s · not yet enough to proceed under the rule of"
            " %(unit)s",
            **counts,
            unit=_source(work, found.source_unit_id, found.default_source),
        )
    return Quorum(
        attended=meeting.attended,
        required=meeting.required,
        entitled_present=meeting.entitled_present,
        entitled=meeting.entitled,
        needed=needed,
        is_met=is_met,
        rule=str(found.value),
        sentence=sentence,
    )


def _source(work: Work, unit_id: object, document: str) -> str:
    """Name who set the rule: the unit that gave the value, else the document of the default."""
    for place in (work.unit,):
        if place.id == unit_id:
            return place.name
    if unit_id is None:
        return document
    found = work.host.places.by_ids(work.session, [unit_id], work.today, work.generation)  # type: ignore[list-item]  # the key of a row
    return next((place.name for place in found.values()), document)
