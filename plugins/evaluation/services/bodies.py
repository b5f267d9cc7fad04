"""Who is competent for whom, and in which groups somebody counts: reckoned from the tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.units.places import Place
from core.work import Work

from .shapes import Key

BELOW_COMMITTEES = ("branch", "group")
TIER_OF = {"branch": "branch", "group": "branch", "party_org": "grassroots",
           "section_org": "grassroots"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """A group within which a cap holds."""

    scope: str
    subject_kind: str
    place_id: Key
    group: str
    base: str
    share: int
    rounding: str

    @property
    def key(self) -> tuple[str, str, Key, str]:
        """What makes the group one."""
        return self.scope, self.subject_kind, self.place_id, self.group


class Bodies:
    """Units with everything above them, as they are today."""

    def __init__(self, work: Work, campaign_unit_id: Key, unit_ids: Iterable[Key]) -> None:
        """Read the units and what stands above them: a few statements for any number."""
        first = work.host.places.by_ids(
            work.session, {campaign_unit_id, *unit_ids}, work.today, work.generation
        )
        above = {key for place in first.values() for key in place.path} - set(first)
        more = work.host.places.by_ids(work.session, above, work.today, work.generation)
        self.places: Mapping[Key, Place] = {**first, **more}
        self.campaign_unit_id = campaign_unit_id

    def way_up(self, unit_id: Key) -> list[Place]:
        """Return a unit and those above it, the nearest first."""
        own = self.places[unit_id]
        return [self.places[key] for key in own.path if key in self.places] or [own]

    def committee(self, unit_id: Key) -> Key:
        """Return the nearest unit, at or above one, that has a committee of its own."""
        for place in self.way_up(unit_id):
            if place.kind not in BELOW_COMMITTEES:
                return place.id
        return self.campaign_unit_id

    def grassroots(self, unit_id: Key) -> Key:
        """Return the grassroots organisation a unit is or belongs to, else its committee."""
        for place in self.way_up(unit_id):
            if place.is_grassroots:
                return place.id
        return self.committee(unit_id)

    def parent(self, unit_id: Key) -> Key:
        """Return the unit directly above; of the topmost one itself."""
        return self.places[unit_id].parent_id or unit_id

    def competent(self, resolver: str, unit_id: Key) -> Key:
        """Return the competent body of a unit: by one of the ways the settings name."""
        if resolver == "own":
            return unit_id
        if resolver == "committee":
            return self.committee(unit_id)
        if resolver == "grassroots":
            return self.grassroots(unit_id)
        if resolver == "parent":
            return self.parent(unit_id)
        if resolver == "grassroots_superior":
            return self.parent(self.grassroots(unit_id))
        return self.campaign_unit_id

    def tier(self, unit_id: Key) -> str:
        """Return the tier whose days hold for a unit."""
        return TIER_OF.get(self.places[unit_id].kind, "superior")

    def peer_group(self, subject_kind: str, unit_id: Key) -> str:
        """Return the group of like role and task: by kind and, for branches, by sector."""
        if subject_kind == "member":
            return ""
        place = self.places[unit_id]
        return f"{place.kind}:{place.sector}" if place.sector else place.kind

    def groups(
        self, caps: Iterable[Mapping[str, Any]], subject_kind: str, unit_id: Key, decider_id: Key,
        peer_group: str,
    ) -> list[Group]:  # fmt: skip
        """Return the groups a subject counts in, one for each rule that concerns it."""
        found = []
        for rule in caps:
            if rule["subject"] != subject_kind:
                continue
            place_id, group = self._within(rule["scope"], unit_id, decider_id, peer_group)
            share = round(rule["percent"] * 100)
            found.append(
                Group(rule["scope"], subject_kind, place_id, group, rule["base"], share,
                      rule["rounding"])
            )  # fmt: skip
        return found

    def _within(self, scope: str, unit_id: Key, decider_id: Key, group: str) -> tuple[Key, str]:
        if scope == "grassroots_org":
            return self.grassroots(unit_id), ""
        if scope == "peer_group":
            return decider_id, group
        return (decider_id if scope == "superior" else self.campaign_unit_id), ""
