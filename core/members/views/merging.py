"""Two records of one person: found, compared in two columns, made one, taken back."""

from __future__ import annotations

import uuid
from typing import Any

from core import ledger
from core.forms import Form
from core.i18n import _
from core.members import labels, permissions, services
from core.members.schemas import MergeInput, MergeQuery
from core.members.showing import entries_of, shown_record
from core.web import PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("members", is_core=True)
MERGE = permissions.MERGE


@blueprint.view("/duplicates", permission=MERGE)
def duplicates(work: Work) -> Any:
    """List records that may be of one person."""
    pairs = services.find_duplicates(work)
    people = [side for pair in pairs for side in (pair.one, pair.other)]
    ledger.saw(work, "member", [one.id for one in people], {"birth", "card"})
    places = work.host.places.by_ids(
        work.session, {one.unit_id for one in people}, work.today, work.generation
    )
    return page(
        "members/duplicates.html",
        title=_("Records that may be of one person"),
        pairs=pairs,
        places=places,
        labels=labels,
    )


@blueprint.view("/merge", permission=MERGE, accepts=MergeQuery())
def compare(work: Work, data: dict[str, Any]) -> Any:
    """Show two records beside each other, to make them one."""
    return _compared(work, data["one"], data["other"], None)


@blueprint.view("/merge/again", permission=MERGE)
def compare_again(work: Work, *, form: Form | None = None) -> Any:
    """Show two records again after a refusal."""
    typed = form.data if form is not None else {}
    try:
        one, other = uuid.UUID(typed.get("kept_id", "")), uuid.UUID(typed.get("merged_id", ""))
    except ValueError:
        return redirect_to("members.duplicates")
    return _compared(work, one, other, form)


def _compared(work: Work, one: uuid.UUID, other: uuid.UUID, form: Form | None) -> Any:
    """Show two records in two columns."""
    kinds = services.position_kinds(work)
    sides: list[dict[str, Any]] = []
    for key in (one, other):
        member = services.access_member(work, key)
        place = services.home_of(work, member)
        history = services.history_of(work, member)
        sides.append(
            {
                "member": shown_record(work, member, place),
                "home": place,
                "entries": entries_of(work, history, kinds, standing=True),
            }
        )
    fields = [
        (name, labels.FIELD[name], sides[0]["member"][name], sides[1]["member"][name])
        for name in services.CHOSEN
    ]
    return page(
        "members/compare.html",
        title=_("Make two records one"),
        sides=sides,
        fields=fields,
        form=form or Form(MergeInput()),
        labels=labels,
    )


@blueprint.view(
    "/merge", methods=["POST"], permission=MERGE, accepts=MergeInput(), form="compare_again"
)
def merge(work: Work, data: dict[str, Any]) -> Any:
    """Make two records one."""
    kept = services.access_member(work, data["kept_id"], for_change=True)
    merged = services.access_member(work, data["merged_id"], for_change=True)
    services.merge_members(
        work,
        kept,
        merged,
        facts_from=data["facts_from"],
        fields=dict.fromkeys(data["fields_from_merged"], "merged"),
    )
    return redirect_to(
        "members.show",
        member_id=kept.id,
        sentence=_("The two records are one now. This can be taken back under “Merged records”."),
    )


@blueprint.view("/merges", permission=MERGE)
def merges(work: Work, *, form: Form | None = None) -> Any:
    """List which records were made one."""
    found = services.list_merges(work)
    ledger.saw(work, "member", [one.kept_id for one in found])
    return page(
        "members/merges.html",
        title=_("Merged records"),
        merges=found,
        refusal=form.sentence if form is not None else "",
    )


@blueprint.view("/merges/<uuid:merge_id>/undo", methods=["POST"], permission=MERGE)
def undo(work: Work, merge_id: uuid.UUID) -> Any:
    """Take a merge back."""
    services.undo_merge(work, merge_id)
    return redirect_to("members.merges", sentence=_("The merge was taken back; both are there."))
