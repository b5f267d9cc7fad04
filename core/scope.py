"""Scope: which rows of unit-scoped models a session shows, and where a plugin is on."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql.selectable import FromClause

from core.db import Base, scoped_model
from core.errors import Forbidden, NotFound
from core.i18n import _
from core.plugin_host import switch_key
from core.settings.effective import effective_on
from core.settings.resolving import current
from core.units.models import UnitScope
from core.units.places import Place, visible
from core.work import Work

MARK = "/* scoped */"
ROOTS_AS_LITERALS = 400


def scoped_tables() -> dict[sa.Table, type[Any]]:
    """Return the tables of all models that belong to units."""
    tables = Base.metadata.tables.values()
    return {table: model for table in tables if (model := scoped_model(table)) is not None}


def plugin_of(table: sa.Table, names: Iterable[str]) -> str | None:
    """Return the plugin a table belongs to, or None for core's; a name may hold underscores."""
    if table.name.startswith("core_"):
        return None
    found = [name for name in names if table.name.startswith(f"{name}_")]
    return max(found, key=len) if found else table.name.partition("_")[0]


def reached(work: Work, permission: str, unit_column: Any) -> sa.ColumnElement[bool] | None:
    """Condition: the permission is held at the unit of the row; None when it is held everywhere."""
    actor = work.actor
    if actor.is_system:
        return None
    roots = actor.roots(permission)
    whole = [unit_id for unit_id, with_subtree in roots if with_subtree]
    if work.session.info.get("root_id") in whole:
        return None
    alone = [unit_id for unit_id, with_subtree in roots if not with_subtree]
    conditions: list[sa.ColumnElement[bool]] = []
    if whole:
        conditions.append(
            sa.exists()
            .where(
                UnitScope.unit_id == unit_column,
                UnitScope.ancestor_id.in_(whole),
                visible(UnitScope, work.generation),
            )
            .correlate_except(UnitScope)
        )
    if alone:
        conditions.append(unit_column.in_(alone))
    return sa.or_(*conditions) if conditions else sa.false()


def switched_on(work: Work, plugin: str, unit_column: Any) -> sa.ColumnElement[bool] | None:
    """Condition: the plugin is on at the unit of the row; None when it is on everywhere."""
    found = work.host.plugins.get(plugin)
    if found is None or not found.is_sound:
        return sa.false()
    key = switch_key(plugin)
    given = current(work).units_with(key)
    if given <= {work.session.info.get("root_id")}:
        root = work.session.info.get("root_place")
        on = work.host.is_on(work, plugin, root) if root is not None else True
        return None if on else sa.false()
    return effective_on(key, unit_column, work.today)


Root = tuple[FromClause, type[Any]]
_known_roots: dict[Any, tuple[Root, ...]] = {}
MOST_KNOWN = 4000


def _scoped_roots(statement: Any) -> tuple[Root, ...]:
    """Return the scoped tables that stand first in each FROM of a statement, and their models.

    They are found once for all statements of one shape: finding them means compiling the
    statement, 1.1 ms, where the key of its shape takes 0.1. A statement keeps its key, which is
    asked for again when it is sent.
    """
    key = statement._generate_cache_key()  # noqa: SLF001 - what SQLAlchemy's own caches go by
    found = _known_roots.get(key.key) if key is not None else None
    if found is None:
        found = tuple(_found_roots(statement))
        # An alias is another object in every statement; a table is always the same.
        if key is not None and all(isinstance(source, sa.Table) for source, _model in found):
            if len(_known_roots) >= MOST_KNOWN:
                _known_roots.clear()
            _known_roots[key.key] = found
    return found


def _found_roots(statement: Any) -> Iterable[Root]:
    """Find the leftmost table of each FROM, or its alias, where its rows belong to units."""
    for from_ in statement.get_final_froms():
        current = from_
        while isinstance(current, sa.Join):
            current = current.left
        model = scoped_model(current.element if isinstance(current, sa.Alias) else current)
        if model is not None:
            yield current, model


def scoped(work: Work, statement: Any) -> Any:
    """Return the statement narrowed to the rows this work may see, with the mark."""
    narrower = [
        condition
        for source, model in _scoped_roots(statement)
        for condition in conditions(work, model, source.c.unit_id)
    ]
    if not narrower:
        return _explained(statement, MARK)
    return statement.where(*narrower).prefix_with(MARK)


def conditions(work: Work, model: type[Any], column: Any) -> list[sa.ColumnElement[bool]]:
    """Return both predicates for a model: rights reach the row, its plugin is on there."""
    result = [reached(work, model.__see__, column)]
    plugin = plugin_of(model.__table__, work.host.plugins)
    if plugin is not None:
        result.append(switched_on(work, plugin, column))
    return [condition for condition in result if condition is not None]


def install(session: Session, work: Work) -> None:
    """Make a session apply the predicate to every select of a unit-scoped model."""
    session.info["scope"] = work


@sa.event.listens_for(Session, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    """Narrow what a session with a work reads; one listener for all, for each session would pay."""
    work = state.session.info.get("scope")
    if work is None or not state.is_select:
        return
    if state.is_column_load or state.is_relationship_load:
        return
    reason = state.execution_options.get("unscoped")
    statement = state.statement
    if not isinstance(statement, sa.Select):
        return
    if reason:
        state.statement = _explained(statement, f"/* unscoped: {reason} */")
    elif _scoped_roots(statement):
        state.statement = scoped(work, statement)


_said: WeakKeyDictionary[Any, tuple[str, Any]] = WeakKeyDictionary()


def _explained(statement: Any, reason: str) -> Any:
    """Return a statement that says why it is as it is; one built once is told once."""
    said, found = _said.get(statement, ("", None))
    if said != reason:
        found = statement.prefix_with(reason)
        _said[statement] = (reason, found)
    return found


def require(work: Work, permission: str, units: Iterable[uuid.UUID]) -> dict[uuid.UUID, Place]:
    """Check a permission at several units at once; every write that names units calls this.

    Unknown and invisible units are not found, visible ones without the permission forbidden.
    """
    wanted = set(units)
    places = work.host.places.by_ids(work.session, wanted, work.today, work.generation)
    if wanted - set(places) or not all(work.actor.sees(place) for place in places.values()):
        raise NotFound(_("There is no such unit, or this account may not see it."))
    refused = [place.name for place in places.values() if not work.actor.may(permission, place)]
    if refused:
        raise Forbidden(
            _(
                "You have not been given the right to do this at %(units)s.",
                units=", ".join(refused[:5]),
            )
        )
    return places


def roots_for(work: Work, permission: str, unit: Place) -> Sequence[tuple[uuid.UUID, bool]]:
    """Return from which units a list for a place is read: itself, or the roots held below it."""
    below = work.actor.roots_below(permission, unit)
    if below is None:
        return [(unit.id, True)]
    ids = [unit_id for unit_id, _subtree in below]
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    inside = [
        (unit_id, subtree)
        for unit_id, subtree in below
        if unit_id in places and unit.id in places[unit_id].path
    ]
    whole = {unit_id for unit_id, subtree in inside if subtree}
    return [
        (unit_id, subtree)
        for unit_id, subtree in inside
        if not any(
            above in whole for above in places[unit_id].path if above != unit_id or not subtree
        )
    ]
