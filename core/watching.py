"""Watching tables: triggers that tell which units' facts changed, made by revisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.changes import Change
from core.db import Base, table_of


@dataclass(frozen=True, slots=True)
class Watch:
    """How a table tells that a unit's facts changed, whoever writes them and however.

    Triggers, because facts are written by services, imports, COPY, reforms and administrators'
    own statements; a figure remembered past one of them would be a wrong figure.

    `through` is for a table without a unit of its own: (table that has it, its column, ours).
    `facts` are the columns besides the unit and the span that decide what is true on a day; with
    them the day from which something else is true is told, too.
    """

    table: str
    through: tuple[str, str, str] | None = None
    facts: tuple[str, ...] | None = None

    def begin(self, op: Any) -> None:
        """Make the triggers, in a revision."""
        for statement in self.statements(op.get_bind().dialect.name):
            op.execute(statement)

    def statements(self, dialect: str) -> list[str]:
        """Return what makes the triggers on a database."""
        return self._on_postgresql() if dialect == "postgresql" else self._on_sqlite()

    def end(self, op: Any) -> None:
        """Drop the triggers, in a revision."""
        on_server = op.get_bind().dialect.name == "postgresql"
        for act in ACTS:
            table = f" ON {self.table}" if on_server else ""
            op.execute(f"DROP TRIGGER {self.table}_{act}_told{table}")
        if on_server:
            op.execute(f"DROP FUNCTION {self.table}_told()")

    def _on_postgresql(self) -> list[str]:
        """One function, called once a statement with all its rows."""
        begin = (
            f"CREATE OR REPLACE FUNCTION {self.table}_told() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF TG_OP = 'INSERT' THEN {self._told_of('now_rows')}; "
            f"ELSIF TG_OP = 'DELETE' THEN {self._told_of('old_rows')}; "
            f"ELSE {self._told_of_updates()}; END IF; RETURN NULL; END $$"
        )
        seen = {"insert": "NEW TABLE AS now_rows", "delete": "OLD TABLE AS old_rows"}
        seen["update"] = "OLD TABLE AS old_rows NEW TABLE AS now_rows"
        triggers = [
            f"CREATE TRIGGER {self.table}_{act}_told AFTER {act.upper()} ON {self.table} "
            f"REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {self.table}_told()"
            for act, rows in seen.items()
        ]
        return [begin, *triggers]

    def _told_of(self, rows: str) -> str:
        """Write what rows that came or went tell: from their first day on."""
        day = "r.valid_from" if self.facts is not None else "NULL::date"
        return self._adding(self._units_of(rows, day))

    def _told_of_updates(self) -> str:
        """Look at each row before and after; where only its end moved, the days before stand."""
        if self.facts is None:
            both = [self._units_of(rows, "NULL::date") for rows in ("old_rows", "now_rows")]
            return self._adding(" UNION ALL ".join(both))
        same = " AND ".join(f"o.{name} IS NOT DISTINCT FROM r.{name}" for name in self._decisive())
        day = (
            f"CASE WHEN {same} THEN least(o.valid_to, r.valid_to) "
            "ELSE least(o.valid_from, r.valid_from) END"
        )
        parts = [
            self._units_of(this, day, f"JOIN {other} o ON o.id = r.id")
            for this, other in (("now_rows", "old_rows"), ("old_rows", "now_rows"))
        ]
        return self._adding(" UNION ALL ".join(parts))

    def _decisive(self) -> tuple[str, ...]:
        own = () if self.through is not None else ("unit_id",)
        return (*own, "member_id", "valid_from", *(self.facts or ()))

    def _units_of(self, rows: str, day: str, joined: str = "") -> str:
        """Select the units of rows, each with a day; all names are those of our own tables."""
        if self.through is None:
            return f"SELECT r.unit_id, {day} AS day FROM {rows} r {joined}"  # noqa: S608 - our own tables
        table, theirs, ours = self.through
        joined += f" JOIN {table} t ON t.{theirs} = r.{ours}"
        return f"SELECT t.unit_id, {day} AS day FROM {rows} r {joined}"  # noqa: S608 - our own tables

    def _adding(self, found: str) -> str:
        return (
            "INSERT INTO core_change (source, unit_id, since, written_on) "  # noqa: S608 - our own tables
            f"SELECT '{self.table}', unit_id, min(day), current_date FROM ({found}) told "
            "WHERE unit_id IS NOT NULL GROUP BY unit_id"
        )

    def _on_sqlite(self) -> list[str]:
        """One trigger for each act, called once a row."""
        return [
            f"CREATE TRIGGER {self.table}_{act}_told AFTER {act.upper()} ON {self.table} "
            f"BEGIN {' '.join(self._row_told(act, name) for name in names)} END"
            for act, names in (
                ("insert", ("NEW",)),
                ("delete", ("OLD",)),
                ("update", ("OLD", "NEW")),
            )
        ]

    def _row_told(self, act: str, name: str) -> str:
        """Write the change of one row of SQLite's."""
        unit, source = f"{name}.unit_id", ""
        if self.through is not None:
            table, theirs, ours = self.through
            unit, source = "t.unit_id", f" FROM {table} t WHERE t.{theirs} = {name}.{ours}"
        day = "NULL"
        if self.facts is not None:
            day = f"{name}.valid_from"
            if act == "update":
                same = " AND ".join(f"OLD.{one} IS NEW.{one}" for one in self._decisive())
                day = (
                    f"CASE WHEN {same} THEN min(OLD.valid_to, NEW.valid_to) "
                    "ELSE min(OLD.valid_from, NEW.valid_from) END"
                )
        there = f"{source}{' AND' if source else ' WHERE'} {unit} IS NOT NULL"
        return (
            "INSERT INTO core_change (source, unit_id, since, written_on) "
            f"SELECT '{self.table}', {unit}, {day}, date('now'){there};"
        )


def watch(
    model: type[Base],
    *,
    through: tuple[str, str, str] | None = None,
    facts: tuple[str, ...] | None = None,
) -> None:
    """Let a model's table tell which units' facts changed; a revision makes the triggers."""
    table = table_of(model)
    table.info["watch"] = Watch(table.name, through, facts)


def watched() -> dict[str, Watch]:
    """Return the tables of all models that tell, with how they do."""
    tables = Base.metadata.tables.values()
    return {table.name: table.info["watch"] for table in tables if "watch" in table.info}


TRIGGERS = {
    "postgresql": sa.text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"),
    "sqlite": sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"),
}
ACTS = ("insert", "update", "delete")


def untold(connection: sa.Connection) -> dict[str, list[str]]:
    """Return the triggers that are not there, by their table; then remembered figures go wrong.

    SQLite loses them where a revision rebuilds a table.
    """
    there = set(connection.scalars(TRIGGERS[connection.dialect.name]))
    missing = {
        table: [name for act in ACTS if (name := f"{table}_{act}_told") not in there]
        for table in watched()
    }
    return {table: names for table, names in missing.items() if names}


@sa.event.listens_for(Base.metadata, "after_create")
def _begin_watching(
    _metadata: Any, connection: sa.Connection, tables: list[sa.Table], **_options: Any
) -> None:
    """Make the triggers of tables that were made without revisions, where they can tell it."""
    if not sa.inspect(connection).has_table(Change.__tablename__):
        return
    for table in tables:
        if "watch" in table.info:
            for statement in table.info["watch"].statements(connection.dialect.name):
                connection.exec_driver_sql(statement)


__all__ = ["Watch", "untold", "watch", "watched"]
