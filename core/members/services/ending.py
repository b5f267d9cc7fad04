"""Ending a unit together with what its members need: they move, positions end, then it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.members.services.moving import end_posts_at, move_members
from core.scope import require
from core.units import permissions
from core.units.acts import successors_of
from core.units.places import Place
from core.units.services import Decision, terminate_unit
from core.work import Work


def end_unit(
    work: Work,
    place: Place,
    *,
    on: date,
    successor: Place | None = None,
    others: Sequence[Place] = (),
    moves_members: bool = False,
    decision: Decision = Decision(),  # noqa: B008 - frozen and empty
) -> int:
    """End a unit on a day; return how many members moved to the successor.

    `on` is the first day on which it is no more. With `moves_members` everybody goes to the main
    successor and the unit's own positions end; without it, whoever is still there is an objection.
    """
    units = {place.id, *(one.id for one in (*others, *([successor] if successor else [])))}
    require(work, permissions.MANAGE, units)
    moved = 0
    if moves_members and successor is not None:
        moved = move_members(work, place, successor, on, decision_no=decision.no)
        end_posts_at(work, place, on)
    terminate_unit(
        work, place, on=on, successors=successors_of(successor, others), decision=decision
    )
    return moved
