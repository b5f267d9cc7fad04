"""Examining a plan: what it makes of the tree, whom it touches, what stands in its way."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.i18n import _
from core.restructuring.compiling import compile_plan
from core.restructuring.outcome import Finding, Outcome, Wanted
from core.restructuring.services.loading import load_known
from core.restructuring.services.people import (
    Assigned,
    Staying,
    check_people,
    count_members,
    count_staying,
    sources_of,
)
from core.restructuring.services.rights import count_ending, settings_at
from core.restructuring.services.sizes import size_warnings
from core.units.models import UnitAncestor
from core.units.places import valid_on, visible
from core.units.rehoming import Obligation
from core.work import Work

SHOWN = 200
"""How many findings of a sort are kept with a plan."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a plan says, read from its rows."""

    wanted: Wanted
    assigned: Assigned = field(default_factory=Assigned)


@dataclass
class Examination:
    """What was found about a plan; `impact` counts by subject, `open_work` is what plugins tell."""

    outcome: Outcome
    staying: Staying
    problems: list[Finding]
    warnings: list[Finding]
    impact: dict[str, Any]
    open_work: Sequence[Obligation] = ()

    @property
    def sentences(self) -> list[str]:
        """The problems as sentences, each once."""
        return list(dict.fromkeys(finding.sentence for finding in self.problems))

    def as_json(self, *, with_impact: bool = True) -> dict[str, Any]:
        """Return what is kept with the plan and shown on its page."""
        found = {"problems": self.sentences[:SHOWN], "unplaced": self.outcome.unplaced}
        if not with_impact:
            return found
        said = list(dict.fromkeys(finding.sentence for finding in self.warnings))
        return {
            **found,
            "impact": self.impact,
            "warnings": said[:SHOWN],
            "more_warnings": max(0, len(said) - SHOWN),
        }


def examine(work: Work, content: Content, *, with_impact: bool = True) -> Examination:
    """Compile a plan against the tree of now and find what stands in its way."""
    more = {*content.assigned.members.values(), *(p.unit_code for p in content.assigned.postings)}
    outcome = compile_plan(load_known(work, content.wanted, more), content.wanted)
    staying = count_staying(work, sources_of(outcome), outcome.on)
    unassigned = content.wanted.unassigned
    problems = [
        *outcome.problems,
        *check_people(work, outcome, staying, content.assigned, unassigned),
    ]
    open_work = _open_work(work, outcome)
    problems.extend(_homeless_work(outcome, open_work))
    if not outcome.changes:
        problems.append(Finding("empty", _("The plan does nothing yet. Add an operation.")))
    warnings, impact = [*outcome.warnings], {}
    if with_impact:
        impact = _impact(work, outcome, staying, open_work, content)
        warnings += size_warnings(work, outcome, content.assigned, unassigned)
    return Examination(outcome, staying, problems, warnings, impact, open_work)


def _open_work(work: Work, outcome: Outcome) -> list[Obligation]:
    """Ask every plugin what is open in the units that end."""
    if not outcome.ended:
        return []
    hooks = work.hooks.of_all
    return [one for one in hooks.obligations(unit_ids=set(outcome.ended)) if one.count]


def _homeless_work(outcome: Outcome, open_work: Iterable[Any]) -> list[Finding]:
    """Refuse to end a unit in which something is open that nobody takes over."""
    return [
        Finding(
            "open_work",
            _(
                "%(unit)s: %(n)s × %(what)s are open and nobody takes over. Settle them, or name "
                "a main successor.",
                unit=outcome.said(one.unit_id),
                n=one.count,
                what=one.title,
            ),
            (outcome.codes[one.unit_id],),
        )
        for one in open_work
        if outcome.heir(one.unit_id) is None
    ]


def _impact(
    work: Work, outcome: Outcome, staying: Staying, open_work: Iterable[Any], content: Content
) -> dict[str, Any]:
    """Count whom and what the plan touches."""
    kinds = Counter(change.kind for change in outcome.changes)
    begun = set(outcome.begun.values())
    moving = {c.unit_id for c in outcome.changes if c.before and c.after and _moves(c)}
    opened: Counter[str] = Counter()
    for one in open_work:
        opened[str(one.title)] += one.count
    return {
        "operations": dict(kinds),
        "begin": len(begun),
        "end": len(outcome.ended),
        "move": len(moving - begun),
        "members": members_below(work, outcome),
        "new_homes": sum(staying.homes[unit_id] for unit_id in outcome.ended)
        + sum(1 for code in content.assigned.members.values() if code in outcome.ids),
        "posts": sum(staying.posts[unit_id] for unit_id in outcome.ended),
        **count_ending(work, outcome),
        "settings": len(settings_at(work, outcome.ended)),
        "open_work": dict(opened),
    }


def _moves(change: Any) -> bool:
    return bool(change.before.parent_id != change.after.parent_id)


def members_below(work: Work, outcome: Outcome) -> int:
    """Count the members at home, on the plan's day, in or below what it changes."""
    units: set[uuid.UUID] = set()
    for chunk in chunked(sorted(_tops(outcome))):
        units.update(
            work.session.scalars(
                sa.select(UnitAncestor.unit_id)
                .where(
                    UnitAncestor.ancestor_id.in_(chunk),
                    valid_on(UnitAncestor, outcome.on),
                    visible(UnitAncestor, work.generation),
                )
                .distinct()
            )
        )
    return count_members(work, units, outcome.on)


def _tops(outcome: Outcome) -> set[uuid.UUID]:
    """Return the units whose subtrees are touched."""
    return {c.unit_id for c in outcome.changes if c.before is not None}
