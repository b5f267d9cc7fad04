"""Pages of the second factor: set up, asked after the password, taken away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from core.access.cookies import take_following
from core.access.schemas import CodeForm, CodeInput
from core.access.services import second_factor as services
from core.access.services.own_account import own_account
from core.access.services.signing_in import Refused
from core.access.views.signing_in import refused
from core.forms import Form
from core.i18n import _
from core.web import SIGNED_IN, PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("core", is_core=True)
ADDRESS = "/sign-in/second"


@blueprint.view(ADDRESS, permission=SIGNED_IN, site=True)
def second_factor(work: Work, *, form: Form | None = None) -> Any:
    """Ask for the code of the telephone, or show how to set it up."""
    account = own_account(work)
    form = replace(form or Form(CodeForm()), action=ADDRESS, schema=CodeForm())
    if account.totp_confirmed_at is None:
        return page(
            "access/set_up_second_factor.html",
            title=_("Second step of signing in"),
            form=form,
            enrolment=services.enrolment(work, account),
            forced=work.actor.needs_totp,
        )
    if not work.actor.needs_totp:
        return redirect_to("core.security")
    return page("access/second_factor.html", title=_("Second step of signing in"), form=form)


@blueprint.view(
    ADDRESS,
    methods=["POST"],
    permission=SIGNED_IN,
    site=True,
    accepts=CodeInput(),
    form="second_factor",
)
def second_factor_post(work: Work, data: dict[str, Any]) -> Any:
    """Take the code, begin to set up, or finish setting up."""
    if data["begin"]:
        services.begin_enrolment(work)
        return redirect_to("core.second_factor")
    if own_account(work).totp_confirmed_at is None:
        codes = services.confirm_enrolment(work, data["code"])
        if isinstance(codes, Refused):
            return _again(work, codes)
        return show_codes(work, codes)
    outcome = services.give_code(work, data["code"])
    if isinstance(outcome, Refused):
        return _again(work, outcome)
    sentence = _("A code on paper was used up. Make new ones when few are left.") if outcome else ""
    return redirect_to("core.my_work", sentence=sentence, next=take_following())


@blueprint.view(
    "/me/security/recovery-codes",
    methods=["POST"],
    permission=SIGNED_IN,
    site=True,
    accepts=CodeInput(),
    form="security",
)
def new_recovery_codes(work: Work, data: dict[str, Any]) -> Any:
    """Make new recovery codes, after a fresh code."""
    outcome = services.give_code(work, data["code"])
    if isinstance(outcome, Refused):
        return redirect_to("core.security", sentence=outcome.sentence, kind="error")
    return show_codes(work, services.renew_recovery_codes(work))


@blueprint.view(
    "/me/security/second-factor/end",
    methods=["POST"],
    permission=SIGNED_IN,
    site=True,
    accepts=CodeInput(),
    form="security",
)
def end_second_factor(work: Work, data: dict[str, Any]) -> Any:
    """Take the second factor away, after a fresh code."""
    outcome = services.give_code(work, data["code"])
    if isinstance(outcome, Refused):
        return redirect_to("core.security", sentence=outcome.sentence, kind="error")
    services.take_own_away(work)
    return redirect_to("core.security", sentence=_("The second step is switched off."))


def show_codes(work: Work, codes: list[str]) -> Any:
    """Show the recovery codes, this once."""
    return page(
        "access/recovery_codes.html",
        title=_("Codes on paper for when the telephone is lost"),
        codes=codes,
        name=work.actor.label,
    )


def _again(work: Work, outcome: Refused) -> Any:
    form = Form(CodeForm(), data=MultiDict(request.form), sentence=outcome.sentence)
    return refused(second_factor(work, form=form))
