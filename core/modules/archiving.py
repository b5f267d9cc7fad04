"""Removing a module's data into an archive and bringing them back, both proved."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.db import Base, Database, table_of
from core.errors import RuleBroken
from core.i18n import _
from core.plugin_host import Plugin
from core.schema import belongs, downgrade, upgrade, version_table
from core.settings.models import EffectiveValue, SettingRow

FORMAT = 1
HEAD = "archive.json"
ROWS_AT_ONCE = 2_000
SETTINGS = "core_setting"
UNSCOPED = "/* unscoped: a module is archived whole */"


@dataclass(frozen=True, slots=True)
class Archive:
    """What lies in an archive: the module, its revision, and each table with count and digest."""

    plugin: str
    version: str
    made_at: str
    tables: dict[str, dict[str, Any]]

    @property
    def rows(self) -> int:
        """How many rows there are, settings left out."""
        return sum(int(one["rows"]) for name, one in self.tables.items() if name != SETTINGS)


def tables_in_order(plugin: Plugin, others: Sequence[str]) -> list[sa.Table]:
    """Return the module's tables, those pointed to first; longer names of others are not its."""
    longer = [name for name in others if name.startswith(f"{plugin.name}_")]
    return [
        table
        for table in Base.metadata.sorted_tables
        if belongs(plugin.name, table.name)
        and not any(belongs(other, table.name) for other in longer)
    ]


# --- values as text and back ---------------------------------------------------------------------


# In order: an instant is also a day.
WRITERS: tuple[tuple[Any, str, Callable[[Any], Any]], ...] = (
    (uuid.UUID, "$uuid", lambda value: value.hex),
    (datetime, "$instant", datetime.isoformat),
    (date, "$day", date.isoformat),
    (time, "$time", time.isoformat),
    (bytes, "$bytes", lambda value: base64.b64encode(value).decode()),
    (Decimal, "$decimal", str),
    ((dict, list), "$json", lambda value: value),
)
READERS: dict[str, Callable[[Any], Any]] = {
    "$uuid": uuid.UUID,
    "$instant": datetime.fromisoformat,
    "$day": date.fromisoformat,
    "$time": time.fromisoformat,
    "$bytes": base64.b64decode,
    "$decimal": Decimal,
    "$json": lambda value: value,
}


def frozen(value: Any) -> Any:
    """Write a value so that it comes back as it was."""
    for kind, tag, write in WRITERS:
        if isinstance(value, kind):
            return {tag: write(value)}
    return value


def thawed(value: Any) -> Any:
    """Read a value that was written by `frozen`."""
    if not isinstance(value, dict):
        return value
    ((tag, text),) = value.items()
    return READERS[tag](text)


def lines_of(connection: Connection, table: sa.Table, where: Any = None) -> Iterator[bytes]:
    """Read the rows of a table in the order of its key, each as a line."""
    statement = sa.select(table).prefix_with(UNSCOPED).order_by(*table.primary_key.columns)
    if where is not None:
        statement = statement.where(where)
    for row in connection.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)).mappings():
        values = {str(name): frozen(value) for name, value in row.items()}
        line = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        yield line.encode() + b"\n"


def summary_of(connection: Connection, table: sa.Table, where: Any = None) -> dict[str, Any]:
    """Return how many rows a table has, and the digest over them."""
    digest, count = hashlib.sha256(), 0
    for line in lines_of(connection, table, where):
        digest.update(line)
        count += 1
    return {"rows": count, "sha256": digest.hexdigest()}


# --- removing ------------------------------------------------------------------------------------


def settings_of(plugin: Plugin) -> sa.ColumnElement[bool]:
    """Condition: the setting belongs to the module; its switch too."""
    return SettingRow.__table__.c.key.startswith(f"{plugin.name}.", autoescape=True)


def write_archive(
    database: Database, plugin: Plugin, others: Sequence[str], file: Path, now: datetime
) -> Archive:
    """Write a module's tables and settings into a file; read it again and compare."""
    tables: dict[str, dict[str, Any]] = {}
    file.parent.mkdir(parents=True, exist_ok=True)
    with (
        database.engine.connect() as connection,
        zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as bundle,
    ):
        sources: list[tuple[sa.Table, Any]] = [
            (table, None) for table in tables_in_order(plugin, others)
        ]
        sources.append((table_of(SettingRow), settings_of(plugin)))
        for table, where in sources:
            with bundle.open(f"{table.name}.jsonl", "w", force_zip64=True) as member:
                for line in lines_of(connection, table, where):
                    member.write(line)
            tables[table.name] = summary_of(connection, table, where)
        version = plugin.manifest.version if plugin.manifest else ""
        archive = Archive(plugin.name, version, now.isoformat(), tables)
        head = {"format": FORMAT, "plugin": plugin.name, "version": version}
        head |= {"made_at": archive.made_at, "tables": tables}
        bundle.writestr(HEAD, json.dumps(head, ensure_ascii=False, indent=1))
    read_archive(file)
    return archive


