"""Settings: what this feature offers to the host; start reading here."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from core.hooks import hookimpl
from core.i18n import _
from core.jobs import JobKind
from core.pages import MenuEntry
from core.settings import api, views
from core.settings.effective import ensure_effective, follow_tree
from core.settings.permissions import SEE
from core.work import Work


def reckon_missing(work: Work, _payload: Any) -> None:
    """Reckon settings that nobody has reckoned yet, such as those of a module just added."""
    ensure_effective(work)


blueprints = [views.blueprint, api.blueprint]
jobs = [JobKind("settings.reckon", reckon_missing, limit=600, every=timedelta(days=1))]


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the settings to those who may read them."""
    return [MenuEntry(_("Settings"), "settings.index", SEE, icon="sliders", order=90)]


@hookimpl
def tree_changed(work: Work, unit_ids: set[uuid.UUID]) -> None:
    """Reckon effective values anew where what stands above a unit changed."""
    follow_tree(work, [spec.key for spec in work.host.settings if spec.in_sql], unit_ids)
