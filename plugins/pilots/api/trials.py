"""JSON: trials, what they change, whether they work."""

from __future__ import annotations

import uuid
from typing import Any

from core.units.covering import told_of
from core.web import current, written
from core.work import Work

from .. import permissions, services
from ..schemas import output
from ..schemas.taking import ListFilter
from ..schemas.trying import ComparisonInput, ProposeJson, TrialJson
from .door import as_then, blueprint

Trial = output.TrialOutput
ONE = "/trials/<uuid:trial_id>"


@blueprint.api(
    "/trials",
    permission=permissions.OVERSEE,
    accepts=ListFilter(only=["model", "cursor", "as_of", "restated"]),
    answers=Trial(),
    many=True,
)
def trials(work: Work, data: dict[str, Any]) -> Any:
    """Return the trials of a unit and of those below it, the newest first."""
    as_of = told_of(data)
    rows, following = services.list_trials(work, as_of=as_of, **data)
    if as_of.day is None:
        return rows, following
    lines = services.trials_then(work, rows, as_of)
    then = [
        (one.trial, {"unit_id": one.place.unit_id, "state": one.state, "sunset_on": one.sunset_on})
        for one in lines
    ]
    return as_then(Trial, then), following


@blueprint.api(
    "/trials",
    methods=["POST"],
    permission=permissions.DESIGN,
    accepts=TrialJson(),
    answers=Trial(),
)
def plan(work: Work, data: dict[str, Any]) -> Any:
    """Plan a trial."""
    return written(work, services.plan_trial(work, services.TrialFacts(**data)), status=201)


@blueprint.api(ONE, permission=permissions.SEE, answers=Trial())
def trial(work: Work, trial_id: uuid.UUID) -> Any:
    """Return a trial."""
    return services.access_trial(work, trial_id)


@blueprint.api(
    ONE,
    methods=["PUT"],
    permission=permissions.DESIGN,
    accepts=TrialJson(),
    answers=Trial(),
    revised=True,
)
def change_trial(work: Work, data: dict[str, Any], trial_id: uuid.UUID, revision: int) -> Any:
    """Change a plan that has not begun."""
    found = current(services.own_trial(work, trial_id), revision)
    return written(work, services.change_trial(work, found, services.TrialFacts(**data)))


@blueprint.api(
    f"{ONE}/changes", permission=permissions.SEE, answers=output.ChangeOutput(), many=True
)
def changes(work: Work, trial_id: uuid.UUID) -> Any:
    """Return the differences of a trial, the newest first."""
    return services.list_changes(work, services.access_trial(work, trial_id)), None


@blueprint.api(
    f"{ONE}/changes",
    methods=["POST"],
    permission=permissions.DESIGN,
    accepts=ProposeJson(),
    answers=output.ChangeOutput(),
    revised=True,
)
def propose(work: Work, data: dict[str, Any], trial_id: uuid.UUID, revision: int) -> Any:
    """Propose a step of a trial: the lines say what it would change."""
    found = current(services.own_trial(work, trial_id), revision)
    return written(work, services.propose_change(work, found, **data), status=201)


@blueprint.api(
    "/changes/<uuid:change_id>", permission=permissions.SEE, answers=output.ChangeOutput()
)
def difference(work: Work, change_id: uuid.UUID) -> Any:
    """Return a difference of settings."""
    return services.access_change(work, change_id)


@blueprint.api(
    "/changes/<uuid:change_id>/approve",
    methods=["POST"],
    permission=permissions.APPROVE,
    answers=output.ChangeOutput(),
    revised=True,
)
def approve(work: Work, change_id: uuid.UUID, revision: int) -> Any:
    """Approve a difference and write it."""
    found = current(services.access_change(work, change_id), revision)
    services.approve_change(work, services.own_trial(work, found.trial_id), found)
    return written(work, found)


@blueprint.api(
    "/changes/<uuid:change_id>/withdraw",
    methods=["POST"],
    permission=permissions.DESIGN,
    answers=output.ChangeOutput(),
    revised=True,
)
def withdraw(work: Work, change_id: uuid.UUID, revision: int) -> Any:
    """Take a proposal back."""
    found = current(services.access_change(work, change_id), revision)
    return written(work, services.withdraw_change(work, found))


@blueprint.api(
    f"{ONE}/comparison",
    permission=permissions.OVERSEE,
    answers=output.ComparisonOutput(),
)
def comparison(work: Work, trial_id: uuid.UUID) -> Any:
    """Return the comparison of a trial."""
    return services.compare(work, services.access_trial(work, trial_id))


@blueprint.api(
    f"{ONE}/comparison",
    methods=["PUT"],
    permission=permissions.DESIGN,
    accepts=ComparisonInput(exclude=["revision"]),
    answers=Trial(),
    revised=True,
)
def plan_comparison(work: Work, data: dict[str, Any], trial_id: uuid.UUID, revision: int) -> Any:
    """Choose what a trial is judged by."""
    found = current(services.own_trial(work, trial_id), revision)
    return written(work, services.plan_comparison(work, found, **data))
