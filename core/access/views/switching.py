"""Changing person on a device by two taps: the name, then the password."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from core.access.cookies import device_id
from core.access.devices import device_label
from core.access.schemas import NameInput, SwitchInput, SwitchQuery
from core.access.services import shared_devices, signing_in
from core.access.services.shared_devices import KeptName
from core.access.services.signing_in import Refused
from core.access.views.signing_in import following, go_on, refused, say_session_is_over, then
from core.errors import InvalidInput
from core.forms import Form
from core.i18n import _
from core.web import PUBLIC, PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("core", is_core=True)


@blueprint.view("/switch", permission=PUBLIC, site=True, accepts=SwitchQuery())
def switch_person(
    work: Work, data: dict[str, Any] | None = None, *, form: Form | None = None
) -> Any:
    """Show the names kept on this device, or the password of the one that was tapped."""
    say_session_is_over(work)
    names = shared_devices.names_on(work, device_id())
    asked = data if form is None else form.data
    asked = asked or {}
    hidden = following(asked)
    chosen = _chosen(names, asked.get("name"))
    if not names and work.actor.is_anonymous:
        return redirect_to("core.sign_in", other=1, **then(asked))
    if chosen is None:
        return page(
            "access/switch_person.html",
            title=_("Switch person"),
            names=names,
            hidden=hidden,
            current=work.actor.label,
        )
    form = replace(form or Form(SwitchInput()), action="/switch")
    form.hidden = {**hidden, "name": str(chosen.id)}
    return page(
        "access/switch_password.html", title=chosen.name, form=form, kept=chosen, hidden=hidden
    )


@blueprint.view(
    "/switch",
    methods=["POST"],
    permission=PUBLIC,
    site=True,
    accepts=SwitchInput(),
    form="switch_person",
)
def switch_person_post(work: Work, data: dict[str, Any]) -> Any:
    """Let the person of a kept name in; whoever was signed in before is signed out."""
    kept = shared_devices.kept_name(work, device_id(), data["name"])
    outcome = signing_in.sign_in(
        work,
        username=kept.username,
        password=data["password"],
        device=device_label(request.user_agent.string),
        device_id=device_id(),
    )
    if isinstance(outcome, Refused):
        form = Form(SwitchInput(), data=MultiDict(request.form), sentence=outcome.sentence)
        return refused(switch_person(work, form=form))
    return go_on(work, outcome, data["next"])


@blueprint.view(
    "/switch/forget", methods=["POST"], permission=PUBLIC, site=True, accepts=NameInput()
)
def forget_name(work: Work, data: dict[str, Any]) -> Any:
    """Take a name off this device."""
    if data["name"] is None:
        raise InvalidInput(_("Choose a name."))
    shared_devices.forget_name(work, device_id(), data["name"])
    return redirect_to("core.switch_person", sentence=_("The name is no longer kept here."))


def _chosen(names: list[KeptName], name_id: Any) -> KeptName | None:
    return next((kept for kept in names if str(kept.id) == str(name_id)), None)
