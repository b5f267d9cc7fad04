"""How large organisations become by a plan, and of which kind: pointed out, never refused.

Source: `domain`, 3.2 and 4.7: exceptions are the superior's to permit, so these are warnings.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from core.chunks import at_once, chunked
from core.i18n import _
from core.members.models import COUNTED, Affiliation, MemberStatus
from core.members.settings import BECOMES_ORGANISATION, LEAST_OFFICIAL
from core.restructuring.outcome import MAIN, Finding, Outcome
from core.restructuring.services.people import Assigned, sources_of
from core.settings.resolving import current, resolve_along
from core.units.models import UnitAncestor
from core.units.places import Place, valid_on, visible
from core.units.timelines import holding
from core.work import Work

Key = uuid.UUID
DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Facts:
    """What counts of a unit once the plan is applied."""

    kind: str
    is_grassroots: bool
    parent_id: Key | None


@dataclass
class Heads:
    """Members and official members by unit, and how many leave each unit for which."""

    members: Counter[Key] = field(default_factory=Counter)
    official: Counter[Key] = field(default_factory=Counter)
    moves: Counter[tuple[Key, Key]] = field(default_factory=Counter)


def size_warnings(work: Work, out: Outcome, assigned: Assigned, unassigned: str) -> list[Finding]:
    """Return what is unusual about sizes and kinds of the units that a plan makes or fills."""
    places = _places(work, out, assigned)
    facts = {unit_id: _facts(out, unit_id, places) for unit_id in _touched(out, assigned)}
    heads = _heads_after(work, out, assigned, unassigned)
    branches = [u for u, one in facts.items() if one and one.kind == "branch"]
    found = _branches(work, out, heads, {u: facts[u] for u in branches}, places)
    found += _organisations(work, out, heads, places)
    found += [
        Finding(
            "size",
            _(
                "%(unit)s becomes a section organisation; that needs the superior's permission.",
                unit=out.said(change.unit_id),
            ),
            (out.codes.get(change.unit_id, ""),),
        )
        for change in out.changes
        if change.after is not None
        and change.after.kind == "section_org"
        and (change.before is None or change.before.kind != "section_org")
    ]
    return found


def _touched(out: Outcome, assigned: Assigned) -> set[Key]:
    """Return the units whose members or kind change, those that end left out."""
    units = set(out.begun.values()) | sources_of(out)
    units |= {heir for unit_id in out.ended if (heir := out.heir(unit_id)) is not None}
    units |= {out.ids[code] for code in assigned.members.values() if code in out.ids}
    units |= {change.unit_id for change in out.changes if change.kind == "convert"}
    return units - set(out.ended)


def _places(work: Work, out: Outcome, assigned: Assigned) -> Mapping[Key, Place]:
    """Read the units concerned as they are today, with all that stand above them."""
    wanted = _touched(out, assigned) | set(out.ended)
    for change in out.changes:
        wanted |= {f.parent_id for f in (change.before, change.after) if f and f.parent_id}
    read = work.host.places.by_ids
    places = dict(read(work.session, wanted, work.today, work.generation))
    above = {unit_id for place in places.values() for unit_id in place.path} - set(places)
    places.update(read(work.session, above, work.today, work.generation))
    return places


def _facts(out: Outcome, unit_id: Key, places: Mapping[Key, Place]) -> Facts | None:
    """Return what a unit is from the plan's day on."""
    after: Any = holding(out.versions.get(unit_id, ()), out.on) or places.get(unit_id)
    return None if after is None else Facts(after.kind, after.is_grassroots, after.parent_id)


def _heads_after(work: Work, out: Outcome, assigned: Assigned, unassigned: str) -> Heads:
    """Count who is at home where once the plan is applied."""
    units = _touched(out, assigned) | set(out.ended)
    heads = Heads()
    for chunk in at_once(work.session, sorted(units)):
        for unit_id, status, number in work.session.execute(
            _at_home(Affiliation.unit_id, MemberStatus.status, sa.func.count(), day=out.on)
            .where(Affiliation.unit_id.in_(chunk))
            .group_by(Affiliation.unit_id, MemberStatus.status)
        ):
            heads.members[unit_id] += number
            heads.official[unit_id] += number if status != "probationary" else 0
    for chunk in chunked(sorted(assigned.members)):
        for member_id, unit_id, status in work.session.execute(
            _at_home(
                Affiliation.member_id, Affiliation.unit_id, MemberStatus.status, day=out.on
            ).where(Affiliation.member_id.in_(chunk))
        ):
            target = out.ids.get(assigned.members[member_id])
            if target is not None:
                _move(heads, unit_id, target, 1, int(status != "probationary"))
    for unit_id in out.ended:
        heir = out.heir(unit_id)
        if heir is not None and (unit_id not in out.divided or unassigned == MAIN):
            _move(heads, unit_id, heir, heads.members[unit_id], heads.official[unit_id])
    return heads


def _at_home(*columns: Any, day: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(Affiliation)
        .join(MemberStatus, MemberStatus.member_id == Affiliation.member_id)
        .where(
            Affiliation.kind == "home",
            valid_on(Affiliation, day),
            valid_on(MemberStatus, day),
            MemberStatus.status.in_(COUNTED),
        )
    )


def _move(heads: Heads, old: Key, new: Key, members: int, official: int) -> None:
    heads.moves[(old, new)] += members
    for counter, number in ((heads.members, members), (heads.official, official)):
        counter[old] -= number
        counter[new] += number


