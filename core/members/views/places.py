"""Pages of units that show people: the overview of a place, the tree with head counts, the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core import ledger
from core.forms import Form
from core.i18n import _, _n
from core.members import services
from core.members.showing import last_day
from core.periods import month_of
from core.units import permissions
from core.units.acts import decided
from core.units.choosing import find_unit, offer, unit_choices
from core.units.comparing import change_days, compare, known_on, stops, taken_back
from core.units.history import children_exist, kind_titles, version_on
from core.units.labels import SECTOR
from core.units.schemas import AsOfQuery, CompareQuery, TerminateInput, TreeQuery
from core.units.tree import list_children, successors
from core.web import PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("units", is_core=True)


@blueprint.view("/", permission=permissions.SEE, accepts=AsOfQuery())
def overview(work: Work, data: dict[str, Any]) -> Any:
    """Show a unit at a glance, as of any day: people, posts, what stands under it."""
    unit, day = work.unit, data["as_of"] or work.today
    is_past = day != work.today
    version = version_on(work, unit.id, day) if is_past or not unit.is_living else None
    children = list_children(work, unit, day)
    counts = services.head_counts(work, unit, day, [child.id for child in children])
    posts = services.posts(work, day, unit_ids=[unit.id])
    ledger.saw(work, "member", [post.member_id for post in posts])
    count = counts.get(unit.id, services.NONE)
    return page(
        "units/overview.html",
        title=version.name if version else unit.name,
        as_of=day if is_past else None,
        was_there=not is_past or version is not None,
        version=version,
        count=count,
        counts=counts,
        children=children,
        guests=services.guests_in(work, unit, day),
        posts=_by_person(posts),
        kinds=kind_titles(work),
        sectors=SECTOR,
        successors=successors(work, unit) if not unit.is_living else [],
        panels=_panels(work) if not is_past and unit.is_living else [],
        reminders=[]
        if is_past or not unit.is_living
        else services.size_reminders(work, unit, count, posts, day),
        last_day=last_day(unit.valid_to),
        sees=work.actor.sees,
        nobody=services.NONE,
    )


def _by_person(posts: list[services.Post]) -> list[dict[str, Any]]:
    """Return who holds which positions, the highest first; a person stands there once."""
    people: dict[Any, dict[str, Any]] = {}
    for post in posts:
        one = people.setdefault(
            post.member_id, {"name": post.full_name, "titles": [], "since": post.valid_from}
        )
        one["titles"].append(post.title)
        one["since"] = min(one["since"], post.valid_from)
    return list(people.values())


def _panels(work: Work) -> list[Any]:
    """Return what the plugins on here offer for this month."""
    return sorted(
        work.hooks.overview_panels(period=month_of(work.today)),
        key=lambda panel: (panel.order, str(panel.title)),
    )


@blueprint.view("/tree", permission=permissions.SEE, accepts=TreeQuery())
def tree(work: Work, data: dict[str, Any]) -> Any:
    """Show what stands under a unit on a day, with head counts, or as it was believed once."""
    day, known = data["as_of"] or work.today, data["known_on"]
    generation = known_on(work, known)
    size = services.size_of(work, work.unit, day, generation)
    deepest = None if size <= services.WHOLE else 2
    days = change_days(work, work.unit, work.today, generation)
    return page(
        "units/tree.html",
        title=_("Party organisations"),
        as_of=day if day != work.today else None,
        day=day,
        known=known if generation is not None else None,
        taken_back=taken_back(work, known),
        stops=stops(days, day, work.today),
        root=services.counted_tree(work, work.unit, day, deepest, generation) if size else None,
        size=size,
        is_cut=deepest is not None,
        kinds=kind_titles(work),
    )


@blueprint.view("/compare", permission=permissions.SEE, accepts=CompareQuery())
def compare_days(work: Work, data: dict[str, Any]) -> Any:
    """Show two days side by side: what began, ended, moved and changed between them."""
    days = change_days(work, work.unit, work.today)
    last = days[-1] if days else work.today
    first = data["first"] or last - timedelta(days=1)
    second = data["second"] or max(last, first)
    sizes = [services.size_of(work, work.unit, day) for day in (first, second)]
    is_small = max(sizes) <= services.COMPARED
    counts = [
        services.head_counts(work, work.unit, day).get(work.unit.id, services.NONE).total
        for day in (first, second)
    ]
    return page(
        "units/compare.html",
        title=_("Two days side by side"),
        form=Form(CompareQuery(), data={"first": first, "second": second}),
        first=first,
        second=second,
        sizes=sizes,
        counts=counts,
        found=compare(work, work.unit, first, second) if is_small else None,
        kinds=kind_titles(work),
        most=services.SHOWN_DIFFERENCES,
    )


@blueprint.view("/terminate", permission=permissions.MANAGE)
def terminate(work: Work, *, form: Form | None = None) -> Any:
    """Show the form to end this unit, and who is still there."""
    remaining = services.remaining_in(work, work.unit.id, work.today)
    first = {} if remaining.is_empty else {"moves_members": "1"}
    schema, shown = TerminateInput(), form or Form(TerminateInput(), data=first)
    offered = [one for one in unit_choices(work, permissions.MANAGE) if one[0] != work.unit.code]
    offer(shown, schema, {"successor_code": offered})
    return page(
        "units/terminate.html",
        title=_("End the unit"),
        form=shown,
        submit=_("End the unit"),
        remaining=remaining,
        below=children_exist(work, work.unit.id, work.today),
    )


@blueprint.view("/terminate", methods=["POST"], permission=permissions.MANAGE,
                accepts=TerminateInput(), form="terminate")  # fmt: skip
def terminate_post(work: Work, data: dict[str, Any]) -> Any:
    """End this unit; its members go to the unit that takes over."""
    main, others = data.pop("successor_code"), data.pop("other_codes")
    successor = find_unit(work, main, "successor_code") if main else None
    parts = [
        find_unit(work, code.strip(), "other_codes") for code in others.split(",") if code.strip()
    ]
    moved = services.end_unit(
        work,
        work.unit,
        on=data["on"],
        successor=successor,
        others=parts,
        moves_members=data["moves_members"],
        decision=decided(data),
    )
    sentence = _("The unit was ended.")
    if moved and successor is not None:
        told = _n("%(n)s member goes to %(unit)s.", "%(n)s members go to %(unit)s.", moved,
                  unit=successor.name)  # fmt: skip
        sentence = f"{sentence} {told}"
    return redirect_to("units.overview", sentence=sentence)
