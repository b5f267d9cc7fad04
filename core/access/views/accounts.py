"""Pages of accounts at a unit: the list, one account, what an office does with it."""

from __future__ import annotations

import uuid
from typing import Any

from core.access.permissions import MANAGE, RESET, SEE
from core.access.schemas import AccountQuery
from core.access.services import accounts as services
from core.access.services import own_account, second_factor
from core.access.services.grants import position_titles, role_titles, till
from core.access.services.resets import issue_reset
from core.access.slips import reset_slip
from core.access.views.parts import show_slips, states_of, tabs
from core.i18n import _
from core.paging import next_cursor, read_cursor
from core.web import PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("access", is_core=True)
PAGE = 50


@blueprint.view("/", permission=SEE, accepts=AccountQuery())
def accounts(work: Work, data: dict[str, Any]) -> Any:
    """List the accounts of a unit and of what is below it."""
    found = services.list_accounts(
        work,
        query=data["q"],
        state=data["state"],
        after=read_cursor(data["cursor"], "b", "k"),
        limit=PAGE + 1,
    )
    ids = {account.home_unit_id for account in found if account.home_unit_id}
    return page(
        "access/accounts.html",
        title=_("Accounts and rights"),
        tabs=tabs(work, "access.accounts"),
        accounts=found[:PAGE],
        places=work.host.places.by_ids(work.session, ids, work.today, work.generation),
        query=data["q"],
        state=data["state"],
        states={account.id: states_of(account, work.now) for account in found},
        following=next_cursor(found, PAGE, "sort_key", "id"),
    )


@blueprint.view("/accounts/<uuid:account_id>", permission=SEE)
def account(work: Work, account_id: uuid.UUID) -> Any:
    """Show one account: its state, its devices, its rights."""
    found = services.access_account(work, account_id)
    rights = services.rights_of(work, found)
    places = work.host.places.by_ids(
        work.session,
        {right.unit_id for right in rights} | {found.home_unit_id or work.unit.id},
        work.today,
        work.generation,
    )
    return page(
        "access/account.html",
        title=found.name or found.username,
        account=found,
        states=states_of(found, work.now),
        is_own=found.id == work.actor.account_id,
        home=places.get(found.home_unit_id) if found.home_unit_id else None,
        rights=[right for right in rights if right.unit_id in places],
        places=places,
        roles=role_titles(work),
        positions=position_titles(work),
        sessions=own_account.list_sessions(work, found.id) if work.may(MANAGE) else [],
        till=till,
        now=work.now,
    )


@blueprint.view("/accounts/<uuid:account_id>/reset", methods=["POST"], permission=RESET)
def reset(work: Work, account_id: uuid.UUID) -> Any:
    """Make a one-time code and show its slip, once."""
    found = services.access_account(work, account_id, RESET)
    code = issue_reset(work, found)
    place = None
    if found.home_unit_id is not None:
        ids = [found.home_unit_id]
        place = work.host.places.by_ids(work.session, ids, work.today, work.generation).get(ids[0])
    return show_slips(
        work,
        [reset_slip(work, code, place)],
        title=_("Reset code for %(name)s", name=found.name),
        leave="access.accounts",
    )


@blueprint.view("/accounts/<uuid:account_id>/unlock", methods=["POST"], permission=RESET)
def unlock(work: Work, account_id: uuid.UUID) -> Any:
    """Let somebody try again at once."""
    found = services.access_account(work, account_id, RESET)
    services.unlock_account(work, found, RESET)
    return _back(account_id, _("%(name)s may sign in again.", name=found.name))


@blueprint.view("/accounts/<uuid:account_id>/end", methods=["POST"], permission=MANAGE)
def end(work: Work, account_id: uuid.UUID) -> Any:
    """End an account."""
    found = services.access_account(work, account_id, MANAGE)
    services.end_account(work, found)
    return _back(account_id, _("The account of %(name)s has ended.", name=found.name))


@blueprint.view("/accounts/<uuid:account_id>/reopen", methods=["POST"], permission=MANAGE)
def reopen(work: Work, account_id: uuid.UUID) -> Any:
    """Open an ended account again."""
    found = services.access_account(work, account_id, MANAGE)
    services.reopen_account(work, found)
    sentence = _("The account is open again. Print a reset code for %(name)s.", name=found.name)
    return _back(account_id, sentence)


@blueprint.view("/accounts/<uuid:account_id>/second-factor", methods=["POST"], permission=MANAGE)
def take_second_factor(work: Work, account_id: uuid.UUID) -> Any:
    """Take the second factor off an account whose telephone is lost."""
    found = services.access_account(work, account_id, MANAGE)
    services.check_within_reach(work, found, MANAGE)
    second_factor.take_away(work, found)
    return _back(account_id, _("The second step of %(name)s is off.", name=found.name))


@blueprint.view(
    "/accounts/<uuid:account_id>/sessions/<uuid:session_id>/end",
    methods=["POST"],
    permission=MANAGE,
)
def end_session(work: Work, account_id: uuid.UUID, session_id: uuid.UUID) -> Any:
    """Sign somebody out on one device."""
    found = services.access_account(work, account_id, MANAGE)
    services.check_within_reach(work, found, MANAGE)
    own_account.end_session(work, found, session_id)
    return _back(account_id, _("Signed out on that device."))


def _back(account_id: uuid.UUID, sentence: str) -> Any:
    return redirect_to("access.account", account_id=account_id, sentence=sentence)
