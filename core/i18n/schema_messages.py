"""What marshmallow says about wrong input, told in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from marshmallow import Schema, fields, validate

from .message_text import LengthText, MessageText, UnfinishedText

_ERRORS = "default_error_messages"
_MESSAGES = ("default_message", "message_min", "message_max", "message_all", "message_equal")
_KINDS: dict[type[Any], type[MessageText]] = {
    validate.Range: UnfinishedText,
    validate.Length: LengthText,
}
# Words that are filled in before anybody reads the message.
_NEVER_SEEN = ("{obj_type}", "{awareness}", "{min_op}", "{max_op}")


def translate_marshmallow() -> None:
    """Replace the messages of all of marshmallow's fields, validators and schemas, once.

    Importing `core.i18n` does it, because fields and validators keep the messages they were made
    with. Our own ones say `MessageText("…")`, never `_("…")`, for the same reason.
    """
    for field in _family(fields.Field):
        setattr(field, _ERRORS, _texts_of(field))
    for validator in _family(validate.Validator):
        kind = _KINDS.get(validator, MessageText)
        for name in _MESSAGES:
            if name in vars(validator):
                setattr(validator, name, kind(str.__str__(vars(validator)[name])))
    Schema.error_messages = _wrapped(Schema().error_messages)


def marshmallow_messages() -> set[str]:
    """List the messages as they reach the catalogue, whether replaced yet or not."""
    found = {str.__str__(text) for text in Schema().error_messages.values()}
    for field in _family(fields.Field):
        found |= {str.__str__(text) for text in _texts_of(field).values()}
    for validator in _family(validate.Validator):
        texts = (vars(validator)[name] for name in _MESSAGES if name in vars(validator))
        found |= {str.__str__(text) for text in texts}
    for limits in _ranges():
        ends = (limits.message_min, limits.message_max, limits.message_all)
        found |= {str.__str__(text) for text in ends}
    return {text for text in found if not any(word in text for word in _NEVER_SEEN)}


def _family(parent: type[Any]) -> Iterator[type[Any]]:
    """Walk through a class and those that marshmallow itself derives from it."""
    yield parent
    for child in parent.__subclasses__():
        if child.__module__.startswith("marshmallow."):
            yield from _family(child)


def _wrapped(texts: dict[str, str]) -> dict[str, str]:
    """Make each text one that translates itself."""
    return {key: MessageText(str.__str__(text)) for key, text in texts.items()}


def _texts_of(field: type[Any]) -> dict[str, str]:
    """Return the messages a field class adds to those of its parents.

    marshmallow fills the English words "date" or "naive" into its sentences about days and times.
    In Vietnamese each kind needs its own sentence, so they are filled in before translation.
    """
    texts = dict(vars(field).get(_ERRORS, {}))
    words = {"obj_type": "OBJ_TYPE", "awareness": "AWARENESS"}
    known = {name: getattr(field, word) for name, word in words.items() if hasattr(field, word)}
    for parent in field.__mro__[1:]:
        for key, text in vars(parent).get(_ERRORS, {}).items():
            if any(f"{{{name}}}" in text for name in known):
                texts.setdefault(key, text)
    for name, word in known.items():
        texts = {key: str.__str__(text).replace(f"{{{name}}}", word) for key, text in texts.items()}
    return _wrapped(texts)


def _ranges() -> Iterator[validate.Range]:
    """Make a range of each kind: with its ends, without them."""
    for low, high in product((True, False), repeat=2):
        yield validate.Range(min=0, max=1, min_inclusive=low, max_inclusive=high)
