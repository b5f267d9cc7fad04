"""Hooks about the organisation tree."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from core.hooks import hookspec

if TYPE_CHECKING:
    from core.work import Work


@hookspec
def tree_changed(work: Work, unit_ids: set[uuid.UUID]) -> None:
    """Hear that units, or what stands above them, changed.

    Called: after versions and ancestors were written, in the same transaction, once per act.
    Returns: nothing.
    Fails: the transaction is rolled back.
    Since: 1.0
    """


@hookspec
def check_unit_ending(work: Work, unit_id: uuid.UUID, on: date) -> None:
    """Object to the end of a unit in which something of yours is still open.

    Called: before a unit ends; its successors are already in the lineage.
    Returns: nothing; raises RuleBroken to object.
    Fails: the act stops with the plugin's sentence.
    Since: 1.0
    """


@hookspec
def check_unit_voiding(work: Work, unit_id: uuid.UUID) -> None:
    """Object to the voiding of a unit on which something was built.

    Called: before a unit made by mistake is voided.
    Returns: nothing; raises RuleBroken to object.
    Fails: the act stops with the plugin's sentence.
    Since: 1.0
    """