def read_archive(file: Path) -> Archive:
    """Read an archive and prove that every table in it is whole; raise RuleBroken otherwise."""
    try:
        with zipfile.ZipFile(file) as bundle:
            head = json.loads(bundle.read(HEAD))
            for name, one in head["tables"].items():
                digest = hashlib.sha256()
                with bundle.open(f"{name}.jsonl") as member:
                    while block := member.read(1 << 20):
                        digest.update(block)
                if digest.hexdigest() != one["sha256"]:
                    raise RuleBroken(_("The archive %(file)s is damaged.", file=file.name))
            return Archive(head["plugin"], head["version"], head["made_at"], head["tables"])
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise RuleBroken(
            _("%(file)s is no archive of a module: %(reason)s", file=file.name, reason=error)
        ) from error


def drop_data(database: Database, plugin: Plugin, others: Sequence[str]) -> None:
    """Drop a module's tables and its settings; the database is as it was before the module."""
    folder = plugin.folder / "migrations"
    if folder.is_dir() and _has_versions(database, plugin.name):
        downgrade(database, plugin.name, folder)
    with database.engine.begin() as connection:
        left = set(sa.inspect(connection).get_table_names())
        for table in reversed(tables_in_order(plugin, others)):
            if table.name in left:
                table.drop(connection)
        connection.execute(sa.delete(table_of(SettingRow)).where(settings_of(plugin)))
        effective = table_of(EffectiveValue)
        mine = effective.c.key.startswith(f"{plugin.name}.", autoescape=True)
        connection.execute(sa.delete(effective).where(mine))
        if version_table(plugin.name) in left:
            sa.Table(version_table(plugin.name), sa.MetaData()).drop(connection)


def _has_versions(database: Database, name: str) -> bool:
    """Whether the module was ever migrated here."""
    return bool(sa.inspect(database.engine).has_table(version_table(name)))


# --- restoring -----------------------------------------------------------------------------------


def restore_data(database: Database, plugin: Plugin, others: Sequence[str], file: Path) -> Archive:
    """Make the module's tables again, fill them from an archive, and compare every digest.

    Nothing is written unless everything fits: all rows are in one transaction.
    """
    archive = read_archive(file)
    if archive.plugin != plugin.name:
        raise RuleBroken(_("This archive is of the module %(name)s.", name=archive.plugin))
    tables = tables_in_order(plugin, others)
    if (plugin.folder / "migrations").is_dir():
        upgrade(database, plugin.name, plugin.folder / "migrations")
    with database.engine.begin() as connection, zipfile.ZipFile(file) as bundle:
        Base.metadata.create_all(connection, tables=tables)
        for table in tables:
            count = sa.select(sa.func.count()).prefix_with(UNSCOPED).select_from(table)
            if connection.scalar(count):
                raise RuleBroken(
                    _("The table %(name)s is not empty; nothing was restored.", name=table.name)
                )
            _fill(connection, bundle, table)
            _compare(connection, table, archive)
        there = settings_of(plugin)
        connection.execute(sa.delete(table_of(SettingRow)).where(there))
        _fill(connection, bundle, table_of(SettingRow))
    return archive


def _fill(connection: Connection, bundle: zipfile.ZipFile, table: sa.Table) -> None:
    """Insert the rows of a table."""
    if f"{table.name}.jsonl" not in bundle.namelist():
        return
    rows: list[dict[str, Any]] = []
    with bundle.open(f"{table.name}.jsonl") as member:
        for line in member:
            rows.append({name: thawed(value) for name, value in json.loads(line).items()})
            if len(rows) == ROWS_AT_ONCE:
                connection.execute(sa.insert(table), rows)
                rows = []
    if rows:
        connection.execute(sa.insert(table), rows)


def _compare(connection: Connection, table: sa.Table, archive: Archive) -> None:
    """Prove that what was restored is what was archived."""
    wanted = archive.tables.get(table.name, {"rows": 0, "sha256": hashlib.sha256().hexdigest()})
    if summary_of(connection, table) != wanted:
        raise RuleBroken(
            _(
                "The table %(name)s did not come back as it was; nothing was restored.",
                name=table.name,
            )
        )


__all__ = ["Archive", "drop_data", "read_archive", "restore_data", "write_archive"]
