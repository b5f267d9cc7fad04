"""Facts that hold for a span of days: put in, taken out, begun earlier; pure functions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar

from core.periods import OPEN


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open: the first day belongs to it, the last does not."""

    valid_from: date
    valid_to: date

    def holds_on(self, day: date) -> bool:
        """Whether a day belongs to the span."""
        return self.valid_from <= day < self.valid_to


@dataclass(frozen=True, slots=True)
class StatusSpan(Span):
    """What a member was: probationary, official, exempt, or left, with the reason."""

    status: str
    reason: str = ""
    decision_no: str = ""
    decision_date: date | None = None


@dataclass(frozen=True, slots=True)
class StaySpan(Span):
    """Where a member belonged, or took part for a time."""

    unit_id: uuid.UUID
    decision_no: str = ""


@dataclass(frozen=True, slots=True)
class PostSpan(Span):
    """Which position a member held in a unit."""

    unit_id: uuid.UUID
    position: str
    how: str = ""
    decision_no: str = ""


@dataclass(frozen=True, slots=True)
class ConditionSpan(Span):
    """Away, suspended or excused."""

    kind: str
    next_contact_on: date | None = None
    decision_no: str = ""


S = TypeVar("S", bound=Span)


def on(spans: Iterable[S], day: date) -> S | None:
    """Return what holds on a day, or None."""
    for span in spans:
        if span.valid_from <= day < span.valid_to:
            return span
    return None


def ordered(spans: Iterable[S]) -> list[S]:
    """Return spans in order of time."""
    listed = list(spans)
    if len(listed) > 1:
        listed.sort(key=lambda span: (span.valid_from, span.valid_to))
    return listed


def without(spans: Iterable[S], start: date, end: date = OPEN) -> list[S]:
    """Return spans with nothing left between two days; what reaches over is cut."""
    result: list[S] = []
    for span in spans:
        if span.valid_from < min(span.valid_to, start):
            result.append(replace(span, valid_to=min(span.valid_to, start)))
        if max(span.valid_from, end) < span.valid_to:
            result.append(replace(span, valid_from=max(span.valid_from, end)))
    return ordered(result)


def put(spans: Iterable[S], new: S) -> list[S]:
    """Return spans with a new one that wins on its days."""
    return ordered([*without(spans, new.valid_from, new.valid_to), new])


def filled(spans: Sequence[S], others: Iterable[S]) -> list[S]:
    """Return spans, and on days on which none of them holds, the others."""
    result = list(others)
    for span in spans:
        result = put(result, span)
    return ordered(result)


def begun(spans: Sequence[S], one: S, start: date, **changes: Any) -> list[S]:
    """Return spans in which one begins on another day; the one before it ends there.

    Raises ValueError where nothing would be left of one of them.
    """
    listed = ordered(spans)
    at = listed.index(one)
    before = listed[at - 1] if at else None
    if start >= one.valid_to or (before is not None and start <= before.valid_from):
        raise ValueError(start)
    result = [*listed]
    result[at] = replace(one, valid_from=start, **changes)
    if before is not None and (before.valid_to == one.valid_from or before.valid_to > start):
        result[at - 1] = replace(before, valid_to=start)
    return result


def dropped(spans: Sequence[S], one: S) -> list[S]:
    """Return spans without one; the one before it that touched it goes on to its end."""
    listed = ordered(spans)
    at = listed.index(one)
    if at and listed[at - 1].valid_to == one.valid_from:
        listed[at - 1] = replace(listed[at - 1], valid_to=one.valid_to)
    del listed[at]
    return listed


def uncovered(needed: Iterable[S], given: Iterable[Span]) -> list[S]:
    """Return what is left of spans on the days on which none of the others holds."""
    result = list(needed)
    for span in given:
        result = without(result, span.valid_from, span.valid_to)
    return result


def are_sound(spans: Iterable[Span]) -> bool:
    """Whether no span is empty and no two share a day."""
    listed = ordered(spans)
    return all(span.valid_from < span.valid_to for span in listed) and all(
        one.valid_to <= two.valid_from for one, two in pairwise(listed)
    )
