"""Pages of one's own account: password and devices, the rights one holds."""

from __future__ import annotations

import uuid
from typing import Any

from core.access.services import own_account as services
from core.access.services import second_factor
from core.access.services.delegations import end_delegation, list_delegated
from core.access.services.grants import position_titles, role_titles, till
from core.forms import Form
from core.i18n import _, _n
from core.web import SIGNED_IN, PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("core", is_core=True)


@blueprint.view("/me/security", permission=SIGNED_IN, site=True)
def security(work: Work, *, form: Form | None = None) -> Any:
    """Show password, second factor and the devices on which one is signed in."""
    account = services.own_account(work)
    return page(
        "access/security.html",
        title=_("Password and devices"),
        account=account,
        sessions=services.list_sessions(work, account.id),
        here=work.actor.session_id,
        has_totp=account.totp_confirmed_at is not None,
        must_have_totp=second_factor.asks_second_factor(work, account),
        codes_left=second_factor.codes_left(work, account),
        form=form,
    )


@blueprint.view(
    "/me/security/sessions/<uuid:session_id>/end",
    methods=["POST"],
    permission=SIGNED_IN,
    site=True,
)
def end_session(work: Work, session_id: uuid.UUID) -> Any:
    """Sign out on one device."""
    services.end_session(work, services.own_account(work), session_id)
    return redirect_to("core.security", sentence=_("Signed out on that device."))


@blueprint.view(
    "/me/security/sessions/end-others", methods=["POST"], permission=SIGNED_IN, site=True
)
def end_other_sessions(work: Work) -> Any:
    """Sign out everywhere but here."""
    count = services.end_other_sessions(work)
    sentence = _n("Signed out on %(n)s device.", "Signed out on %(n)s devices.", count)
    return redirect_to("core.security", sentence=sentence)


@blueprint.view("/me/rights", permission=SIGNED_IN, site=True)
def my_rights(work: Work) -> Any:
    """Show the rights one holds, why, and what one has delegated."""
    given = list_delegated(work)
    ids = {right.unit_id for right in work.actor.rights} | {grant.unit_id for grant, _a in given}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    return page(
        "access/my_rights.html",
        title=_("My rights"),
        rights=[right for right in work.actor.rights if right.unit_id in places],
        given=given,
        places=places,
        roles=role_titles(work),
        positions=position_titles(work),
        till=till,
    )


@blueprint.view(
    "/me/rights/delegations/<uuid:grant_id>/end", methods=["POST"], permission=SIGNED_IN, site=True
)
def end_own_delegation(work: Work, grant_id: uuid.UUID) -> Any:
    """Take a delegation back, or give it back."""
    end_delegation(work, grant_id)
    return redirect_to("core.my_rights", sentence=_("The delegation has ended."))
