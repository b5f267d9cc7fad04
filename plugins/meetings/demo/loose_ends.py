"""What the last two months left undone, so that all six states of a month are there to be seen."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from zlib import crc32

import sqlalchemy as sa

from core.db import new_key
from core.generate.town import BAC_HONG_LINH, PHUC_SON, Town
from core.periods import OPEN
from core.work import Work

from ..models import HELD, Chase, Meeting, Minutes
from ..services.issuing import issue_papers
from .shapes import Branch
from .telling import Teller, planned_day

WHY = "the demo writes the whole town"
THIS_MONTH = (
    "no_minutes",
    "waiting",
    "put_off_ahead",
    "no_minutes",
    "waiting",
    "not_held",
    "no_minutes",
    "put_off",
)
LAST_MONTH = ("unentered", "no_minutes", "waiting", "put_off_open", "not_held", "put_off")


def draw_fates(
    branches: Iterable[Branch], months: Sequence[date], today: date
) -> dict[tuple[str, date], str]:
    """Return how the meetings whose day has passed went in the last two months of a ward."""
    known = [branch for branch in branches if branch.code != PHUC_SON]
    fates: dict[tuple[str, date], str] = {}
    for month, loose in zip(months[-2:], (LAST_MONTH, THIS_MONTH), strict=True):
        past = [branch for branch in known if planned_day(branch, month) < today]
        past.sort(key=lambda branch: crc32(f"{branch.code}/{month}".encode()))
        for number, branch in enumerate(past):
            fates[branch.code, month] = loose[number] if number < len(loose) else "done"
    return fates


def leave_to_prepare(teller: Teller, unit_id: uuid.UUID, today: date) -> None:
    """Leave this month's meeting of a branch undone: preparing it is what the demo begins with."""
    month = today.replace(day=1)
    gone = {
        row["id"]
        for row in teller.rows["meeting"]
        if row["unit_id"] == unit_id and row["for_month"] == month
    }
    for name, rows in teller.rows.items():
        key = "id" if name == "meeting" else "meeting_id"
        teller.rows[name] = [row for row in rows if row.get(key) not in gone]
    kept = {row["id"] for row in teller.rows["resolution"]}
    teller.rows["point"] = [r for r in teller.rows["point"] if r["resolution_id"] in kept]
    last = [row for row in teller.rows["task"] if row["unit_id"] == unit_id][-3:]
    for row, days in zip(last, (-6, -1, 10), strict=False):
        row.update(
            due_on=today + timedelta(days=days),
            state="doing",
            done_on=None,
            reported_at=None,
            report="",
        )


def issue_last_month(work: Work, month: date) -> None:
    """Number and freeze the papers of a month's locked minutes; older ones wait to be asked for."""
    statement = (
        sa.select(Meeting, Minutes)
        .join(Minutes, Minutes.meeting_id == Meeting.id)
        .where(Meeting.for_month == month, Minutes.state == "locked")
        .order_by(Meeting.held_on, Meeting.id)
        .execution_options(unscoped=WHY)
    )
    found = work.session.execute(statement).all()
    ids = {meeting.unit_id for meeting, _minutes in found}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    for meeting, minutes in found:
        issue_papers(work.at(places[meeting.unit_id]), meeting, minutes)


def chase(work: Work, town: Town, keys: Mapping[str, uuid.UUID], month: date) -> None:
    """Note that last month's late branches of Bắc Hồng Lĩnh were telephoned."""
    settled = sa.select(Meeting.unit_id).where(
        Meeting.for_month == month,
        Meeting.kind == "branch",
        Meeting.state.in_((*HELD, "not_held", "postponed")),
    )
    there = set(work.session.scalars(settled.execution_options(unscoped=WHY)))
    below = [
        unit.code
        for unit in town.units
        if unit.kind == "branch"
        and unit.parent_code == BAC_HONG_LINH
        and unit.valid_to == OPEN
        and keys[unit.code] not in there
    ]
    rows = [
        {
            "id": new_key(),
            "unit_id": keys[code],
            "for_month": month,
            "at": work.now - timedelta(days=4),
            "by": "Văn phòng Đảng ủy phường",
            "channel": "phone",
            "promised_on": town.today + timedelta(days=2),
        }
        for code in below
    ]
    if rows:
        work.session.execute(sa.insert(Chase), rows)
