"""Indicators: what this feature offers to the host; start reading here."""

from __future__ import annotations

from core.hooks import hookimpl
from core.i18n import _
from core.indicators import api, models, views
from core.indicators.jobs import jobs
from core.indicators.registry import SEE, collect
from core.pages import MenuEntry
from core.work import Work

__all__ = ["blueprints", "jobs", "models", "preparations"]

blueprints = [views.blueprint, api.blueprint]
preparations = [collect]


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the page of figures."""
    return [MenuEntry(_("Figures"), "indicators.index", SEE, icon="bar-chart", order=60)]
