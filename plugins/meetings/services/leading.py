"""Who really chaired a meeting and took its minutes, when the plan did not say so."""

from __future__ import annotations

from core.checking import changes
from core.work import Work

from .. import permissions
from ..models import Meeting
from .guards import check_held, content_changed, names_of, note
from .shapes import Key


def name_leaders(work: Work, meeting: Meeting, *, chair_id: Key, clerk_id: Key) -> None:
    """Name chair and clerk of a meeting that has begun; adopted minutes are read out again."""
    check_held(meeting)
    names = names_of(work, {chair_id, clerk_id}, "chair_id", meeting.unit_id)
    before, after = changes(
        meeting,
        {
            "chair_id": chair_id,
            "clerk_id": clerk_id,
            "chair_name": names[chair_id],
            "clerk_name": names[clerk_id],
        },
    )
    if not after:
        return
    content_changed(work, meeting)
    note(work, "leaders", meeting, permissions.HOLD, before=before, after=after)
