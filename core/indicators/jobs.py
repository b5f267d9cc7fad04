"""Each hour: what pages of large units usually ask, answered and kept for every process."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.access.principal import Principal, Right, Rights
from core.access.principal import job as job_actor
from core.indicators.evaluation import Question, evaluate
from core.indicators.keeping import keep, to_keep
from core.indicators.reaching import MOST_NAMED
from core.indicators.registry import SEE, registry_of
from core.indicators.remembering import forget, remembered
from core.indicators.services import course, list_offered, usual_period
from core.jobs import JobKind
from core.periods import OPEN, Period, month_of
from core.units import permissions as units
from core.units.models import UnitScope
from core.units.places import Place, visible
from core.work import Work

if TYPE_CHECKING:
    from core.system import System

MOST_UNITS = 20
"""So many units with thousands below them are prepared; others are quick."""
NAME = "indicators.keep"


def keep_figures(system: System, _payload: Mapping[str, Any]) -> int:
    """Reckon the usual figures of units that are too large to be quick; return how many answers.

    As whoever holds rights at the unit, or everywhere, sees them. What changes while this runs, or
    after it, is told to whoever reads the answers.
    """
    with system.opener.as_system(job_actor(NAME), writing=False) as work:
        places = _large(work)
        readers = list(_readers(work, places))
    rows: dict[bytes, dict[str, Any]] = {}
    for code, reader in readers:
        with system.opener.as_system(reader, writing=False, unit_code=code) as work:
            forget(work)
            _ask(work)
            rows.update(to_keep(work, remembered(work)))
    with system.opener.as_system(job_actor(NAME), writing=True) as work:
        return keep(work, rows.values())


def _large(work: Work) -> list[Place]:
    """Return the units with the most below them, where figures read everything."""
    reach = sa.func.count()
    ids = work.session.scalars(
        sa.select(UnitScope.ancestor_id)
        .where(visible(UnitScope, work.generation))
        .group_by(UnitScope.ancestor_id)
        .having(reach > MOST_NAMED)
        .order_by(reach.desc(), UnitScope.ancestor_id)
        .limit(MOST_UNITS)
    ).all()
    found = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    return [found[key] for key in ids if key in found]


def _readers(work: Work, places: list[Place]) -> Iterator[tuple[str, Principal]]:
    """Yield who reads figures where: those with all rights, and those with rights at the unit."""
    permissions = {one.permission for one in registry_of(work).values()}
    for place in places:
        yield place.code, job_actor(NAME)
        if place.id != work.session.info["root_id"]:
            yield place.code, _holder(place.id, frozenset({*permissions, SEE, units.SEE}))


def _holder(unit_id: uuid.UUID, permissions: frozenset[str]) -> Principal:
    right = Right(unit_id, True, "", permissions, frozenset(), NAME, OPEN)
    return Principal("reader", NAME, rights=Rights([right]))


def _ask(work: Work) -> None:
    """Ask what the page of figures and the overview ask at first, and every figure of a month."""
    offered = [one for one in list_offered(work, work.unit) if one.tables is not None]
    keys = [one.key for one in offered]
    if not keys:
        return
    month = month_of(work.today)
    for period in (usual_period(work), month, _before(month)):
        question = Question(work.unit, period, by="child")
        evaluate(work, keys, question)
        course(work, keys[0], question)
    work.hooks.overview_panels(period=month)


def _before(month: Period) -> Period:
    return month_of(month.start - timedelta(days=1))


jobs = [JobKind(NAME, keep_figures, limit=1800, every=timedelta(hours=1), alone=True)]
