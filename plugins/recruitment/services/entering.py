"""The beginning: candidates enter the pool, their facts are kept, somebody is named to help."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.checking import changes, missing
from core.errors import RuleBroken
from core.i18n import _
from core.members.models import COUNTED, Affiliation, Member, MemberStatus
from core.members.services import check_holds_members, clean_number, name_columns
from core.names import normalise, split_full_name
from core.settings import value
from core.units.places import valid_on
from core.work import Work

from .. import permissions
from ..models import CLOSED_STATES, ROLES, Candidate, Passage, Supporter
from ..settings import EDUCATION
from .clocks import start_clock, start_clocks
from .guards import check_open, note
from .shapes import CandidateFacts, Key

OLDEST = date(1900, 1, 1)
SUPPORT = "who supports a candidate: a member of any branch, by the branch's own choice"
FORMER = "whether somebody who enters was a member before"


def enter_candidate(work: Work, facts: CandidateFacts) -> Candidate:
    """Put somebody on the list of the pool; the branch's resolution follows as the first paper."""
    check_holds_members(work, work.unit)
    entered = facts.entered_on or work.today
    if not OLDEST <= entered <= work.today:
        raise missing("entered_on", _("This day is still to come."))
    columns = _columns(work, facts)
    _check_twice(work, columns)
    candidate = Candidate(
        unit_id=work.unit.id,
        **columns,
        entered_on=entered,
        reviewed_on=entered,
        stage="pool",
        stage_since=entered,
        template_on=work.today,
        former_id=_former(work, facts.former_card_no),
        created_at=work.now,
        created_by=work.actor.label[:300],
        changed_at=work.now,
    )
    work.session.add(candidate)
    work.session.flush()
    pass_on(work, candidate, "entered", to_stage="pool", on=entered, to_unit_id=work.unit.id)
    start_clock(work, candidate, "pool_review", entered)
    note(work, "entered", candidate, permissions.MANAGE, after={"entered_on": entered})
    return candidate


def change_candidate(work: Work, candidate: Candidate, facts: CandidateFacts) -> Candidate:
    """Correct what is kept about a candidate who is not a member yet."""
    check_open(candidate)
    if candidate.member_id is not None:
        raise RuleBroken(_("This person is a member now. Correct the member's record."))
    columns = _columns(work, facts)
    before, after = changes(candidate, columns)
    shown = {name: one for name, one in after.items() if name not in ("sort_key", "search")}
    if shown:
        old = {name: before[name] for name in shown}
        note(work, "changed", candidate, permissions.MANAGE, before=old, after=shown)
    return candidate


def _columns(work: Work, facts: CandidateFacts) -> dict[str, Any]:
    """Return the columns of what was typed; all that is wrong is told at its field."""
    full = normalise(facts.full_name)
    if not full:
        raise missing("full_name", _("The full name is missing."))
    born = facts.birth_date
    if born is not None and not OLDEST < born < work.today:
        raise missing("birth_date", _("The birth date is not right. Check the year."))
    if facts.education and facts.education not in EDUCATION:
        raise missing("education", _("Choose one from the list."))
    known: Mapping[str, str] = value(work, "recruitment.source_groups")
    if set(facts.groups) - set(known):
        raise missing("groups", _("Choose one from the list."))
    return {
        **name_columns(split_full_name(full)),
        "birth_date": born,
        "birth_precision": facts.birth_precision,
        "sex": facts.sex if facts.sex in ("male", "female") else "",
        "phone": facts.phone.strip()[:30],
        "education": facts.education,
        "groups": sorted(set(facts.groups)),
        "is_union_member": facts.is_union_member,
    }


def _check_twice(work: Work, columns: Mapping[str, Any]) -> None:
    """Refuse somebody who is on the way in this unit already."""
    twice = work.session.scalar(
        sa.select(Candidate.id)
        .where(
            Candidate.unit_id == work.unit.id,
            Candidate.search == columns["search"],
            Candidate.full_name == columns["full_name"],
            Candidate.birth_date == columns["birth_date"]
            if columns["birth_date"]
            else Candidate.birth_date.is_(None),
            Candidate.state.not_in(CLOSED_STATES),
        )
        .limit(1)
    )
    if twice is not None:
        raise missing(
            "full_name",
            _("Somebody of this name and birth date is on the list already. Open that dossier."),
        )


def _former(work: Work, card_no: str) -> Key | None:
    """Return the record of somebody who was a member before and comes again."""
    number = clean_number(card_no)
    if not number:
        return None
    found = work.session.execute(
        sa.select(Member.id, Member.status)
        .where(
            Member.card_no == number, Member.voided_at.is_(None), Member.merged_into_id.is_(None)
        )
        .execution_options(unscoped=FORMER)
    ).first()
    if found is None or found.status in COUNTED:
        raise missing(
            "former_card_no", _("Nobody who has left had this card number. Check the number.")
        )
    former: Key = found.id
    return former


