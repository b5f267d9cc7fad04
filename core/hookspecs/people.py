"""Hooks about members."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from core.hooks import hookspec

if TYPE_CHECKING:
    from core.people import Evidence
    from core.work import Work


@hookspec
def check_member_leaving(work: Work, member_id: uuid.UUID, on: date) -> None:
    """Object to a member leaving the Party or the unit.

    Called: before an exit or a transfer is written.
    Returns: nothing; raises RuleBroken to object.
    Fails: the act stops with the plugin's sentence.
    Since: 1.0
    """


@hookspec
def check_member_voiding(work: Work, member_id: uuid.UUID) -> None:
    """Object to the voiding of a member's record on which something was built.

    Called: before a record made by mistake is voided.
    Returns: nothing; raises RuleBroken to object.
    Fails: the act stops with the plugin's sentence.
    Since: 1.0
    """


@hookspec
def members_changed(work: Work, member_ids: set[uuid.UUID]) -> None:
    """Hear that members' status, affiliation or positions changed.

    Called: after the change was written, in the same transaction, once per act.
    Returns: nothing.
    Fails: the transaction is rolled back.
    Since: 1.0
    """


@hookspec
def members_merged(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> None:
    """Hear that two records of one person became one; move what you keep about the second.

    Called: after core moved its own rows, in the same transaction. Undoing calls it with the keys
    exchanged, so keep a note of what you moved.
    Returns: nothing.
    Fails: the transaction is rolled back.
    Since: 1.0
    """


@hookspec
def evidence(work: Work, member_ids: Sequence[uuid.UUID], start: date, end: date) -> list[Evidence]:
    """Offer facts about members in a period, with their source, for whoever reviews the year.

    Called: for a set of members and a half-open span of days; answer with one grouped statement.
    Returns: a list of `core.people.Evidence`; counts and days, never a judgement.
    Fails: the plugin's facts are left out and its administrator is told.
    Since: 1.0
    """
