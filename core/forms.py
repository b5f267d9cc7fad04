"""Forms: a marshmallow schema seen as fields of a page, with what was typed and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import marshmallow as ma
from werkzeug.datastructures import MultiDict

from core.i18n import LazyText, MessageText, Words
from core.names import normalise
from core.periods import parse_day, parse_month

MAX_TEXT = 20_000
TIME = re.compile(r"(\d{1,2})(?:\s*(?::|h|g|giờ|\.)?\s*(\d{2})?\s*(?:phút)?)(?::00)?")


class DayField(ma.fields.Date):
    """A day: ISO or day/month/year, with or without zeros."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if not isinstance(value, str) or len(value) > 20:
            raise self.make_error("invalid", input=value, obj_type="date")
        try:
            return parse_day(value)
        except ValueError as error:
            raise self.make_error("invalid", input=value, obj_type="date") from error


class MonthField(ma.fields.Date):
    """A month, kept as its first day: mm/yyyy or yyyy-mm."""

    pattern = "^([1-8][0-9]{3}-(0[1-9]|1[0-2])|(0[1-9]|1[0-2])/[1-8][0-9]{3})$"
    """What programs are told to send; `core.openapi` reads it."""
    default_error_messages = {
        "invalid": MessageText("The month is not right. Write month/year, for example 11/2026.")
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.replace(day=1)
        if not isinstance(value, str) or len(value) > 20:
            raise self.make_error("invalid", input=value, obj_type="date")
        try:
            return parse_month(value)
        except ValueError as error:
            raise self.make_error("invalid", input=value, obj_type="date") from error


class TimeField(ma.fields.Time):
    """A time of day: 19:30, 19h30, 19 giờ 30, 1930."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, time):
            return value
        found = TIME.fullmatch(value.strip().lower()) if isinstance(value, str) else None
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 99)
        if hour > 23 or minute > 59:
            raise self.make_error("invalid", input=value, obj_type="time")
        return time(hour, minute)


class LineField(ma.fields.String):
    """One line of text: NFC, single spaces, no control characters; at most 300 letters."""

    def __init__(self, *, most: int = 300, **options: Any) -> None:
        """Limit the length unless told otherwise."""
        given = options.pop("validate", None)
        checks = [ma.validate.Length(max=most)]
        if options.get("required"):
            checks.append(ma.validate.Length(min=1))
        if given is not None:
            checks.extend(given if isinstance(given, (list, tuple)) else [given])
        super().__init__(validate=checks, **options)
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return normalise(text) if len(text) <= MAX_TEXT else text


class CursorField(LineField):
    """Where a list goes on: what stood under the page before; `core.paging` reads it."""

    def __init__(self, *, most: int = 1000, load_default: str | None = "") -> None:
        """Begin at the first page unless told otherwise."""
        super().__init__(most=most, load_default=load_default)


class LimitField(ma.fields.Integer):
    """How many rows of a list a program wants at once."""

    def __init__(self, usual: int = 50, *, most: int = 200) -> None:
        """Give the usual number unless told otherwise."""
        super().__init__(load_default=usual, validate=ma.validate.Range(1, most))


class TextField(ma.fields.String):
    """Text of several lines: NFC, no control characters but line ends."""

    def __init__(self, *, most: int = MAX_TEXT, **options: Any) -> None:
        """Limit the length unless told otherwise."""
        checks = [ma.validate.Length(max=most)]
        if options.get("required"):
            checks.append(ma.validate.Length(min=1))
        super().__init__(validate=checks, **options)
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if len(text) > self.most:
            return text
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return "\n".join(normalise(line) for line in lines).strip()


class FormSchema(ma.Schema):
    """A schema that reads a web form and JSON alike; unknown fields are refused.

    From a form: lists come whole, unticked boxes are False, blank texts count as not given.
    """

    class Meta:
        """Keep the order of declaration and refuse what is unknown."""

        unknown = ma.RAISE

    @ma.pre_load
    def from_form(self, data: Any, **_options: Any) -> Any:
        """Turn a web form into plain values."""
        if not isinstance(data, MultiDict):
            return data
        # A file where a text belongs is as good as nothing; forms with files take theirs first.
        data = MultiDict((k, v) for k, v in data.items(multi=True) if isinstance(v, str))
        values: dict[str, Any] = {}
        for name, one in self.load_fields.items():
            key = one.data_key or name
            if isinstance(one, ma.fields.List):
                values[key] = [item for item in data.getlist(key) if item != ""]
            elif isinstance(one, ma.fields.Boolean):
                values[key] = data.get(key, "") not in ("", "false", "0", "off")
            elif key in data and data[key].strip() != "":
                values[key] = data[key]
            elif key in data and one.allow_none:
                values[key] = None
        known = {one.data_key or name for name, one in self.load_fields.items()}
        values.update({key: data[key] for key in data if key not in known and key not in IGNORED})
        return values


class PageQuery(FormSchema):
    """Which page of a list; who asks more adds its fields, in the order programs read them in."""

    cursor = CursorField()


IGNORED = frozenset(
    {"csrf_token", "next", "draft", "locale", "unit", "as_of_shown", "confirmed", "revision"}
)


@dataclass(slots=True)
class FormField:
    """A field as a page shows it."""

    name: str
    label: str
    kind: str
    value: Any = ""
    hint: str = ""
    required: bool = False
    choices: Sequence[tuple[str, str]] = ()
    errors: Sequence[str] = ()
    maxlength: int | None = None
    min: str | None = None
    max: str | None = None
    inputmode: str | None = None
    autocomplete: str | None = None


KINDS: tuple[tuple[type[Any], str], ...] = (
    (DayField, "day"),
    (MonthField, "month"),
    (ma.fields.Date, "day"),
    (ma.fields.Time, "time"),
    (ma.fields.Boolean, "checkbox"),
    (ma.fields.Integer, "number"),
    (ma.fields.Number, "number"),
    (ma.fields.List, "checkboxes"),
    (TextField, "textarea"),
)


@dataclass(slots=True)
class Form:
    """A form of a page: made of a schema, filled with what was typed, or with first values."""

    schema: ma.Schema
    data: Any = None
    errors_by_field: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sentence: str = ""
    action: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    choices: dict[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    draft_key: str = ""
    draft_saved_at: datetime | None = None
    told: set[str] = field(default_factory=set)
    _fields: dict[str, FormField] | None = None

    @property
    def fields(self) -> dict[str, FormField]:
        """The fields in the order in which the schema declares them."""
        if self._fields is None:
            self._fields = {
                name: self._field(name, one)
                for name, one in self.schema.load_fields.items()
                if not one.metadata.get("api_only")
            }
        return self._fields

    @property
    def was_told(self) -> bool:
        """Whether the page asked what is wrong, of this form or of a changed copy of it."""
        return bool(self.told)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """What is wrong, as (field, sentence), for the summary on top; `was_told` notes it."""
        self.told.add("errors")
        listed = [
            (name, str(text)) for name, texts in self.errors_by_field.items() for text in texts
        ]
        return listed or ([("", self.sentence)] if self.sentence else [])

    def _field(self, name: str, one: Any) -> FormField:
        key = one.data_key or name
        meta = one.metadata
        kind = meta.get("kind") or next((k for t, k in KINDS if isinstance(one, t)), "text")
        choices = self.choices.get(name) or _choices(one)
        if choices and kind in ("text", "number"):
            kind = "choice"
        return FormField(
            name=key,
            label=str(meta.get("label", key)),
            kind=kind,
            value=self._value(key, one),
            hint=str(meta.get("hint", "")),
            required=bool(one.required),
            choices=choices,
            errors=list(self.errors_by_field.get(name, self.errors_by_field.get(key, ()))),
            maxlength=getattr(one, "most", None),
            min=meta.get("min"),
            max=meta.get("max"),
            inputmode=meta.get("inputmode"),
            autocomplete=meta.get("autocomplete"),
        )

    def _value(self, key: str, one: Any) -> Any:
        if self.data is None:
            default = one.load_default
            value = None if default is ma.missing or callable(default) else default
        elif isinstance(self.data, MultiDict):
            value = (
                self.data.getlist(key) if isinstance(one, ma.fields.List) else self.data.get(key)
            )
        elif isinstance(self.data, Mapping):
            value = self.data.get(key)
        else:
            value = getattr(self.data, one.attribute or key, None)
        if isinstance(one, MonthField) and isinstance(value, date):
            return value.strftime("%m/%Y")
        return as_typed(value)


def as_typed(value: Any) -> Any:
    """Write a value as a form field wants it."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, (list, tuple, set)):
        return [str(item) for item in value]
    return value


def _choices(one: Any) -> Sequence[tuple[str, str]]:
    """Return the choices of a field that has them."""
    inner = one.inner if isinstance(one, ma.fields.List) else one
    for check in inner.validators:
        if isinstance(check, ma.validate.OneOf):
            labels = list(check.labels) or list(check.choices)
            return [(str(v), str(t)) for v, t in zip(check.choices, labels, strict=False)]
    return ()


def flat_errors(messages: Any, prefix: str = "") -> dict[str, list[str]]:
    """Flatten marshmallow's nested messages to `field.0.name` → sentences."""
    if isinstance(messages, Mapping):
        result: dict[str, list[str]] = {}
        for name, inner in messages.items():
            key = f"{prefix}.{name}" if prefix else str(name)
            result.update(flat_errors(inner, key))
        return result
    if isinstance(messages, Iterable) and not isinstance(messages, str):
        return {prefix or "_schema": [str(message) for message in messages]}
    return {prefix or "_schema": [str(messages)]}


class Choice(ma.validate.OneOf):
    """One of some values; who chose none of them is told their titles, not our words for them."""

    def __init__(self, options: Sequence[tuple[str, Any]]) -> None:
        """Take values with their titles, which are not translated before somebody reads them."""
        super().__init__([value for value, _title in options])
        self.labels = [title for _value, title in options]

    def _format_error(self, value: Any) -> str:
        titles = ", ".join(str(label) for label in self.labels if str(label))
        return self.error.format(input=value, choices=titles or self.choices_text, labels=titles)


def choice(options: Sequence[tuple[str, Any]]) -> ma.validate.OneOf:
    """Make the validator of a field with choices (value, label)."""
    return Choice(options)


def options(words: Words, *keys: str) -> list[tuple[str, LazyText]]:
    """Return keys with their words, for a choice: all of them, or those named, in order."""
    return [(key, words[key]) for key in (keys or words)]


__all__ = [
    "DayField",
    "Form",
    "FormSchema",
    "LineField",
    "MonthField",
    "TextField",
    "TimeField",
    "choice",
    "options",
]
