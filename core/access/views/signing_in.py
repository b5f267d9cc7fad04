"""Pages to sign in and out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import current_app, flash, request
from werkzeug.datastructures import MultiDict

from core.access.cookies import device_id, drop_session, keep_following, keep_session
from core.access.demo_accounts import demo_accounts
from core.access.devices import device_label
from core.access.schemas import NextInput, SignInInput
from core.access.services import signing_in
from core.access.services.shared_devices import names_on
from core.access.services.signing_in import Refused, SignedIn
from core.access.settings import setting
from core.forms import Form
from core.i18n import _
from core.web import PUBLIC, PageAnswer, PluginBlueprint, Redirect, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("core", is_core=True)


@blueprint.view("/sign-in", permission=PUBLIC, site=True, accepts=NextInput())
def sign_in(work: Work, data: dict[str, Any] | None = None, *, form: Form | None = None) -> Any:
    """Show the form to sign in; where several names are kept, the names."""
    asked = data or {}
    if not work.actor.is_anonymous and form is None and not asked.get("other"):
        return redirect_to("core.my_work")
    say_session_is_over(work)
    names = names_on(work, device_id())
    if form is None and len(names) > 1 and not asked.get("other"):
        return redirect_to("core.switch_person", **then(asked))
    schema = SignInInput()
    tick = schema.fields["shared"]
    text = _(
        "Shared computer: the name is not kept, it signs out after %(n)s minutes",
        n=setting(work, "idle_minutes"),
    )
    tick.metadata = {**tick.metadata, "label": text}
    if form is None:
        first = {"username": names[0].username} if names and not asked.get("other") else {}
        form = Form(schema, data=first, hidden=following(asked))
    else:
        form = replace(form, schema=schema, hidden=following(form.data))
    form.action = "/sign-in"
    roles = demo_accounts(current_app.extensions["hatnhan"].config)
    return page("core/sign_in.html", title=_("Sign in"), form=form, roles=roles)


@blueprint.view(
    "/sign-in",
    methods=["POST"],
    permission=PUBLIC,
    site=True,
    accepts=SignInInput(),
    form="sign_in",
)
def sign_in_post(work: Work, data: dict[str, Any]) -> Any:
    """Let somebody in, or say why not; a refused try is counted and kept."""
    address = data.pop("next")
    outcome = signing_in.sign_in(
        work, device=device_label(request.user_agent.string), device_id=device_id(), **data
    )
    if isinstance(outcome, Refused):
        form = Form(SignInInput(), data=MultiDict(request.form), sentence=outcome.sentence)
        return refused(sign_in(work, form=form))
    return go_on(work, outcome, address)


@blueprint.view("/sign-out", methods=["POST"], permission=PUBLIC, site=True)
def sign_out(work: Work) -> Any:
    """End this session."""
    signing_in.sign_out(work)
    drop_session()
    return redirect_to("core.sign_in", sentence=_("Signed out."))


def go_on(work: Work, outcome: SignedIn, address: str) -> Redirect:
    """Give the device its session and go to where the person wanted to go."""
    keep_session(outcome, work.now)
    # A first password or a second factor comes in between, and leads there afterwards.
    keep_following(address)
    return redirect_to("core.my_work", next=address)


def refused(answer: Any) -> Any:
    """Answer 422: the page is shown again, and what was counted stays."""
    return replace(answer, status=422) if isinstance(answer, PageAnswer) else answer


def following(data: Any) -> dict[str, str]:
    """Return where to go on, as a value of a form or of an address."""
    address = str(data.get("next") or data.get("then") or "")[:2000]
    return {"next": address} if address and address != "/" else {}


def then(data: Any) -> dict[str, str]:
    """Return where to go on, for a page that is itself gone to by a redirection."""
    address = following(data).get("next")
    return {"then": address} if address else {}


def say_session_is_over(work: Work) -> None:
    """Say once that a session ended by itself, or was ended elsewhere."""
    over = work.session.info.get("session_over")
    if not over:
        return
    drop_session()
    flash(
        _("Not used for long, so the system signed out. Sign in again; drafts are still here.")
        if over == "idle"
        else _("This session has ended. Sign in again to go on."),
        "info",
    )
