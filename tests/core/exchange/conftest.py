"""A small world to import into, and hands that bring files in and take them out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from core.access.models import Account
from core.exchange import services
from core.exchange.exporting import export_file
from core.exchange.models import Import
from core.exchange.services import Report
from core.exchange.staging import FileSource, Opened
from core.exchange.undoing import undo_import
from core.exchange.workbook import Column, read_rows
from core.system import System
from core.testing import UnitLine, World

Rows = Iterable[Mapping[str, Any]]


@pytest.fixture
def ward(world: World) -> World:
    """A province with two wards: B1 and B2 in the first, B3 in the second."""
    world.units(
        UnitLine("P", "province"),
        UnitLine("W1", "commune", "P"),
        UnitLine("W2", "commune", "P"),
        UnitLine("B1", "branch", "W1"),
        UnitLine("B2", "branch", "W1"),
        UnitLine("B3", "branch", "W2"),
    )
    return world


class QuickFile(FileSource):
    """A file read in this process: starting a child takes longer than all the rest of a test."""

    def open(self, columns: Sequence[Column], aliases: Mapping[str, str]) -> Opened:
        """Read the file here."""
        reading = read_rows(self.path, columns, aliases=aliases, filename=self.name)
        return Opened(reading.columns, reading.unknown_columns, reading, closing(reading))


class Hands:
    """Brings files in and takes them out, as the operator or as somebody."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.folder = folder
        self._number = 0

    def write(self, rows: Rows) -> Path:
        """Write rows as a CSV file with the columns they use."""
        rows = list(rows)
        columns = list(dict.fromkeys(name for row in rows for name in row))
        self._number += 1
        path = self.folder / f"file{self._number}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def bring(
        self,
        dataset: str,
        rows: Rows | Path,
        actor: Account | None = None,
        unit: str = "ROOT",
        **options: Any,
    ) -> tuple[Import | None, Report]:
        """Import rows, or a file."""
        path = rows if isinstance(rows, Path) else self.write(rows)
        with self.world.work(actor, unit) as work:
            found = services.access_dataset(work, dataset, importing=True)
            return services.import_source(work, found, QuickFile(path, path.name), **options)

    def check(self, dataset: str, rows: Rows | Path) -> Report:
        """Say what importing would do."""
        path = rows if isinstance(rows, Path) else self.write(rows)
        with self.world.work() as work:
            found = services.access_dataset(work, dataset, importing=True)
            return services.check_source(work, found, QuickFile(path, path.name))

    def undo(self, record: Import | None, actor: Account | None = None) -> list[str]:
        """Take an import back."""
        assert record is not None
        with self.world.work(actor) as work:
            return undo_import(work, services.access_import(work, record.id, lock=True))

    def take(
        self,
        dataset: str,
        unit: str = "ROOT",
        ending: str = "csv",
        actor: Account | None = None,
        **options: Any,
    ) -> Path:
        """Export a unit's subtree to a file."""
        self._number += 1
        path = self.folder / f"out{self._number}.{ending}"
        with self.world.work(actor, writing=False) as work:
            found = services.access_dataset(work, dataset, importing=False)
            export_file(work, found, self.world.place(unit, work), path, **options)
        return path

    def rows(self, dataset: str, unit: str = "ROOT", **options: Any) -> list[dict[str, str]]:
        """Export and read the rows."""
        with self.take(dataset, unit, **options).open(encoding="utf-8") as stream:
            return list(csv.DictReader(stream))


@pytest.fixture
def hands(world: World, tmp_path: Path) -> Hands:
    """Hands for the world of the test."""
    return Hands(world, tmp_path)


@pytest.fixture
def elsewhere(system: System) -> Callable[[], Any]:
    """A place to try something and leave nothing behind: another empty system."""

    @contextmanager
    def empty() -> Any:
        nested = system.database._connection.begin_nested()  # type: ignore[attr-defined]
        system.opener.forget()
        try:
            yield
        finally:
            nested.rollback()
            system.opener.forget()

    return empty
