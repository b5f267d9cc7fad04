"""The record of a member: entering it, putting it right, voiding a mistake, erasing it."""

from __future__ import annotations

import uuid
from typing import Any

from core.access.fields import seen
from core.forms import Form
from core.i18n import _
from core.members import labels, permissions, services
from core.members.schemas import (
    CorrectionInput,
    EraseInput,
    MemberInput,
    VoidInput,
    born,
)
from core.members.showing import entries_of, shown_record
from core.members.views.act_forms import act_page, acting, done
from core.units.choosing import highest_place
from core.web import PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("members", is_core=True)
CORRECTED = (
    "full_name",
    "sex",
    "card_no",
    "record_no",
    "phone",
    "email",
    "admitted_on",
    "official_on",
)


@blueprint.view("/<uuid:member_id>", permission=permissions.SEE)
def show(work: Work, member_id: uuid.UUID) -> Any:
    """Show a record: what stands in it, what holds now, and how it came to be."""
    member = services.access_member(work, member_id)
    if member.merged_into_id is not None:
        return redirect_to(
            "members.show",
            member_id=member.merged_into_id,
            sentence=_("That record was merged into this one."),
            kind="info",
        )
    place = services.home_of(work, member)
    history = services.history_of(work, member)
    standing = "standing" in seen(work, place)
    return page(
        "members/member.html",
        title=member.full_name,
        member=shown_record(work, member, place),
        home=place,
        entries=entries_of(work, history, services.position_kinds(work), standing=standing),
        standing=standing,
        conditions=services.conditions_on(work, [member.id], work.today).get(member.id, [])
        if standing
        else [],
        left=_left(history) if member.status == "left" else None,
        acts=services.acts_on(work, member, limit=10) if work.may(permissions.MANAGE) else [],
        labels=labels,
        erased=member.is_erased,
        probation_ends=_probation_ends(work, history, member.status),
        may_move=highest_place(work, permissions.MANAGE).id != place.id,
    )


def _left(history: services.History) -> Any:
    """Return the exit of somebody who has left."""
    return next((s for s in reversed(history.of("status")) if s.status == "left"), None)


def _probation_ends(work: Work, history: services.History, status: str) -> Any:
    """Return when probation is over, of somebody on probation."""
    if status != "probationary":
        return None
    began = history.of("status")[-1].valid_from
    return services.probation_ends(work, work.unit, began)


@blueprint.view("/new", permission=permissions.MANAGE)
def new_member(work: Work, *, form: Form | None = None) -> Any:
    """Show the form to enter a member of this branch."""
    services.check_holds_members(work, work.unit)
    return page(
        "members/new.html",
        title=_("Enter a member"),
        form=form or Form(MemberInput()),
        submit=_("Save the member"),
    )


@blueprint.view(
    "/new",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=MemberInput(),
    form="new_member",
)
def new_member_post(work: Work, data: dict[str, Any]) -> Any:
    """Enter a member."""
    member = services.register_member(work, work.unit, **data)
    return done(work, member, _("Entered: %(name)s.", name=member.full_name))


@blueprint.view("/<uuid:member_id>/correct", permission=permissions.MANAGE)
def correct(work: Work, member_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show the form to put a record right."""
    member = services.access_member(work, member_id)
    place = services.home_of(work, member)
    first = {name: getattr(member, name) for name in CORRECTED}
    first["birth_date"] = _as_typed(member)
    hidden = shown_record(work, member, place)["hidden"]
    schema = CorrectionInput(exclude=tuple(sorted(hidden - {"birth_precision"})))
    return act_page(
        work,
        member,
        form,
        schema,
        title=_("Put the record right"),
        submit=_("Save the changes"),
        intro=_("For typing mistakes. What has changed since is entered as an act of its own."),
        first={name: text for name, text in first.items() if name in schema.fields},
    )


def _as_typed(member: Any) -> str:
    """Return the birth date as people type it."""
    values = {"birth_date": member.birth_date, "birth_precision": member.birth_precision}
    text = born(values)
    if text and len(text) == 10:
        year, month, day = text.split("-")
        return f"{day}/{month}/{year}"
    return text or ""


@blueprint.view(
    "/<uuid:member_id>/correct",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=CorrectionInput(),
    form="correct",
)
def correct_post(work: Work, data: dict[str, Any], member_id: uuid.UUID) -> Any:
    """Put a record right."""
    member = services.correct_member(work, acting(work, member_id, data), **data)
    return done(work, member, _("Saved the changes."))


@blueprint.view("/<uuid:member_id>/void", permission=permissions.MANAGE)
def void(work: Work, member_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show the form to void a record made by mistake."""
    return act_page(
        work,
        services.access_member(work, member_id),
        form,
        VoidInput(),
        title=_("Void a record made by mistake"),
        submit=_("Void this record"),
        intro=_(
            "Only for a record that should never have been made. It then counts on no day; the "
            "trace stays in the ledger. Whoever leaves is entered as an exit."
        ),
        danger=True,
    )


@blueprint.view(
    "/<uuid:member_id>/void",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=VoidInput(),
    form="void",
)
def void_post(work: Work, data: dict[str, Any], member_id: uuid.UUID) -> Any:
    """Void a record made by mistake."""
    member = acting(work, member_id, data)
    services.void_member(work, member, **data)
    return redirect_to("members.members", sentence=_("The record was voided."))


@blueprint.view("/<uuid:member_id>/erase", permission=permissions.ERASE)
def erase(work: Work, member_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show the form to erase what is kept of somebody who has left."""
    return act_page(
        work,
        services.access_member(work, member_id),
        form,
        EraseInput(),
        title=_("Erase personal data"),
        submit=_("Erase for good"),
        intro=_(
            "Name, birth date, numbers and addresses are erased, and what modules and the ledger "
            "keep about this person. Figures of the past stay as they were. It cannot be undone."
        ),
        danger=True,
    )


@blueprint.view(
    "/<uuid:member_id>/erase",
    methods=["POST"],
    permission=permissions.ERASE,
    accepts=EraseInput(),
    form="erase",
)
def erase_post(work: Work, data: dict[str, Any], member_id: uuid.UUID) -> Any:
    """Erase what is kept of somebody who has left."""
    member = acting(work, member_id, data)
    services.erase_member(work, member, **data)
    return done(work, member, _("Erased. The ledger names the decision."))
