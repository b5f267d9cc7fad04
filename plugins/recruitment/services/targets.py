"""Targets: set for a unit and a period, compared with what was admitted, branch by branch."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.checking import check_revision, missing
from core.errors import NotFound
from core.i18n import _
from core.paging import beyond, make_cursor, read_cursor
from core.scope import reached, require
from core.settings import value
from core.settings.effective import effective_on
from core.settings.models import EffectiveValue
from core.units.covering import TODAY, AsOf, covered
from core.units.models import Unit, UnitAncestor, UnitScope, UnitVersion
from core.units.places import valid_on, visible
from core.work import Work

from .. import permissions
from ..models import Admission, AdmissionGroup, Target
from .counting import Progress
from .shapes import QuietBranch, TargetLine, Targets

WHY = "admissions against targets: rights and the plugin's switch are part of the statement"
LIMIT = 50


def usual_period(work: Work) -> tuple[date, date]:
    """Return the period shown first: the longest of this unit's targets that holds today."""
    start, end, _number = _usual_target(work)
    return start, end


def _usual_target(work: Work) -> tuple[date, date, int | None]:
    """Return the period shown first, and the target of all source groups together in it."""
    found = work.session.execute(
        sa.select(Target.period_from, Target.period_to, Target.group, Target.target)
        .where(
            Target.unit_id == work.unit.id,
            Target.period_from <= work.today,
            Target.period_to >= work.today,
        )
        .order_by(Target.period_from, Target.period_to.desc(), Target.group)
        .limit(1)
        .execution_options(unscoped="the page's own right was asked for at its door")
    ).first()
    if found is not None:
        return found.period_from, found.period_to, found.target if not found.group else None
    return date(work.today.year, 1, 1), date(work.today.year, 12, 31), None


def target_table(
    work: Work,
    start: date,
    end: date,
    *,
    as_of: AsOf = TODAY,
    cursor: str = "",
    limit: int = LIMIT,
) -> Targets:
    """Compare this unit and those directly below with their targets: five statements.

    Today's units count with all they took over; as of a day, those of then as they stood.
    """
    if end < start:
        raise missing("period_to", _("The period ends before it begins."))
    rows = _children(work, (as_of.day if as_of.is_past else None) or work.today, cursor, limit)
    page = rows[:limit]
    ids = [row.unit_id for row in page]
    last = min(end, as_of.day or end)
    admitted = _admitted(work, [work.unit.id, *ids], start, last, as_of)
    targets = _targets(work, [work.unit.id, *ids], start, end)
    following = None
    if len(rows) > limit:
        following = make_cursor((page[-1].name_sort, page[-1].unit_id))

    def line(unit_id: uuid.UUID, code: str, name: str) -> TargetLine:
        key, number = targets.get((unit_id, ""), (None, None))
        progress = Progress(admitted.get(unit_id, 0), number, start, end, as_of.day or work.today)
        return TargetLine(unit_id, code, name, progress, key)

    return Targets(
        whole=line(work.unit.id, work.unit.code, work.unit.name),
        lines=[line(row.unit_id, row.code, row.name) for row in page],
        next=following,
        period_from=start,
        period_to=end,
        groups=_groups(work, (start, last), targets, as_of),
    )


def own_progress(work: Work) -> Progress:
    """Compare this unit with its target of the usual period: two statements."""
    start, end, number = _usual_target(work)
    admitted = _admitted(work, [work.unit.id], start, end).get(work.unit.id, 0)
    return Progress(admitted, number, start, end, work.today)


def _children(work: Work, day: date, cursor: str, limit: int) -> Sequence[Any]:
    """Read the units directly below on a day that may hold members, one page."""
    statement: Any = (
        sa.select(UnitVersion.unit_id, Unit.code, UnitVersion.name, UnitVersion.name_sort)
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(
            UnitVersion.parent_id == work.unit.id,
            UnitVersion.kind != "group",
            valid_on(UnitVersion, day),
            visible(UnitVersion, work.generation),
            effective_on("recruitment.enabled", UnitVersion.unit_id, work.today),
        )
        .order_by(UnitVersion.name_sort, UnitVersion.unit_id)
        .limit(limit + 1)
    )
    rights = reached(work, permissions.TARGET_SEE, UnitVersion.unit_id)
    if rights is not None:
        statement = statement.where(rights)
    after = read_cursor(cursor, "b", "k")
    if after is not None:
        columns = (UnitVersion.name_sort, UnitVersion.unit_id)
        statement = statement.where(beyond(columns, after))
    return list(work.session.execute(statement).all())


