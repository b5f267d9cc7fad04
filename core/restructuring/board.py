"""The tree from a plan's day on, while its operations are played through."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from core.i18n import _, format_day
from core.periods import OPEN
from core.restructuring.operations import Link
from core.restructuring.outcome import Change, Finding, Known, Outcome, Wanted
from core.units.timelines import changed_from, ended_at, holding, lasts, reparented
from core.units.versions import VersionFacts

Versions = dict[uuid.UUID, list[VersionFacts]]


class Board:
    """The versions of all units concerned; every move is noted in the outcome."""

    def __init__(self, known: Known, wanted: Wanted, key: Callable[[], uuid.UUID]) -> None:
        """Set up the tree as it is known."""
        self.known, self.wanted, self.key = known, wanted, key
        self.on: date = wanted.on
        self.out = Outcome(on=wanted.on, ids=dict(known.ids))
        self.out.codes = {unit_id: code for code, unit_id in known.ids.items()}
        self.out.names = {
            unit_id: versions[-1].name for unit_id, versions in known.versions.items() if versions
        }
        self.now: Versions = dict(known.versions)
        self.touched: set[uuid.UUID] = set()
        self.links: dict[str, list[tuple[Link, str]]] = defaultdict(list)
        self.blamed: set[str] = set()
        self.stamp: dict[str, Any] = {
            "decision_no": wanted.decision_no,
            "decision_date": wanted.decision_date,
        }

    def problem(self, kind: str, sentence: str, *codes: str) -> None:
        """Note what must be put right before the plan can be applied."""
        self.blamed.update(codes)
        self.out.problems.append(Finding(kind, sentence, codes))

    def warn(self, kind: str, sentence: str, *codes: str) -> None:
        """Note what somebody should look at."""
        self.out.warnings.append(Finding(kind, sentence, codes))

    def living(self, code: str) -> uuid.UUID | None:
        """Return a unit that is there from the day on, for ever; otherwise note the problem."""
        unit_id = self.out.ids.get(code)
        if unit_id is None or not self.now.get(unit_id):
            self.problem("unknown", _("There is no unit %(code)s.", code=code or "–"), code)
            return None
        versions = self.known.versions.get(unit_id) or self.now[unit_id]
        if lasts(versions, self.on, OPEN):
            return unit_id
        said = self.out.said(unit_id)
        if holding(versions, self.on) is None:
            day = format_day(self.on)
            sentence = _("%(unit)s is not there on %(day)s.", unit=said, day=day)
        else:
            sentence = _(
                "%(unit)s ends on %(day)s already. Revert that first, or choose its successor.",
                unit=said,
                day=format_day(max(facts.valid_to for facts in versions)),
            )
        self.problem("not_there", sentence, code)
        return None

    def at_start(self, unit_id: uuid.UUID) -> VersionFacts | None:
        """Return what a unit is on the plan's day, or when it begins after it."""
        versions = self.now[unit_id]
        return holding(versions, max(self.on, min(facts.valid_from for facts in versions)))

    def begin(self, unit_id: uuid.UUID, facts: VersionFacts, kind: str, reason: str) -> None:
        """Let a unit begin."""
        self.now[unit_id] = [facts]
        self.out.names[unit_id] = facts.name
        self.touched.add(unit_id)
        self.out.changes.append(Change(kind, unit_id, None, facts, reason))

    def change(
        self, unit_id: uuid.UUID, kind: str, changes: Mapping[str, Any], reason: str = ""
    ) -> None:
        """Change facts of a unit from the day on."""
        before = self.at_start(unit_id)
        self.now[unit_id] = changed_from(
            self.now[unit_id], self.on, changes, self._followed, **self.stamp
        )
        self.touched.add(unit_id)
        self.out.changes.append(Change(kind, unit_id, before, self.at_start(unit_id), reason))

    def _followed(self, before: VersionFacts, after: VersionFacts) -> bool:
        """Whether a unit changed its parent only because that ended on the day."""
        above = self.now.get(before.parent_id) if before.parent_id is not None else None
        return bool(above) and max(facts.valid_to for facts in above or ()) == after.valid_from

    def move(self, unit_id: uuid.UUID, heirs: Mapping[uuid.UUID | None, uuid.UUID]) -> None:
        """Put a unit, from the day on, under those who took over from its parents."""
        before = self.at_start(unit_id)
        self.now[unit_id] = reparented(self.now[unit_id], self.on, heirs, **self.stamp)
        self.touched.add(unit_id)
        if self.out.codes[unit_id] not in self.out.begun:
            after = self.at_start(unit_id)
            self.out.changes.append(Change("transfer", unit_id, before, after, follows=True))

    def end(self, unit_id: uuid.UUID, kind: str, reason: str) -> None:
        """End a unit on the day, and find out who takes over."""
        before = holding(self.now[unit_id], self.on)
        kept = ended_at(self.now[unit_id], self.on)
        code = self.out.codes[unit_id]
        if not kept:
            said = self.out.said(unit_id)
            sentence = _("%(unit)s begins on that very day; void it instead.", unit=said)
            self.problem("not_begun", sentence, code)
            return
        self.now[unit_id] = kept
        self.touched.add(unit_id)
        self.out.ended[unit_id] = kind
        self.out.changes.append(Change(kind, unit_id, before, None, reason))
        self._find_heirs(unit_id)

    def _find_heirs(self, unit_id: uuid.UUID) -> None:
        """Note who takes over all of a unit, or among whom it is divided."""
        ids = self.out.ids
        links = [a for a, kind in self.links[self.out.codes[unit_id]] if kind != "split_off"]
        targets = [ids[link.successor] for link in links if link.successor in ids]
        if len(targets) > 1:
            self.out.divided[unit_id] = targets
        main = [link for link in links if link.is_main] if len(links) > 1 else links
        if main and main[0].successor in ids:
            self.out.heirs[unit_id] = ids[main[0].successor]
