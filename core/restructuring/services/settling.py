"""Modules and settings that change with a plan: given at ended units, or inherited elsewhere."""

from __future__ import annotations

import uuid

from core.i18n import NOTHING
from core.restructuring.outcome import Outcome
from core.restructuring.services.rights import settings_at
from core.settings import value
from core.settings.values import in_words
from core.units.places import Place
from core.units.timelines import holding
from core.work import Work

PAIRS = 12
"""So many moves from one superior to another are compared; a reform has hundreds of the same."""


def changing_settings(work: Work, out: Outcome) -> list[dict[str, str]]:
    """Return which values are lost with ended units, and which differ under a new superior."""
    return [*_lost(work, out), *_inherited(work, out)]


def _lost(work: Work, out: Outcome) -> list[dict[str, str]]:
    """Return the values that were given at ended units themselves."""
    found = []
    for unit_id, key, was in settings_at(work, out.ended):
        spec = work.host.settings.get(key)
        found.append(
            {
                "title": str(spec.title) if spec else key,
                "unit": out.names.get(unit_id, out.codes.get(unit_id, "")),
                "before": in_words(spec, was) if spec else str(was),
                "after": NOTHING,
            }
        )
    return found


def _inherited(work: Work, out: Outcome) -> list[dict[str, str]]:
    """Compare what is inherited under the old and the new superior, for each pair of them."""
    pairs: dict[tuple[uuid.UUID, uuid.UUID], str] = {}
    for change in out.changes:
        if change.before is None or change.after is None or len(pairs) >= PAIRS:
            continue
        old, new = change.before.parent_id, _known_above(out, change.after.parent_id)
        if old is not None and new is not None and old != new:
            pairs.setdefault((old, new), out.names.get(change.unit_id, ""))
    ids = {unit_id for pair in pairs for unit_id in pair}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    return [
        line
        for (old, new), name in pairs.items()
        if old in places and new in places
        for line in _differences(work, places[old], places[new], name)
    ]


def _known_above(out: Outcome, unit_id: uuid.UUID | None) -> uuid.UUID | None:
    """Return the nearest unit above that is there already; one that begins has nothing yet."""
    begun = set(out.begun.values())
    while unit_id is not None and unit_id in begun:
        facts = holding(out.versions.get(unit_id, ()), out.on)
        unit_id = facts.parent_id if facts is not None else None
    return unit_id


def _differences(work: Work, old: Place, new: Place, name: str) -> list[dict[str, str]]:
    found = []
    for spec in work.host.settings:
        before, after = value(work, spec.key, old), value(work, spec.key, new)
        if before != after:
            found.append(
                {
                    "title": str(spec.title),
                    "unit": f"{name} ({old.name} → {new.name})",
                    "before": in_words(spec, before),
                    "after": in_words(spec, after),
                }
            )
    return found
