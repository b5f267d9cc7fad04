"""What becomes of open things when units end: they go to whoever took over."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.errors import RuleBroken
from core.i18n import LazyText, _, lazy
from core.units.models import UnitLineage
from core.units.places import visible
from core.units.rehoming import Obligation, Rehoming
from core.work import Work

from ..models import Change, Registration, Review, Trial
from .shapes import Key

OPEN: tuple[tuple[str, LazyText, type[Any], Any], ...] = (
    (
        "pilots.registrations",
        lazy("Registrations for models"),
        Registration,
        Registration.ended_on.is_(None),
    ),
    ("pilots.trials", lazy("Trials"), Trial, Trial.state.in_(("planned", "running"))),
    ("pilots.changes", lazy("Proposals to approve"), Change, Change.state == "proposed"),
    ("pilots.reviews", lazy("Reviews not sent"), Review, Review.sent_at.is_(None)),
)


def obligations_of(work: Work, unit_ids: set[Key]) -> list[Obligation]:
    """Return how much of each sort is open in units that end or take over; one statement."""
    parts = [
        sa.select(
            sa.literal_column(str(number)).label("sort"), model.unit_id, sa.func.count().label("n")
        )
        .where(model.unit_id.in_(unit_ids), condition)
        .group_by(model.unit_id)
        for number, (_kind, _title, model, condition) in enumerate(OPEN)
    ]
    together = sa.union_all(*parts).subquery("open")
    rows = work.session.execute(
        sa.select(together).execution_options(unscoped="counting what a restructuring moves")
    )
    return [
        Obligation(OPEN[number][0], str(OPEN[number][1]), unit_id, n) for number, unit_id, n in rows
    ]


def move_open(work: Work, rehoming: Rehoming) -> None:
    """Let everything open go to the units that took over; what was given as settings stays put.

    The settings of a trial stay with the units that were chosen for it.
    """
    for _kind, _title, model, condition in OPEN:
        rehoming.move(model, condition)


def object_to_ending(work: Work, unit_id: Key) -> None:
    """Object to the end of a unit that runs a trial and has nobody to take it over."""
    title = work.session.scalar(
        sa.select(Trial.title)
        .where(Trial.unit_id == unit_id, Trial.state == "running", Trial.sunset_on > work.today)
        .limit(1)
        .execution_options(unscoped="whether anything of a unit is open, whoever ends it")
    )
    if title is None:
        return
    heir = work.session.scalar(
        sa.select(UnitLineage.id)
        .where(UnitLineage.predecessor_id == unit_id, visible(UnitLineage, work.generation))
        .limit(1)
    )
    if heir is None:
        raise RuleBroken(
            _("The unit runs the trial “%(title)s”. End the trial first.", title=title)
        )
