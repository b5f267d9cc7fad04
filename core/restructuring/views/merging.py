"""Two branches made one: a plain form for a commune's officer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core import ledger
from core.errors import InvalidInput
from core.forms import Form
from core.i18n import _
from core.restructuring import permissions, services
from core.restructuring.schemas import MergeInput, SidesQuery
from core.restructuring.views.door import blueprint
from core.units.choosing import find_unit, offer, unit_choices
from core.units.places import Place
from core.web import page, redirect_to
from core.work import Work


def _sides(work: Work, ending: str, staying: str) -> list[services.Side]:
    """Return both branches with who and what is in them; nothing before both are known."""
    try:
        places = [find_unit(work, code, "ending_code") for code in (ending, staying) if code]
    except InvalidInput:
        return []
    if len(places) < 2 or places[0].id == places[1].id:
        return []
    opened = services.open_in(work, places)
    return [services.side_of(work, place, opened) for place in places]


@blueprint.view("/merge", permission=permissions.MERGE, accepts=SidesQuery())
def merge(work: Work, data: dict[str, Any] | None = None, *, form: Form | None = None) -> Any:
    """Show the form: first which branches, then the rest, with both of them side by side."""
    asked = data or {}
    typed = form.data if form is not None else {}
    ending = typed.get("ending_code") or asked.get("ending", "")
    staying = typed.get("staying_code") or asked.get("staying", "")
    sides = _sides(work, ending, staying)
    units = unit_choices(work, permissions.MERGE, holding=True)
    schema = MergeInput()
    first = {"on": work.today, "ending_code": ending, "staying_code": staying}
    if sides:
        first |= {"ending_code": sides[0].place.code, "staying_code": sides[1].place.code}
        first["secretary_id"] = services.holder_of(sides[1], "secretary")
        first["deputy_id"] = services.holder_of(sides[1], "deputy_secretary")
        ledger.saw(work, "member", services.seen_in(sides))
    shown = form or Form(schema, data=first)
    people = [(str(key), name) for key, name in services.people_of(work, _places(sides))]
    offer(
        shown,
        schema,
        {
            "ending_code": units,
            "staying_code": units,
            "secretary_id": [("", _("As it is now")), *people],
            "deputy_id": [("", _("As it is now")), *people],
        },
    )
    return page(
        "restructuring/merge.html",
        title=_("Merge two branches"),
        form=shown,
        sides=sides,
        ending=ending,
        staying=staying,
        units=units,
    )


def _places(sides: list[services.Side]) -> list[Place]:
    return [side.place for side in sides]


def merger_of(work: Work, data: Mapping[str, Any]) -> services.Merger:
    """Return what was typed as a merger; both branches are named by code or name."""
    rest = {name: data[name] for name in data if name not in ("ending_code", "staying_code")}
    return services.Merger(
        ending=find_unit(work, data["ending_code"], "ending_code"),
        staying=find_unit(work, data["staying_code"], "staying_code"),
        **rest,
    )


@blueprint.view(
    "/merge", methods=["POST"], permission=permissions.MERGE, accepts=MergeInput(), form="merge"
)
def merge_post(work: Work, data: dict[str, Any]) -> Any:
    """Draft the plan of a merger, and submit it where nothing stands in its way."""
    plan, found = services.merge_branches(work, merger_of(work, data))
    if found.sentences:
        sentence = _("The plan is drafted; something stands in its way.")
    else:
        services.submit_plan(work, plan)
        sentence = _("Submitted for approval. Look below at what will change.")
    return redirect_to("restructuring.show", plan_id=plan.id, sentence=sentence)
