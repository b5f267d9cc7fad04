"""The figures stored with a meeting: summed from the roll in one statement, written in another."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from core.chunks import chunked
from core.db import table_of
from core.work import Work

from ..models import CAME, Attendance, Figures, Meeting, Visitor

FIGURES = tuple(name for name in Figures.__annotations__ if name not in ("used_material", "guests"))


def _sum(*conditions: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0)), 0)


def summed() -> dict[str, Any]:
    """Return each figure as a sum over the lines of a roll."""
    a = Attendance
    home, required = a.group == "home", a.is_required.is_(True)
    entitled = a.is_entitled.is_(True)
    came = a.state.in_(CAME)
    return {
        "members": _sum(home),
        "official": _sum(home, a.status != "probationary"),
        "probationary": _sum(home, a.status == "probationary"),
        "exempt": _sum(home, a.standing.in_(("exempt", "excused"))),
        "elsewhere": _sum(home, a.standing == "elsewhere"),
        "suspended": _sum(home, a.standing == "suspended"),
        "required": _sum(required),
        "attended": _sum(required, came),
        "online": _sum(required, a.state == "online"),
        "excused": _sum(required, a.state == "excused"),
        "absent": _sum(required, a.state == "absent"),
        "entitled": _sum(entitled),
        "entitled_present": _sum(entitled, came),
    }


def refresh_figures(work: Work, meeting: Meeting) -> None:
    """Write the figures of a meeting from its roll, past its revision.

    Two people tick at once without a conflict; whoever writes last writes the sum of both.
    """
    work.session.flush()
    connection = work.session.connection()
    reading, writing = _figures()
    row = connection.execute(reading, {"meeting": meeting.id}).one()
    values = {name: int(number) for name, number in zip(row._fields, row, strict=True)}
    connection.execute(writing, {"meeting": meeting.id} | {f"v_{n}": v for n, v in values.items()})
    for name, number in values.items():
        set_committed_value(meeting, name, number)


@functools.cache
def _figures() -> tuple[sa.Select[Any], sa.Update]:
    """Return the statements that read and write the figures of one meeting."""
    key: Any = sa.bindparam("meeting")
    guests = (
        sa.select(sa.func.count())
        .where(Visitor.meeting_id == key)
        .correlate(None)
        .scalar_subquery()
    )
    columns = {**summed(), "guests": guests}
    reading = (
        sa.select(*(total.label(name) for name, total in columns.items()))
        .select_from(Attendance)
        .where(Attendance.meeting_id == key)
    )
    table = table_of(Meeting)
    named: dict[str, Any] = {name: sa.bindparam(f"v_{name}") for name in columns}
    return reading, sa.update(table).where(table.c.id == key).values(named)


def settle_figures(work: Work, ids: Iterable[uuid.UUID]) -> None:
    """Write the figures of many meetings from their rolls: two statements a chunk."""
    sums = summed()
    for chunk in chunked(ids):
        rows = work.session.execute(
            sa.select(
                Attendance.meeting_id.label("b_id"),
                *(total.label(name) for name, total in sums.items()),
            )
            .where(Attendance.meeting_id.in_(chunk))
            .group_by(Attendance.meeting_id)
        ).mappings()
        found = {row["b_id"]: {name: int(row[name]) for name in sums} for row in rows}
        _write_figures(work, {key: found[key] for key in chunk if key in found}, work.now)
        nothing = dict.fromkeys(sums, 0)
        _write_figures(work, {key: nothing for key in chunk if key not in found}, None)


def _write_figures(
    work: Work, figures: Mapping[uuid.UUID, Mapping[str, int]], opened_at: datetime | None
) -> None:
    """Write figures past the meetings' revisions; without a roll it was never opened."""
    if not figures:
        return
    table = table_of(Meeting)
    names = next(iter(figures.values()))
    values: dict[str, Any] = {name: sa.bindparam(f"v_{name}") for name in names}
    opened = sa.literal(opened_at, table.c.roll_opened_at.type)
    values["roll_opened_at"] = (
        sa.func.coalesce(table.c.roll_opened_at, opened) if opened_at is not None else None
    )
    statement = sa.update(table).where(table.c.id == sa.bindparam("b_id")).values(values)
    work.session.connection().execute(
        statement,
        [{"b_id": key, **{f"v_{n}": v for n, v in row.items()}} for key, row in figures.items()],
    )


def figures_of(meeting: Meeting) -> dict[str, int]:
    """Return the figures of a meeting as plain values, to be frozen with its minutes."""
    return {name: int(getattr(meeting, name)) for name in (*FIGURES, "guests", "used_material")}
