"""Writing what rows of an import change, set by set, and taking it back exactly or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import sqlalchemy as sa

from core.chunks import chunked
from core.db import Base
from core.exchange.rows import Change, folded, reversed_changes
from core.i18n import LazyText, _, lazy
from core.rows import insert_rows
from core.work import Work

Place = tuple[str, tuple[Any, ...]]
"""A row of a table: the table's name and the values of its primary key."""
Obstacle = tuple[Place, str]

UNSCOPED = "taking an import back; the right was asked for at the unit of each of its rows"
KINDS: Mapping[str, LazyText] = {
    "core_account": lazy("an account"),
    "core_affiliation": lazy("a stay in a unit"),
    "core_grant": lazy("a right that was given"),
    "core_member": lazy("a member"),
    "core_member_condition": lazy("a note of being away or excused"),
    "core_member_correction": lazy("a request for a correction"),
    "core_member_merge": lazy("a merging of two records"),
    "core_member_status": lazy("a status"),
    "core_position": lazy("a position"),
    "core_setting": lazy("a setting"),
    "core_unit_lineage": lazy("a descent from another unit"),
    "core_unit_version": lazy("a unit"),
}


class Writer(Protocol):
    """Writes changes and takes them back; datasets of ordinary tables need none of their own."""

    def write(self, work: Work, changes: Sequence[Change]) -> None:
        """Write the changes of sound rows, in the order of the rows."""

    def revert(self, work: Work, changes: Sequence[Change]) -> list[Obstacle]:
        """Take changes back; return what stands in the way, then nothing need be whole."""


def tables() -> Mapping[str, sa.Table]:
    """Return all tables by name."""
    return Base.metadata.tables


@dataclass(frozen=True)
class TableWriter:
    """Writes plain rows of tables; `derived` columns follow from others and are not compared."""

    derived: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def write(self, work: Work, changes: Sequence[Change]) -> None:
        """Write what the changes come to: removals, alterations, insertions, each set by set."""
        net = folded(changes)
        work.session.flush()
        order = {table.name: at for at, table in enumerate(Base.metadata.sorted_tables)}
        _remove(work, sorted(_removed(net), key=lambda c: -order[c.table]))
        _alter(work, [c for c in net if c.before is not None and c.after is not None])
        _insert(work, sorted(_inserted(net), key=lambda c: order[c.table]))
        _forget(work, {change.table for change in net if change.before is not None})

    def revert(self, work: Work, changes: Sequence[Change]) -> list[Obstacle]:
        """Put everything back as it was, unless something was altered or built on since."""
        net = folded(changes)
        obstacles = [*self._altered_since(work, net), *built_on(work, _inserted(net))]
        if not obstacles:
            self.write(work, reversed_changes(net))
        return obstacles

    def _altered_since(self, work: Work, net: Sequence[Change]) -> Iterator[Obstacle]:
        """Compare what is stored with what was written."""
        for name, group in _by_table(net).items():
            there = _stored(work, tables()[name], [change.key for change in group])
            for change in group:
                if not self._is_as_written(change, there.get(change.key)):
                    yield (name, change.key), _("was changed since")

    def _is_as_written(self, change: Change, stored: Mapping[Any, Any] | None) -> bool:
        if change.after is None or stored is None:
            return change.after is None and stored is None
        passed_over = self.derived.get(change.table, frozenset()) | {"revision"}
        return all(
            stored[name] == value for name, value in change.after.items() if name not in passed_over
        )


TABLES = TableWriter()


def built_on(
    work: Work, inserted: Iterable[Change], *, passed_over: Iterable[str] = ()
) -> Iterator[Obstacle]:
    """Tell of each inserted row that rows of other tables, not of this import, refer to it."""
    groups = _by_table(inserted)
    own = {(c.table, c.key) for group in groups.values() for c in group}
    for name, group in groups.items():
        keys = {change.key[0]: change.key for change in group if len(change.key) == 1}
        for table, column in _references(tables()[name], frozenset(passed_over)):
            for chunk in chunked(keys):
                rows = work.session.execute(
                    sa.select(column, *table.primary_key).where(column.in_(chunk)),
                    execution_options={"unscoped": UNSCOPED},
                )
                for target, *key in rows:
                    if (table.name, tuple(key)) not in own:
                        what = _kind_of(work, table.name)
                        yield (name, keys[target]), _("%(what)s was added since", what=what)


