"""Yearly evaluation: hooks of the plugin; start reading here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.hooks import hookimpl
from core.i18n import _, lazy
from core.pages import MenuEntry, Panel, WorkCard
from core.periods import Period
from core.units.rehoming import Obligation, Rehoming
from core.work import Work

from . import api, models, permissions, services
from .datasets import datasets
from .demo import build_demo, generate_results
from .indicators import indicators
from .jobs import jobs
from .settings import settings
from .views import blueprint
from .wording import ledger_actions, ledger_fields

demo = (build_demo,)
generate = (generate_results,)
blueprints = [blueprint, api.blueprint]
roles = permissions.ROLES
TWICE = lazy("Somebody wrote a result of the same subject meanwhile. Load the page again.")
constraints = {
    "uq_evaluation_result_current": TWICE,
    # SQLite names the columns instead of the index.
    "evaluation_result.period_key, evaluation_result.subject_kind": TWICE,
    "ck_evaluation_counter_room": lazy(
        "The places of “excellent” are taken. Take one back, or enter the decision that allows"
        " more."
    ),
    "uq_evaluation_review": lazy("This subject is evaluated there already."),
    "uq_evaluation_counter": lazy("Somebody changed this campaign meanwhile. Try again."),
}


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the pages of evaluation."""
    return [
        MenuEntry(
            _("Evaluation and rating"), "evaluation.index", permissions.SEE, "clipboard-check", 30
        ),
        MenuEntry(_("My evaluations"), "evaluation.mine", permissions.OWN, "person", 31),
        MenuEntry(
            _("Results of evaluation"), "evaluation.results", permissions.RESULTS, "graph-up", 32
        ),
    ]


@hookimpl
def work_cards(work: Work) -> list[WorkCard]:
    """Offer one's self-review and what waits at the units of this person."""
    return services.work_cards_of(work)


@hookimpl
def overview_panels(work: Work, period: Period) -> list[Panel]:
    """Offer the last results."""
    return services.panels_of(work, period)


@hookimpl
def members_merged(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> None:
    """Move evaluations and results of the second record, or give them back."""
    services.move_rows(work, kept_id, merged_id)


@hookimpl
def personal_data(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Hand over levels, self-reviews, comments and appeals."""
    return services.data_of(work, member_id)


@hookimpl
def personal_data_erased(work: Work, member_id: uuid.UUID, rule: str) -> None:
    """Erase names and texts; levels stay as figures."""
    services.erase(work, member_id, rule)


@hookimpl
def check_unit_ending(work: Work, unit_id: uuid.UUID, on: date) -> None:
    """Object while a campaign of the unit is running."""
    services.object_to_ending(work, unit_id)


@hookimpl
def check_unit_voiding(work: Work, unit_id: uuid.UUID) -> None:
    """Object when anybody was evaluated there."""
    services.object_to_voiding(work, unit_id)


@hookimpl
def check_member_voiding(work: Work, member_id: uuid.UUID) -> None:
    """Object when results were built on the record."""
    services.object_to_member_voiding(work, member_id)


@hookimpl
def obligations(work: Work, unit_ids: set[uuid.UUID]) -> list[Obligation]:
    """Offer open evaluations and requests for comments."""
    return services.obligations_of(work, unit_ids)


@hookimpl
def units_replaced(work: Work, rehoming: Rehoming) -> None:
    """Let what is open go to the heirs, with the groups it counts in."""
    services.rehome(work, rehoming)


__all__ = [
    "blueprints",
    "constraints",
    "datasets",
    "indicators",
    "jobs",
    "ledger_actions",
    "ledger_fields",
    "models",
    "roles",
    "settings",
]
