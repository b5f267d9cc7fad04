"""Step 4, minutes: read out and adopted, confirmed, locked, amended in linked versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from core.checking import changes, missing, wanted_text
from core.errors import RuleBroken
from core.i18n import _
from core.work import Work

from .. import permissions
from ..models import OPEN_TASK, Meeting, Minutes, Task
from .figures import figures_of, refresh_figures
from .gaps import gaps
from .guards import check_held, content_changed, note, touch
from .issuing import issue_papers
from .reading import list_items
from .shapes import Key
from .telling import tell_tasks

NEWEST = (
    sa.select(Minutes)
    .where(Minutes.meeting_id == sa.bindparam("meeting"))
    .order_by(Minutes.version.desc())
    .limit(1)
)


def current_minutes(work: Work, meeting: Meeting) -> Minutes | None:
    """Return the newest version of the minutes."""
    found: Minutes | None = work.session.scalar(NEWEST, {"meeting": meeting.id})
    return found


def list_versions(work: Work, meeting: Meeting) -> list[Minutes]:
    """Return all versions, newest first."""
    return list(
        work.session.scalars(
            sa.select(Minutes)
            .where(Minutes.meeting_id == meeting.id)
            .order_by(Minutes.version.desc())
        )
    )


def begin_minutes(work: Work, meeting: Meeting) -> Minutes:
    """Return the minutes in hand; the first version begins when the meeting ends."""
    found = current_minutes(work, meeting)
    if found is not None:
        return found
    minutes = Minutes(meeting_id=meeting.id, created_at=work.now, created_by=work.actor.label)
    work.session.add(minutes)
    work.session.flush()
    return minutes


def _open(work: Work, meeting: Meeting) -> Minutes:
    """Return the minutes that may still be changed."""
    check_held(meeting)
    if meeting.state == "holding":
        raise RuleBroken(_("The meeting is still going on. End it first."))
    return begin_minutes(work, meeting)


def write_minutes(
    work: Work,
    meeting: Meeting,
    *,
    quality: str | None = None,
    texts: Mapping[Key, tuple[str, str]] | None = None,
) -> None:
    """Write the texts: the quality of the meeting; discussion and conclusion of items.

    What was adopted or confirmed is no longer so when a text changes.
    """
    _open(work, meeting)
    changed: dict[str, object] = {}
    if quality is not None and quality.strip() != meeting.quality:
        meeting.quality = quality.strip()
        changed["quality"] = meeting.quality
    items = {item.id: item for item in list_items(work, meeting)} if texts else {}
    for item_id, (discussion, conclusion) in (texts or {}).items():
        if item_id not in items:
            raise missing("texts", _("The agenda changed meanwhile. Load the page again."))
        _before, after = changes(
            items[item_id],
            {"discussion": discussion.strip(), "conclusion": conclusion.strip()},
        )
        changed.update({f"{item_id}.{name}": text for name, text in after.items()})
    if changed:
        content_changed(work, meeting)
        note(work, "minutes_written", meeting, permissions.MINUTES, after=changed)


def adopt_minutes(work: Work, meeting: Meeting, *, in_favour: int, present: int) -> Minutes:
    """Note that the minutes were read out and adopted, with the counts."""
    minutes = _open(work, meeting)
    if not 0 < present <= meeting.entitled:
        raise missing(
            "present",
            _(
                "Present at the vote are between 1 and %(n)s official members entitled to vote.",
                n=meeting.entitled,
            ),
        )
    if not 0 <= in_favour <= present:
        raise missing("in_favour", _("In favour are between 0 and %(n)s.", n=present))
    if in_favour * 2 <= present:
        raise RuleBroken(
            _("The minutes were not adopted: correct the texts, then read them out again.")
        )
    minutes.read_out_at = work.now
    minutes.adopted_present, minutes.adopted_in_favour = present, in_favour
    if minutes.state == "draft":
        minutes.state = "adopted"
    touch(work, meeting)
    after = {"present": present, "in_favour": in_favour}
    note(work, "minutes_adopted", meeting, permissions.MINUTES, after=after)
    return minutes


def confirm_as_clerk(work: Work, meeting: Meeting) -> Minutes:
    """Confirm the minutes as clerk; a confirmation, never a signature."""
    minutes = _confirmable(work, meeting)
    minutes.clerk_confirmed_at, minutes.clerk_confirmed_by = work.now, work.actor.label
    return _confirmed(work, meeting, minutes, "clerk")


def confirm_as_chair(work: Work, meeting: Meeting) -> Minutes:
    """Confirm the minutes as chair; a confirmation, never a signature."""
    minutes = _confirmable(work, meeting)
    minutes.chair_confirmed_at, minutes.chair_confirmed_by = work.now, work.actor.label
    return _confirmed(work, meeting, minutes, "chair")


def _confirmable(work: Work, meeting: Meeting) -> Minutes:
    minutes = _open(work, meeting)
    if minutes.state == "draft":
        raise RuleBroken(_("The minutes have not been read out and adopted yet. Note that first."))
    return minutes


def _confirmed(work: Work, meeting: Meeting, minutes: Minutes, who: str) -> Minutes:
    if minutes.clerk_confirmed_at is not None and minutes.chair_confirmed_at is not None:
        minutes.state = "confirmed"
    touch(work, meeting)
    note(work, f"minutes_confirmed_{who}", meeting, permissions.CONFIRM)
    return minutes


def note_signed_paper(
    work: Work,
    meeting: Meeting,
    *,
    signed_on: date,
    book_no: str = "",
    page_no: str = "",
    permission: str = permissions.MINUTES,
) -> Minutes:
    """Note the day, book and page of the paper signed in ink; also once the minutes are locked."""
    if meeting.state not in ("minutes", "closed"):
        check_held(meeting)
        raise RuleBroken(_("The meeting is still going on. End it first."))
    minutes = begin_minutes(work, meeting)
    if minutes.state == "locked" and minutes.signed_on is not None:
        raise RuleBroken(_("The minutes are locked. To change them, make an amended version."))
    if signed_on > work.today or (meeting.held_on is not None and signed_on < meeting.held_on):
        raise missing(
            "signed_on", _("The paper was signed on the day of the meeting or after it, not later.")
        )
    values = {"signed_on": signed_on, "book_no": book_no.strip(), "page_no": page_no.strip()}
    before, after = changes(minutes, values)
    if after:
        note(work, "signed_paper", meeting, permission, before=before, after=after)
    return minutes


def lock_minutes(work: Work, meeting: Meeting, *, permission: str = permissions.LOCK) -> Minutes:
    """Lock the minutes: figures and paper are frozen with them; the meeting is done."""
    minutes = _open(work, meeting)
    found = gaps(work, meeting)
    if found:
        raise RuleBroken(
            _(
                "The minutes still lack: %(list)s",
                list="; ".join(gap.sentence for gap in found[:5]),
            )
        )
    if minutes.state != "confirmed" and minutes.signed_on is None:
        raise RuleBroken(
            _("Clerk and chair confirm the minutes first, or note the day the paper was signed.")
        )
    refresh_figures(work, meeting)
    issue_papers(work, meeting, minutes)
    minutes.figures = figures_of(meeting)
    minutes.state, minutes.locked_at, minutes.locked_by = "locked", work.now, work.actor.label
    meeting.state, meeting.is_amending = "closed", False
    meeting.closed_at = work.now
    touch(work, meeting)
    after = {"version": minutes.version, "figures": minutes.figures}
    note(work, "minutes_locked", meeting, permission, after=after)
    if minutes.version == 1:
        tell_tasks(work, _open_tasks(work, meeting))
    return minutes


def _open_tasks(work: Work, meeting: Meeting) -> list[Task]:
    """Return what the meeting gave out and is still to be done."""
    return list(
        work.session.scalars(
            sa.select(Task)
            .where(
                Task.unit_id == meeting.unit_id,
                Task.meeting_id == meeting.id,
                Task.state.in_(OPEN_TASK),
                Task.due_on >= work.today,
            )
            .execution_options(unscoped="owners of tasks are told of them, whoever locks")
        )
    )


def amend(work: Work, meeting: Meeting, *, reason: str) -> Minutes:
    """Begin a new version of locked minutes; the locked one stays as it is, word for word."""
    text = wanted_text(reason, "reason", _("Note why the minutes are amended."))
    locked = current_minutes(work, meeting)
    if meeting.state != "closed" or locked is None or locked.state != "locked":
        raise RuleBroken(_("The minutes are not locked. Correct them directly."))
    minutes = Minutes(
        meeting_id=meeting.id,
        version=locked.version + 1,
        previous_id=locked.id,
        amendment_reason=text,
        created_at=work.now,
        created_by=work.actor.label,
    )
    work.session.add(minutes)
    meeting.is_amending = True
    touch(work, meeting)
    work.session.flush()
    note(work, "minutes_amended", meeting, permissions.LOCK, after={"reason": text})
    return minutes