def _references(
    table: sa.Table, passed_over: frozenset[str]
) -> Iterator[tuple[sa.Table, sa.Column[Any]]]:
    """Return the columns of other tables that refer to the key of a table."""
    for other in tables().values():
        if other.name in passed_over or other.name.startswith("core_import"):
            continue
        for key in other.foreign_keys:
            if key.column.table is table and key.column.primary_key:
                yield other, key.parent


def _kind_of(work: Work, table: str) -> str:
    """Say what a row of a table is, at least by the name of its module."""
    plugin = work.host.plugins.get(table.partition("_")[0])
    if plugin is not None and plugin.manifest is not None:
        return plugin.manifest.title
    return str(KINDS.get(table, table))


def _inserted(net: Iterable[Change]) -> list[Change]:
    return [change for change in net if change.before is None]


def _removed(net: Iterable[Change]) -> list[Change]:
    return [change for change in net if change.after is None]


def _by_table(changes: Iterable[Change]) -> dict[str, list[Change]]:
    groups: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        groups[change.table].append(change)
    return groups


def _key_is(table: sa.Table, keys: Sequence[tuple[Any, ...]]) -> sa.ColumnElement[bool]:
    """Condition: the row is one of these."""
    columns = list(table.primary_key)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return sa.tuple_(*columns).in_(keys)


def _stored(
    work: Work, table: sa.Table, keys: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], Mapping[Any, Any]]:
    """Read rows as they are now."""
    found: dict[tuple[Any, ...], Mapping[Any, Any]] = {}
    for chunk in chunked(keys):
        rows = work.session.execute(
            sa.select(table).where(_key_is(table, chunk)),
            execution_options={"unscoped": UNSCOPED},
        )
        for row in rows.mappings():
            found[tuple(row[column.name] for column in table.primary_key)] = row
    return found


def _forget(work: Work, names: set[str]) -> None:
    """Let what the session has read of altered tables be read again."""
    for instance in list(work.session.identity_map.values()):
        if sa.inspect(instance).mapper.local_table.name in names:
            work.session.expire(instance)


def _remove(work: Work, removed: Sequence[Change]) -> None:
    for name, group in _by_table(removed).items():
        table = tables()[name]
        for chunk in chunked([change.key for change in group]):
            work.session.execute(sa.delete(table).where(_key_is(table, chunk)))


def _alter(work: Work, altered: Sequence[Change]) -> None:
    """Alter rows, those with the same columns in one statement."""
    groups: dict[tuple[str, frozenset[str]], list[Change]] = defaultdict(list)
    for change in altered:
        groups[(change.table, frozenset(change.after or ()))].append(change)
    for (name, names), group in groups.items():
        table = tables()[name]
        values: dict[str, Any] = {n: sa.bindparam(f"v_{n}") for n in sorted(names)}
        if "revision" in table.columns and "revision" not in names:
            values["revision"] = table.c.revision + 1
        statement = (
            sa.update(table)
            .where(*(column == sa.bindparam(f"k_{column.name}") for column in table.primary_key))
            .values(values)
        )
        parameters = [
            {f"v_{n}": value for n, value in (change.after or {}).items()}
            | {
                f"k_{column.name}": part
                for column, part in zip(table.primary_key, change.key, strict=True)
            }
            for change in group
        ]
        work.session.connection().execute(statement, parameters)


def _insert(work: Work, inserted: Sequence[Change]) -> None:
    """Insert rows; those of a table with the same columns in one statement."""
    groups: dict[tuple[str, tuple[str, ...]], list[Any]] = {}
    for change in inserted:
        key = (change.table, tuple(change.after or ()))
        groups.setdefault(key, []).append(change.after)
    for (name, _names), rows in groups.items():
        insert_rows(work.session, tables()[name], rows)
