"""What a unit was, span by span: changed or ended from a day on; pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from core.units.versions import VersionFacts


def holding(versions: Sequence[VersionFacts], day: date) -> VersionFacts | None:
    """Return what the unit is on a day, or None where it is not there."""
    return next((facts for facts in versions if facts.valid_from <= day < facts.valid_to), None)


def lasts(versions: Sequence[VersionFacts], start: date, end: date) -> bool:
    """Whether the unit is there on every day of a half-open span."""
    reached = start
    for facts in sorted(versions, key=lambda one: one.valid_from):
        if facts.valid_from <= reached < facts.valid_to:
            reached = facts.valid_to
    return reached >= end


def changed_from(
    versions: Sequence[VersionFacts],
    day: date,
    changes: Mapping[str, Any],
    followed: Callable[[VersionFacts, VersionFacts], bool] = lambda _before, _after: False,
    **stamp: Any,
) -> list[VersionFacts]:
    """Return versions that differ from a day on, each fact until it was changed anew.

    `stamp` (the decision) is put on the version that begins on the day only. A unit that begins
    later is changed from its beginning on. `followed` tells whether a unit only went along with
    the one above it from one version to the next: had it stood elsewhere, it would have stayed.
    """
    ordered = sorted(versions, key=lambda facts: facts.valid_from)
    start = max(day, ordered[0].valid_from)
    current = holding(ordered, start)
    following = dict(changes)
    result: list[VersionFacts] = []
    before = current
    for facts in ordered:
        if facts is current:
            if facts.valid_from < start:
                result.append(replace(facts, valid_to=start))
            result.append(replace(facts, valid_from=start, **{**changes, **stamp}))
        elif before is None or facts.valid_to <= start:
            result.append(facts)
        else:
            following = {
                name: value
                for name, value in following.items()
                if getattr(facts, name) == getattr(before, name)
                or (name == "parent_id" and followed(before, facts))
            }
            result.append(replace(facts, **following))
            before = facts
    return result


def ended_at(versions: Sequence[VersionFacts], day: date) -> list[VersionFacts]:
    """Return versions of a unit that is no more from a day on."""
    return [replace(f, valid_to=min(f.valid_to, day)) for f in versions if f.valid_from < day]


def reparented(
    versions: Sequence[VersionFacts], day: date, parents: Mapping[Any, Any], **stamp: Any
) -> list[VersionFacts]:
    """Return versions that stand, from a day on, under what takes the place of their parent."""
    result: list[VersionFacts] = []
    for facts in versions:
        if facts.valid_to <= day or facts.parent_id not in parents:
            result.append(facts)
            continue
        if facts.valid_from < day:
            result.append(replace(facts, valid_to=day))
        parent_id = parents[facts.parent_id]
        if facts.valid_from > day:  # it has a decision of its own
            result.append(replace(facts, parent_id=parent_id))
        else:
            result.append(replace(facts, valid_from=day, parent_id=parent_id, **stamp))
    return result
