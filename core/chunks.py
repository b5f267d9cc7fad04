"""Lists of keys, cut to what one statement carries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

CHUNK = 800


def chunked(keys: Iterable[Any]) -> Iterable[list[Any]]:
    """Cut keys into pieces that one statement can carry."""
    everything = list(keys)
    for start in range(0, len(everything), CHUNK):
        yield everything[start : start + CHUNK]


def at_once(session: Session, keys: Iterable[Any]) -> Iterable[list[Any]]:
    """Cut keys for a question whose answer is small: PostgreSQL takes them all, as one array."""
    everything = list(keys)
    if session.get_bind().dialect.name != "postgresql":
        return chunked(everything)
    return [everything] if everything else []
