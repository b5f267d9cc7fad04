"""Documents: what this feature offers to the host; start reading here."""

from __future__ import annotations

import uuid

from core.documents import api, models, permissions, services, template_views, views
from core.documents.demo import build_demo
from core.documents.settings import settings
from core.hooks import hookimpl
from core.i18n import _, lazy
from core.pages import MenuEntry, SearchHit
from core.units.rehoming import Obligation
from core.work import Work

__all__ = ["blueprints", "constraints", "demo", "models", "settings"]

blueprints = [views.blueprint, template_views.blueprint, api.blueprint]
demo = (build_demo,)
_TAKEN = lazy("This number was taken a moment ago. Look at the register, then try again.")
# SQLite names the columns, PostgreSQL the constraint.
constraints = {"uq_core_document_no": _TAKEN, "core_document.body_code": _TAKEN}


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the register of papers, and the templates to whoever keeps them."""
    return [
        MenuEntry(
            _("Papers"), "documents.index", permissions.SEE, icon="file-earmark-text", order=60
        ),
        MenuEntry(
            _("Templates of papers"),
            "documents.templates",
            permissions.MANAGE,
            icon="file-earmark-word",
            order=88,
        ),
    ]


@hookimpl
def search_hits(work: Work, words: str, limit: int) -> list[SearchHit]:
    """Find papers by number and subject, without marks, wherever the person may see them."""
    return views.hits(work, words, limit)


@hookimpl
def obligations(work: Work, unit_ids: set[uuid.UUID]) -> list[Obligation]:
    """Offer papers that have a number and no text yet; they stay in their series."""
    return services.obligations_of(work, unit_ids)


@hookimpl
def check_unit_voiding(work: Work, unit_id: uuid.UUID) -> None:
    """Object to the voiding of a unit that has papers in its register."""
    services.check_no_papers(work, unit_id)