def _rule_after(
    work: Work, out: Outcome, key: str, places: Mapping[Key, Place]
) -> Callable[[Key], tuple[int, str]]:
    """Return what tells a number of the regulations, and its source, for each unit.

    Values are those of the plan's day, inherited from whom the unit stands under by then. They
    lie in memory; the memory of today's tree is not touched.
    """
    spec = work.host.settings.get(key)
    if spec is None:
        raise KeyError(key)
    given = current(work).given(key)

    def rule(unit_id: Key) -> tuple[int, str]:
        told = resolve_along(spec, given, _path_after(out, unit_id, places), out.on)
        return int(told.value), told.given.document_no if told.given else told.default_source

    return rule


def _branches(
    work: Work,
    out: Outcome,
    heads: Heads,
    branches: Mapping[Key, Facts | None],
    places: Mapping[Key, Place],
) -> list[Finding]:
    """Point out branches with too few official members, and grassroots branches that are large."""
    needed = _rule_after(work, out, LEAST_OFFICIAL, places)
    becomes = _rule_after(work, out, BECOMES_ORGANISATION, places)
    found: list[Finding] = []
    for unit_id, facts in branches.items():
        (least, least_source), (most, most_source) = needed(unit_id), becomes(unit_id)
        said, codes = out.said(unit_id), (out.codes.get(unit_id, ""),)
        if heads.official[unit_id] < least:
            sentence = _(
                "%(unit)s will have %(n)s official members; a branch needs at least %(least)s "
                "(%(source)s).",
                unit=said,
                n=heads.official[unit_id],
                least=least,
                source=least_source,
            )
            found.append(Finding("size", sentence, codes))
        if facts is not None and facts.is_grassroots and heads.members[unit_id] >= most:
            sentence = _(
                "%(unit)s will have %(n)s members; from %(most)s on a grassroots organisation "
                "usually has branches of its own (%(source)s).",
                unit=said,
                n=heads.members[unit_id],
                most=most,
                source=most_source,
            )
            found.append(Finding("size", sentence, codes))
    return found


def _organisations(
    work: Work, out: Outcome, heads: Heads, places: Mapping[Key, Place]
) -> list[Finding]:
    """Point out grassroots organisations with branches that become, or begin, too small."""
    changed = _changed_totals(work, out, heads, places)
    wanted = {}
    for unit_id in changed:
        facts = _facts(out, unit_id, places)
        if facts and facts.kind == "party_org" and facts.is_grassroots and unit_id not in out.ended:
            wanted[unit_id] = facts
    becomes = _rule_after(work, out, BECOMES_ORGANISATION, places)
    before = counts_below(work, set(wanted) - set(out.begun.values()), out.on)
    return [
        Finding(
            "size",
            _(
                "%(unit)s will have %(n)s members; with fewer than %(least)s it is usually a "
                "grassroots branch (%(source)s).",
                unit=out.said(unit_id) if unit_id in out.codes else places[unit_id].name,
                n=before[unit_id] + changed[unit_id],
                least=least,
                source=source,
            ),
            (out.codes.get(unit_id, ""),),
        )
        for unit_id in wanted
        for least, source in [becomes(unit_id)]
        if before[unit_id] + changed[unit_id] < least
    ]


def _changed_totals(
    work: Work, out: Outcome, heads: Heads, places: Mapping[Key, Place]
) -> Counter[Key]:
    """Return by how many members each unit above something that moves gains or loses."""
    changed: Counter[Key] = Counter(dict.fromkeys(out.begun.values(), 0))
    for change in out.changes:
        if change.kind == "convert":
            changed[change.unit_id] += 0
    for (old, new), number in heads.moves.items():
        _shift(changed, number, _path(old, places), _path_after(out, new, places))
    moved = {
        c.unit_id: (c.before.parent_id, c.after.parent_id)
        for c in out.changes
        if c.before and c.after and c.before.parent_id != c.after.parent_id
    }
    counts = counts_below(work, moved, out.on)
    for unit_id, (old_parent, new_parent) in moved.items():
        new_path = _path_after(out, new_parent, places)
        _shift(changed, counts[unit_id], _path(old_parent, places), new_path)
    return changed


def _shift(changed: Counter[Key], number: int, old: Iterable[Key], new: Iterable[Key]) -> None:
    left, joined = set(old), set(new)
    for unit_id in left - joined:
        changed[unit_id] -= number
    for unit_id in joined - left:
        changed[unit_id] += number


def _path(unit_id: Key | None, places: Mapping[Key, Place]) -> Iterable[Key]:
    place = places.get(unit_id) if unit_id is not None else None
    return place.path if place is not None else ()


def _path_after(out: Outcome, unit_id: Key | None, places: Mapping[Key, Place]) -> list[Key]:
    """Return a unit and all above it once the plan is applied."""
    path: list[Key] = []
    while unit_id is not None and len(path) < DEEPEST:
        path.append(unit_id)
        facts = _facts(out, unit_id, places)
        unit_id = facts.parent_id if facts is not None else None
    return path


def counts_below(work: Work, units: Iterable[Key], day: Any) -> Counter[Key]:
    """Count the members at home in each of these units and below it, on a day."""
    found: Counter[Key] = Counter()
    for chunk in at_once(work.session, sorted(set(units))):
        for unit_id, number in work.session.execute(
            _at_home(UnitAncestor.ancestor_id, sa.func.count(), day=day)
            .join(UnitAncestor, UnitAncestor.unit_id == Affiliation.unit_id)
            .where(
                UnitAncestor.ancestor_id.in_(chunk),
                valid_on(UnitAncestor, day),
                visible(UnitAncestor, work.generation),
            )
            .group_by(UnitAncestor.ancestor_id)
        ):
            found[unit_id] = int(number)
    return found
