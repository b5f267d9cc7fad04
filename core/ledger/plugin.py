"""Ledger: what this feature offers to the host; start reading here."""

from __future__ import annotations

from datetime import timedelta

from core.hooks import hookimpl
from core.i18n import _
from core.jobs import JobKind
from core.ledger import api, views
from core.ledger.sealing import seal_due
from core.ledger.services import SEE
from core.ledger.wording import collect_words
from core.pages import MenuEntry
from core.work import Work

blueprints = [views.blueprint, api.blueprint]
jobs = [JobKind("ledger.seal", seal_due, limit=300, every=timedelta(minutes=1), alone=True)]
preparations = [collect_words]


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the ledger to those who may read it."""
    return [MenuEntry(_("Ledger"), "ledger.index", SEE, icon="journal-text", order=92)]
