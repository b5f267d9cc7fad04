"""Targets of a unit and those below it: done, share, what remains, where the pace leads."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.forms import Form, PageQuery
from core.i18n import NOTHING, _, format_day, format_number
from core.settings import value
from core.units.covering import TODAY, query_of, told_of
from core.units.tree import list_children
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.forms import PeriodFilter, TargetInput
from .door import address, blueprint, filled, form_page


@blueprint.view("/targets", permission=permissions.TARGET_SEE, accepts=PeriodFilter())
def targets(work: Work, data: dict[str, Any] | None = None, form: Form | None = None) -> Any:
    """Show admissions against targets, for this unit and those directly below."""
    given = data or {}
    start, end = services.usual_period(work)
    start, end = given.get("start") or start, given.get("end") or end
    as_of = told_of(given) if given else TODAY
    found = services.target_table(work, start, end, as_of=as_of, cursor=given.get("cursor", ""))
    hidden = {"from": start.isoformat(), "to": end.isoformat()}
    kept = {**hidden, **query_of(as_of)}
    return page(
        "recruitment/targets.html",
        title=_("Targets of admission"),
        trail=[(_("Admission"), address(work, "index")), (_("Targets of admission"), "")],
        found=found,
        whole=found.whole.progress,
        group_rows=[
            (title, format_number(count), NOTHING if aim is None else format_number(aim))
            for _key, title, count, aim in found.groups
        ],
        period=f"{format_day(start)} – {format_day(end)}",
        start=start,
        end=end,
        years=_years(work, start, end),
        following=address(work, "targets", **kept, cursor=found.next) if found.next else "",
        set_href=address(work, "target", **hidden),
        is_branch=work.unit.kind == "branch",
        first_page=not given.get("cursor"),
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
        hidden=hidden,
        refused=form,
    )


def _years(work: Work, start: date, end: date) -> list[tuple[str, str, bool]]:
    """Return the years around today to choose from, and the period of the usual target."""
    usual = services.usual_period(work)
    spans = [usual] if usual[0].year != usual[1].year else []
    spans += [
        (date(y, 1, 1), date(y, 12, 31)) for y in range(work.today.year - 2, work.today.year + 2)
    ]
    return [
        (
            str(one.year) if one.year == two.year else f"{one.year}-{two.year}",
            address(work, "targets", **{"from": one.isoformat(), "to": two.isoformat()}),
            (one, two) == (start, end),
        )
        for one, two in spans
    ]


@blueprint.view("/targets/set", permission=permissions.TARGET, accepts=PeriodFilter())
def target(work: Work, data: dict[str, Any] | None = None, form: Form | None = None) -> Any:
    """Show the form that sets a target for this unit or one directly below."""
    given = data or {}
    year = work.today.year
    first = {
        "unit_id": work.unit.id,
        "period_from": given.get("start") or date(year, 1, 1),
        "period_to": given.get("end") or date(year, 12, 31),
    }
    units = [(str(work.unit.id), work.unit.name)]
    units += [(str(line.id), line.name) for line in list_children(work, work.unit)]
    groups: Mapping[str, str] = value(work, "recruitment.source_groups")
    return form_page(
        work,
        title=_("Set a target"),
        form=filled(
            form,
            TargetInput(),
            first,
            choices={"unit_id": units, "group": [("", _("All together")), *groups.items()]},
        ),
        submit=_("Save the target"),
        back=address(work, "targets"),
        trail=[(_("Targets of admission"), address(work, "targets"))],
    )


@blueprint.view(
    "/targets/set",
    methods=["POST"],
    permission=permissions.TARGET,
    accepts=TargetInput(),
    form="target",
)
def set_target(work: Work, data: dict[str, Any]) -> Any:
    """Set a target."""
    made = services.set_target(work, **data)
    return redirect_to(
        "recruitment.targets",
        sentence=_("The target is saved: %(n)s.", n=made.target),
        **{"from": made.period_from.isoformat(), "to": made.period_to.isoformat()},
    )


@blueprint.view(
    "/targets/<uuid:target_id>/remove",
    methods=["POST"],
    permission=permissions.TARGET,
    form="targets",
)
def remove_target(work: Work, target_id: uuid.UUID) -> Any:
    """Take back a target set by mistake."""
    services.remove_target(work, services.access_target(work, target_id))
    return redirect_to("recruitment.targets", sentence=_("The target is taken back."))


@blueprint.view("/quiet", permission=permissions.TARGET_SEE, accepts=PageQuery())
def quiet(work: Work, data: dict[str, Any]) -> Any:
    """Show the branches without an admission for some years."""
    lines, following = services.quiet_branches(work, cursor=data["cursor"])
    title = _("Branches without an admission for years")
    return page(
        "recruitment/quiet.html",
        title=title,
        trail=[(_("Targets of admission"), address(work, "targets")), (title, "")],
        lines=lines,
        following=address(work, "quiet", cursor=following) if following else "",
    )
