"""Input made from the schemas of routes: plausible, and wrong in every way a field can be wrong."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import marshmallow as ma

from core.forms import MonthField, TimeField, _choices

Make = Callable[[str, Any], Any]
LONG = 1_000_000
NFD = "Nguye\u0302\u0303n Thi\u0323 Ho\u0300a"  # Nguyễn Thị Hòa, taken apart
NFC = "Nguyễn Thị Hòa"
SIGNS = "Hòa\x01\x02 bình\x1b[31m\u200b\x7f"
NUL = "Hòa\x00bình"
HALF = "Hòa \ud800"
HUGE = 10**40
STRANGE = f"{NFD} {SIGNS} \u202eabc 😀 <script>alert(1)</script> '; -- =1+1"
SHOWN_SIGNS = (r"\x01", r"\x1b", r"\x7f", r"\u200b", r"\u202e")
"""How signs that nobody sees would show in what Python prints."""

JSON: tuple[tuple[type[Any], tuple[Any, ...]], ...] = (
    (ma.fields.List, ("x", 5, {"a": 1}, True)),
    (ma.fields.Nested, ("x", 5, [1], False)),
    (ma.fields.Dict, ("x", 5, [1], False)),
    (ma.fields.Boolean, ("có lẽ", [], {}, 7)),
    (ma.fields.Number, ("nhiều", [], {}, "1 000 đồng")),
    (TimeField, ("tối nay", 5, [], {})),
    (MonthField, ("tháng sau", 5, [], {})),
    (ma.fields.DateTime, ("hôm qua", 5, [], {})),
    (ma.fields.Date, ("ngày mai", 5, [], {})),
    (ma.fields.UUID, ("x", 5, [], {})),
    (ma.fields.String, (5, [], {}, ["x"])),
)
TYPED = (
    ma.fields.Number,
    ma.fields.Date,
    ma.fields.Time,
    ma.fields.DateTime,
    ma.fields.UUID,
    ma.fields.List,
)
"""Fields for which some texts of a form are wrong."""


def plausible(key: str, one: Any, given: dict[str, str]) -> Any:
    """Return a value a field takes, as JSON."""
    choices = [value for value, _title in _choices(one) if value]
    if isinstance(one, ma.fields.List):
        return [plausible(key, one.inner, given)]
    if isinstance(one, ma.fields.Nested):
        line = {k: plausible(k, inner, given) for k, inner in one.schema.load_fields.items()}
        return [line] if one.many else line
    if choices:
        return choices[0]
    simple: tuple[tuple[Any, Any], ...] = (
        (ma.fields.Dict, {}),
        (ma.fields.Boolean, True),
        (ma.fields.Number, 1),
        (TimeField, "19:30"),
        (MonthField, "12/2026"),
        (ma.fields.DateTime, "2026-12-12T12:30:00+00:00"),
        (ma.fields.Date, "12/12/2026"),
        (ma.fields.UUID, given.get(key, given.get("member_id", str(uuid.UUID(int=7))))),
    )
    return next((value for kind, value in simple if isinstance(one, kind)), "Nội dung")


def wrong(one: Any, number: int) -> Any:
    """Return the n-th value of a wrong type for a field of JSON; None where there is none."""
    return next((values[number] for kind, values in JSON if isinstance(one, kind)), None)


def whole(schema: ma.Schema, given: dict[str, str]) -> dict[str, Any]:
    """Return plausible input for all fields."""
    fields = schema.load_fields.items()
    return {one.data_key or k: plausible(one.data_key or k, one, given) for k, one in fields}


def texts(schema: ma.Schema) -> list[str]:
    """Return the fields of free text."""
    return [
        one.data_key or name
        for name, one in schema.load_fields.items()
        if isinstance(one, ma.fields.String)
        and not isinstance(one, ma.fields.UUID)
        and not _choices(one)
    ]


def typed(schema: ma.Schema) -> list[str]:
    """Return the fields for which a text can be of a wrong type."""
    return [
        one.data_key or name
        for name, one in schema.load_fields.items()
        if (isinstance(one, TYPED) and not _is_text_list(one)) or _choices(one)
    ]


def _is_text_list(one: Any) -> bool:
    return isinstance(one, ma.fields.List) and not isinstance(one.inner, TYPED)


def wrong_types(schema: ma.Schema) -> Iterator[dict[str, Any]]:
    """Yield input in which each field has a value of a wrong type."""
    for number in range(4):
        body = {one.data_key or k: wrong(one, number) for k, one in schema.load_fields.items()}
        body = {key: value for key, value in body.items() if value is not None}
        if body:
            yield body


def as_form(body: dict[str, Any]) -> dict[str, Any]:
    """Return JSON as a page's form sends it."""
    found: dict[str, Any] = {}
    for key, value in body.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            found |= {f"{key}.{name}": str(cell) for name, cell in value[0].items()}
        elif isinstance(value, list):
            found[key] = [str(item) for item in value]
        else:
            found[key] = "1" if value is True else str(value)
    return found


def everywhere(body: Any, text: Any, *, instead_of: Any = "Nội dung") -> Any:
    """Return input with a value replaced wherever it stands; by default each text."""
    if isinstance(body, dict):
        return {key: everywhere(value, text, instead_of=instead_of) for key, value in body.items()}
    if isinstance(body, list):
        return [everywhere(value, text, instead_of=instead_of) for value in body]
    return text if body == instead_of and type(body) is type(instead_of) else body
