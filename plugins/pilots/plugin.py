"""Pilot models: hooks of the plugin; start reading here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.hooks import hookimpl
from core.i18n import _, lazy
from core.pages import MenuEntry, Panel, SearchHit, WorkCard
from core.periods import Period
from core.units.rehoming import Obligation, Rehoming
from core.work import Work

from . import api, models, permissions, services
from .datasets import datasets
from .demo import build_demo, generate_registrations
from .indicators import indicators
from .jobs import jobs
from .settings import settings
from .views import blueprint

demo = (build_demo,)
generate = (generate_registrations,)
blueprints = [blueprint, api.blueprint]
roles = permissions.ROLES
constraints = {
    "uq_pilots_milestone_once": lazy("Somebody has just entered this milestone. Look again."),
    "pilots_milestone.registration_id, pilots_milestone.title": lazy(
        "Somebody has just entered this milestone. Look again."
    ),
    "uq_pilots_model_unit_code": lazy("This unit has described a model with this code already."),
    "pilots_model.unit_id, pilots_model.code": lazy(
        "This unit has described a model with this code already."
    ),
    "uq_pilots_change_one_open": lazy(
        "A proposal waits already. Approve it or take it back first."
    ),
    "pilots_change.trial_id": lazy("A proposal waits already. Approve it or take it back first."),
    "ck_pilots_registration_vote": lazy(
        "The counts do not fit: in favour ≤ present ≤ entitled. Count them again."
    ),
}
ledger_actions = {
    "pilots.model_described": lazy("Described a model"),
    "pilots.model_changed": lazy("Changed the description of a model"),
    "pilots.registered": lazy("Registered for a model"),
    "pilots.selected": lazy("Chose a unit for a model"),
    "pilots.registration_ended": lazy("Ended a registration for a model"),
    "pilots.input_given": lazy("Entered what was given for a model"),
    "pilots.milestone_reached": lazy("Entered a milestone of a model as reached"),
    "pilots.milestone_taken_back": lazy("Took a milestone of a model back"),
    "pilots.scored": lazy("Scored a unit by a model's sheet"),
    "pilots.recognised": lazy("Recognised a unit in a model"),
    "pilots.refused": lazy("Did not recognise a unit in a model"),
    "pilots.review_written": lazy("Wrote a review of a model"),
    "pilots.review_changed": lazy("Changed a review of a model"),
    "pilots.review_sent": lazy("Sent a review of a model"),
    "pilots.decided": lazy("Entered a decision on a model"),
    "pilots.trial_planned": lazy("Planned a trial"),
    "pilots.trial_changed": lazy("Changed the plan of a trial"),
    "pilots.trial_ended": lazy("A trial came to its end"),
    "pilots.comparison_planned": lazy("Chose how a trial is compared"),
    "pilots.change_proposed": lazy("Proposed what a trial changes"),
    "pilots.change_approved": lazy("Approved what a trial changes"),
    "pilots.change_withdrawn": lazy("Took back what a trial would change"),
}


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the pages of pilot models."""
    entries = [MenuEntry(_("Pilot models"), "pilots.index", permissions.SEE, "lightbulb", 50)]
    if work.unit.kind != "branch":
        entries.append(
            MenuEntry(_("Trials"), "pilots.trials", permissions.OVERSEE, "clipboard-data", 51)
        )
    return entries


@hookimpl
def work_cards(work: Work) -> list[WorkCard]:
    """Offer what is to be scored, recognised or decided."""
    return services.cards_of(work)


@hookimpl
def search_hits(work: Work, words: str, limit: int) -> list[SearchHit]:
    """Offer models and trials by their titles."""
    return services.hits_of(work, words, limit)


@hookimpl
def overview_panels(work: Work, period: Period) -> list[Panel]:
    """Offer how far the models with most units reach."""
    return services.panels_of(work, period)


@hookimpl
def obligations(work: Work, unit_ids: set[uuid.UUID]) -> list[Obligation]:
    """Offer what is open in units that end or take over."""
    return services.obligations_of(work, unit_ids)


@hookimpl
def units_replaced(work: Work, rehoming: Rehoming) -> None:
    """Let everything open go to the units that took over."""
    services.move_open(work, rehoming)


@hookimpl
def check_unit_ending(work: Work, unit_id: uuid.UUID, on: date) -> None:
    """Object while the unit runs a trial that nobody takes over."""
    services.object_to_ending(work, unit_id)


@hookimpl
def check_unit_voiding(work: Work, unit_id: uuid.UUID) -> None:
    """Object when the unit took part in a model."""
    services.object_to_voiding(work, unit_id)


@hookimpl
def members_merged(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> None:
    """Move what the second record guides, or give it back."""
    services.move_rows(work, kept_id, merged_id)


@hookimpl
def personal_data(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Hand over what a member guides."""
    return services.data_of(work, member_id)


@hookimpl
def personal_data_erased(work: Work, member_id: uuid.UUID, rule: str) -> None:
    """Erase who guides; registrations stay."""
    services.erase(work, member_id)


__all__ = [
    "blueprints",
    "constraints",
    "datasets",
    "indicators",
    "jobs",
    "ledger_actions",
    "models",
    "roles",
    "settings",
]
