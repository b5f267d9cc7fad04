"""Acts on a member: status, exit, readmission, transfer, a stay elsewhere."""

from __future__ import annotations

import uuid
from typing import Any

from core.forms import Form
from core.i18n import _
from core.members import permissions, services
from core.members.schemas import (
    EndInput,
    LeaveInput,
    ReadmissionInput,
    StatusInput,
    TemporaryInput,
    TransferInput,
)
from core.members.showing import after_last_day
from core.members.views.act_forms import act_page, acting, done
from core.units.choosing import find_unit, unit_choices
from core.web import PluginBlueprint
from core.work import Work

blueprint = PluginBlueprint("members", is_core=True)
MANAGE = permissions.MANAGE


@blueprint.view("/<uuid:member_id>/status", permission=MANAGE)
def status(work: Work, member_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show the form of a recognition, or of an exemption."""
    member = services.access_member(work, member_id)
    first = {"status": "exempt" if member.status == "official" else "official"}
    return act_page(
        work,
        member,
        form,
        StatusInput(),
        title=_("Change the status"),
        submit=_("Save the status"),
        first=first,
    )


@blueprint.view("/<uuid:member_id>/status", methods=["POST"], permission=MANAGE,
                accepts=StatusInput(), form="status")  # fmt: skip
def status_post(work: Work, data: dict[str, Any], member_id: uuid.UUID) -> Any:
    """Recognise a member, or begin or end an exemption."""
    member = services.change_status(work, acting(work, member_id, data), **data)
    return done(work, member, _("The status was saved."))


@blueprint.view("/<uuid:member_id>/leave", permission=MANAGE)
def leave(work: Work, member_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show the form of an exit."""
    return act_page(
        work,
        services.access_member(work, member_id),
        form,
        LeaveInput(),
        title=_("Leaves the Party or this system"),
        submit=_("Save the exit"),
        intro=_("Home, positions and whatever held for a time end on that day."),
        danger=True,
    )


@blueprint.view("/<uuid:member_id>/leave", methods=["POST"], permission=MANAGE,
                accepts=LeaveInput(), form="leave")  # fmt: skip
def leave_post(work: Work, data: dict[str, Any], member_id: uuid.UUID) -> Any:
    """Enter an exit."""
    member = services.leave(work, acting(work, member_id, data), **data)
    return done(work, member, _("The exit was saved."))


@blueprint.view("/<uuid:member_id>/readmit", permission=MANAGE)
def readmit(work: Work, member_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show whether somebody may be taken in again, and the form for it."""
    member = services.access_member(work, member_id)
    eligible = services.readmission_eligibility(work, member, work.today)
    return act_page(
        work,
        member,
        form,
        ReadmissionInput(),
        title=_("Take in again"),
        submit=_("Save the readmission"),
        intro=" ".join(
            [
                eligible.sentence,
                _(
                    "Needed: the person's own application, written consent of the provincial "
                    "standing committee, and none of the excluded cases."
                ),
            ]
        ),
        choices={"unit_code": unit_choices(work, MANAGE, holding=True)},
    )


@blueprint.view("/<uuid:member_id>/readmit", methods=["POST"], permission=MANAGE,
                accepts=ReadmissionInput(), form="readmit")  # fmt: skip
def readmit_post(work: Work, data: dict[str, Any], member_id: uuid.UUID) -> Any:
    """Take somebody in again."""
    unit = find_unit(work, data.pop("unit_code"))
    member = services.readmit(work, acting(work, member_id, data), unit, **data)
    return done(work, member, _("Taken in again at %(unit)s.", unit=unit.name))


@blueprint.view("/<uuid:member_id>/transfer", permission=MANAGE)
def transfer(work: Work, member_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show the form of a transfer."""
    return act_page(
        work,
        services.access_member(work, member_id),
        form,
        TransferInput(),
        title=_("Transfer to another branch"),
        submit=_("Save the transfer"),
        intro=_(
            "Between branches of this system. Whoever moves to a place outside it leaves with "
            "the reason “moved”."
        ),
        first={"end_positions": "1"},
        choices={"unit_code": unit_choices(work, MANAGE, holding=True)},
    )


@blueprint.view("/<uuid:member_id>/transfer", methods=["POST"], permission=MANAGE,
                accepts=TransferInput(), form="transfer")  # fmt: skip
def transfer_post(work: Work, data: dict[str, Any], member_id: uuid.UUID) -> Any:
    """Transfer a member."""
    unit = find_unit(work, data.pop("unit_code"))
    member = services.transfer_home(work, acting(work, member_id, data), unit, **data)
    return done(work, member, _("Transferred to %(unit)s.", unit=unit.name))


@blueprint.view("/<uuid:member_id>/temporary", permission=MANAGE)
def temporary(work: Work, member_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show the form of a stay in another branch for a time."""
    return act_page(
        work,
        services.access_member(work, member_id),
        form,
        TemporaryInput(),
        title=_("Takes part elsewhere for a time"),
        submit=_("Save the stay"),
        intro=_("Vote, election and head count stay with the home branch."),
        choices={"unit_code": unit_choices(work, MANAGE, holding=True)},
    )


@blueprint.view("/<uuid:member_id>/temporary", methods=["POST"], permission=MANAGE,
                accepts=TemporaryInput(), form="temporary")  # fmt: skip
def temporary_post(work: Work, data: dict[str, Any], member_id: uuid.UUID) -> Any:
    """Begin a stay in another branch."""
    host = find_unit(work, data.pop("unit_code"))
    data["until"] = after_last_day(data["until"])
    member = services.start_temporary(work, acting(work, member_id, data), host, **data)
    return done(work, member, _("Takes part for a time in %(unit)s.", unit=host.name))


@blueprint.view("/<uuid:member_id>/temporary/end", permission=MANAGE)
def end_temporary(work: Work, member_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show the form of the return from another branch."""
    return act_page(
        work,
        services.access_member(work, member_id),
        form,
        EndInput(),
        title=_("Returns to the home branch"),
        submit=_("Save the return"),
    )


@blueprint.view("/<uuid:member_id>/temporary/end", methods=["POST"], permission=MANAGE,
                accepts=EndInput(), form="end_temporary")  # fmt: skip
def end_temporary_post(work: Work, data: dict[str, Any], member_id: uuid.UUID) -> Any:
    """End a stay in another branch."""
    member = services.end_temporary(work, acting(work, member_id, data), day=data["on"])
    return done(work, member, _("The stay elsewhere has ended."))
