"""Where facts stand in a later tree: with whoever took over the unit they belong to."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any, NamedTuple

import sqlalchemy as sa

from core.changes import Mark, changes_since
from core.chunks import chunked
from core.db import Key
from core.members.models import Affiliation
from core.units.models import UnitAncestor, UnitLineage
from core.units.places import valid_on, visible
from core.work import Work

MOST_KEPT = 24
"""So many statements are kept, of a third of a megabyte each: two years of months."""
MOST_STEPS = 30
STAYS = Affiliation.__tablename__
EXACT, PEOPLE, DECLARED = 0, 1, 2
"""How a part is known: as a whole, by where its people went, by the share a decision declares."""


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a divided unit one link carries on, and how that is known."""

    weight: float
    known_by: int


def has_ended(work: Work, until: date) -> bool:
    """Whether any unit had a successor up to a day; asked once in a piece of work."""
    kept = work.session.info.setdefault("lineage_days", {})
    if work.generation not in kept:
        kept[work.generation] = work.session.scalar(
            sa.select(sa.func.min(UnitLineage.on)).where(visible(UnitLineage, work.generation))
        )
    first: date | None = kept[work.generation]
    return first is not None and first <= until


class Link(NamedTuple):
    """What a link of lineage says, apart from the session it was read in."""

    id: uuid.UUID
    on: date
    successor_id: uuid.UUID
    share_part: int | None
    share_whole: int | None


@dataclass(frozen=True, slots=True)
class Division:
    """A unit of which one took over a part: its links, when it existed, how many went by each."""

    links: Sequence[Link]
    spans: Sequence[tuple[date, date]]
    people: Mapping[uuid.UUID, int]

    def parts(self, day: date) -> dict[uuid.UUID, Part]:
        """Return how much each link carries on, where the unit has ended by the day."""
        if any(begin <= day < end for begin, end in self.spans):
            return {}
        links = [link for link in self.links if link.on <= day]
        total = sum(self.people.get(link.id, 0) for link in links)
        if total:
            return {k.id: Part(self.people.get(k.id, 0) / total, PEOPLE) for k in links}
        declared = {
            link.id: Part(link.share_part / link.share_whole, DECLARED)
            for link in links
            if link.share_part and link.share_whole
        }
        return declared if len(declared) == len(links) else {}


def parts_of(work: Work, day: date) -> dict[uuid.UUID, Part]:
    """Return, for the links of units divided by a day, how much each carries on, where known.

    Where people went from the divided unit to its successors on that very day, they tell; else
    the shares declared, if they are all declared. A share nobody knows is left out: it is no half.
    """
    return {link: part for one in _kept_divisions(work) for link, part in one.parts(day).items()}


@dataclass(frozen=True, slots=True)
class Known:
    """Divisions as they were read: at which epoch of members, and from which mark of changes."""

    divisions: Sequence[Division]
    epoch: int
    mark: Mark

    def still(self, work: Work, epoch: int) -> Known | None:
        """Return them as known now; None where a stay on a day of a division was corrected."""
        if epoch == self.epoch:
            return self
        last = max((link.on for one in self.divisions for link in one.links), default=None)
        if last is None:
            return replace(self, epoch=epoch)
        changes = changes_since(work.session, (STAYS,), [self.mark])
        if changes.too_many or any(
            one.since is None or one.since <= last for one in changes.since(self.mark)
        ):
            return None
        return replace(self, epoch=epoch, mark=changes.mark)


def _kept_divisions(work: Work) -> Sequence[Division]:
    """Return every division there was, remembered while neither the tree nor the past changes.

    Counting the people of a province's districts takes most of a second, and somebody comes or
    goes every minute: only a corrected stay on a day of a division makes them old. Who changes
    the tree or a member in this work remembers for itself.
    """
    own = {"tree", "members"} & work.session.info.get("touched", set())
    if own:
        kept = work.session.info.setdefault("lineage_divisions", {})
    else:
        kept = work.host.places.facts("lineage divisions", work.generation)
    epoch = work.session.info["epochs"]["members"]
    known: Known | None = kept.get(work.generation)
    known = known and known.still(work, epoch)
    if known is None:
        mark = changes_since(work.session, (STAYS,), []).mark
        known = Known(_divisions(work), epoch, mark)
    kept[work.generation] = known
    return known.divisions


def _divisions(work: Work) -> list[Division]:
    """Read every division there was."""
    line = UnitLineage
    partial = sa.or_(line.share_part.is_(None), line.share_part < line.share_whole)
    links: dict[uuid.UUID, list[Link]] = defaultdict(list)
    names = Link._fields
    columns = [getattr(line, name) for name in names]
    for row in work.session.execute(
        sa.select(line.predecessor_id, *columns)
        .where(partial, visible(line, work.generation))
        .order_by(line.id)
    ):
        links[row.predecessor_id].append(Link(*(getattr(row, name) for name in names)))
    people = _people(work, links)
    spans = _spans(work, [*links])
    return [Division(some, spans[unit], people) for unit, some in links.items()]


