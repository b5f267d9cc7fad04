"""What was sent with a request, as plain values; what no schema could read is refused here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from core.errors import InvalidInput, NotFound
from core.i18n import _
from core.web import Route

DEEPEST = 20
"""How deep JSON may be nested; the deepest of ours has four levels."""

# No database keeps a NUL, and half of a surrogate pair is no letter: no keyboard makes either.
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def values_of(route: Route) -> Any:
    """Return what was sent to a route: query, form or JSON."""
    if not route.writes:
        known = {"unit"} if route.kind == "api" else set()
        return MultiDict((k, v) for k, v in request.args.items(multi=True) if k not in known)
    if route.kind == "api":
        return _json()
    if request.files and not route.takes_files:
        raise InvalidInput(_("No file is taken here. Send the form without one."))
    fields = list(request.form.items(multi=True))
    _check(key + value for key, value in fields)
    return MultiDict([*fields, *request.files.items(multi=True)])


def check_address() -> None:
    """Refuse an address with signs that nothing stored can have."""
    if _UNKEEPABLE.search(request.path):
        raise NotFound(_("There is no such page, or this account may not see it."))
    _check(key + value for key, value in request.args.items(multi=True))


def _json() -> Mapping[str, Any]:
    if not request.is_json:
        raise InvalidInput(_("Send JSON with Content-Type application/json."))
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    if not isinstance(body, Mapping) or not _is_flat_enough(body):
        raise InvalidInput(_("The JSON cannot be read; send one object."))
    return body


def _is_flat_enough(body: Any) -> bool:
    """Whether JSON is not nested too deep; all its texts are looked at on the way."""
    level = [body]
    for _depth in range(DEEPEST):
        _check(text for value in level for text in _texts(value))
        level = [inner for value in level for inner in _inner(value)]
        if not level:
            return True
    return False


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        return value
    return [value] if isinstance(value, str) else []


def _inner(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else []


def _check(texts: Iterable[str]) -> None:
    if any(_UNKEEPABLE.search(text) for text in texts):
        raise InvalidInput(_("A text has a sign that cannot be kept. Type it again."))


__all__ = ["check_address", "values_of"]
