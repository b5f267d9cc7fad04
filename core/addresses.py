"""Writes the addresses of pages: a list links fifty times to pages of one kind."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Flask, request, url_for

# A text of these signs stands in an address as it is, before the question mark and after it.
is_plain = re.compile(r"[A-Za-z0-9._-]+").fullmatch
kinds_of_values = re.compile(r"<(?:([^:<>]+):)?[^<>]+>").findall


class Addresses:
    """Writes addresses by patterns, one for each page and names of values; one per application.

    Flask looks for the rule, checks what fits, converts and quotes anew for every link, which is
    a tenth of the time of a list.
    """

    def __init__(self, app: Flask) -> None:
        """Know no pattern yet."""
        self._app = app
        self._patterns: dict[tuple[str, ...], str] = {}

    def write(self, endpoint: str, values: Mapping[str, Any]) -> str:
        """Return the address of a page; raises BuildError where there is none, as Flask does."""
        for value in values.values():
            kind = type(value)
            if kind is not uuid.UUID and (kind is not str or is_plain(value) is None):
                return url_for(endpoint, **values)
        # The pattern has in it where the application stands on its server.
        key = (request.environ.get("SCRIPT_NAME", ""), endpoint, *values)
        pattern = self._patterns.get(key)
        if pattern is None:
            if any(name.startswith("_") for name in values) or not self._has_pattern(endpoint):
                return url_for(endpoint, **values)
            pattern = self._patterns[key] = _pattern(endpoint, values)
        return pattern % values

    def _has_pattern(self, endpoint: str) -> bool:
        """Whether an address says its values as they are, in the only place it has for them."""
        if self._app.url_default_functions or endpoint not in self._app.view_functions:
            return False
        rules = list(self._app.url_map.iter_rules(endpoint))
        return len(rules) == 1 and {"", "uuid"}.issuperset(kinds_of_values(rules[0].rule))


def _pattern(endpoint: str, values: Mapping[str, Any]) -> str:
    """Write an address with values that are found again in it."""
    marks: dict[str, Any] = {
        name: uuid.uuid4() if type(value) is uuid.UUID else uuid.uuid4().hex
        for name, value in values.items()
    }
    pattern = url_for(endpoint, **marks).replace("%", "%%")
    for name, mark in marks.items():
        pattern = pattern.replace(str(mark), f"%({name})s")
    return pattern
