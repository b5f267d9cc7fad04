"""Settings: what this feature offers to the host; start reading here."""

from __future__ import annotations

import uuid

from core.hooks import hookimpl
from core.i18n import _
from core.pages import MenuEntry
from core.settings import api, views
from core.settings.effective import rebuild_effective
from core.settings.permissions import SEE
from core.work import Work

blueprints = [views.blueprint, api.blueprint]


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the settings to those who may read them."""
    return [MenuEntry(_("Settings"), "settings.index", SEE, icon="sliders", order=90)]


@hookimpl
def tree_changed(work: Work, unit_ids: set[uuid.UUID]) -> None:
    """Reckon effective values anew where what stands above a unit changed."""
    rebuild_effective(work, [spec.key for spec in work.host.settings if spec.in_sql], unit_ids)
