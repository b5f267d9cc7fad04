"""Plans from files: operations, the reform's table, and the second file of assignments."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from core.exchange.workbook import Limits, read_in_child
from core.i18n import _
from core.members.services import Identity, match_members
from core.restructuring.files import (
    ASSIGN,
    PLAN,
    Assignments,
    PlanFile,
    read_assignments,
    read_plan,
)
from core.restructuring.outcome import REFUSE
from core.restructuring.services.drafting import Draft
from core.restructuring.services.loading import unit_ids
from core.restructuring.services.reform import reform_operations
from core.work import Work

LIMITS = Limits(megabytes=60, memory=512 * 2**20)


@dataclass
class Filed:
    """A draft from files, and what is wrong with their rows; such a file is not accepted."""

    draft: Draft
    problems: list[str] = field(default_factory=list)


def read_plan_file(path: Path, filename: str | None = None) -> PlanFile:
    """Read the file of a plan in a process of its own; raise UnreadableFile."""
    with read_in_child(path, PLAN, filename=filename, limits=LIMITS) as reading:
        columns = reading.columns
        return read_plan(columns, (row for batch in reading for row in batch))


def read_assign_file(path: Path, filename: str | None = None) -> Assignments:
    """Read the file of assignments in a process of its own; raise UnreadableFile."""
    with read_in_child(path, ASSIGN, filename=filename, limits=LIMITS) as reading:
        return read_assignments(row for batch in reading for row in batch)


def draft_from(
    work: Work,
    file: PlanFile,
    assignments: Assignments | None = None,
    *,
    on: date,
    decision_no: str,
    decision_date: date | None = None,
    title: str = "",
    unassigned: str = REFUSE,
) -> Filed:
    """Make a draft of what files say."""
    told = assignments or Assignments()
    operations = file.operations or reform_operations(work, file.successions, on)
    members, problems = match_people(work, told)
    draft = Draft(
        on=on,
        operations=operations,
        title=title,
        decision_no=decision_no,
        decision_date=decision_date,
        parents=told.parents,
        members=members,
        unassigned=unassigned,
    )
    return Filed(draft, [*file.problems, *told.problems, *problems])


def match_people(work: Work, told: Assignments) -> tuple[dict[uuid.UUID, str], list[str]]:
    """Find the members a file names."""
    units = unit_ids(work, {row.unit_code for row in told.people if row.unit_code})
    rows = [
        Identity(
            card_no=row.card_no or None,
            record_no=row.record_no or None,
            full_name=row.full_name,
            birth_date=row.birth_date,
            birth_precision=row.birth_precision,
            unit_id=units.get(row.unit_code),
        )
        for row in told.people
    ]
    found: dict[uuid.UUID, str] = {}
    problems: list[str] = []
    for row, match in zip(told.people, match_members(work, rows), strict=True):
        if match.member_id is None:
            sentence = match.problem or _("Nobody of this name and number is known there.")
            problems.append(_("Row %(number)s: %(sentence)s", number=row.number, sentence=sentence))
        else:
            found[match.member_id] = row.to_code
    return found, problems
