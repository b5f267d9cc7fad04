"""Pages of the tokens of programs at a unit."""

from __future__ import annotations

import uuid
from typing import Any

from core.access.permissions import TOKENS, titles
from core.access.schemas import TokenInput
from core.access.services import tokens as services
from core.access.services.own_account import own_account
from core.access.views.parts import tabs
from core.forms import Form
from core.i18n import _
from core.web import PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("access", is_core=True)


@blueprint.view("/tokens", permission=TOKENS)
def tokens(work: Work, *, form: Form | None = None) -> Any:
    """List the tokens of a unit, and show the form for a new one."""
    held = frozenset[str]().union(
        *(right.permissions for right in work.actor.rights if right.reaches(work.unit))
    )
    form = form or Form(TokenInput())
    form.choices = {"permissions": [(k, t) for k, t in titles(work.host).items() if k in held]}
    return page(
        "access/tokens.html",
        title=_("Tokens of programs"),
        tabs=tabs(work, "access.tokens"),
        form=form,
        tokens=services.list_tokens(work),
        titles=titles(work.host),
    )


@blueprint.view("/tokens", methods=["POST"], permission=TOKENS, accepts=TokenInput(), form="tokens")
def new_token(work: Work, data: dict[str, Any]) -> Any:
    """Make a token and show its secret, once."""
    made = services.create_token(work, own_account(work), **data)
    return page("access/token_made.html", title=_("The token is made"), made=made)


@blueprint.view("/tokens/<uuid:token_id>/end", methods=["POST"], permission=TOKENS)
def end_token(work: Work, token_id: uuid.UUID) -> Any:
    """End a token."""
    services.end_token(work, services.access_token(work, token_id))
    return redirect_to("access.tokens", sentence=_("The token has ended."))
