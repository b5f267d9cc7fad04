"""What has to be done without anybody asking: the passing of days, and what is no longer needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core import ledger
from core.access.models import LoginSession, ResetCode, SharedDevice
from core.access.principal import job as job_actor
from core.changes import Change
from core.jobs.models import Job
from core.jobs.overview import remember, remembered
from core.members.listing import roll_due
from core.members.models import MemberListRow
from core.units.rolling import roll_units
from core.work import Work

if TYPE_CHECKING:
    from core.system import System

ROLLED = "jobs.rolled_to"
DONE_KEPT = timedelta(days=30)
FAILED_KEPT = timedelta(days=180)
SESSIONS_KEPT = timedelta(days=90)  # so that a person can still see from where they signed in
DEVICES_KEPT = timedelta(days=365)
CHANGES_KEPT = timedelta(days=2)  # answers that are remembered ask for those of the last hour
SWEPT_AT_ONCE = 5000


def roll_days(work: Work, _payload: Mapping[str, Any]) -> None:
    """Bring the tree and the members up to today: facts written ahead, whose day has come.

    Days missed while nothing ran are made up for. At the first run only the day itself is done:
    whoever wrote the rows reckoned them as of then.
    """
    word = remembered(work, ROLLED)
    since = date.fromisoformat(word) if word else work.today - timedelta(days=1)
    if since >= work.today:
        return
    units = roll_units(work, since)
    members = roll_due(work, since)
    work.touch("access")  # positions, grants and delegations begin and end with days, too
    remember(work, ROLLED, work.today.isoformat())
    if units or members:
        ledger.record(
            work,
            "jobs.rolled",
            ledger.About("day", None, work.today.isoformat()),
            after={"since": since, "units": len(units), "members": members},
        )


def tidy(work: Work, _payload: Mapping[str, Any]) -> None:
    """Delete what nobody needs: old jobs, ended sessions, used codes, devices, told changes."""
    now = work.now
    for condition in (
        sa.and_(Job.state == "done", Job.finished_at < now - DONE_KEPT),
        sa.and_(Job.state == "failed", Job.finished_at < now - FAILED_KEPT),
    ):
        work.session.execute(sa.delete(Job).where(condition))
    old = now - SESSIONS_KEPT
    work.session.execute(
        sa.delete(LoginSession).where(
            sa.or_(LoginSession.expires_at < old, LoginSession.ended_at < old)
        )
    )
    work.session.execute(
        sa.delete(ResetCode).where(sa.or_(ResetCode.expires_at < old, ResetCode.used_at < old))
    )
    work.session.execute(
        sa.delete(SharedDevice).where(SharedDevice.last_used_at < now - DEVICES_KEPT)
    )
    told = work.session.scalar(sa.select(sa.func.max(Change.written_on)))
    if told is not None:  # by the database's calendar, which writes them
        work.session.execute(sa.delete(Change).where(Change.written_on < told - CHANGES_KEPT))


def sweep_lists(system: System, _payload: Mapping[str, Any]) -> int:
    """Delete rows of the stored list of members that no reader sees any more; return how many.

    A large restructuring leaves hundreds of thousands: piece by piece, so that nobody waits.
    """
    swept = 0
    while True:
        with system.opener.as_system(job_actor("jobs.sweep"), writing=True) as work:
            count = _sweep_some(work)
        swept += count
        if count < SWEPT_AT_ONCE:
            return swept


def _sweep_some(work: Work) -> int:
    row = MemberListRow
    key = (row.ancestor_id, row.sort_key, row.member_id, row.gen_from)
    dead = sa.select(*key).where(row.gen_to <= work.generation).limit(SWEPT_AT_ONCE)
    result = work.session.execute(
        sa.delete(row)
        .where(sa.tuple_(*key).in_(dead.subquery().select()))
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]  # DML returns a cursor's result
