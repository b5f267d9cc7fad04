"""Pages to set a password: one's own, and by a one-time code from a slip."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from core.access.cookies import drop_session, take_following
from core.access.schemas import PasswordInput, ResetInput
from core.access.services.own_account import change_password as change
from core.access.services.resets import use_reset
from core.access.services.signing_in import Refused
from core.access.settings import setting
from core.access.views.signing_in import refused
from core.forms import Form
from core.i18n import _
from core.web import PUBLIC, SIGNED_IN, PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("core", is_core=True)


@blueprint.view("/me/password", permission=SIGNED_IN, site=True)
def change_password(work: Work, *, form: Form | None = None) -> Any:
    """Show the form for a new password."""
    if work.actor.needs_totp:
        return redirect_to("core.second_factor")
    form = replace(form or Form(PasswordInput()), action="/me/password")
    names = ["password", "again"] if work.actor.must_change else ["old", "password", "again"]
    return page(
        "access/change_password.html",
        title=_("Set a password of your own") if work.actor.must_change else _("Change password"),
        form=form,
        names=names,
        first=work.actor.must_change,
        least=setting(work, "password_least", work.actor.home_unit_id),
    )


@blueprint.view(
    "/me/password",
    methods=["POST"],
    permission=SIGNED_IN,
    site=True,
    accepts=PasswordInput(),
    form="change_password",
)
def change_password_post(work: Work, data: dict[str, Any]) -> Any:
    """Set a new password; the first one is forced."""
    if work.actor.needs_totp:
        return redirect_to("core.second_factor")
    was_first = work.actor.must_change
    outcome = change(work, **data)
    if isinstance(outcome, Refused):
        form = Form(PasswordInput(), data=MultiDict(request.form), sentence=outcome.sentence)
        return refused(change_password(work, form=form))
    sentence = _("The new password holds. Other devices of this account are signed out.")
    if was_first:
        return redirect_to("core.my_work", sentence=sentence, next=take_following())
    return redirect_to("core.security", sentence=sentence)


@blueprint.view("/reset", permission=PUBLIC, site=True)
def reset_password(work: Work, *, form: Form | None = None) -> Any:
    """Show the form that takes a one-time code."""
    form = replace(form or Form(ResetInput()), action="/reset")
    return page(
        "access/reset.html",
        title=_("New password by a code"),
        form=form,
        least=setting(work, "password_least"),
    )


@blueprint.view(
    "/reset",
    methods=["POST"],
    permission=PUBLIC,
    site=True,
    accepts=ResetInput(),
    form="reset_password",
)
def reset_password_post(work: Work, data: dict[str, Any]) -> Any:
    """Set a new password by a one-time code."""
    outcome = use_reset(work, **data, sender=request.remote_addr or "")
    if isinstance(outcome, Refused):
        form = Form(ResetInput(), data=MultiDict(request.form), sentence=outcome.sentence)
        return refused(reset_password(work, form=form))
    if outcome.id == work.actor.account_id:
        drop_session()
    sentence = _("The new password holds. Sign in with it now.")
    return redirect_to("core.sign_in", other=1, sentence=sentence)
