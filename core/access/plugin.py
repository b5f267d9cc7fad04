"""Access: what this feature offers to the host; start reading here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from core.access import api, permissions
from core.access.presence import note_presence
from core.access.services import following
from core.access.settings import SPECS
from core.access.views import blueprints as pages
from core.hooks import hookimpl
from core.i18n import _, lazy
from core.pages import MenuEntry
from core.work import Work

blueprints = [*pages, api.blueprint]
settings = list(SPECS)
watchers = [note_presence]
# A branch secretary gives reset codes, so has to find the accounts of the branch.
roles = {
    "branch_secretary": [permissions.SEE, permissions.SEE_GRANTS],
    "committee_leader": [permissions.SEE],
}
_TAKEN = lazy("This user name was taken a moment ago; choose another.")
_TWICE = lazy("This member was given an account a moment ago. Load the page again.")
# SQLite names the column, PostgreSQL the constraint.
constraints = {
    "uq_core_account_username": _TAKEN,
    "core_account.username": _TAKEN,
    "uq_core_account_member_id": _TWICE,
    "core_account.member_id": _TWICE,
}


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the page of accounts and rights."""
    return [
        MenuEntry(
            _("Accounts and rights"),
            "access.accounts",
            permissions.SEE,
            icon="person-gear",
            order=90,
        )
    ]


@hookimpl
def members_changed(work: Work, member_ids: set[uuid.UUID]) -> None:
    """Let accounts follow their members: to another branch, and to an end with an exit."""
    following.follow_members(work, member_ids)


@hookimpl
def members_merged(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> None:
    """Keep one account for the one record two have become."""
    following.merge_accounts(work, kept_id, merged_id)


@hookimpl
def personal_data(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Hand over what is kept about a member's account."""
    return following.account_data(work, member_id)


@hookimpl
def personal_data_erased(work: Work, member_id: uuid.UUID, rule: str) -> None:
    """Blank the account of a member."""
    following.erase_member_account(work, member_id, rule)
