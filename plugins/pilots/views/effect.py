"""Does it work? Pilot units before and after beside comparison units, drawn and in a table."""

from __future__ import annotations

import uuid
from typing import Any

from core.forms import Form
from core.i18n import NOTHING, _, format_number
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.trying import ComparisonInput
from .door import address, blueprint, filled
from .trial import trail


def shown(number: float | None, *, is_rate: bool) -> str:
    """Write a figure of a unit: percent for a share."""
    if number is None:
        return NOTHING
    return f"{format_number(round(number * 100, 1))}%" if is_rate else format_number(number)


@blueprint.view("/trials/<uuid:trial_id>/effect", permission=permissions.OVERSEE)
def effect(work: Work, trial_id: uuid.UUID) -> Any:
    """Show the comparison of a trial."""
    found = services.access_trial(work, trial_id)
    title = _("Does it work?")
    values: dict[str, Any] = {
        "title": f"{title} {found.title}",
        "trail": trail(work, (found.title, address(work, "trial", trial_id=found.id)), (title, "")),
        "trial": found,
        "is_own": found.unit_id == work.unit.id,
    }
    if not found.indicators:
        return page("pilots/effect_empty.html", **values)
    comparison = services.compare(work, found)
    return page(
        "pilots/effect.html",
        comparison=comparison,
        shown=shown,
        amount=services.amount,
        difference=difference,
        **values,
    )


def difference(number: float | None, *, is_rate: bool) -> str:
    """Write a difference with its sign."""
    return NOTHING if number is None else services.amount(number, is_rate=is_rate)


@blueprint.view("/trials/<uuid:trial_id>/effect/plan", permission=permissions.DESIGN)
def plan_effect(work: Work, trial_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form by which a trial is judged."""
    found = services.own_trial(work, trial_id)
    before, after = services.usual_periods(work, found)
    first = {
        "indicators": found.indicators,
        "before": before.key,
        "after": after.key,
        "matched": found.matched,
        "unit_ids": found.comparison_ids,
        "revision": found.revision,
    }
    back = address(work, "effect", trial_id=found.id)
    title = _("Choose what is compared")
    return page(
        "pilots/form.html",
        title=title,
        trail=trail(work, (found.title, address(work, "trial", trial_id=found.id)), (title, "")),
        form=filled(
            form,
            ComparisonInput(),
            first,
            choices={
                "indicators": services.offered(work),
                "unit_ids": [(str(p.id), p.name) for p in services.candidates(work, found)],
            },
        ),
        submit=_("Compare"),
        back=back,
    )


@blueprint.view(
    "/trials/<uuid:trial_id>/effect/plan",
    methods=["POST"],
    permission=permissions.DESIGN,
    accepts=ComparisonInput(),
    form="plan_effect",
)
def do_plan_effect(work: Work, data: dict[str, Any], trial_id: uuid.UUID) -> Any:
    """Choose what a trial is judged by."""
    found = services.own_trial(work, trial_id, revision=data.pop("revision"))
    services.plan_comparison(work, found, **data)
    return redirect_to("pilots.effect", trial_id=found.id)
