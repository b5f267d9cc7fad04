"""JSON: models, how far they reach, decisions on them."""

from __future__ import annotations

from typing import Any

from core.periods import Period, year_of
from core.units.covering import told_of
from core.web import written
from core.work import Work

from .. import permissions, services
from ..schemas import output
from ..schemas.describing import ModelInput
from ..schemas.reviewing import DecisionInput
from ..schemas.taking import ListFilter, ReachFilter
from .door import blueprint


@blueprint.api("/models", permission=permissions.SEE, answers=output.ModelOutput(), many=True)
def models(work: Work) -> Any:
    """Return the models offered at a unit, and those described below it."""
    return list(services.models_in(work).values()), None


@blueprint.api("/models/<code>", permission=permissions.SEE, answers=output.ModelOutput())
def model(work: Work, code: str) -> Any:
    """Return one model as it holds at the unit."""
    return services.access_model(work, code)


@blueprint.api(
    "/models/<code>",
    methods=["PUT"],
    permission=permissions.DESIGN,
    accepts=ModelInput(),
    answers=output.ModelOutput(),
)
def describe(work: Work, data: dict[str, Any], code: str) -> Any:
    """Describe a model for the unit and everybody below; `revision` says which wording is known."""
    revision = data.pop("revision")
    data.pop("code")
    lists: dict[str, Any] = {
        "kinds": tuple(data.pop("kinds")),
        "criteria": tuple(
            {**one, "key": one["key"] or f"c{n}", "must": one["must"] == "yes"}
            for n, one in enumerate(data.pop("criteria"), 1)
        ),
        "milestones": tuple(data.pop("milestones")),
        "settings": tuple(services.typed_settings(work, data.pop("settings"))),
        "indicators": tuple(data.pop("indicators")),
        "inputs": tuple(data.pop("inputs").split("\n")),
        "rules": tuple(data.pop("rules").split("\n")),
    }
    facts = services.ModelFacts(code=code, **data, **lists)
    return written(work, services.save_model(work, facts, revision=revision))


@blueprint.api(
    "/models/<code>/reach",
    permission=permissions.OVERSEE,
    accepts=ReachFilter(),
    answers=output.ReachOutput(),
    many=True,
)
def reach(work: Work, data: dict[str, Any], code: str) -> Any:
    """Return how far a model reaches in each unit directly below."""
    as_of = told_of(data)
    period = Period.of_year(data["year"]) if data["year"] else year_of(as_of.day or work.today)
    return services.reach_by_child(work, services.access_model(work, code), period, as_of), None


@blueprint.api(
    "/decisions",
    permission=permissions.SEE,
    accepts=ListFilter(only=["model", "trial", "as_of", "restated"]),
    answers=output.DecisionOutput(),
    many=True,
)
def decisions(work: Work, data: dict[str, Any]) -> Any:
    """Return decisions on a model or a trial by this unit and those above."""
    as_of = told_of(data)
    found = services.list_decisions(work, model=data["model"], trial_id=data["trial"], as_of=as_of)
    return found, None


@blueprint.api(
    "/decisions",
    methods=["POST"],
    permission=permissions.DECIDE,
    accepts=DecisionInput(),
    answers=output.DecisionOutput(),
)
def decide(work: Work, data: dict[str, Any]) -> Any:
    """Enter a decision."""
    code, trial_id = data.pop("model_code"), data.pop("trial_id")
    trial = services.own_trial(work, trial_id) if trial_id else None
    facts = services.DecisionFacts(**data)
    found = services.decide(
        work, facts, model_code=trial.model_code if trial else code, trial=trial
    )
    return written(work, found, status=201)
