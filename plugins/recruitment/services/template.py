"""The steps that hold at a place on a day, and where a stage lies among them."""

from __future__ import annotations

from datetime import date

from core.settings import explain
from core.units.places import Place
from core.work import Work

from ..settings import STAGES
from .shapes import Step, Template


def template_at(work: Work, place: Place | None = None, on: date | None = None) -> Template:
    """Return the dossier of a place on a day, from its settings; no statement when warm."""
    found = explain(work, "recruitment.dossier", place, on)
    steps = tuple(
        Step(
            key=step["key"],
            title=step["title"],
            stage=step["stage"],
            kind=step.get("kind", "paper"),
            who=step["who"],
            form=step.get("form", ""),
            validity=step.get("validity", ""),
            may_not_apply=bool(step.get("may_not_apply", False)),
        )
        for step in found.value
    )
    there = {step.stage for step in steps}
    stages = tuple(stage for stage in STAGES if stage in there)
    source = found.given.document_no if found.given else found.default_source
    return Template(steps, stages, source)


def mapped_stage(template: Template, stage: str) -> str:
    """Return a stage of this template: the same, else the nearest one before it."""
    if stage in template.stages:
        return stage
    wanted = STAGES.index(stage)
    before = [one for one in template.stages if STAGES.index(one) < wanted]
    return before[-1] if before else template.stages[0]


def next_stage(template: Template, stage: str) -> str | None:
    """Return the stage after one, or None after the last."""
    at = STAGES.index(stage)
    return next((one for one in template.stages if STAGES.index(one) > at), None)


def previous_stage(template: Template, stage: str) -> str | None:
    """Return the stage before one, or None before the first."""
    at = STAGES.index(stage)
    before = [one for one in template.stages if STAGES.index(one) < at]
    return before[-1] if before else None


def is_by(stage: str, last: str) -> bool:
    """Whether a stage comes no later than another."""
    return STAGES.index(stage) <= STAGES.index(last)
