"""What happens by itself: reasons of absence are erased in time, opened material is told."""

from __future__ import annotations

import sqlalchemy as sa

from core import ledger
from core.settings.models import EffectiveValue
from core.units.places import valid_on
from core.work import Work

from ..models import Attendance, Material, Meeting
from .telling import tell_material

KEY = "meetings.keep_reasons_months"


def erase_old_reasons(work: Work) -> int:
    """Erase the reasons of absences older than each place keeps them; return how many.

    The state stays, and so do the figures. A statement for each number of months in use.
    """
    erased = 0
    here = sa.and_(EffectiveValue.key == KEY, valid_on(EffectiveValue, work.today))
    months = set(work.session.scalars(sa.select(EffectiveValue.number).where(here).distinct()))
    for number in sorted(int(value) for value in months if value):
        index = work.today.year * 12 + work.today.month - 1 - number
        before = work.today.replace(year=max(index // 12, 1), month=index % 12 + 1, day=1)
        units = sa.select(EffectiveValue.unit_id).where(here, EffectiveValue.number == number)
        old = sa.select(Meeting.id).where(Meeting.held_on < before, Meeting.unit_id.in_(units))
        done = work.session.connection().execute(
            sa.update(Attendance)
            .where(Attendance.reason != "", Attendance.meeting_id.in_(old))
            .values(reason="")
        )
        erased += done.rowcount
    if erased:
        about = ledger.About("attendance", None, KEY)
        ledger.record(work, "meetings.reasons_erased", about, after={"count": erased})
    return erased


def tell_opened(work: Work) -> int:
    """Tell the secretaries below of material that opens today; return how many materials."""
    rows = work.session.scalars(
        sa.select(Material).where(
            Material.opens_on == work.today,
            Material.published_at.is_not(None),
            Material.withdrawn_at.is_(None),
        )
    ).all()
    waiting = [row for row in rows if row.published_at and not _told(work, row)]
    for material in waiting:
        tell_material(work, material)
    return len(waiting)


def _told(work: Work, material: Material) -> bool:
    """Whether its secretaries were told when it was published: it was open by then."""
    published = material.published_at
    return published is not None and published.astimezone(work.host.zone).date() >= work.today