def _above(work: Work, as_of: AsOf) -> tuple[Any, list[Any]]:
    """Return what says who stands above an admission's unit, and the conditions for it.

    Today's units have what they took over; on a past day everything stood where it stood.
    """
    if as_of.is_past and as_of.day is not None:
        here = [visible(UnitAncestor, work.generation), valid_on(UnitAncestor, as_of.day)]
        return UnitAncestor, here
    return UnitScope, [visible(UnitScope, work.generation)]


def _admitted(
    work: Work, ids: Sequence[uuid.UUID], start: date, end: date, as_of: AsOf = TODAY
) -> dict[uuid.UUID, int]:
    """Count the admissions of a period below each of some units."""
    above, here = _above(work, as_of)
    rows = work.session.execute(
        sa.select(above.ancestor_id, sa.func.count())
        .select_from(above)
        .join(Admission, Admission.unit_id == above.unit_id)
        .where(
            above.ancestor_id.in_(ids),
            *here,
            Admission.admitted_on >= start,
            Admission.admitted_on <= end,
            effective_on("recruitment.enabled", Admission.unit_id, Admission.admitted_on),
        )
        .group_by(above.ancestor_id)
        .execution_options(unscoped=WHY)
    )
    return dict(rows.all())


def _targets(
    work: Work, ids: Sequence[uuid.UUID], start: date, end: date
) -> dict[tuple[uuid.UUID, str], tuple[uuid.UUID, int]]:
    """Read the targets of exactly this period of some units."""
    rows = work.session.execute(
        sa.select(Target.unit_id, Target.group, Target.id, Target.target)
        .select_from(Target)
        .where(Target.unit_id.in_(ids), Target.period_from == start, Target.period_to == end)
        .execution_options(unscoped=WHY)
    )
    return {(unit_id, group): (key, number) for unit_id, group, key, number in rows}


def _groups(
    work: Work,
    span: tuple[date, date],
    targets: Mapping[tuple[uuid.UUID, str], Any],
    as_of: AsOf,
) -> list[tuple[str, str, int, int | None]]:
    """Count admissions of the period by source group, beside the group's target."""
    above, here = _above(work, as_of)
    known: Mapping[str, str] = value(work, "recruitment.source_groups")
    rows = work.session.execute(
        sa.select(AdmissionGroup.group, sa.func.count())
        .select_from(above)
        .join(Admission, Admission.unit_id == above.unit_id)
        .join(AdmissionGroup, AdmissionGroup.admission_id == Admission.id)
        .where(above.ancestor_id == work.unit.id, *here, Admission.admitted_on.between(*span))
        .group_by(AdmissionGroup.group)
        .execution_options(unscoped=WHY)
    )
    counts = dict(rows.all())
    lines = []
    for group in {**known, **dict.fromkeys(counts, "")}:
        aim = targets.get((work.unit.id, group))
        if group in counts or aim is not None:
            title = known.get(group) or group
            lines.append((group, title, counts.get(group, 0), aim[1] if aim else None))
    return sorted(lines, key=lambda line: (-line[2], line[1]))


def set_target(
    work: Work,
    *,
    unit_id: uuid.UUID,
    period_from: date,
    period_to: date,
    target: int,
    group: str = "",
    document_no: str = "",
    revision: int | None = None,
) -> Target:
    """Set how many a unit is to admit in a period; the same period again changes the number."""
    places = require(work, permissions.TARGET, [unit_id])
    _check(work, period_from, period_to, target, group)
    found: Target | None = work.session.scalar(
        sa.select(Target)
        .where(
            Target.unit_id == unit_id,
            Target.period_from == period_from,
            Target.period_to == period_to,
            Target.group == group,
        )
        .execution_options(unscoped="the right was asked for at the unit")
    )
    before = None if found is None else {"target": found.target}
    if found is None:
        found = Target(unit_id=unit_id, period_from=period_from, period_to=period_to, group=group)
        work.session.add(found)
    else:
        check_revision(found, revision)
    found.target, found.document_no = target, document_no.strip()[:80]
    found.set_at, found.set_by = work.now, work.actor.label[:300]
    work.session.flush()
    about = ledger.About("admission_target", found.id, places[unit_id].name, unit_id)
    after = {
        "target": target,
        "from": period_from,
        "to": period_to,
        "group": group,
        "document_no": document_no,
    }
    ledger.record(
        work,
        "recruitment.target_set",
        about,
        before=before,
        after=after,
        permission=permissions.TARGET,
    )
    return found


def _check(work: Work, start: date, end: date, target: int, group: str) -> None:
    if end < start:
        raise missing("period_to", _("The period ends before it begins."))
    if not 1930 <= start.year <= 2200 or end.year > 2200:
        raise missing("period_from", _("This day lies too far away. Check the year."))
    if not 0 <= target <= 1_000_000:
        raise missing("target", _("The number is not right."))
    if group and group not in value(work, "recruitment.source_groups"):
        raise missing("group", _("Choose one from the list."))