def _spans(work: Work, units: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[tuple[date, date]]]:
    """Return when units existed."""
    own = UnitAncestor
    found: dict[uuid.UUID, list[tuple[date, date]]] = defaultdict(list)
    for chunk in chunked(units):
        rows = work.session.execute(
            sa.select(own.unit_id, own.valid_from, own.valid_to).where(
                own.depth == 0, own.unit_id.in_(chunk), visible(own, work.generation)
            )
        )
        for unit, begin, end in rows:
            found[unit].append((begin, end))
    return found


def _people(work: Work, divided: Mapping[uuid.UUID, Sequence[Link]]) -> dict[uuid.UUID, int]:
    """Count who went, on the day of a link, from below the one unit to below the other.

    What three statements tell is put together here: in one, the database expected a single row of
    each and took ten times as long.
    """
    ends = {
        link.id: (link.on, unit, link.successor_id)
        for unit, links in divided.items()
        for link in links
    }
    found: dict[uuid.UUID, int] = dict.fromkeys(ends, 0)
    for chunk in chunked(ends):
        known: dict[Any, list[uuid.UUID]] = defaultdict(list)
        for key in chunk:
            known[ends[key]].append(key)
        before = _below(work, chunk, UnitLineage.predecessor_id, _eve)
        after = _below(work, chunk, UnitLineage.successor_id, _then)
        for on, came_from, went_to, number in work.session.execute(sa.select(_moves(chunk))):
            for pair in product(before.get((on, came_from), ()), after.get((on, went_to), ())):
                for key in known.get((on, *pair), ()):
                    found[key] += number
    return found


def _below(
    work: Work, links: Sequence[uuid.UUID], end: Any, holds: Callable[[Any, Any], Any]
) -> dict[Any, list[uuid.UUID]]:
    """Return, for each day and unit, under which units at one end of links it stood."""
    line, own = UnitLineage, UnitAncestor
    ends = sa.select(line.on, end.label("unit_id")).where(line.id.in_(links)).distinct()
    named = ends.subquery("ends")
    statement = sa.select(named.c.on, own.unit_id, own.ancestor_id).join(
        own,
        sa.and_(
            own.ancestor_id == named.c.unit_id,
            *holds(own, named.c.on),
            visible(own, work.generation),
        ),
    )
    found: dict[Any, list[uuid.UUID]] = defaultdict(list)
    for on, unit_id, above in work.session.execute(statement):
        found[on, unit_id].append(above)
    return found


def _moves(links: Sequence[uuid.UUID]) -> sa.Subquery:
    """Count the people at home in a unit on the eve of a link, by where they were the next day.

    There are as many rows as units: of a province whose districts ended, the people themselves
    would be looked up one by one, which took eight times as long.
    """
    line, own = UnitLineage, sa.orm.aliased(UnitAncestor)
    before, after = sa.orm.aliased(Affiliation), sa.orm.aliased(Affiliation)
    days = sa.select(line.on).where(line.id.in_(links)).distinct().subquery("days")
    divided = sa.select(line.predecessor_id).where(line.id.in_(links))
    columns: tuple[Any, ...] = (
        days.c.on,
        before.unit_id.label("came_from"),
        after.unit_id.label("went_to"),
    )
    return (
        sa.select(*columns, sa.func.count().label("number"))
        .select_from(days)
        .join(before, sa.and_(before.kind == "home", *_eve(before, days.c.on)))
        .join(after, after.member_id == before.member_id)
        .where(
            after.kind == "home",
            *_then(after, days.c.on),
            before.unit_id.in_(sa.select(own.unit_id).where(own.ancestor_id.in_(divided))),
        )
        .group_by(*columns)
        .subquery("moves")
    )


def _eve(model: Any, day: Any) -> tuple[Any, Any]:
    """Conditions: a row held on the eve of a day."""
    return model.valid_from < day, model.valid_to >= day


def _then(model: Any, day: Any) -> tuple[Any, Any]:
    """Conditions: a row holds on a day."""
    return model.valid_from <= day, model.valid_to > day


def heirs_on(work: Work, day: date, until: date, parts: Mapping[uuid.UUID, Part]) -> sa.Subquery:
    """Return who stands for each unit on a day: unit, heir, how much of it, how that is known.

    A unit that exists on the day stands for itself. One that ended by `until` is followed through
    its successors, and theirs, to those that exist; a divided one has several, `parts` says how
    many. `weight` is empty, and `unknown` 1, where nobody knows how much went there.
    """
    if "tree_generation" in work.session.info:
        kept = work.session.info.setdefault("lineage_heirs", {})
    else:
        kept = work.host.places.facts("lineage heirs", work.generation)
    key = (work.generation, day, until, frozenset(parts.items()))
    found: sa.Subquery | None = kept.get(key)
    if found is None:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        found = kept[key] = _heirs_on(work, day, until, parts)
    return found


