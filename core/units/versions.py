"""Writing the tree: the one way in which versions, ancestors and reach of units change."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.db import new_key, table_of
from core.errors import RuleBroken
from core.i18n import _
from core.names import search_key, text_sort_key
from core.periods import EVER, OPEN
from core.rows import insert_rows
from core.units.closure import AncestorSpan, CircleFound, Closure, ParentSpan
from core.units.ending import end_rows
from core.units.holding import lock_tree
from core.units.models import UnitAncestor, UnitVersion
from core.units.places import visible
from core.units.reach import parent_spans, reckon_reach
from core.work import Work


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What a unit is in a span of days."""

    name: str
    kind: str
    parent_id: uuid.UUID | None
    valid_from: date = EVER
    valid_to: date = OPEN
    sector: str = ""
    is_grassroots: bool = False
    has_delegated_powers: bool = False
    has_seal: bool = False
    term_months: int | None = None
    decision_no: str = ""
    decision_date: date | None = None


Wanted = Mapping[uuid.UUID, Sequence[VersionFacts]]


def facts_of(version: UnitVersion) -> VersionFacts:
    """Return the facts of a stored version."""
    return VersionFacts(**{name: getattr(version, name) for name in VersionFacts.__slots__})


def next_generation(work: Work) -> int:
    """Return the generation this work writes; writers of the tree wait for each other."""
    info = work.session.info
    if "tree_generation" not in info:
        info["tree_generation"] = lock_tree(work) + 1
        info["epochs"] = {**info["epochs"], "tree": info["tree_generation"]}
        work.touch("tree")
    return int(info["tree_generation"])


def stored_versions(work: Work, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[UnitVersion]]:
    """Read the versions of units as this work believes them, in order of time."""
    result: dict[uuid.UUID, list[UnitVersion]] = {}
    for chunk in chunked(ids):
        for version in work.session.scalars(
            sa.select(UnitVersion)
            .where(UnitVersion.unit_id.in_(chunk), visible(UnitVersion, work.generation))
            .order_by(UnitVersion.unit_id, UnitVersion.valid_from)
        ):
            result.setdefault(version.unit_id, []).append(version)
    return result


def write_versions(work: Work, wanted: Wanted) -> set[uuid.UUID]:
    """Make these the versions of these units; return the units whose ancestors were reckoned anew.

    Raises RuleBroken for overlapping spans, a circle, or a unit whose parent is not there for
    as long as the unit stands under it.
    """
    for versions in wanted.values():
        _check_spans(versions)
    generation = next_generation(work)
    work.session.flush()
    for chunk in chunked(wanted):
        _write_chunk(work, {unit_id: wanted[unit_id] for unit_id in chunk}, generation)
    work.session.info.pop("places", None)
    affected = _with_descendants(work, wanted)
    _reckon_ancestors(work, affected, generation)
    reckon_reach(work, affected, generation)
    work.session.info.pop("places", None)
    return affected


def _write_chunk(work: Work, wanted: Wanted, generation: int) -> None:
    """Write the versions of some units where they differ from what is stored."""
    before = _stored_facts(work, wanted)
    rows: list[dict[str, Any]] = []
    gone: list[tuple[uuid.UUID, int]] = []
    for unit_id, versions in wanted.items():
        old = before.get(unit_id, {})
        new = set(versions)
        gone.extend(row for facts, row in old.items() if facts not in new)
        rows.extend(
            _version_row(unit_id, facts, generation) for facts in versions if facts not in old
        )
    _close(work, gone, generation)
    insert_rows(work.session, UnitVersion, rows)


def _check_spans(versions: Sequence[VersionFacts]) -> None:
    """Refuse empty and overlapping spans."""
    ordered = sorted(versions, key=lambda facts: facts.valid_from)
    for facts in ordered:
        if facts.valid_from >= facts.valid_to:
            raise RuleBroken(
                _("%(name)s: the first day must lie before the last day.", name=facts.name)
            )
    for first, second in pairwise(ordered):
        if first.valid_to > second.valid_from:
            raise RuleBroken(
                _("%(name)s: two descriptions of the unit overlap in time.", name=second.name)
            )


def _stored_facts(
    work: Work, ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, dict[VersionFacts, tuple[uuid.UUID, int]]]:
    """Read what is stored of units, each with the key of its row and since when it is known."""
    columns = [getattr(UnitVersion, name) for name in VersionFacts.__slots__]
    found: dict[uuid.UUID, dict[VersionFacts, tuple[uuid.UUID, int]]] = {}
    for chunk in chunked(ids):
        for unit_id, key, since, *values in work.session.execute(
            sa.select(UnitVersion.unit_id, UnitVersion.id, UnitVersion.gen_from, *columns).where(
                UnitVersion.unit_id.in_(chunk), visible(UnitVersion, work.generation)
            )
        ):
            facts = VersionFacts(**dict(zip(VersionFacts.__slots__, values, strict=True)))
            found.setdefault(unit_id, {})[facts] = (key, since)
    return found


