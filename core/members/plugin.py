"""Members: what this feature offers to the host; start reading here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.errors import RuleBroken
from core.hooks import hookimpl
from core.i18n import _, lazy
from core.members import api, permissions, services
from core.members.datasets import datasets
from core.members.indicators import indicators
from core.members.listing import refresh_units
from core.members.services.searching import find_people
from core.members.settings import settings
from core.members.views import blueprints as pages
from core.pages import MenuEntry, SearchHit, WorkCard
from core.periods import EVER
from core.units.rehoming import Obligation
from core.work import Work

__all__ = ["constraints", "datasets", "indicators", "settings"]

blueprints = [*pages, api.blueprint, api.units]
OVERLAP = lazy("Two facts of one kind would overlap in time. Check the days.")
constraints = {
    "uq_core_member_card": lazy("The card number belongs to somebody else."),
    "core_member.card_no": lazy("The card number belongs to somebody else."),
    "ex_core_member_status_overlap": OVERLAP,
    "ex_core_affiliation_overlap": OVERLAP,
}


@hookimpl
def tree_changed(work: Work, unit_ids: set[uuid.UUID]) -> None:
    """Keep the stored list of members true when what stands above them changed."""
    refresh_units(work, unit_ids)


@hookimpl
def obligations(work: Work, unit_ids: set[uuid.UUID]) -> list[Obligation]:
    """Offer requests for a correction and contacts to be made; they follow their members."""
    return services.obligations_of(work, unit_ids)


@hookimpl
def check_unit_ending(work: Work, unit_id: uuid.UUID, on: date) -> None:
    """Object to the end of a unit to which somebody still belongs."""
    left = services.remaining_in(work, unit_id, on)
    if not left.is_empty:
        raise RuleBroken(
            _(
                "Still there on that day: %(members)s members, %(guests)s staying for a time, "
                "%(posts)s positions. Move them to another branch and end the positions first.",
                members=left.members,
                guests=left.guests,
                posts=left.posts,
            )
        )


@hookimpl
def check_unit_voiding(work: Work, unit_id: uuid.UUID) -> None:
    """Object to the voiding of a unit to which somebody belongs or belonged."""
    left = services.remaining_in(work, unit_id, EVER)
    if not left.is_empty:
        raise RuleBroken(_("Members belong or belonged to this unit; it cannot be voided, end it."))


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the list of members."""
    return [MenuEntry(_("Members"), "members.members", permissions.SEE, icon="people", order=40)]


@hookimpl
def work_cards(work: Work) -> list[WorkCard]:
    """Offer what waits about members: requests, contacts, recognitions."""
    return services.cards_of(work) if work.may(permissions.MANAGE) else []


@hookimpl
def search_hits(work: Work, words: str, limit: int) -> list[SearchHit]:
    """Find people by words of their name in any order, or by their card number."""
    return find_people(work, words, limit)


@hookimpl
def personal_data(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Hand over the record with everything dated about it."""
    return services.personal_data_of(work, member_id)


@hookimpl
def personal_data_erased(work: Work, member_id: uuid.UUID, rule: str) -> None:
    """Erase who the person was; the counts of the past stay."""
    services.erase_personal_data(work, member_id, rule)
