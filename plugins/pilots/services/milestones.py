"""Milestones of each unit: when they are due by the model, when the unit reached them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa

from core.checking import missing, not_here
from core.chunks import chunked
from core.errors import RuleBroken
from core.i18n import _
from core.members.services import months_after
from core.scope import require
from core.work import Work

from .. import permissions
from ..models import Milestone, Registration
from .guards import note, sound_day
from .registering import check_open
from .scoring import model_of
from .shapes import Key, MilestoneLine, ModelFacts


def milestones_of(work: Work, registration: Registration, model: ModelFacts) -> list[MilestoneLine]:
    """Return the milestones of a unit's part, in order of their days."""
    return lines_of_part(
        registration, model, reached(work, [registration.id]).get(registration.id, ())
    )


def milestone_of(work: Work, registration: Registration, number: int) -> MilestoneLine:
    """Return one milestone of a unit's part by its number in the model, or NotFound."""
    lines = milestones_of(work, registration, model_of(work, registration))
    found = next((line for line in lines if line.number == number), None)
    if found is None:
        raise not_here()
    return found


def milestones_by_unit(
    work: Work, registrations: Sequence[Registration], model: ModelFacts
) -> dict[Key, list[MilestoneLine]]:
    """Return the milestones of many units' parts in one model, by registration."""
    there = reached(work, [row.id for row in registrations])
    return {row.id: lines_of_part(row, model, there.get(row.id, ())) for row in registrations}


def reached(work: Work, ids: Iterable[Key]) -> dict[Key, list[Milestone]]:
    """Return the milestones that were reached, by registration."""
    found: dict[Key, list[Milestone]] = {}
    for chunk in chunked(ids):
        for row in work.session.scalars(
            sa.select(Milestone)
            .where(Milestone.registration_id.in_(chunk))
            .order_by(Milestone.reached_on, Milestone.id)
        ):
            found.setdefault(row.registration_id, []).append(row)
    return found


def lines_of_part(
    registration: Registration, model: ModelFacts, there: Iterable[Milestone]
) -> list[MilestoneLine]:
    """Return the milestones of the model, and those reached under a wording it has no more."""
    done = {row.title: row for row in there}
    began = registration.registered_on
    lines = [
        _line(
            str(one["title"]),
            number,
            months_after(began, int(one.get("months") or 0)),
            done.pop(str(one["title"]), None),
        )
        for number, one in enumerate(model.milestones)
    ]
    lines.extend(_line(row.title, -1, row.reached_on, row) for row in done.values())
    return sorted(lines, key=lambda line: (line.due_on, line.number))


def _line(title: str, number: int, due_on: date, row: Milestone | None) -> MilestoneLine:
    return MilestoneLine(
        title, number, due_on, row.reached_on if row else None, row.remark if row else ""
    )


def next_due(lines: Iterable[MilestoneLine]) -> MilestoneLine | None:
    """Return the first milestone that was not reached yet."""
    return next((line for line in lines if line.reached_on is None), None)


def progress_chips(lines: Sequence[MilestoneLine], day: date) -> list[tuple[str, str]]:
    """Say how many milestones were reached and how many are overdue on a day, with colours."""
    if not lines:
        return []
    done = sum(line.reached_on is not None for line in lines)
    late = sum(line.state(day) == "late" for line in lines)
    text = _("%(n)s of %(all)s milestones", n=done, all=len(lines))
    chips = [("good" if done == len(lines) else "info", text)]
    return [*chips, ("late", _("%(n)s overdue", n=late))] if late else chips


def reach_milestone(
    work: Work,
    registration: Registration,
    *,
    number: int,
    reached_on: date | None = None,
    remark: str = "",
) -> Milestone:
    """Note that the unit reached a milestone of its model; entered again, the day is corrected."""
    title = _title(work, registration, number)
    day = sound_day(work, reached_on or work.today, "reached_on")
    if day < registration.registered_on:
        raise missing("reached_on", _("The day lies before the registration."))
    row = _row(work, registration, title)
    before = {"reached_on": row.reached_on} if row else None
    if row is None:
        row = Milestone(
            registration_id=registration.id,
            title=title,
            created_at=work.now,
            created_by=work.actor.label[:300],
        )
        work.session.add(row)
    row.reached_on, row.remark = day, remark.strip()[:300]
    work.session.flush()
    note(
        work, "milestone_reached", registration, title, permissions.REVIEW,
        before=before, after={"reached_on": day},
    )  # fmt: skip
    return row


def take_back_milestone(work: Work, registration: Registration, *, number: int) -> None:
    """Take back what was entered by mistake."""
    title = _title(work, registration, number)
    row = _row(work, registration, title)
    if row is None:
        raise RuleBroken(_("This milestone has not been entered as reached."))
    before = {"reached_on": row.reached_on}
    work.session.delete(row)
    work.session.flush()
    note(
        work, "milestone_taken_back", registration, title, permissions.REVIEW, before=before
    )  # fmt: skip


def _title(work: Work, registration: Registration, number: int) -> str:
    """Return the title of a milestone that this unit may enter."""
    require(work, permissions.REVIEW, [registration.unit_id])
    check_open(registration)
    milestones = model_of(work, registration).milestones
    if not 0 <= number < len(milestones):
        raise not_here()
    return str(milestones[number]["title"])[:300]


def _row(work: Work, registration: Registration, title: str) -> Milestone | None:
    found: Milestone | None = work.session.scalar(
        sa.select(Milestone).where(
            Milestone.registration_id == registration.id, Milestone.title == title
        )
    )
    return found