def _close(work: Work, rows: Sequence[tuple[uuid.UUID, int]], generation: int) -> None:
    """End versions at a generation; one of this very generation was never seen and goes."""
    fresh = [key for key, since in rows if since == generation]
    old = [key for key, since in rows if since != generation]
    for chunk in chunked(fresh):
        work.session.execute(
            sa.delete(UnitVersion)
            .where(UnitVersion.id.in_(chunk))
            .execution_options(synchronize_session=False)
        )
    for chunk in chunked(old):
        work.session.execute(
            sa.update(UnitVersion)
            .where(UnitVersion.id.in_(chunk))
            .values(gen_to=generation)
            .execution_options(synchronize_session=False)
        )


def _version_row(unit_id: uuid.UUID, facts: VersionFacts, generation: int) -> dict[str, Any]:
    """Make the row of a version."""
    return {
        **{name: getattr(facts, name) for name in VersionFacts.__slots__},
        "id": new_key(),
        "unit_id": unit_id,
        "name_sort": text_sort_key(facts.name),
        "name_search": search_key(facts.name),
        "gen_from": generation,
    }


def _with_descendants(work: Work, ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return units with everything that ever stood below them."""
    result = set(ids)
    for chunk in chunked(list(result)):
        result.update(
            work.session.scalars(
                sa.select(UnitAncestor.unit_id)
                .where(UnitAncestor.ancestor_id.in_(chunk), visible(UnitAncestor, work.generation))
                .distinct()
            )
        )
    return result


def _ancestor_spans(
    work: Work, ids: Iterable[uuid.UUID]
) -> tuple[dict[uuid.UUID, list[AncestorSpan]], dict[tuple[Any, ...], int]]:
    """Read stored ancestors, and the generation since when each row is known."""
    spans: dict[uuid.UUID, list[AncestorSpan]] = {}
    since: dict[tuple[Any, ...], int] = {}
    model = UnitAncestor
    for chunk in chunked(ids):
        for unit_id, ancestor_id, start, end, depth, gen_from in work.session.execute(
            sa.select(
                model.unit_id,
                model.ancestor_id,
                model.valid_from,
                model.valid_to,
                model.depth,
                model.gen_from,
            ).where(model.unit_id.in_(chunk), visible(model, work.generation))
        ):
            span = AncestorSpan(ancestor_id, start, end, depth)
            spans.setdefault(unit_id, []).append(span)
            since[(unit_id, span)] = gen_from
    return spans, since


def _reckon_ancestors(work: Work, affected: set[uuid.UUID], generation: int) -> None:
    """Write only the ancestor rows that differ, chunk by chunk: a country does not fit at once."""
    versions = parent_spans(work, affected)
    parents = {span.parent_id for spans in versions.values() for span in spans if span.parent_id}
    outside = parents - affected
    known, _since = _ancestor_spans(work, outside)
    closure = Closure(versions, {**{unit_id: [] for unit_id in outside}, **known})
    for chunk in chunked(sorted(affected)):
        old, since = _ancestor_spans(work, chunk)
        gone: list[tuple[uuid.UUID, AncestorSpan]] = []
        new: list[dict[str, Any]] = []
        for unit_id in chunk:
            spans = set(_spans_or_refusal(closure, unit_id))
            _check_covered(work, unit_id, versions.get(unit_id, []), closure)
            before = set(old.get(unit_id, []))
            gone.extend((unit_id, span) for span in before - spans)
            new.extend(
                {**span._asdict(), "unit_id": unit_id, "gen_from": generation}
                for span in spans - before
            )
        keys = [
            {**span._asdict(), "unit_id": unit_id, "gen_from": since[(unit_id, span)]}
            for unit_id, span in gone
        ]
        end_rows(work, table_of(UnitAncestor), keys, generation)
        insert_rows(work.session, UnitAncestor, new)
        closure.forget(unit_id for unit_id in chunk if unit_id not in parents)


def _spans_or_refusal(closure: Closure, unit_id: uuid.UUID) -> list[AncestorSpan]:
    """Return the ancestors of a unit; a circle becomes a sentence."""
    try:
        return closure.of(unit_id)
    except CircleFound as error:
        raise RuleBroken(
            _("A unit would stand above itself. Choose a parent that is not below it.")
        ) from error


def _check_covered(
    work: Work, unit_id: uuid.UUID, spans: Iterable[ParentSpan], closure: Closure
) -> None:
    """Refuse a unit that stands under a parent which is not there all that time."""
    for span in spans:
        if span.parent_id is None:
            continue
        own = sorted(
            (above.valid_from, above.valid_to)
            for above in closure.of(span.parent_id)
            if above.depth == 0
        )
        reached = span.valid_from
        for start, end in own:
            if start <= reached < end:
                reached = end
        if reached < span.valid_to:
            raise RuleBroken(_uncovered_sentence(work, unit_id, span, reached))


def _uncovered_sentence(work: Work, unit_id: uuid.UUID, span: ParentSpan, since: date) -> str:
    """Say which unit would hang in the air, and from which day."""
    named = stored_versions(work, [unit_id, *([span.parent_id] if span.parent_id else [])])
    name = named[unit_id][-1].name if unit_id in named else ""
    above = named[span.parent_id][-1].name if span.parent_id in named else ""
    return _(
        "%(name)s stands under %(above)s, which is not there from %(day)s on. "
        "First give it another parent from that day, or end it.",
        name=name,
        above=above,
        day=since.strftime("%d/%m/%Y"),
    )