def access_target(work: Work, target_id: uuid.UUID) -> Target:
    """Return a target that may be seen, of this unit or one directly below."""
    found: Target | None = work.session.scalar(sa.select(Target).where(Target.id == target_id))
    if found is None:
        raise NotFound(_("There is no such target here."))
    return found


def remove_target(work: Work, target: Target) -> None:
    """Take back a target that was set by mistake."""
    places = require(work, permissions.TARGET, [target.unit_id])
    about = ledger.About("admission_target", target.id, places[target.unit_id].name, target.unit_id)
    before = {"target": target.target, "from": target.period_from, "to": target.period_to}
    work.session.delete(target)
    ledger.record(
        work, "recruitment.target_removed", about, before=before, permission=permissions.TARGET
    )
    work.session.flush()


def list_targets(work: Work, *, as_of: AsOf = TODAY, cursor: str = "", limit: int = LIMIT) -> Any:
    """List the targets of this unit and below, by unit and period."""
    statement = sa.select(Target).where(covered(work, Target.unit_id, as_of))
    after = read_cursor(cursor, "d", "k")
    if after is not None:
        statement = statement.where(beyond((Target.period_from, Target.id), after))
    rows = work.session.scalars(
        statement.order_by(Target.period_from, Target.id).limit(limit + 1)
    ).all()
    page = rows[:limit]
    following = None
    if len(rows) > limit:
        following = make_cursor((page[-1].period_from, page[-1].id))
    return page, following


def quiet_branches(
    work: Work, *, cursor: str = "", limit: int = LIMIT
) -> tuple[list[QuietBranch], str | None]:
    """List branches below without an admission for the years their place names; a page."""
    last = (
        sa.select(sa.func.max(Admission.admitted_on))
        .where(Admission.unit_id == UnitVersion.unit_id)
        .correlate(UnitVersion)
        .scalar_subquery()
    )
    statement = _branches(work, last)
    after = read_cursor(cursor, "b", "k")
    if after is not None:
        statement = statement.where(beyond((UnitVersion.name_sort, UnitVersion.unit_id), after))
    rows = work.session.execute(
        statement.order_by(UnitVersion.name_sort, UnitVersion.unit_id)
        .limit(limit + 1)
        .execution_options(unscoped=WHY)
    ).all()
    page = rows[:limit]
    following = None
    if len(rows) > limit:
        following = make_cursor((page[-1].name_sort, page[-1].unit_id))
    lines = [
        QuietBranch(row.unit_id, row.code, row.name, row.last_on, int(row.years)) for row in page
    ]
    return lines, following


def _branches(work: Work, last: Any) -> Any:
    """Select branches that are old enough and whose last admission lies far enough back."""
    statement = (
        sa.select(
            UnitVersion.unit_id,
            Unit.code,
            UnitVersion.name,
            UnitVersion.name_sort,
            last.label("last_on"),
            EffectiveValue.number.label("years"),
        )
        .select_from(UnitAncestor)
        .join(UnitVersion, UnitVersion.unit_id == UnitAncestor.unit_id)
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .join(EffectiveValue, EffectiveValue.unit_id == UnitVersion.unit_id)
        .where(
            UnitAncestor.ancestor_id == work.unit.id,
            valid_on(UnitAncestor, work.today),
            visible(UnitAncestor, work.generation),
            UnitVersion.kind == "branch",
            valid_on(UnitVersion, work.today),
            visible(UnitVersion, work.generation),
            EffectiveValue.key == "recruitment.quiet_years",
            valid_on(EffectiveValue, work.today),
            effective_on("recruitment.enabled", UnitVersion.unit_id, work.today),
            sa.or_(*_too_long_ago(work, last)),
        )
    )
    rights = reached(work, permissions.TARGET_SEE, UnitVersion.unit_id)
    return statement if rights is None else statement.where(rights)


def _too_long_ago(work: Work, last: Any) -> list[Any]:
    """Conditions: nobody was admitted, or the last time lies the years of the place back."""
    year = sa.extract("year", last)
    return [
        last.is_(None),
        year <= work.today.year - EffectiveValue.number - 1,
        sa.and_(
            year == work.today.year - EffectiveValue.number,
            sa.extract("month", last) * 31 + sa.extract("day", last)
            <= work.today.month * 31 + work.today.day,
        ),
    ]


__all__ = [
    "access_target",
    "list_targets",
    "quiet_branches",
    "remove_target",
    "set_target",
    "target_table",
    "usual_period",
]
