"""Migrations reach the models, on both databases, and go back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.schema import components, differences, downgrade, migrate, pending, upgrade
from core.system import System
from core.watching import watched
from tests.environment.systems import KINDS, committing_system, empty_system


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[System]:
    """A database without a table."""
    with empty_system(request.param, tmp_path, "schema") as system:
        yield system


def test_migrations_reach_the_models_and_go_back(empty: System) -> None:
    names = [name for name, _folder in components(empty.host)]
    assert pending(empty.database, empty.host) == names
    migrate(empty.database, empty.host)
    assert pending(empty.database, empty.host) == []
    for name in names:
        assert differences(empty.database, name) == []
    for name, folder in reversed(components(empty.host)):
        downgrade(empty.database, name, folder)
    left = set(sa.inspect(empty.database.engine).get_table_names())
    assert {table for table in left if not table.startswith("alembic_version")} == set()


TRIGGERS = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """
        SELECT pg_get_triggerdef(t.oid) || p.prosrc FROM pg_trigger t
        JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal
    """,
}


def triggers_of(system: System) -> set[str]:
    """Return what the triggers of a database are, word by word."""
    with system.database.engine.connect() as connection:
        return set(connection.scalars(sa.text(TRIGGERS[connection.dialect.name])))


def test_revisions_let_tables_tell_of_changes_as_their_models_do(
    empty: System, tmp_path: Path
) -> None:
    migrate(empty.database, empty.host)
    by_revisions = triggers_of(empty)
    assert len(by_revisions) == 3 * len(watched())
    kind = empty.database.engine.dialect.name
    with committing_system(kind, tmp_path, "schema_of_models") as made:
        assert triggers_of(made) == by_revisions


def test_a_trigger_that_is_lost_is_a_difference(empty: System) -> None:
    migrate(empty.database, empty.host)
    name = "meetings_meeting_update_told"
    table = " ON meetings_meeting" if empty.database.is_postgresql else ""
    with empty.database.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER {name}{table}")
    assert differences(empty.database, "meetings") == [("no_trigger", name)]
    assert differences(empty.database, "core") == []


def test_migrating_twice_changes_nothing(empty: System) -> None:
    migrate(empty.database, empty.host)
    migrate(empty.database, empty.host)
    assert pending(empty.database, empty.host) == []


FIRST = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "a1", None, None, None
def upgrade():
    op.execute("CREATE TABLE zz_kept (id INTEGER PRIMARY KEY)")
    op.execute("CREATE TABLE zz_line (id INTEGER PRIMARY KEY, kept INTEGER REFERENCES zz_kept)")
    op.execute("INSERT INTO zz_kept VALUES (1)")
    op.execute("INSERT INTO zz_line VALUES (1, 1)")
"""
SECOND = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "a2", "a1", None, None
def upgrade():
    op.add_column("zz_kept", sa.Column("code", sa.String(9), server_default=""))
    with op.batch_alter_table("zz_kept") as table:
        table.create_unique_constraint("uq_zz_kept_code", ["code"])
"""


def test_a_table_that_others_refer_to_is_changed_where_there_are_rows(
    empty: System, tmp_path: Path
) -> None:
    folder = tmp_path / "revisions"
    folder.mkdir()
    (folder / "a1.py").write_text(FIRST, encoding="utf-8")
    (folder / "a2.py").write_text(SECOND, encoding="utf-8")
    upgrade(empty.database, "zz", folder)
    with empty.database.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT code FROM zz_kept")).all() == [("",)]
        assert connection.execute(sa.text("SELECT count(*) FROM zz_line")).scalar() == 1
        if connection.dialect.name == "sqlite":
            assert connection.execute(sa.text("PRAGMA foreign_keys")).scalar() == 1
