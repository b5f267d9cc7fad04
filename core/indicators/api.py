"""Figures for programs."""

from __future__ import annotations

from typing import Any

from core.indicators.evaluation import Question, evaluate
from core.indicators.registry import SEE
from core.indicators.schemas import FigureOutput, FiguresQuery, question_of
from core.web import PluginBlueprint
from core.work import Work

blueprint = PluginBlueprint("indicators", is_core=True)


@blueprint.api("/", permission=SEE, accepts=FiguresQuery(), answers=FigureOutput(), many=True)
def list_figures(work: Work, data: dict[str, Any]) -> Any:
    """Reckon figures of a unit for a period."""
    question = Question(work.unit, data["period"], **question_of(data))
    return evaluate(work, data["key"], question), None
