"""How a fact that a row tells is laid over those that are stored; pure functions."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from core.members.spans import S, Span, StatusSpan, StaySpan, begun, on, ordered, put, without
from core.periods import OPEN

Lives = Sequence[tuple[date, date]]
T = TypeVar("T", bound=Span)


def told(
    spans: Sequence[S], new: S, is_same: Callable[[S], bool], fixed: Container[date]
) -> list[S]:
    """Return spans after a row told that something holds since a day.

    The same thing told with another first day is a correction of that day, unless this very
    file told the first day before (`fixed`). It holds until the next thing that is known.
    """
    if not spans:
        return [until(new, OPEN)]
    start = new.valid_from
    now = on(spans, start)
    following = next((span for span in ordered(spans) if span.valid_from > start), None)
    if now is not None and is_same(now):
        if now.valid_from == start or now.valid_from in fixed:
            return list(spans)
        return begun(spans, now, start)
    if following is not None and is_same(following) and following.valid_from not in fixed:
        if now is None:
            return ordered(replace(s, valid_from=start) if s is following else s for s in spans)
        if now.valid_from < start and now.valid_to == following.valid_from:
            return begun(spans, following, start)
    end = following.valid_from if following is not None else OPEN
    return put(spans, until(new, end))


def until(span: S, end: date) -> S:
    """Return a span with another end; one that ends there already is left as it is."""
    return span if span.valid_to == end else replace(span, valid_to=end)


def without_left(homes: Sequence[StaySpan], statuses: Iterable[StatusSpan]) -> list[StaySpan]:
    """Return homes without the time in which somebody was no member."""
    result = list(homes)
    for status in statuses:
        if status.status == "left":
            result = without(result, status.valid_from, status.valid_to)
    return result


def nowhere(homes: Sequence[StaySpan], start: date) -> list[StaySpan]:
    """Return homes with none from a day until the next one begins."""
    following = [span.valid_from for span in homes if span.valid_from > start]
    return without(homes, start, min([*following, OPEN]))


def within_life(spans: Sequence[StaySpan], lives: dict[uuid.UUID, Lives]) -> list[StaySpan]:
    """Return stays that end with their unit at the latest."""
    result = []
    for span in spans:
        ends = [end for start, end in lives.get(span.unit_id, ()) if start <= span.valid_from < end]
        result.append(until(span, min([span.valid_to, *ends])))
    return result