def name_supporter(
    work: Work,
    candidate: Candidate,
    *,
    member_id: Key,
    role: str,
    known_since: date | None = None,
    is_replacement: bool = False,
    on: date | None = None,
) -> Supporter:
    """Name an official member who introduces or helps; a helper takes the place of the last."""
    check_open(candidate)
    if role not in ROLES:
        raise missing("role", _("Choose one from the list."))
    day = on or work.today
    if day > work.today or (known_since is not None and known_since > day):
        raise missing("known_since", _("This day is still to come."))
    name = _official_name(work, candidate, member_id, day)
    listed = work.session.scalars(
        sa.select(Supporter).where(
            Supporter.candidate_id == candidate.id,
            Supporter.role == role,
            Supporter.until.is_(None),
        )
    ).all()
    if any(one.member_id == member_id for one in listed):
        raise missing("member_id", _("This comrade is named already."))
    if role == "helper":
        for one in listed:
            one.until = day
    supporter = Supporter(
        candidate_id=candidate.id,
        member_id=member_id,
        name=name,
        role=role,
        known_since=known_since,
        is_replacement=is_replacement,
        since=day,
    )
    work.session.add(supporter)
    after = {"role": role, "name": name, "on": day}
    note(work, "supporter_named", candidate, permissions.MANAGE, after=after)
    work.session.flush()
    return supporter


def release_supporter(work: Work, candidate: Candidate, supporter_id: Key) -> None:
    """End that somebody introduces or helps."""
    check_open(candidate)
    found = work.session.get(Supporter, supporter_id)
    if found is None or found.candidate_id != candidate.id or found.until is not None:
        raise RuleBroken(_("This comrade is not named here."))
    found.until = work.today
    after = {"role": found.role, "name": found.name}
    note(work, "supporter_released", candidate, permissions.MANAGE, after=after)


def _official_name(work: Work, candidate: Candidate, member_id: Key, day: date) -> str:
    """Return the name of an official member on a day; anybody else is refused."""
    found: str | None = work.session.scalar(
        sa.select(Member.full_name)
        .join(MemberStatus, MemberStatus.member_id == Member.id)
        .where(
            Member.id == member_id,
            Member.voided_at.is_(None),
            MemberStatus.status.in_(("official", "exempt")),
            valid_on(MemberStatus, day),
        )
        .execution_options(unscoped=SUPPORT)
    )
    if found is None or member_id == candidate.member_id:
        raise missing("member_id", _("Choose an official member."))
    return found


def people_here(work: Work) -> list[tuple[Key, str]]:
    """Return the official members at home in this unit, in the order of given names."""
    rows = work.session.execute(
        sa.select(Member.id, Member.full_name)
        .join(Affiliation, Affiliation.member_id == Member.id)
        .join(MemberStatus, MemberStatus.member_id == Member.id)
        .where(
            Affiliation.unit_id == work.unit.id,
            Affiliation.kind == "home",
            valid_on(Affiliation, work.today),
            MemberStatus.status.in_(("official", "exempt")),
            valid_on(MemberStatus, work.today),
        )
        .order_by(Member.sort_key, Member.id)
        .execution_options(unscoped=SUPPORT)
    )
    return [(key, name) for key, name in rows]


def review_pool(work: Work, on: date | None = None) -> int:
    """Note that the list of the pool was looked over; its clocks begin anew. Return how many."""
    day = on or work.today
    if day > work.today:
        raise missing("on", _("This day is still to come."))
    listed = work.session.scalars(
        sa.select(Candidate).where(
            Candidate.unit_id == work.unit.id,
            Candidate.state == "open",
            Candidate.stage.in_(("pool", "class")),
        )
    ).all()
    if not listed:
        raise RuleBroken(_("Nobody is in the pool here."))
    start_clocks(work, listed, "pool_review", day)
    for candidate in listed:
        candidate.reviewed_on = day
        note(work, "pool_reviewed", candidate, permissions.MANAGE, after={"on": day})
    return len(listed)


def pass_on(work: Work, candidate: Candidate, kind: str, **values: Any) -> Passage:
    """Write a line of the way."""
    passage = Passage(
        candidate_id=candidate.id,
        kind=kind,
        missing=values.pop("missing", []),
        at=work.now,
        by=work.actor.label[:300],
        **{"on": work.today, **values},
    )
    work.session.add(passage)
    return passage
