"""What was built on a plan since it was applied, and so stands in the way of reverting it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.db import LAST_GENERATION, Base, table_of
from core.errors import RuleBroken
from core.i18n import _, lazy
from core.restructuring.models import Plan
from core.settings.models import EffectiveValue
from core.units.models import (
    TreeChange,
    Unit,
    UnitAncestor,
    UnitLineage,
    UnitScope,
    UnitVersion,
)
from core.units.tracing import Batch, altered, plain
from core.work import Work

BY_GENERATION = (UnitVersion, UnitAncestor, UnitScope, UnitLineage)
SHOWN = 20
WORDS = {
    "core_affiliation": lazy("where members belong"),
    "core_member": lazy("records of members"),
    "core_position": lazy("positions"),
    "core_grant": lazy("rights"),
    "core_account": lazy("accounts"),
    "core_api_token": lazy("tokens of programs"),
    "core_setting": lazy("settings"),
    "core_document": lazy("papers in the register"),
    "core_unit_version": lazy("units"),
    "core_plan": lazy("plans of restructuring"),
}


def begun_by(batches: Iterable[Batch]) -> set[uuid.UUID]:
    """Return the units that began by a plan."""
    unit = table_of(Unit).name
    return {
        uuid.UUID(entry.key[0])
        for batch in batches
        if batch.table == unit
        for entry in batch.entries
    }


def find_obstacles(
    work: Work, plan: Plan, placed: set[uuid.UUID], batches: Sequence[Batch]
) -> list[str]:
    """Return, as sentences, what must be undone before the plan can be reverted."""
    generation = int(plan.generation or 0)
    found = [*_changed_later(work, generation, placed)]
    found.extend(_named_since(work, generation, begun_by(batches), batches))
    for table, number in altered(work, batches).items():
        found.append(
            _(
                "%(n)s × %(what)s were changed since; put that back first.",
                n=number,
                what=WORDS.get(table, table),
            )
        )
    try:
        hooks = work.hooks.of_all
        hooks.check_plan_reverting(unit_ids=placed)
    except RuleBroken as objection:
        found.append(objection.sentence)
    return found


def _changed_later(work: Work, generation: int, placed: set[uuid.UUID]) -> Iterator[str]:
    """Name the units whose facts or place were changed after the plan."""
    units: set[uuid.UUID] = set()
    for chunk in chunked(sorted(placed)):
        for model in (UnitVersion, UnitAncestor):
            units.update(work.session.scalars(_touched(model, generation, chunk)))
    if units:
        places = work.host.places.by_ids(
            work.session, sorted(units)[:SHOWN], work.today, work.generation
        )
        names = ", ".join(sorted(f"{p.name} ({p.code})" for p in places.values()))
        yield _(
            "%(n)s units were changed since: %(units)s. Put that back first.",
            n=len(units),
            units=names,
        )


def _touched(model: Any, generation: int, units: Sequence[uuid.UUID]) -> Any:
    """Select the units whose rows of a generation were ended, or followed by newer ones."""
    ours = sa.orm.aliased(model)
    return (
        sa.select(model.unit_id)
        .where(
            model.unit_id.in_(units),
            sa.or_(
                sa.and_(model.gen_from == generation, model.gen_to < LAST_GENERATION),
                model.gen_from > generation,
            ),
            sa.exists().where(
                ours.unit_id == model.unit_id,
                sa.or_(ours.gen_from == generation, ours.gen_to == generation),
            ),
        )
        .distinct()
    )


def _named_since(
    work: Work, generation: int, begun: set[uuid.UUID], batches: Sequence[Batch]
) -> Iterator[str]:
    """Count, table by table, rows that name a unit which began by the plan."""
    if not begun:
        return
    ours: dict[str, set[tuple[Any, ...]]] = {}
    for batch in batches:
        ours.setdefault(batch.table, set()).update(tuple(e.key) for e in batch.entries)
    for table, column in _references():
        known = ours.get(table.name, set())
        number = sum(
            _count(work, generation, table, column, chunk, known) for chunk in chunked(begun)
        )
        if number:
            yield _(
                "%(n)s × %(what)s belong to a unit that began by this plan. Move or remove "
                "them first.",
                n=number,
                what=WORDS.get(table.name, table.name),
            )


def _references() -> Iterator[tuple[sa.Table, sa.Column[Any]]]:
    """Yield every column that names a unit, but those that are reckoned from others."""
    passed_over = {table_of(EffectiveValue).name, table_of(Unit).name}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if table.name not in passed_over and any(
                key.column is table_of(Unit).c.id for key in column.foreign_keys
            ):
                yield table, column


def _count(
    work: Work,
    generation: int,
    table: sa.Table,
    column: sa.Column[Any],
    units: Sequence[uuid.UUID],
    ours: set[tuple[Any, ...]],
) -> int:
    """Count the rows of a table that name units and that the plan did not write."""
    keys = list(table.primary_key)
    statement = sa.select(*keys).where(column.in_(units))
    if table in {table_of(model) for model in BY_GENERATION}:
        statement = statement.where(table.c.gen_from != generation)
    elif table is table_of(TreeChange):
        statement = statement.where(table.c.generation != generation)
    rows = work.session.execute(
        statement.execution_options(unscoped="what was built on a plan of restructuring")
    )
    return sum(tuple(plain(value) for value in row) not in ours for row in rows)
