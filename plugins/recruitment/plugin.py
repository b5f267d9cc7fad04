"""Admission of members: hooks of the plugin; start reading here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core.hooks import hookimpl
from core.i18n import _, lazy
from core.pages import MenuEntry, Panel, SearchHit, WorkCard
from core.people import Evidence
from core.periods import Period
from core.units.rehoming import Obligation, Rehoming
from core.work import Work

from . import api, models, permissions, services
from .datasets import datasets
from .demo import build_demo, generate_admissions
from .indicators import indicators
from .jobs import jobs
from .settings import settings
from .views import blueprint

demo = (build_demo,)
generate = (generate_admissions,)
blueprints = [blueprint, api.blueprint]
roles = permissions.ROLES
ledger_actions = services.words.ACTS
constraints = {
    "uq_recruitment_target_once": lazy("This unit already has a target for this period."),
    "uq_recruitment_admission_once": lazy("This admission is entered already."),
    "uq_recruitment_paper_current": lazy(
        "Somebody has just entered this paper. Look at the dossier again."
    ),
    "ck_recruitment_vote_counts": lazy("The counts of the vote do not add up. Check them."),
}


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the board of dossiers and the targets."""
    return [
        MenuEntry(_("Admission"), "recruitment.index", permissions.SEE, "person-plus", 30),
        MenuEntry(
            _("Targets of admission"), "recruitment.targets", permissions.TARGET_SEE, "graph-up", 31
        ),
    ]


@hookimpl
def work_cards(work: Work) -> list[WorkCard]:
    """Offer the dossier whose clock runs out first."""
    return services.work_cards_of(work)


@hookimpl
def search_hits(work: Work, words: str, limit: int) -> list[SearchHit]:
    """Offer candidates by name."""
    return services.hits_of(work, words, limit)


@hookimpl
def overview_panels(work: Work, period: Period) -> list[Panel]:
    """Offer admissions against the target."""
    return services.panels_of(work, period)


@hookimpl
def evidence(work: Work, member_ids: Sequence[uuid.UUID], start: date, end: date) -> list[Evidence]:
    """Offer whom members introduced and helped."""
    return services.evidence_of(work, member_ids, start, end)


@hookimpl
def members_changed(work: Work, member_ids: set[uuid.UUID]) -> None:
    """Keep open dossiers true to the members' records."""
    services.follow_members(work, member_ids)


@hookimpl
def members_merged(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> None:
    """Move dossiers and admissions of the second record, or give them back."""
    services.move_rows(work, kept_id, merged_id)


@hookimpl
def check_member_voiding(work: Work, member_id: uuid.UUID) -> None:
    """Object when an admission stands on the record."""
    services.object_to_voiding_member(work, member_id)


@hookimpl
def personal_data(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Hand over the dossier, admissions, and whom the member supported."""
    return services.data_of(work, member_id)


@hookimpl
def personal_data_erased(work: Work, member_id: uuid.UUID, rule: str) -> None:
    """Erase who it was; admissions stay as counts."""
    services.erase(work, member_id, rule)


@hookimpl
def check_unit_ending(work: Work, unit_id: uuid.UUID, on: date) -> None:
    """Object while dossiers are open."""
    services.object_to_ending(work, unit_id)


@hookimpl
def check_unit_voiding(work: Work, unit_id: uuid.UUID) -> None:
    """Object when anybody was on the way there."""
    services.object_to_voiding(work, unit_id)


@hookimpl
def obligations(work: Work, unit_ids: set[uuid.UUID]) -> list[Obligation]:
    """Offer the open dossiers of units that end or take over."""
    return services.open_by_unit(work, unit_ids)


@hookimpl
def units_replaced(work: Work, rehoming: Rehoming) -> None:
    """Let open dossiers go to the units that took over."""
    services.rehome(work, rehoming)


__all__ = [
    "blueprints",
    "constraints",
    "datasets",
    "indicators",
    "jobs",
    "models",
    "roles",
    "settings",
]
