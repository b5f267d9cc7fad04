"""Restructuring: what this feature offers to the host; start reading here."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from core.hooks import hookimpl
from core.i18n import _
from core.jobs import JobKind
from core.pages import MenuEntry, WayOn, WorkCard
from core.restructuring import api, permissions, services, views
from core.restructuring.services import apply_due
from core.units.rehoming import Obligation, Rehoming
from core.work import Work

blueprints = [views.blueprint, api.blueprint]
jobs = [
    JobKind(
        "restructuring.due",
        apply_due,
        limit=4 * 3600,
        every=timedelta(minutes=10),
        alone=True,
        tries=1,
    )
]

DRAFTS = [permissions.SEE, permissions.DRAFT, permissions.MERGE]
DECIDES = [permissions.SEE, permissions.APPROVE, permissions.APPLY]
roles = {
    "commune_staff": DRAFTS,
    "province_organisation": [*DRAFTS, permissions.APPLY],
    "committee_leader": DECIDES,
    "administrator": [permissions.SEE],
    "auditor": [permissions.SEE],
}


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the plans, above branches."""
    if work.unit.kind in ("branch", "group"):
        return []
    return [
        MenuEntry(
            _("Restructuring"),
            "restructuring.index",
            permissions.SEE,
            icon="signpost-split",
            order=32,
        )
    ]


@hookimpl
def work_cards(work: Work) -> list[WorkCard]:
    """Offer plans that wait for approval."""
    return services.cards_of(work)


@hookimpl
def obligations(work: Work, unit_ids: set[uuid.UUID]) -> list[Obligation]:
    """Offer other plans that wait at units which end."""
    return services.obligations_of(work, unit_ids)


@hookimpl
def tree_taken_back(work: Work, at: datetime) -> list[str]:
    """Offer plans that had been applied by then and were reverted since."""
    return services.reverted_since(work, at)


@hookimpl
def unit_not_there(work: Work, code: str) -> list[WayOn]:
    """Offer the plan that had made a unit and was reverted, and what the unit was made of."""
    return services.ways_from(work, code)


@hookimpl
def units_replaced(work: Work, rehoming: Rehoming) -> None:
    """Let other plans stand at the unit that took over."""
    services.hand_on(work, rehoming)
