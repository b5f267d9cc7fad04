"""What core tells: members who became official, left or moved, units that end or take over."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa

from core.errors import RuleBroken
from core.i18n import _
from core.members.models import Member, MemberStatus
from core.units.rehoming import Obligation, Rehoming
from core.work import Work

from ..models import OPEN_STATES, Admission, Candidate, Target
from .clocks import stop_all
from .deciding import finish_admission
from .entering import pass_on
from .evidence import open_of_members
from .moving import follow_member
from .passing import end_way

WHY = "the dossiers of members and units that changed, whoever changed them"


def follow_members(work: Work, member_ids: set[uuid.UUID]) -> None:
    """Keep dossiers true to the members' records: official, gone, or at another branch."""
    candidates = open_of_members(work, member_ids)
    if not candidates:
        return
    members = {
        row.id: row
        for row in work.session.execute(
            sa.select(Member.id, Member.status, Member.unit_id, Member.official_on)
            .where(Member.id.in_([one.member_id for one in candidates]))
            .execution_options(unscoped=WHY)
        )
    }
    reasons = _exits(work, [key for key, row in members.items() if row.status == "left"])
    for candidate in candidates:
        row = members.get(candidate.member_id)
        if row is not None:
            _follow(work, candidate, row, reasons.get(row.id, ""))


def _follow(work: Work, candidate: Candidate, row: Any, reason: str) -> None:
    if row.status in ("official", "exempt"):
        day = row.official_on or work.today
        candidate.state, candidate.closed_on, candidate.official_on = "recognised", day, day
        stop_all(work, candidate.id, day)
        finish_admission(work, candidate, day)
        stage = candidate.stage
        pass_on(work, candidate, "closed", from_stage=stage, to_stage=stage, on=day)
    elif row.status == "left" and reason != "moved":
        why = "deceased" if reason == "deceased" else "struck"
        end_way(work, candidate, "refused", why, work.today)
    elif row.unit_id != candidate.unit_id:
        follow_member(work, candidate, row.unit_id)


def _exits(work: Work, member_ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return why members left last."""
    if not member_ids:
        return {}
    rows = work.session.execute(
        sa.select(MemberStatus.member_id, MemberStatus.reason)
        .where(MemberStatus.member_id.in_(member_ids), MemberStatus.status == "left")
        .order_by(MemberStatus.valid_from)
    )
    return dict(rows.all())


def open_by_unit(work: Work, unit_ids: set[uuid.UUID]) -> list[Obligation]:
    """Return how many dossiers are open in units; one statement."""
    title = _("Open dossiers of admission")
    rows = work.session.execute(
        sa.select(Candidate.unit_id, sa.func.count())
        .where(Candidate.unit_id.in_(unit_ids), Candidate.state.in_(OPEN_STATES))
        .group_by(Candidate.unit_id)
        .execution_options(unscoped=WHY)
    )
    return [Obligation("recruitment.open", title, unit_id, count) for unit_id, count in rows]


def rehome(work: Work, rehoming: Rehoming) -> None:
    """Let open dossiers go to the units that took over; clocks, papers and votes go along.

    The dossier of a member who went elsewhere, as in a division, goes with the member.
    """
    rehoming.move(Candidate, Candidate.state.in_(OPEN_STATES))
    changes: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for candidate in open_of_members(work, set(rehoming.members)):
        to = rehoming.members[candidate.member_id] if candidate.member_id else candidate.unit_id
        before = {
            "id": candidate.id,
            "unit_id": candidate.unit_id,
            "revision": candidate.revision,
        }
        if to != candidate.unit_id:
            changes.append((before, {"unit_id": to, "revision": candidate.revision + 1}))
    rehoming.change(Candidate, changes)
    work.session.expire_all()


def object_to_ending(work: Work, unit_id: uuid.UUID) -> None:
    """Object to the end of a unit with open dossiers; a plan of restructuring moves them itself."""
    count = work.session.scalar(
        sa.select(sa.func.count())
        .select_from(Candidate)
        .where(Candidate.unit_id == unit_id, Candidate.state.in_(OPEN_STATES))
        .execution_options(unscoped=WHY)
    )
    if count:
        raise RuleBroken(
            _(
                "%(n)s dossiers of admission are open here. Move them to another branch first.",
                n=count,
            )
        )


def object_to_voiding(work: Work, unit_id: uuid.UUID) -> None:
    """Object to the voiding of a unit that had candidates, admissions or a target."""
    for model in (Candidate, Admission, Target):
        found = work.session.scalar(
            sa.select(model.id)
            .where(model.unit_id == unit_id)
            .limit(1)
            .execution_options(unscoped=WHY)
        )
        if found is not None:
            raise RuleBroken(
                _("This unit has admissions, candidates or targets. It can end, not be voided.")
            )


def object_to_voiding_member(work: Work, member_id: uuid.UUID) -> None:
    """Object to the voiding of a record that an admission or a dossier stands on."""
    for model in (Admission, Candidate):
        found = work.session.scalar(
            sa.select(model.id)
            .where(model.member_id == member_id)
            .limit(1)
            .execution_options(unscoped=WHY)
        )
        if found is not None:
            raise RuleBroken(_("An admission stands on this record. It is not voided."))
