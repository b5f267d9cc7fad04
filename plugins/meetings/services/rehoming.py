"""What becomes of open meetings, tasks, material and follow-up when units end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.i18n import LazyText, lazy
from core.units.rehoming import Obligation, Rehoming, accountable
from core.work import Work

from ..models import BEFORE, OPEN_TASK, Material, Meeting, OversightAssignment, Task
from .shapes import Key

WHY = "what a restructuring hands on, wherever it is"
OPEN_MEETING = (*BEFORE, "holding", "minutes")
Row = Mapping[str, Any]


def _sorts(work: Work) -> tuple[tuple[str, LazyText, type[Any], Any], ...]:
    """Return what counts as open: sort, title, model, condition."""
    month = work.today.replace(day=1)
    return (
        (
            "meetings.meetings",
            lazy("Meetings planned or without minutes"),
            Meeting,
            Meeting.state.in_(OPEN_MEETING),
        ),
        ("meetings.tasks", lazy("Open tasks"), Task, Task.state.in_(OPEN_TASK)),
        (
            "meetings.material",
            lazy("Material for this month and later"),
            Material,
            sa.and_(Material.for_month >= month, Material.withdrawn_at.is_(None)),
        ),
        (
            "meetings.following",
            lazy("Comrades who follow a branch"),
            OversightAssignment,
            OversightAssignment.valid_to > work.today,
        ),
    )


def obligations_of(work: Work, unit_ids: set[Key]) -> list[Obligation]:
    """Return how much of each sort is open, at the unit that answers for it; one statement a chunk.

    A meeting that was held stays with the unit that held it; whoever took over finishes it.
    """
    sorts = _sorts(work)
    counts: Counter[tuple[int, Key]] = Counter()
    for chunk in chunked(sorted(unit_ids)):
        parts = [
            sa.select(sa.literal_column(str(number)).label("sort"), model.unit_id, sa.func.count())
            .where(model.unit_id.in_(chunk), condition)
            .group_by(model.unit_id)
            for number, (_kind, _title, model, condition) in enumerate(sorts)
        ]
        together = sa.union_all(*parts).subquery("open")
        rows = work.session.execute(sa.select(together).execution_options(unscoped=WHY))
        for number, unit_id, n in rows:
            counts[(int(number), unit_id)] += n
    answers = accountable(work, {unit_id for _number, unit_id in counts})
    summed: Counter[tuple[int, Key]] = Counter()
    for (number, unit_id), n in counts.items():
        summed[(number, answers[unit_id])] += n
    return [
        Obligation(sorts[number][0], str(sorts[number][1]), unit_id, n)
        for (number, unit_id), n in sorted(summed.items(), key=lambda one: str(one[0]))
    ]


def hand_over(work: Work, rehoming: Rehoming) -> None:
    """Let everything open go to the units that took over; what was held stays where it was."""
    _hand_over_meetings(work, rehoming)
    _hand_over_tasks(work, rehoming)
    month = rehoming.on.replace(day=1)
    rehoming.move(Material, Material.for_month >= month, Material.withdrawn_at.is_(None))
    _hand_over_following(work, rehoming)


def _rows(
    work: Work, rehoming: Rehoming, model: type[Any], names: Sequence[str], *conditions: Any
) -> list[Row]:
    """Read columns of rows that stand in ended units."""
    found: list[Row] = []
    for chunk in chunked(sorted(rehoming.heirs)):
        statement = (
            sa.select(*(getattr(model, name) for name in names))
            .where(model.unit_id.in_(chunk), *conditions)
            .order_by(model.id)
            .execution_options(unscoped=WHY)
        )
        found.extend(dict(row) for row in work.session.execute(statement).mappings())
    return found


def _hand_over_tasks(work: Work, rehoming: Rehoming) -> None:
    """Let open tasks go along with whoever does them, where a divided unit's people part."""
    names = ("id", "unit_id", "owner_id", "revision")
    rows = _rows(work, rehoming, Task, names, Task.state.in_(OPEN_TASK))
    changes = [
        (
            row,
            {
                "unit_id": rehoming.members.get(row["owner_id"], rehoming.heirs[row["unit_id"]]),
                "revision": row["revision"] + 1,
            },
        )
        for row in rows
    ]
    rehoming.change(Task, changes)


def _hand_over_meetings(work: Work, rehoming: Rehoming) -> None:
    """Let planned meetings go on; a second regular one of a month becomes an extra meeting."""
    names = ("id", "unit_id", "for_month", "kind", "is_regular", "revision")
    planned = (Meeting.state.in_(BEFORE), Meeting.for_month >= rehoming.on.replace(day=1))
    rows = _rows(work, rehoming, Meeting, names, *planned)
    taken = _regular(work, {rehoming.heirs[row["unit_id"]] for row in rows})
    changes = []
    for row in rows:
        heir = rehoming.heirs[row["unit_id"]]
        after = {
            "unit_id": heir,
            "kind": row["kind"],
            "is_regular": row["is_regular"],
            "revision": row["revision"] + 1,
        }
        if row["kind"] == "branch" and row["is_regular"]:
            if (heir, row["for_month"]) in taken:
                after |= {"kind": "extra", "is_regular": False}
            taken.add((heir, row["for_month"]))
        changes.append((row, after))
    rehoming.change(Meeting, changes)


def _regular(work: Work, units: Iterable[Key]) -> set[tuple[Key, date]]:
    """Return the months for which units have their regular meeting already."""
    found: set[tuple[Key, date]] = set()
    for chunk in chunked(sorted(units)):
        statement = (
            sa.select(Meeting.unit_id, Meeting.for_month)
            .where(
                Meeting.unit_id.in_(chunk),
                Meeting.kind == "branch",
                Meeting.is_regular,
                Meeting.state.not_in(("not_held", "void")),
            )
            .execution_options(unscoped=WHY)
        )
        found.update((unit_id, month) for unit_id, month in work.session.execute(statement))
    return found


def _hand_over_following(work: Work, rehoming: Rehoming) -> None:
    """Let whoever follows an ended branch follow its heir from the day on."""
    model, on = OversightAssignment, rehoming.on
    names = [column.name for column in model.__table__.columns]
    rows = _rows(work, rehoming, model, names, model.valid_to > on)
    begun = [row for row in rows if row["valid_from"] < on]
    later = [row for row in rows if row["valid_from"] >= on]
    rehoming.recorder.update(
        model, [(row, {"valid_to": on, "revision": row["revision"] + 1}) for row in begun]
    )
    rehoming.recorder.update(
        model,
        [
            (row, {"unit_id": rehoming.heirs[row["unit_id"]], "revision": row["revision"] + 1})
            for row in later
        ],
    )
    fresh = [
        {
            **{name: value for name, value in row.items() if name != "id"},
            "unit_id": rehoming.heirs[row["unit_id"]],
            "valid_from": on,
            "revision": 1,
        }
        for row in begun
    ]
    rehoming.recorder.insert(model, fresh)
