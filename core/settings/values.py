"""Values of settings as people type and read them, and as TOML for the command line."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

import marshmallow as ma

from core.errors import InvalidInput
from core.forms import DayField
from core.i18n import _, format_day, format_number
from core.settings.registry import SettingSpec

PLAIN = (ma.fields.String, ma.fields.Date, ma.fields.Time, DayField)


def kind_of(spec: SettingSpec) -> str:
    """Return how a value is typed: switch, choice, number, day, text, or structure."""
    field = spec.field
    if isinstance(field, ma.fields.Boolean):
        return "switch"
    if choices_of(spec):
        return "choice"
    if isinstance(field, ma.fields.Number):
        return "number"
    if isinstance(field, ma.fields.Date):
        return "day"
    return "text" if isinstance(field, PLAIN) else "structure"


def choices_of(spec: SettingSpec) -> list[tuple[str, str]]:
    """Return the choices of a setting that has them."""
    return _labelled(spec.field)


def _labelled(field: ma.fields.Field[Any]) -> list[tuple[str, str]]:
    """Return the choices of a field with their words."""
    for check in field.validators:
        if isinstance(check, ma.validate.OneOf):
            labels = list(check.labels) or list(check.choices)
            return [(str(v), str(t)) for v, t in zip(check.choices, labels, strict=False)]
    return []


def typed_choices(spec: SettingSpec) -> Sequence[tuple[str, str]]:
    """Return what a form offers to choose from; empty where one types."""
    if kind_of(spec) == "switch":
        return [("true", _("On")), ("false", _("Off"))]
    return choices_of(spec)


def read_typed(spec: SettingSpec, text: str) -> Any:
    """Read what somebody typed into a form; raise InvalidInput with what to type instead."""
    kind, text = kind_of(spec), text.strip()
    if kind == "switch":
        return _switch(text)
    if kind == "number":
        return _number(text)
    if kind == "structure":
        try:
            return json.loads(text)
        except ValueError as error:
            raise _refused(
                _(
                    "This cannot be read: %(reason)s. Keep the form of the shown value.",
                    reason=error,
                )
            ) from error
    return text


ON = frozenset({"true", "1", "on", "yes", "bật", "có"})
OFF = frozenset({"false", "0", "off", "no", "tắt", "không"})


def _switch(text: str) -> bool:
    """Read on or off in the words of either language; what is neither is no switching off."""
    word = text.casefold()
    if word not in ON | OFF:
        raise _refused(_("Write “%(on)s” or “%(off)s”.", on=_("On").lower(), off=_("Off").lower()))
    return word in ON


def _number(text: str) -> int | float:
    """Read a number with a comma or a point for its fraction."""
    try:
        number = Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation as error:
        raise _refused(_("Write a number.")) from error
    if not number.is_finite():
        raise _refused(_("Write a number."))
    return int(number) if number == number.to_integral_value() else float(number)


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput(sentence, fields={"value": [sentence]})


def read_toml(text: str) -> Any:
    """Read a value as TOML: 90, true, "vi", 2026-01-01, [1, 2], {a = 1}; several lines: a table."""
    try:
        return plain(tomllib.loads(f"value = {text}")["value"])
    except tomllib.TOMLDecodeError:
        pass
    try:
        return plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        sentence = _("%(text)s is no TOML value; put text in quotes: '\"…\"'.", text=text[:40])
        raise _refused(sentence) from error


def plain(value: Any) -> Any:
    """Turn days and times of TOML into the text that fields read."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value


def as_typed(spec: SettingSpec, value: Any) -> str:
    """Write a stored value into the form."""
    kind = kind_of(spec)
    if value is None:
        return ""
    if kind == "switch":
        return "true" if value else "false"
    if kind == "structure":
        return json.dumps(value, ensure_ascii=False, indent=1)
    return str(value)


def in_words(spec: SettingSpec, value: Any) -> str:
    """Write a stored value as people read it."""
    if value is None or value == "":
        return _("not set")
    match kind_of(spec):
        case "switch":
            text = _("On") if value else _("Off")
        case "choice":
            text = dict(choices_of(spec)).get(str(value), str(value))
        case "number":
            text = format_number(value)
        case "day":
            text = format_day(date.fromisoformat(value))
        case "structure":
            text = _summary(spec.field, value)
        case _:
            text = str(value)
    return text


def _summary(field: ma.fields.Field[Any], value: Any) -> str:
    """Say shortly what a structure holds; the page of the setting shows it whole."""
    choices: dict[str, str] = {}
    if isinstance(field, ma.fields.List):
        known = field.inner.metadata.get("words") or {}
        choices = dict(_labelled(field.inner)) or {key: str(text) for key, text in known.items()}
    if choices and value:
        return "; ".join(choices.get(str(one), str(one)) for one in value)
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= 80:
        return text.strip("[]{}").replace('"', "") or _("empty")
    return _("a list of %(n)s entries", n=len(value))
