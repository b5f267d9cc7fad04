"""Step 3, holding: the roll, one tap a name, and the guests."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from core.forms import Form
from core.i18n import _, _n
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.hold import UNMARKED, CloseInput, MarkInput, SheetInput, VisitorInput
from ..services import words
from .door import blueprint
from .frame import address, by_htmx, filled, meeting_page

KINDS = {
    "present": "good",
    "online": "good",
    "late": "good",
    "left_early": "good",
    "excused": "warn",
    "absent": "late",
    "not_required": "none",
}
"""The colour beside the words of each way of attending."""


@blueprint.view("/<uuid:meeting_id>/hold", permission=permissions.MINUTES_SEE)
def hold(work: Work, meeting_id: uuid.UUID) -> Any:
    """Go on to the roll, or to the agenda once the roll is done."""
    meeting = services.access_meeting(work, meeting_id)
    name = "proceed" if meeting.roll_closed_at is not None else "roll"
    return redirect_to(f"meetings.{name}", meeting_id=meeting.id)


@blueprint.view("/<uuid:meeting_id>/roll", permission=permissions.MINUTES_SEE)
def roll(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the roll: big names, one tap is present, a second one opens the choices."""
    meeting = services.access_meeting(work, meeting_id)
    found = services.roll(work, meeting)
    return meeting_page(
        work,
        meeting,
        "roll",
        title=_("Roll call"),
        step="hold",
        refused=form,
        roll=found,
        guests=services.list_visitors(work, meeting),
        guest_form=filled(
            form,
            VisitorInput(),
            action=address(work, "add_visitor", meeting_id=meeting.id),
        ),
        is_open=meeting.roll_opened_at is not None,
        can_open=meeting.starts_at is None
        or services.day_of(work, meeting.starts_at) <= work.today,
        can_mark=can_mark(work, meeting),
        **roll_words(meeting),
    )


def can_mark(work: Work, meeting: Any) -> bool:
    """Whether the page offers taps: the right is held and the minutes are open."""
    is_open = meeting.state in ("holding", "minutes") or meeting.is_amending
    return bool(is_open and work.may(permissions.HOLD))


def roll_words(meeting: Any) -> dict[str, Any]:
    """Return the choices of a name on the roll with their colours."""
    ways = ["present", "late", "left_early", "absent"]
    if meeting.mode != "onsite":
        ways.insert(1, "online")
    return {
        "ways": [(key, str(words.ATTENDANCE[key]), KINDS[key]) for key in ways],
        "attendance": words.ATTENDANCE,
        "kinds": KINDS,
        "reasons": words.REASONS,
        "standings": words.STANDINGS,
        "unmarked": UNMARKED,
    }


@blueprint.view(
    "/<uuid:meeting_id>/roll/open", methods=["POST"], permission=permissions.HOLD, form="roll"
)
def open_roll(work: Work, meeting_id: uuid.UUID) -> Any:
    """Freeze who must attend and begin the meeting."""
    meeting = services.access_meeting(work, meeting_id)
    services.open_roll(work, meeting)
    return redirect_to("meetings.roll", meeting_id=meeting.id)


@blueprint.view(
    "/<uuid:meeting_id>/roll/<uuid:member_id>",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=MarkInput(),
    form="roll_of",
)
def mark(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, member_id: uuid.UUID) -> Any:
    """Note how one comrade attended."""
    meeting = services.access_meeting(work, meeting_id)
    line = services.tick(work, meeting, member_id, tick_of(data["state"]))
    if by_htmx():
        return page(
            "meetings/roll_answer.html",
            meeting=meeting,
            line=line,
            roll=services.roll(work, meeting),
            can_mark=True,
            **roll_words(meeting),
        )
    return redirect_to("meetings.roll", meeting_id=meeting.id, _anchor=f"roll-{member_id}")


@blueprint.view("/<uuid:meeting_id>/roll/<uuid:member_id>", permission=permissions.MINUTES_SEE)
def roll_of(
    work: Work, meeting_id: uuid.UUID, member_id: uuid.UUID, form: Form | None = None
) -> Any:
    """Show the roll again after a mark was refused."""
    return roll(work, meeting_id, form)


