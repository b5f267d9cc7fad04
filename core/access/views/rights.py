"""Pages of rights at a unit: who holds which and why, giving and ending, delegation, why not."""

from __future__ import annotations

import uuid
from typing import Any

from core.access.permissions import DELEGATE, MANAGE_GRANTS, SEE_GRANTS, titles
from core.access.schemas import DelegationInput, GrantInput, GrantQuery, WhyForm, WhyInput
from core.access.services import delegations
from core.access.services import grants as services
from core.access.services.accounts import find_account, holds
from core.access.services.explaining import explain
from core.access.settings import setting
from core.access.views.parts import after_last_day, tabs
from core.errors import InvalidInput
from core.forms import Form
from core.i18n import _
from core.units.covering import AsOfQuery, told_of
from core.web import PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("access", is_core=True)


@blueprint.view("/rights", permission=SEE_GRANTS, accepts=AsOfQuery())
def rights(work: Work, data: dict[str, Any]) -> Any:
    """Show who holds which rights at a unit, by grant, by position, by delegation; or held then."""
    as_of = told_of(data)
    given = services.list_grants(work, work.unit, as_of=as_of)
    held = services.list_position_rights(work, work.unit, as_of)
    return page(
        "access/rights.html",
        title=_("Rights at %(unit)s", unit=work.unit.name),
        tabs=tabs(work, "access.rights"),
        given=given,
        held=held,
        roles=services.role_titles(work),
        positions=services.position_titles(work),
        till=services.till,
        may_end=work.may(MANAGE_GRANTS) and as_of.day is None,
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
    )


@blueprint.view("/rights/new", permission=MANAGE_GRANTS, accepts=GrantQuery())
def new_grant(work: Work, data: dict[str, Any] | None = None, *, form: Form | None = None) -> Any:
    """Show the form that gives a role at a unit."""
    first = {"username": (data or {}).get("username", ""), "with_subtree": True}
    form = form or Form(GrantInput(), data=first)
    form.choices = {"role": services.offered_roles(work)}
    return page(
        "access/new_grant.html",
        title=_("Give a right at %(unit)s", unit=work.unit.name),
        form=form,
        may_below=holds(work, MANAGE_GRANTS, work.unit, whole=True),
    )


@blueprint.view(
    "/rights/new",
    methods=["POST"],
    permission=MANAGE_GRANTS,
    accepts=GrantInput(),
    form="new_grant",
)
def new_grant_post(work: Work, data: dict[str, Any]) -> Any:
    """Give a role at a unit."""
    account = find_account(work, data["username"])
    services.give_role(
        work,
        account,
        role=data["role"],
        with_subtree=data["with_subtree"],
        valid_from=data["since"],
        valid_to=after_last_day(data["until"]),
        document_no=data["document_no"],
    )
    sentence = _("%(name)s holds the right from now on.", name=account.name)
    return redirect_to("access.rights", sentence=sentence)


@blueprint.view("/rights/<uuid:grant_id>/end", methods=["POST"], permission=MANAGE_GRANTS)
def end_grant(work: Work, grant_id: uuid.UUID) -> Any:
    """End a right at once."""
    services.end_grant_as_office(work, services.access_grant(work, grant_id))
    return redirect_to("access.rights", sentence=_("The right has ended."))


@blueprint.view("/delegation", permission=DELEGATE)
def delegation(work: Work, *, form: Form | None = None) -> Any:
    """Show the form that lets another act for one."""
    roles = delegations.delegable_roles(work)
    first = {
        "role": roles[0][0] if len(roles) == 1 else "",
        "since": work.today,
        "with_subtree": any(right.with_subtree for right in delegations.delegable(work, work.unit)),
    }
    form = form or Form(DelegationInput(), data=first)
    form.choices = {
        "deputy": [(str(a.id), a.name) for a in delegations.possible_deputies(work)],
        "role": roles,
    }
    return page(
        "access/delegation.html",
        title=_("Let somebody act for me"),
        tabs=tabs(work, "access.delegation"),
        form=form,
        days=setting(work, "delegation_days", work.unit.id),
    )


@blueprint.view(
    "/delegation",
    methods=["POST"],
    permission=DELEGATE,
    accepts=DelegationInput(),
    form="delegation",
)
def delegation_post(work: Work, data: dict[str, Any]) -> Any:
    """Let another act for one."""
    deputies = {account.id: account for account in delegations.possible_deputies(work)}
    deputy = deputies.get(data["deputy"])
    if deputy is None:
        reason = _("Choose somebody from the list.")
        raise InvalidInput(reason, fields={"deputy": [reason]})
    delegations.delegate(
        work,
        deputy,
        role=data["role"],
        with_subtree=data["with_subtree"],
        valid_from=data["since"],
        valid_to=after_last_day(data["until"]),
    )
    sentence = _("%(name)s may act for you now; take it back here.", name=deputy.name)
    return redirect_to("core.my_rights", sentence=sentence)


@blueprint.view("/why", permission=SEE_GRANTS, accepts=WhyInput())
def why(work: Work, data: dict[str, Any]) -> Any:
    """Say why somebody may do something here, or what is missing."""
    form = Form(WhyForm(), data=data)
    form.choices = {"permission": list(titles(work.host).items())}
    answer = None
    if data["username"] and data["permission"]:
        account = find_account(work, data["username"])
        answer = explain(work, account, data["permission"], work.unit, data["on"])
    return page(
        "access/why.html",
        title=_("Why allowed, why not?"),
        tabs=tabs(work, "access.why"),
        form=form,
        answer=answer,
    )
