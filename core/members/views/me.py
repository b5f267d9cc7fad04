"""One's own record: what stands in it, everything kept as a file, asking for a correction."""

from __future__ import annotations

import json
from typing import Any

from core import ledger
from core.access.principal import FIELD_CLASSES
from core.forms import Form
from core.i18n import _
from core.ledger.recording import plain
from core.members import labels, services
from core.members.schemas import RequestInput
from core.members.showing import entries_of, shown_record
from core.web import SIGNED_IN, PluginBlueprint, download, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("core", is_core=True)


@blueprint.view("/me", permission=SIGNED_IN, site=True)
def my_record(work: Work) -> Any:
    """Show one's own record with its history."""
    if work.actor.member_id is None:
        return page("members/me_without.html", title=_("My record"))
    member = services.own_member(work)
    place = services.home_of(work, member)
    history = services.history_of(work, member)
    return page(
        "members/me.html",
        title=_("My record"),
        member=shown_record(work, member, place),
        home=place,
        entries=entries_of(work, history, services.position_kinds(work), standing=True),
        requests=services.own_requests(work, member),
        labels=labels,
    )


@blueprint.view("/me/data", permission=SIGNED_IN, site=True)
def my_data(work: Work) -> Any:
    """Hand over everything kept about oneself as one JSON file."""
    member = services.own_member(work)
    home = services.home_of(work, member)
    # What a module keeps is handed over also where the module is switched off.
    hooks = work.at(home).hooks.of_all
    kept = hooks.personal_data(member_id=member.id)
    ledger.saw(work, "member", [member.id], FIELD_CLASSES)
    body = json.dumps(plain(kept), ensure_ascii=False, indent=2).encode()
    return download(body, _("my-data.json"), "application/json")


@blueprint.view("/me/correction", permission=SIGNED_IN, site=True)
def my_correction(work: Work, *, form: Form | None = None) -> Any:
    """Show the form to ask for a correction of one's own record."""
    member = services.own_member(work)
    place = services.home_of(work, member)
    return page(
        "members/my_correction.html",
        title=_("Ask for a correction"),
        member=shown_record(work, member, place),
        home=place,
        form=form or Form(RequestInput()),
        submit=_("Send the request"),
    )


@blueprint.view(
    "/me/correction",
    methods=["POST"],
    permission=SIGNED_IN,
    site=True,
    accepts=RequestInput(),
    form="my_correction",
)
def my_correction_post(work: Work, data: dict[str, Any]) -> Any:
    """Ask for a correction of one's own record."""
    services.request_correction(work, services.own_member(work), **data)
    return redirect_to(
        "core.my_record", sentence=_("Sent to the branch. The answer will stand on this page.")
    )
