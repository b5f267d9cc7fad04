"""Units: what this feature offers to the host; start reading here."""

from __future__ import annotations

from core.hooks import hookimpl
from core.i18n import _
from core.pages import MenuEntry, SearchHit
from core.units import api, permissions, views
from core.units.datasets import datasets
from core.units.history import kind_titles
from core.units.tree import search_units
from core.work import Work

__all__ = ["datasets"]

blueprints = [views.blueprint, api.blueprint]


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the overview and, above branches, the tree."""
    entries = [
        MenuEntry(_("Overview"), "units.overview", permissions.SEE, icon="house-door", order=10)
    ]
    if work.unit.kind not in ("branch", "group"):
        entries.append(
            MenuEntry(
                _("Party organisations"), "units.tree", permissions.SEE, icon="diagram-3", order=30
            )
        )
    return entries


@hookimpl
def search_hits(work: Work, words: str, limit: int) -> list[SearchHit]:
    """Find units by name or code, without marks."""
    found = search_units(work, words, limit)
    kinds = kind_titles(work) if found else {}
    return [
        SearchHit(
            kind=_("Party organisations"),
            title=line.name,
            text=f"{kinds.get(line.kind, line.kind)} · {line.code}",
            endpoint="units.overview",
            values={"unit": line.code},
            icon="building",
            order=20,
        )
        for line in found
    ]
