"""Lists of keys: one array for PostgreSQL, as many values for SQLite, the same rows from both."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from core.db import among, new_key
from core.keys import KeyMaker
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


def test_lists_of_texts_find_the_same_rows_whatever_signs_they_hold(world: World) -> None:
    odd = ['a"b', "a\\b", "a,b", "{a}", "NULL", "a b", "đồng chí"]
    given = sa.bindparam("texts", expanding=True)
    with world.work() as work:
        rows = [{"id": new_key(), "code": code, "created_at": work.now} for code in odd]
        work.session.execute(sa.insert(Unit), rows)
        for listed in (odd, odd[:1], ["nobody"], []):
            known = sa.select(Unit.code).where(among(Unit.code, listed))
            found = work.session.scalars(known.execution_options(**WHY)).all()
            assert sorted(found) == sorted(set(listed) & set(odd))
            sent = sa.select(Unit.code).where(among(Unit.code, given)).execution_options(**WHY)
            assert sorted(work.session.scalars(sent, {"texts": listed})) == sorted(found)


def test_keys_given_when_a_statement_is_sent_find_the_same_rows(world: World) -> None:
    keys = [world.unit("A").id, world.unit("B").id, None]
    sent = sa.select(Unit.code).where(among(Unit.id, sa.bindparam("ids", expanding=True)))
    with world.work() as work:
        found = work.session.scalars(sent.execution_options(**WHY), {"ids": keys})
        assert sorted(found) == ["A", "B"]
        assert list(work.session.scalars(sent.execution_options(**WHY), {"ids": []})) == []


def test_keys_ascend_and_a_process_split_off_makes_others() -> None:
    make = KeyMaker()
    made = [make() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert {(key.version, key.variant) for key in made} == {(7, uuid.RFC_4122)}
    assert uuid.UUID(str(made[0])) == made[0]
    make()
    assert make._waiting
    make.forget()
    assert not make._waiting
