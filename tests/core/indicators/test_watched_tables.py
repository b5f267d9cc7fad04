"""Tables that figures are reckoned from tell what changed, and figures name all of them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from core.changes import Mark, changes_since
from core.indicators import Asked
from core.indicators.registry import registry_of
from core.periods import Period
from core.testing import World
from core.watching import watched


def test_figures_name_only_tables_that_tell(world: World) -> None:
    with world.work(writing=False) as work:
        named = {table for one in registry_of(work).values() for table in one.tables or ()}
    assert named <= set(watched())
    assert {"core_affiliation", "meetings_meeting", "evaluation_result"} <= named


@pytest.mark.parametrize("table", sorted(watched()))
def test_a_row_that_comes_changes_or_goes_is_told(world: World, table: str) -> None:
    with world.work() as work:
        assert isinstance(changes_since(work.session, [table], []).mark, Mark)
        names = {
            row[0]
            for row in work.session.execute(
                sa.text(
                    "SELECT tgname FROM pg_trigger"
                    if world.system.database.is_postgresql
                    else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                )
            )
        }
    assert {f"{table}_{act}_told" for act in ("insert", "update", "delete")} <= names


KNOWN_OTHERWISE = {
    "core_unit", "core_unit_version", "core_unit_ancestor", "core_unit_lineage",  # generation
    "core_effective", "core_setting",  # epoch of the settings
}  # fmt: skip


def tables_in(statement: Any) -> set[str]:
    """Return the names of the tables a statement reads, those of its parts included."""
    return {part.name for part in sa.sql.visitors.iterate(statement) if isinstance(part, sa.Table)}


def test_figures_name_every_table_their_facts_are_reckoned_from(world: World) -> None:
    with world.work(writing=False) as work:
        remembered = [one for one in registry_of(work).values() if one.tables is not None]
        for indicator in remembered:
            for subject in indicator.subjects or ("",):
                for period in ("2026", "2026-Q3", "2026-11"):
                    asked = Asked(Period.parse(period), work.today, subject)
                    read = tables_in(indicator.facts(work, asked))
                    assert read - KNOWN_OTHERWISE <= set(indicator.tables or ()), indicator.key
    assert len(remembered) >= 20
