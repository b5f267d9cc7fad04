"""Step 4, minutes: as they will print, their gaps, adoption, confirmation, the lock."""

from __future__ import annotations

import uuid
from typing import Any

from core.documents.papers.layout import arranged
from core.forms import Form
from core.i18n import _
from core.web import redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.hold import ConclusionInput
from ..schemas.minutes import AdoptionInput, AmendmentInput, QualityInput, SignedInput
from ..services import words
from .door import blueprint
from .frame import address, filled, meeting_page


@blueprint.view("/<uuid:meeting_id>/minutes", permission=permissions.MINUTES_SEE)
def minutes(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the minutes as they will print, what they lack, and what is to be done next."""
    meeting = services.access_meeting(work, meeting_id)
    is_held = meeting.state in ("holding", "minutes", "closed")
    versions = services.list_versions(work, meeting)
    current = next(iter(versions), None)
    is_open = meeting.state == "minutes" or meeting.is_amending
    return meeting_page(
        work,
        meeting,
        "minutes",
        title=_("Minutes"),
        step="minutes",
        refused=form,
        is_held=is_held,
        is_open=is_open,
        current=current,
        state_words=words.MINUTES,
        gaps=[
            (gap.sentence, gap_address(work, meeting, gap))
            for gap in (services.gaps(work, meeting) if is_open else [])
        ],
        paper=arranged(services.minutes_paper(work, meeting, current)) if is_held else None,
        versions=versions,
        **_forms(work, meeting, current, form),
    )


SUPPLIED_BY = {
    "started_at": "times",
    "ended_at": "times",
    "chair_id": "times",
    "clerk_id": "times",
    "attendance": "roll",
    "conclusion": "proceed",
    "": "proceed",
}
"""The page on which what a gap names is entered."""


def gap_address(work: Work, meeting: Any, gap: services.Gap) -> str:
    """Return the address of the page that supplies what is missing."""
    return address(work, SUPPLIED_BY.get(gap.field, "minutes"), meeting_id=meeting.id)


def _forms(work: Work, meeting: Any, current: Any, form: Form | None) -> dict[str, Any]:
    """Return the small forms of the page."""

    def to(name: str) -> str:
        return address(work, name, meeting_id=meeting.id)

    count = meeting.entitled_present or None
    return {
        "adoption": filled(
            form,
            AdoptionInput(),
            {"present": count, "in_favour": count},
            action=to("adopt"),
        ),
        "signed": filled(
            form,
            SignedInput(),
            current if current and current.signed_on else {},
            action=to("signed_paper" if work.may(permissions.MINUTES) else "signed_from_paper"),
            draft=f"meetings.signed.{meeting.id}",
        ),
        "amendment": filled(form, AmendmentInput(), action=to("amend")),
    }


@blueprint.view("/<uuid:meeting_id>/minutes/texts", permission=permissions.MINUTES)
def minutes_texts(work: Work, meeting_id: uuid.UUID) -> Any:
    """Show what of the minutes can be corrected, each part with its own page."""
    meeting = services.access_meeting(work, meeting_id)
    back = address(work, "minutes", meeting_id=meeting.id)
    return meeting_page(
        work,
        meeting,
        "minutes_texts",
        title=_("Correct the minutes"),
        step="minutes",
        trail=[(_("Minutes"), back)],
        items=services.list_items(work, meeting),
        back=back,
    )


@blueprint.view("/<uuid:meeting_id>/minutes/text", permission=permissions.MINUTES)
def minutes_quality(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of the closing lines of the minutes."""
    meeting = services.access_meeting(work, meeting_id)
    return _text_page(
        work,
        meeting,
        title=_("Quality of the meeting"),
        intro=_("One or two sentences. They stand at the end of the minutes."),
        form=filled(
            form,
            QualityInput(),
            {"quality": meeting.quality},
            draft=f"meetings.quality.{meeting.id}",
        ),
    )


@blueprint.view(
    "/<uuid:meeting_id>/minutes/text",
    methods=["POST"],
    permission=permissions.MINUTES,
    accepts=QualityInput(),
    form="minutes_quality",
)
def minutes_quality_post(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Write the closing lines of the minutes."""
    meeting = services.access_meeting(work, meeting_id)
    services.write_minutes(work, meeting, quality=data["quality"])
    return _done(meeting, _("The minutes are saved."))


@blueprint.view("/<uuid:meeting_id>/minutes/items/<uuid:item_id>", permission=permissions.MINUTES)
def minutes_item(
    work: Work, meeting_id: uuid.UUID, item_id: uuid.UUID, form: Form | None = None
) -> Any:
    """Show the form of one item's text in the minutes."""
    meeting = services.access_meeting(work, meeting_id)
    item = services.access_item(work, meeting, item_id)
    return _text_page(
        work,
        meeting,
        title=item.title,
        intro=_("What the minutes say of this item."),
        form=filled(form, ConclusionInput(), item, draft=f"meetings.minutes_item.{item.id}"),
    )


@blueprint.view(
    "/<uuid:meeting_id>/minutes/items/<uuid:item_id>",
    methods=["POST"],
    permission=permissions.MINUTES,
    accepts=ConclusionInput(),
    form="minutes_item",
)
def minutes_item_post(
    work: Work, data: dict[str, Any], meeting_id: uuid.UUID, item_id: uuid.UUID
) -> Any:
    """Write one item's text; what was adopted before is to be read out again."""
    meeting = services.access_meeting(work, meeting_id)
    item = services.access_item(work, meeting, item_id)
    texts = {item.id: (data["discussion"], data["conclusion"])}
    services.write_minutes(work, meeting, texts=texts)
    return _done(meeting, _("The minutes are saved."))


def _text_page(work: Work, meeting: Any, *, title: str, intro: str, form: Form) -> Any:
    """Show a page on which a part of the minutes is written."""
    back = address(work, "minutes", meeting_id=meeting.id)
    return meeting_page(
        work,
        meeting,
        "reason",
        title=title,
        step="minutes",
        trail=[(_("Minutes"), back)],
        intro=intro,
        submit=_("Save the text"),
        form=form,
        back=back,
    )


def _done(meeting: Any, sentence: str) -> Any:
    return redirect_to("meetings.minutes", meeting_id=meeting.id, sentence=sentence)


@blueprint.view(
    "/<uuid:meeting_id>/minutes/adopt",
    methods=["POST"],
    permission=permissions.MINUTES,
    accepts=AdoptionInput(),
    form="minutes",
)
def adopt(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Note that the minutes were read out and adopted."""
    meeting = services.access_meeting(work, meeting_id)
    services.adopt_minutes(work, meeting, **data)
    return _done(meeting, _("The minutes are adopted. Now clerk and chair confirm them."))


@blueprint.view(
    "/<uuid:meeting_id>/minutes/confirm/<any(clerk,chair):who>",
    methods=["POST"],
    permission=permissions.CONFIRM,
)
def confirm(work: Work, meeting_id: uuid.UUID, who: str) -> Any:
    """Confirm the minutes as clerk or as chair; a confirmation, never a signature."""
    meeting = services.access_meeting(work, meeting_id)
    if who == "clerk":
        services.confirm_as_clerk(work, meeting)
        return _done(meeting, _("Confirmed as clerk."))
    services.confirm_as_chair(work, meeting)
    return _done(meeting, _("Confirmed as chair."))


@blueprint.view(
    "/<uuid:meeting_id>/minutes/signed",
    methods=["POST"],
    permission=permissions.MINUTES,
    accepts=SignedInput(),
    form="minutes",
)
def signed_paper(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Note day, book and page of the paper signed in ink."""
    meeting = services.access_meeting(work, meeting_id)
    services.note_signed_paper(work, meeting, **data)
    return _done(meeting, _("The signed paper is noted."))


@blueprint.view(
    "/<uuid:meeting_id>/minutes/lock", methods=["POST"], permission=permissions.LOCK, form="minutes"
)
def lock(work: Work, meeting_id: uuid.UUID) -> Any:
    """Lock the minutes; the meeting is done and stands in the figures."""
    meeting = services.access_meeting(work, meeting_id)
    services.lock_minutes(work, meeting)
    return redirect_to(
        "meetings.follow",
        meeting_id=meeting.id,
        sentence=_("The minutes are locked. The meeting is done; the tasks are left to follow."),
    )


@blueprint.view(
    "/<uuid:meeting_id>/minutes/amend",
    methods=["POST"],
    permission=permissions.LOCK,
    accepts=AmendmentInput(),
    form="minutes",
)
def amend(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Begin an amended version of locked minutes."""
    meeting = services.access_meeting(work, meeting_id)
    services.amend(work, meeting, reason=data["reason"])
    return _done(meeting, _("An amended version is begun. The locked one stays as it is."))
