"""Lists of keys: one array for PostgreSQL, as many values for SQLite, the same rows from both."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from core.db import new_key
from core.testing import World
from core.units.models import Unit

WHY = {"unscoped": "a test of lists of keys"}


def test_a_list_is_one_array_or_that_many_values() -> None:
    statement = sa.select(Unit.code).where(Unit.id.in_([new_key(), new_key()]))
    array = str(statement.compile(dialect=postgresql.dialect()))
    values = str(statement.compile(dialect=sqlite.dialect()))
    assert "core_unit.id = ANY (" in array
    assert "core_unit.id IN (" in values
    assert statement._generate_cache_key() is not None


def test_lists_of_keys_find_the_same_rows_wherever_they_stand(world: World) -> None:
    first, second = world.unit("A"), world.unit("B")
    keys = [first.id, second.id]
    other = aliased(Unit)
    with world.work() as work:

        def codes(*conditions: sa.ColumnElement[bool]) -> set[str]:
            statement = sa.select(Unit.code).where(*conditions, Unit.code.in_(("A", "B")))
            return set(work.session.scalars(statement.execution_options(**WHY)))

        assert codes(Unit.id.in_(keys)) == {"A", "B"}
        assert codes(Unit.id.in_({first.id})) == {"A"}
        assert codes(Unit.id.in_([])) == set()
        assert codes(~Unit.id.in_([first.id])) == {"B"}
        assert codes(Unit.id.in_([first.id]) | (Unit.code == "B")) == {"A", "B"}
        assert codes(sa.exists().where(other.id == Unit.id, other.id.in_([second.id]))) == {"B"}
        assert codes(Unit.id.in_(sa.select(other.id).where(other.code == "A"))) == {"A"}
        assert codes(Unit.id.in_(keys[1:])) == {"B"}  # the statement of the second question again
