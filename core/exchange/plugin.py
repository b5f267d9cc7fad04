"""Exchange: what this feature offers to the host; start reading here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.exchange import api, views
from core.exchange.permissions import IMPORT
from core.exchange.privacy import erase_rows, rows_about
from core.exchange.registry import collect
from core.exchange.uploads import purge
from core.hooks import hookimpl
from core.i18n import _, lazy
from core.jobs import JobKind
from core.pages import MenuEntry
from core.work import Work

blueprints = [views.blueprint, api.blueprint]
preparations = [collect]
jobs = [JobKind("exchange.purge", purge, limit=60, every=timedelta(hours=1))]
ledger_actions = {
    "exchange.imported": lazy("Imported a file"),
    "exchange.undone": lazy("Took an import back"),
    "exchange.record_imported": lazy("Changed by an import"),
    "exchange.record_taken_back": lazy("Change by an import taken back"),
}


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer import and export to those who import; others find “Excel” beside each list."""
    return [
        MenuEntry(
            _("Import and export"), "exchange.index", IMPORT, icon="file-earmark-excel", order=80
        )
    ]


@hookimpl
def personal_data(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Hand over in which imports a member's record was changed."""
    return rows_about(work, member_id)


@hookimpl
def personal_data_erased(work: Work, member_id: uuid.UUID, rule: str) -> None:
    """Erase what imports remember of a member; the counts stay."""
    erase_rows(work, member_id)
