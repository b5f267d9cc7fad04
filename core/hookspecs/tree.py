"""Hooks about the organisation tree."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from core.hooks import hookspec

if TYPE_CHECKING:
    from core.pages import WayOn
    from core.units.rehoming import Obligation, Rehoming
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


@hookspec
def obligations(work: Work, unit_ids: set[uuid.UUID]) -> list[Obligation]:
    """Offer what is still open in units that end, or that take over: never lose it, never twice.

    Called: for all units of a plan of restructuring, when it is checked, before and after it is
    applied, for every loaded plugin, wherever it is on; one grouped statement.
    Returns: `core.units.rehoming.Obligation`s, one for each unit and sort that has any.
    Fails: the plan is not applied; a page leaves the plugin's counts out.
    Since: 1.0
    """


@hookspec
def units_replaced(work: Work, rehoming: Rehoming) -> None:
    """Hear that units ended and who took over; move what is open with `rehoming.move`.

    Called: once for each plan applied, after the tree and the members were written, in the same
    transaction, for every loaded plugin; what is done with `rehoming` is taken back by itself.
    Returns: nothing.
    Fails: the transaction is rolled back.
    Since: 1.0
    """


@hookspec
def check_plan_reverting(work: Work, unit_ids: set[uuid.UUID]) -> None:
    """Object to the reverting of a plan because something was built on it.

    Called: with the units that began, ended or changed by it, before anything is taken back; rows
    that name a unit which began by the plan are found without this hook.
    Returns: nothing; raises RuleBroken to object.
    Fails: the act stops with the plugin's sentence.
    Since: 1.0
    """


@hookspec
def tree_taken_back(work: Work, at: datetime) -> list[str]:
    """Offer what had been done to the tree by an instant and was taken back without a trace since.

    Called: where the tree is shown as it was known on a past day.
    Returns: sentences, each naming what it was and when it was taken back.
    Fails: the plugin's sentences are left out.
    Since: 1.1
    """


@hookspec
def unit_not_there(work: Work, code: str) -> list[WayOn]:
    """Offer what one knows of a unit that is named in an address and is not there at all.

    Called: before a page says that there is no such page, never for a unit that is there and may
    not be seen. `work` stands at the root with the rights of whoever asks: tell no more than they
    may see.
    Returns: `core.pages.WayOn`s: sentences, and links that lead on.
    Fails: the page says only that there is no such page.
    Since: 1.1
    """
