"""Messages that a library formats itself: they look the catalogue up when they are filled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from .catalogues import _
from .formats import format_day


class MessageText(str):
    """An English message of a field or validator that is told in the active language.

    marshmallow wants a `str` and calls `format` on it (a lazy text would be shown as it is), or
    hands it on untouched, in which case `str()` translates.
    """

    __slots__ = ()

    def format(self, *values: object, **named: object) -> str:
        """Translate, then fill `{name}`; days are written as days."""
        named = {name: _readable(value) for name, value in named.items()}
        return _(str.__str__(self)).format(*values, **named)

    def __str__(self) -> str:
        return _(str.__str__(self))


class LengthText(MessageText):
    """A message about a length, told in entries where it is a list's."""

    __slots__ = ()

    def format(self, *values: object, **named: object) -> str:
        """Translate the sentence about entries or the one about signs."""
        sentence = str.__str__(self)
        if isinstance(named.get("input"), (list, tuple, set, dict)):
            return OF_LISTS[sentence].format(*values, **named)
        return super().format(*values, **named)


OF_LISTS = {
    "Shorter than minimum length {min}.": MessageText("Give at least {min} entries."),
    "Longer than maximum length {max}.": MessageText("Give at most {max} entries."),
    "Length must be between {min} and {max}.": MessageText("Give {min} to {max} entries."),
    "Length must be {equal}.": MessageText("Give {equal} entries."),
}


class UnfinishedText(MessageText):
    """A message that a validator completes when it is made, long before anybody reads it."""

    __slots__ = ()

    def format(self, *values: object, **named: object) -> MessageText:
        """Fill in what is known now; the result is translated when it is filled again."""
        return MessageText(str.format(str.__str__(self), *values, **named))


def _readable(value: Any) -> Any:
    """Write a limit that is a day as a day."""
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    return format_day(value) if is_day else value
