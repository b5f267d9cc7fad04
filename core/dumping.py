"""Writing many records of an API answer: the plain fields of a schema without asking each field.

A list of fifty members has 850 values; marshmallow asks each field about each of them, which took
a fifth of the request. What a plain field would answer is known beforehand; where a value or a
field is not plain, the field itself is asked, so that the answers are the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import marshmallow as ma

Turn = Callable[[Any], Any]
Plan = list[tuple[str, str, type, Turn, ma.fields.Field[Any]]]


def _same(value: Any) -> Any:
    return value


PLAIN: tuple[tuple[type[ma.fields.Field[Any]], type, Turn], ...] = (
    (ma.fields.String, str, _same),
    (ma.fields.UUID, uuid.UUID, str),
    (ma.fields.Boolean, bool, _same),
    (ma.fields.Integer, int, _same),
    (ma.fields.Date, date, date.isoformat),
)
NOTHING = type(ma.missing)
_plans: WeakKeyDictionary[ma.Schema, Plan | None] = WeakKeyDictionary()


def dump_many(schema: ma.Schema, items: Iterable[Any]) -> list[Any]:
    """Return records as the schema dumps them."""
    listed = list(items)
    if schema not in _plans:
        _plans[schema] = _plan(schema)
    plan = _plans[schema]
    if plan is None or not all(type(item) is dict for item in listed):
        dumped: list[Any] = schema.dump(listed, many=True)
        return dumped
    return [_dumped(plan, item) for item in listed]


def dump_one(schema: ma.Schema, item: Any) -> Any:
    """Return one record as the schema dumps it."""
    return dump_many(schema, [item])[0] if type(item) is dict else schema.dump(item)


def _dumped(plan: Plan, item: dict[str, Any]) -> dict[str, Any]:
    """Write one record."""
    result: dict[str, Any] = {}
    for key, name, kind, turn, field in plan:
        if name not in item:
            continue
        value = item[name]
        if type(value) is kind:
            result[key] = turn(value)
        elif value is None and kind is not NOTHING:
            result[key] = None
        else:
            value = field.serialize(name, item)
            if value is not ma.missing:
                result[key] = value
    return result


def _plan(schema: ma.Schema) -> Plan | None:
    """Return how the schema's fields are written; None where something else is asked of it."""
    hooked = any(schema._hooks.get(name) for name in ("pre_dump", "post_dump"))  # noqa: SLF001 - marshmallow has no other way
    if hooked or type(schema).get_attribute is not ma.Schema.get_attribute:
        return None
    plan: Plan = []
    for name, field in schema.dump_fields.items():
        # Marshmallow has no public way to ask whether a field is read or reckoned.
        is_read = field._CHECK_ATTRIBUTE and field.attribute in (None, name)  # noqa: SLF001 - marshmallow has no other way
        if not is_read or "." in name or field.dump_default is not ma.missing:
            return None
        kind, turn = _plain(field)
        plan.append((field.data_key or name, name, kind, turn, field))
    return plan


def _plain(field: ma.fields.Field[Any]) -> tuple[type, Turn]:
    """Return which values a field writes without more ado; for no others it is asked."""
    for base, kind, turn in PLAIN:
        is_same = isinstance(field, base) and type(field)._serialize is base._serialize  # noqa: SLF001 - marshmallow has no other way
        as_usual = getattr(field, "format", None) in (None, "iso")
        if is_same and as_usual and not getattr(field, "as_string", False):
            return kind, turn
    if type(field)._serialize is ma.fields.List._serialize:  # noqa: SLF001 - as above
        inner = field.inner  # type: ignore[attr-defined]  # of a list
        if _plain(inner)[0] is str:
            return list, partial(_texts, inner)
        if type(inner)._serialize is ma.fields.Nested._serialize and not inner.many:  # noqa: SLF001 - as above
            return list, partial(_records, inner)
    return NOTHING, _same


def _texts(field: ma.fields.Field[Any], value: list[Any]) -> list[Any]:
    """Write a list of texts; whatever else is in it the field is asked about."""
    return [one if type(one) is str else field._serialize(one, None, None) for one in value]  # noqa: SLF001 - as above


def _records(field: Any, value: list[Any]) -> list[Any]:
    """Write a list of records; of anything else in it the field is asked."""
    if all(type(one) is dict for one in value):
        return dump_many(field.schema, value)
    return [field._serialize(one, None, None) for one in value]  # noqa: SLF001 - as above
