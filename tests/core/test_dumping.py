"""Lists of an answer are written as marshmallow writes them, only faster."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import marshmallow as ma
import pytest

from core.dumping import dump_many, dump_one


class Part(ma.Schema):
    """A part of a record."""

    name = ma.fields.String()


class Plain(ma.Schema):
    """A record of every kind of field that API answers have."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    called = ma.fields.String(data_key="title")
    is_on = ma.fields.Boolean()
    number = ma.fields.Integer()
    share = ma.fields.Float()
    day = ma.fields.Date()
    other_day = ma.fields.Date(format="%d/%m/%Y")
    moment = ma.fields.DateTime()
    words = ma.fields.List(ma.fields.String())
    part = ma.fields.Nested(Part)
    parts = ma.fields.List(ma.fields.Nested(Part))
    anything = ma.fields.Raw()


class Reckoned(ma.Schema):
    """A record with a field that is not read but reckoned."""

    name = ma.fields.String()
    length = ma.fields.Function(lambda item: len(item["name"]))


class Hooked(ma.Schema):
    """A record that is changed after it was written."""

    name = ma.fields.String()

    @ma.post_dump
    def shout(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Write the name large."""
        return {"name": data["name"].upper()}


class Object:
    """Something with attributes."""

    name = "An"


WHOLE = {
    "id": uuid.UUID(int=7),
    "name": "Nguyễn Văn An",
    "called": "x",
    "is_on": True,
    "number": 3,
    "share": 3,
    "day": date(2026, 11, 22),
    "other_day": date(2026, 11, 22),
    "moment": datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
    "words": ["a", "b"],
    "part": {"name": "p"},
    "parts": [{"name": "p"}],
    "anything": {"of": "any kind"},
    "unknown": "left out",
}
ODD = {
    **WHOLE,
    "id": str(uuid.UUID(int=8)),
    "name": 5,
    "is_on": 1,
    "words": [1, None, "a"],
    "parts": [{"name": 5}, None, Object()],
    "number": Decimal(4),
    "share": 0.5,
    "day": datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("schema", "items"),
    [
        (Plain(), [WHOLE, ODD, dict.fromkeys(WHOLE), {}, {"name": "alone"}]),
        (Plain(only=("name", "number")), [WHOLE]),
        (Reckoned(), [{"name": "An"}]),
        (Hooked(), [{"name": "An"}]),
        (Part(), [Object(), {"name": "An"}]),
        (Plain(), []),
    ],
)
def test_the_answer_is_that_of_the_schema(schema: ma.Schema, items: list[Any]):
    assert dump_many(schema, items) == schema.dump(items, many=True)
    assert [list(item) for item in dump_many(schema, items)] == [
        list(item) for item in schema.dump(items, many=True)
    ]
    assert [dump_one(schema, item) for item in items] == [schema.dump(item) for item in items]