def _heirs_on(work: Work, day: date, until: date, parts: Mapping[uuid.UUID, Part]) -> sa.Subquery:
    """Make the statement of those who stand for each unit; it names nobody who asks.

    Making it takes longer than sending it, and a page asks for twelve months of it again and
    again: so it is kept while the tree stays the same.
    """
    chain = _chain(work, day, until, parts)
    grouped = (
        sa.select(
            chain.c.unit_id,
            chain.c.heir_id,
            sa.func.sum(chain.c.weight).label("weight"),
            sa.func.max(sa.case((chain.c.weight.is_(None), 1), else_=0)).label("unknown"),
            sa.func.max(chain.c.known_by).label("known_by"),
        )
        .where(_living(work, day, chain.c.heir_id))
        .group_by(chain.c.unit_id, chain.c.heir_id)
        .subquery("inherited")
    )
    inherited = sa.select(
        grouped.c.unit_id,
        grouped.c.heir_id,
        grouped.c.weight,
        grouped.c.unknown,
        grouped.c.known_by,
        sa.func.count().over(partition_by=grouped.c.unit_id).label("parts"),
    )
    itself: Any = sa.select(
        UnitAncestor.unit_id,
        UnitAncestor.unit_id.label("heir_id"),
        sa.cast(sa.literal_column("1"), sa.Double()).label("weight"),
        sa.literal_column("0").label("unknown"),
        sa.literal_column("0").label("known_by"),
        sa.literal_column("1").label("parts"),
    ).where(
        UnitAncestor.depth == 0, valid_on(UnitAncestor, day), visible(UnitAncestor, work.generation)
    )
    return sa.union_all(itself, inherited).subquery("heirs")


def _chain(work: Work, day: date, until: date, parts: Mapping[uuid.UUID, Part]) -> Any:
    """Follow ended units through their successors, multiplying the parts on the way."""
    line = UnitLineage
    first: Any = sa.select(
        line.predecessor_id.label("unit_id"),
        line.successor_id.label("heir_id"),
        _weight(line, parts).label("weight"),
        _known_by(line, parts).label("known_by"),
        sa.literal_column("1").label("steps"),
    ).where(
        line.on <= until, visible(line, work.generation), ~_living(work, day, line.predecessor_id)
    )
    # `nesting` keeps the WITH inside, so that the statement still begins with its mark.
    chain = first.cte("chain", recursive=True, nesting=True)
    later = sa.orm.aliased(line, name="later")
    known_by = _known_by(later, parts)
    return chain.union_all(
        sa.select(
            chain.c.unit_id,
            later.successor_id,
            chain.c.weight * _weight(later, parts),
            sa.case((chain.c.known_by > known_by, chain.c.known_by), else_=known_by),
            chain.c.steps + 1,
        )
        .join(later, later.predecessor_id == chain.c.heir_id)
        .where(
            later.on <= until,
            visible(later, work.generation),
            ~_living(work, day, later.predecessor_id),
            # A circle of successors must end.
            chain.c.steps < MOST_STEPS,
        )
    )


def _weight(line: Any, parts: Mapping[uuid.UUID, Part]) -> sa.ColumnElement[float]:
    """Return how much of its predecessor a link carries on; empty where nobody knows."""
    known = [(sa.literal(key, Key()), part.weight) for key, part in parts.items()]
    part = sa.case(*known, value=line.id) if known else sa.null()
    whole: Any = (line.share_part == line.share_whole, sa.literal_column("1"))
    return sa.cast(sa.case(whole, else_=part), sa.Double())


def _known_by(line: Any, parts: Mapping[uuid.UUID, Part]) -> sa.ColumnElement[int]:
    """Return how the part a link carries on is known."""
    by_people = [key for key, part in parts.items() if part.known_by == PEOPLE]
    declared = [key for key, part in parts.items() if part.known_by == DECLARED]
    return sa.case(
        (line.id.in_(by_people), sa.literal_column(str(PEOPLE))),
        (line.id.in_(declared), sa.literal_column(str(DECLARED))),
        else_=sa.literal_column(str(EXACT)),
    )


def _living(work: Work, day: date, unit_id: Any) -> sa.ColumnElement[bool]:
    """Condition: the unit exists on the day."""
    own = sa.orm.aliased(UnitAncestor)
    return (
        sa.exists()
        .where(
            own.unit_id == unit_id,
            own.ancestor_id == unit_id,
            valid_on(own, day),
            visible(own, work.generation),
        )
        .correlate_except(own)
    )
