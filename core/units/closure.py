"""The ancestors of units in time, reckoned from their versions; pure functions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple


class ParentSpan(NamedTuple):
    """In this span the unit stood under this parent."""

    valid_from: date
    valid_to: date
    parent_id: uuid.UUID | None


class AncestorSpan(NamedTuple):
    """In this span the ancestor stood this many levels above; 0 is the unit itself."""

    ancestor_id: uuid.UUID
    valid_from: date
    valid_to: date
    depth: int


Versions = Mapping[uuid.UUID, list[ParentSpan]]


class CircleFound(Exception):
    """A unit would stand above itself; `unit_id` is one on the circle."""

    def __init__(self, unit_id: uuid.UUID) -> None:
        """Name one unit on the circle."""
        super().__init__(str(unit_id))
        self.unit_id = unit_id


def _joined(spans: Iterable[AncestorSpan]) -> list[AncestorSpan]:
    """Join spans of one ancestor at one depth that touch."""
    result: list[AncestorSpan] = []
    for span in sorted(spans, key=lambda s: (s.ancestor_id.bytes, s.depth, s.valid_from)):
        last = result[-1] if result else None
        same = last and (last.ancestor_id, last.depth) == (span.ancestor_id, span.depth)
        if last and same and last.valid_to >= span.valid_from:
            result[-1] = last._replace(valid_to=max(last.valid_to, span.valid_to))
        else:
            result.append(span)
    return result


class Closure:
    """Reckons ancestors of units, each once; `known` are ancestors of units that do not change."""

    def __init__(
        self, versions: Versions, known: Mapping[uuid.UUID, list[AncestorSpan]] | None = None
    ) -> None:
        """Keep the versions to reckon from."""
        self._versions = versions
        self._done: dict[uuid.UUID, list[AncestorSpan]] = dict(known or {})
        self._open: set[uuid.UUID] = set()

    def of(self, unit_id: uuid.UUID) -> list[AncestorSpan]:
        """Return all ancestor spans of a unit; raise `CircleFound` where it stands above itself."""
        if unit_id in self._done:
            return self._done[unit_id]
        if unit_id in self._open:
            raise CircleFound(unit_id)
        self._open.add(unit_id)
        spans: list[AncestorSpan] = []
        for version in self._versions.get(unit_id, []):
            spans.append(AncestorSpan(unit_id, version.valid_from, version.valid_to, 0))
            if version.parent_id is not None:
                spans.extend(self._above(version))
        self._open.discard(unit_id)
        self._done[unit_id] = _joined(spans)
        return self._done[unit_id]

    def forget(self, unit_ids: Iterable[uuid.UUID]) -> None:
        """Forget units under which nothing stands; nobody asks for their ancestors again."""
        for unit_id in unit_ids:
            self._done.pop(unit_id, None)

    def _above(self, version: ParentSpan) -> Iterable[AncestorSpan]:
        """Cut the parent's ancestors to the span in which it was the parent."""
        assert version.parent_id is not None  # noqa: S101 - narrows the type, said by the caller
        for above in self.of(version.parent_id):
            start = max(above.valid_from, version.valid_from)
            end = min(above.valid_to, version.valid_to)
            if start < end:
                yield AncestorSpan(above.ancestor_id, start, end, above.depth + 1)


def scope_parents(
    versions: Versions,
    main_successors: Mapping[uuid.UUID, uuid.UUID],
    today: date,
) -> dict[uuid.UUID, uuid.UUID | None]:
    """Say through which unit rights reach each unit today.

    A living unit: its parent of today. An ended one: its main successor, else its last parent.
    One that has not begun: its first parent.
    """
    result: dict[uuid.UUID, uuid.UUID | None] = {}
    for unit_id, spans in versions.items():
        ordered = sorted(spans)
        now = [span for span in ordered if span.valid_from <= today < span.valid_to]
        if now:
            result[unit_id] = now[0].parent_id
        elif ordered and ordered[-1].valid_to <= today:
            result[unit_id] = main_successors.get(unit_id, ordered[-1].parent_id)
        else:
            result[unit_id] = ordered[0].parent_id if ordered else None
    return result
