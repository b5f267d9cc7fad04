"""Hooks about what is kept of a person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.hooks import hookspec

if TYPE_CHECKING:
    from core.work import Work


@hookspec
def personal_data(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Hand over everything you keep about a member, as plain values.

    Called: when a person asks for their data.
    Returns: a mapping under the plugin's own key; empty when nothing is kept.
    Fails: the plugin's data are left out, and the page says so.
    Since: 1.0
    """


@hookspec
def personal_data_erased(work: Work, member_id: uuid.UUID, rule: str) -> None:
    """Erase what you keep about a member under a retention rule, keep counts.

    Called: when somebody who has left is erased under a decision, in the same transaction; also
        where your plugin is off. Erase what the ledger says about things of yours that name the
        person too (`core.ledger.erasing.erase_payload`).
    Returns: nothing.
    Fails: the transaction is rolled back.
    Since: 1.0
    """
