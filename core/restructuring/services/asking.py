"""Where the units and people of a divided unit go: who is asked about, and what was answered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.errors import NotFound, RuleBroken
from core.exchange.workbook.columns import Column
from core.i18n import _, lazy
from core.members.models import Affiliation, Member
from core.restructuring.files import Assignments
from core.restructuring.models import Plan
from core.restructuring.services.drafting import change_plan, draft_of
from core.restructuring.services.examining import Examination
from core.restructuring.services.filing import match_people
from core.restructuring.services.loading import children_of, load_versions, unit_ids
from core.units.models import Unit
from core.units.timelines import holding
from core.work import Work

MOST = 600
COLUMNS = (
    Column("unit_code", lazy("Code of the unit"), width=16),
    Column("name", lazy("Name"), width=40),
    Column("new_parent_code", lazy("Code of the new unit above"), width=22),
    Column("card_no", lazy("Card number"), width=16),
    Column("record_no", lazy("Record number"), width=16),
    Column("full_name", lazy("Full name"), width=30),
    Column("new_unit_code", lazy("Code of the member's new unit"), width=22),
)


@dataclass(frozen=True)
class AskedUnit:
    """A unit under the divided one, and the code of where it goes, if that was said."""

    code: str
    name: str
    goes_to: str


@dataclass(frozen=True)
class AskedMember:
    """A member at home in the divided unit, and the code of where they go, if that was said."""

    id: uuid.UUID
    name: str
    card_no: str
    record_no: str
    goes_to: str


@dataclass
class Asked:
    """A divided unit, its successors, and everything and everybody under it."""

    code: str
    name: str
    goes_on: bool
    targets: list[tuple[str, str]]
    units: list[AskedUnit] = field(default_factory=list)
    members: list[AskedMember] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How many are not on the list yet."""
        units = sum(1 for one in self.units if not one.goes_to)
        return units + sum(1 for one in self.members if not one.goes_to)


def access_asked(work: Work, plan: Plan, code: str) -> Asked:
    """Return a divided unit of a plan with whom and what it has; NotFound for any other unit."""
    lines = (plan.checks or {}).get("picture", {}).get("asked", [])
    line = next((one for one in lines if one["unit"][0] == code), None)
    found = unit_ids(work, [code])
    if line is None or code not in found:
        raise NotFound(_("This unit is not divided by the plan."))
    told = draft_of(work, plan)
    asked = Asked(code, line["unit"][1], line["goes_on"], [(one[0], one[1]) for one in line["to"]])
    asked.units = _units(work, plan, found[code], told.parents)
    asked.members = _members(work, plan, found[code], told.members)
    return asked


def _units(work: Work, plan: Plan, parent: uuid.UUID, told: Mapping[str, str]) -> list[AskedUnit]:
    """Return the units under one on the plan's day."""
    day = plan.effective_on
    versions = load_versions(work, children_of(work, [parent], day))
    codes: dict[uuid.UUID, str] = {}
    for chunk in chunked(versions):
        rows = work.session.execute(sa.select(Unit.id, Unit.code).where(Unit.id.in_(chunk)))
        codes.update(rows.all())
    found = [
        AskedUnit(codes[unit_id], facts.name, told.get(codes[unit_id], ""))
        for unit_id, listed in versions.items()
        if (facts := holding(listed, day)) is not None and facts.parent_id == parent
    ]
    return sorted(found, key=lambda one: one.code)


def _members(
    work: Work, plan: Plan, unit_id: uuid.UUID, told: Mapping[uuid.UUID, str]
) -> list[AskedMember]:
    """Return the members at home in a unit from the plan's day on."""
    rows = work.session.execute(
        sa.select(Member.id, Member.full_name, Member.card_no, Member.record_no)
        .join(Affiliation, Affiliation.member_id == Member.id)
        .where(
            Affiliation.unit_id == unit_id,
            Affiliation.kind == "home",
            Affiliation.valid_to > plan.effective_on,
        )
        .distinct()
        .order_by(Member.sort_key, Member.id)
        .add_columns(Member.sort_key)
    )
    return [
        AskedMember(row.id, row.full_name, row.card_no or "", row.record_no or "",
                    told.get(row.id, ""))
        for row in rows
    ]  # fmt: skip


def answer(
    work: Work,
    plan: Plan,
    asked: Asked,
    units: Mapping[str, str],
    members: Mapping[uuid.UUID, str],
) -> Examination:
    """Write down where units and people go; an empty answer takes back what was said."""
    fit = {code for code, _name in asked.targets} | {asked.code if asked.goes_on else ""}
    if wrong := sorted({*units.values(), *members.values()} - fit - {""}):
        raise RuleBroken(
            _("%(unit)s is not one of those who take over. Choose again.", unit=wrong[0])
        )
    told = draft_of(work, plan)
    stays = {"", asked.code}
    draft = replace(
        told,
        parents=_joined(told.parents, units, stays),
        members=_joined(told.members, members, stays),
    )
    return change_plan(work, plan, draft)


def _joined(known: Mapping[Any, str], said: Mapping[Any, str], stays: set[str]) -> dict[Any, str]:
    """Return what was said before with what is said now; staying needs no word."""
    whole = {**known, **said}
    return {key: to for key, to in whole.items() if to not in stays}


def answer_from_file(work: Work, plan: Plan, told: Assignments) -> Examination:
    """Add what a workbook says to a draft; rows that cannot be read refuse it as a whole."""
    people, problems = match_people(work, told)
    if told.problems or problems:
        first = [*told.problems, *problems][:5]
        raise RuleBroken(_("The file was not taken: %(reasons)s", reasons=" ".join(first)))
    draft = draft_of(work, plan)
    return change_plan(
        work,
        plan,
        replace(
            draft,
            parents={**draft.parents, **told.parents},
            members={**draft.members, **people},
        ),
    )


def rows_to_fill(asked: Asked) -> list[list[Any]]:
    """Return the rows of a workbook in which somebody writes where each unit and member goes."""
    units = [[one.code, one.name, one.goes_to, "", "", "", ""] for one in asked.units]
    people = [
        [asked.code, "", "", one.card_no, one.record_no, one.name, one.goes_to]
        for one in asked.members
    ]
    return [*units, *people]
