"""Pages that make accounts: for one person, for a whole branch; slips to be printed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.access.permissions import MANAGE, SEE
from core.access.schemas import AccountInput, MembersInput, SlipsInput
from core.access.services.accounts import create_account
from core.access.services.branch_accounts import (
    MOST_AT_ONCE,
    create_accounts,
    list_members_without_account,
)
from core.access.slips import first_slips, paper_of_slips
from core.access.views.parts import opened_slips, show_slips
from core.documents.render import render_docx, render_pdf
from core.forms import Form, PageQuery
from core.i18n import _, _n
from core.paging import next_cursor, read_cursor
from core.web import PluginBlueprint, download, page
from core.work import Work

blueprint = PluginBlueprint("access", is_core=True)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.view("/accounts/new", permission=MANAGE)
def new_account(work: Work, *, form: Form | None = None) -> Any:
    """Show the form for an account of somebody who is not in the list of members."""
    return page(
        "access/new_account.html",
        title=_("New account"),
        form=replace(form or Form(AccountInput())),
    )


@blueprint.view(
    "/accounts/new",
    methods=["POST"],
    permission=MANAGE,
    accepts=AccountInput(),
    form="new_account",
)
def new_account_post(work: Work, data: dict[str, Any]) -> Any:
    """Make an account and show its slip, once."""
    made = create_account(work, **data)
    slips = first_slips([made], {work.unit.id: work.unit})
    title = _("First password of %(name)s", name=made.account.name)
    return show_slips(work, slips, title=title, leave="access.accounts")


@blueprint.view("/accounts/from-members", permission=MANAGE, accepts=PageQuery())
def choose_members(
    work: Work, data: dict[str, Any] | None = None, *, form: Form | None = None
) -> Any:
    """Choose members without an account."""
    after = read_cursor((data or {}).get("cursor", ""), "b", "k")
    found = list_members_without_account(work, after=after, limit=MOST_AT_ONCE + 1)
    shown = found[:MOST_AT_ONCE]
    ids = {candidate.unit_id for candidate in shown}
    chosen = set(form.data.getlist("members")) if form is not None else None
    return page(
        "access/choose_members.html",
        title=_("Accounts for members"),
        members=shown,
        chosen={str(c.id) for c in shown} if chosen is None else chosen,
        places=work.host.places.by_ids(work.session, ids, work.today, work.generation),
        form=form or Form(MembersInput()),
        following=next_cursor(found, MOST_AT_ONCE, "sort_key", "id"),
    )


@blueprint.view(
    "/accounts/from-members",
    methods=["POST"],
    permission=MANAGE,
    accepts=MembersInput(),
    form="choose_members",
)
def choose_members_post(work: Work, data: dict[str, Any]) -> Any:
    """Make accounts for the members chosen and show their slips, once."""
    made = create_accounts(work, data["members"])
    ids = {one.account.home_unit_id for one in made if one.account.home_unit_id}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    title = _n("%(n)s account made", "%(n)s accounts made", len(made))
    return show_slips(work, first_slips(made, places), title=title, leave="access.accounts")


@blueprint.view("/slips", methods=["POST"], permission=SEE, accepts=SlipsInput())
def print_slips(work: Work, data: dict[str, Any]) -> Any:
    """Print the slips of the page just shown, as PDF or Word."""
    paper = paper_of_slips(work, opened_slips(work, data["slips"]))
    if data["kind"] == "pdf":
        return download(render_pdf(paper), "phieu-tai-khoan.pdf", "application/pdf", inline=True)
    return download(render_docx(paper), "phieu-tai-khoan.docx", WORD)