def tick_of(state: str) -> services.Tick:
    """Return the mark a tap stands for: `excused.health` carries its class of reason."""
    way, _point, reason = state.partition(".")
    return services.Tick(None if way == UNMARKED else way, reason)


def marks_of(texts: Iterable[str]) -> dict[uuid.UUID, services.Tick]:
    """Return the marks of a sheet sent as `key:state`."""
    pairs = (text.split(":", 1) for text in texts)
    return {uuid.UUID(key): tick_of(state) for key, state in pairs}


@blueprint.view("/<uuid:meeting_id>/roll/sheet", permission=permissions.HOLD)
def sheet(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the whole roll as one form."""
    meeting = services.access_meeting(work, meeting_id)
    back = address(work, "roll", meeting_id=meeting.id)
    typed = form.data.getlist("mark") if form is not None else []
    return meeting_page(
        work,
        meeting,
        "sheet",
        title=_("The whole list at once"),
        step="hold",
        refused=form,
        trail=[(_("Roll call"), back)],
        roll=services.roll(work, meeting),
        typed=dict(text.split(":", 1) for text in typed if ":" in text),
        back=back,
        **roll_words(meeting),
    )


@blueprint.view(
    "/<uuid:meeting_id>/roll/sheet",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=SheetInput(),
    form="sheet",
)
def save_sheet(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Note how everybody attended, in one go."""
    meeting = services.access_meeting(work, meeting_id)
    changed = services.tick_many(work, meeting, marks_of(data["mark"]))
    return redirect_to(
        "meetings.roll",
        meeting_id=meeting.id,
        sentence=_n("Saved: %(n)s name changed.", "Saved: %(n)s names changed.", changed),
    )


@blueprint.view(
    "/<uuid:meeting_id>/roll/all", methods=["POST"], permission=permissions.HOLD, form="roll"
)
def all_present(work: Work, meeting_id: uuid.UUID) -> Any:
    """Mark everybody present who has no mark yet; the exceptions are marked after."""
    meeting = services.access_meeting(work, meeting_id)
    found = services.roll(work, meeting)
    open_lines = [line for line in [*found.required, *found.temporary] if line.state is None]
    marks = {line.member_id: services.Tick("present") for line in open_lines}
    services.tick_many(work, meeting, marks)
    sentence = _n("%(n)s comrade present.", "%(n)s comrades present.", len(marks))
    return redirect_to(
        "meetings.roll",
        meeting_id=meeting.id,
        sentence=_("%(count)s Now tap those who are absent.", count=sentence),
    )


@blueprint.view(
    "/<uuid:meeting_id>/roll/close",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=CloseInput(),
    form="roll",
)
def close_roll(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Finish the roll and go on to the agenda."""
    meeting = services.access_meeting(work, meeting_id)
    quorum = services.close_roll(work, meeting, others=data["others"])
    return redirect_to(
        "meetings.proceed",
        meeting_id=meeting.id,
        sentence=quorum.sentence,
        kind="done" if quorum.is_met else "warning",
    )


@blueprint.view(
    "/<uuid:meeting_id>/visitors",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=VisitorInput(),
    form="roll",
)
def add_visitor(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Add a guest, also one who came without notice."""
    meeting = services.access_meeting(work, meeting_id)
    services.add_visitor(
        work,
        meeting,
        name=data["name"],
        role=data["role"],
        is_superior=data["is_superior"],
        was_announced=not data["unannounced"],
    )
    return redirect_to(
        "meetings.roll",
        meeting_id=meeting.id,
        _anchor="guests",
        sentence=_("%(name)s is on the list of guests.", name=data["name"]),
    )


@blueprint.view(
    "/<uuid:meeting_id>/visitors/<uuid:visitor_id>/remove",
    methods=["POST"],
    permission=permissions.HOLD,
)
def remove_visitor(work: Work, meeting_id: uuid.UUID, visitor_id: uuid.UUID) -> Any:
    """Take a guest off the list."""
    meeting = services.access_meeting(work, meeting_id)
    services.remove_visitor(work, meeting, visitor_id)
    return redirect_to("meetings.roll", meeting_id=meeting.id, _anchor="guests")
