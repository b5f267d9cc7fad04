"""Modules: what this feature offers to the host; start reading here."""

from __future__ import annotations

from core.hooks import hookimpl
from core.i18n import _
from core.modules import api, views
from core.pages import MenuEntry
from core.settings.permissions import SWITCH
from core.work import Work

blueprints = [views.blueprint, api.blueprint]


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the modules to those who may switch them."""
    return [MenuEntry(_("Modules by unit"), "modules.index", SWITCH, icon="toggles", order=91)]
