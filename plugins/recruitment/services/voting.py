"""Votes on a candidate: counts under the rule of the day, entitled as the membership was then."""

from __future__ import annotations

import math
import uuid
from datetime import date

import sqlalchemy as sa

from core.checking import missing
from core.errors import RuleBroken
from core.i18n import _
from core.members.models import (
    Affiliation,
    Member,
    MemberCondition,
    MemberStatus,
    Position,
    PositionKind,
)
from core.settings import Explanation, explain, value
from core.units.places import Place, valid_on
from core.work import Work

from ..models import Candidate, Clock, DossierVote, Passage
from .clocks import start_clock, stop_clocks
from .collecting import check_right, permission_for, step_of
from .entering import pass_on
from .guards import check_at, note
from .lacking import missing_of
from .shapes import Ballot, Dossier, Step
from .words import RULES

ENTITLED = "who was entitled to vote on a day, wherever these members are today"


def voting_unit(work: Work, candidate: Candidate, step: Step) -> tuple[Place, bool]:
    """Return the unit that votes on a step and whether its committee does."""
    path = work.unit.path if candidate.unit_id == work.unit.id else ()
    places = work.host.places.by_ids(
        work.session, [candidate.unit_id, *path], work.today, work.generation
    )
    own = places[candidate.unit_id]
    if step.who not in ("grassroots", "superior", "section"):
        return own, False
    above = [places[key] for key in own.path[1:] if key in places]
    grassroots = next((one for one in above if one.is_grassroots), None)
    return grassroots or (above[0] if above else own), True


def entitled_on(work: Work, place: Place, day: date, *, committee: bool) -> int:
    """Count who may vote in a unit on a day: official members at home, or committee members."""
    statement = _committee(place.id, day) if committee else _branch(place.id, day)
    return int(work.session.scalar(statement.execution_options(unscoped=ENTITLED)) or 0)


def _branch(unit_id: uuid.UUID, day: date) -> sa.Select[int]:
    """Official members at home who are not suspended and do not take part elsewhere."""
    other = sa.orm.aliased(Affiliation)
    elsewhere = sa.exists().where(
        other.member_id == Member.id,
        other.kind == "temporary",
        other.unit_id != unit_id,
        valid_on(other, day),
    )
    suspended = sa.exists().where(
        MemberCondition.member_id == Member.id,
        MemberCondition.kind == "suspended",
        valid_on(MemberCondition, day),
    )
    return (
        sa.select(sa.func.count())
        .select_from(Affiliation)
        .join(Member, Member.id == Affiliation.member_id)
        .join(MemberStatus, MemberStatus.member_id == Member.id)
        .where(
            Affiliation.unit_id == unit_id,
            Affiliation.kind == "home",
            valid_on(Affiliation, day),
            MemberStatus.status == "official",
            valid_on(MemberStatus, day),
            Member.voided_at.is_(None),
            Member.merged_into_id.is_(None),
            ~elsewhere,
            ~suspended,
        )
    )


def _committee(unit_id: uuid.UUID, day: date) -> sa.Select[int]:
    """Members who hold a post that sits on the committee of the unit."""
    return (
        sa.select(sa.func.count(sa.distinct(Position.member_id)))
        .join(PositionKind, PositionKind.key == Position.position)
        .where(
            Position.unit_id == unit_id,
            PositionKind.is_committee.is_(True),
            valid_on(Position, day),
        )
    )


def needed_of(rule: str, count: int) -> int:
    """Return how many must be in favour."""
    if rule == "two_thirds":
        return max(1, math.ceil(count * 2 / 3))
    return count // 2 + 1


def needed_on(work: Work, place: Place, day: date, count: int, *, committee: bool) -> int:
    """Return how many of those entitled must be in favour, by the rule of the place on a day."""
    return needed_of(str(_rule(work, place, day, committee=committee).value), count)


def _rule(work: Work, place: Place, day: date, *, committee: bool) -> Explanation:
    name = "committee_vote_rule" if committee else "vote_rule"
    return explain(work, f"recruitment.{name}", place, day)


def record_vote(work: Work, dossier: Dossier, key: str, ballot: Ballot) -> DossierVote:
    """Record a vote; failed often enough, the case goes to the superior by itself."""
    candidate = dossier.candidate
    step = step_of(dossier, key, "vote")
    check_at(candidate, step.stage)
    check_right(work, step)
    if any(vote.is_passed for vote in dossier.votes_on(key)):
        raise RuleBroken(_("This vote was passed. Send the dossier back to vote again."))
    _check_earlier(work, dossier, step)
    _check_day(work, candidate, ballot.held_on)
    place, committee = voting_unit(work, candidate, step)
    entitled = entitled_on(work, place, ballot.held_on, committee=committee)
    _check_counts(place, entitled, ballot)
    vote = _vote(work, candidate, step, ballot, (place, committee, entitled))
    work.session.add(vote)
    work.session.flush()
    after = {"step": step.title, "result": result_sentence(vote), "on": ballot.held_on}
    note(work, "voted", candidate, permission_for(step), after=after)
    _follow(work, dossier, step, vote)
    return vote


def _vote(
    work: Work,
    candidate: Candidate,
    step: Step,
    ballot: Ballot,
    base: tuple[Place, bool, int],
) -> DossierVote:
    place, committee, entitled = base
    found = _rule(work, place, ballot.held_on, committee=committee)
    rule = str(found.value)
    needed = needed_of(rule, entitled)
    return DossierVote(
        candidate_id=candidate.id,
        step=step.key,
        unit_id=place.id,
        unit_name=place.name,
        is_committee=committee,
        held_on=ballot.held_on,
        entitled=entitled,
        present=ballot.present,
        in_favour=ballot.in_favour,
        against=ballot.against,
        invalid=ballot.invalid,
        rule=rule,
        rule_source=(found.given.document_no if found.given else found.default_source)[:300],
        needed=needed,
        is_passed=ballot.in_favour >= needed,
        number=ballot.number.strip()[:80],
        at=work.now,
        by=work.actor.label[:300],
    )


def _check_earlier(work: Work, dossier: Dossier, step: Step) -> None:
    """Refuse a vote while something before it is missing."""
    votes = {one.key for one in dossier.template.steps if one.kind in ("vote", "recognition")}
    open_before = [lack for lack in missing_of(work, dossier) if lack.step not in votes]
    steps = [one.key for one in dossier.template.steps]
    earlier = [
        lack
        for lack in open_before
        if lack.step not in steps or steps.index(lack.step) < steps.index(step.key)
    ]
    if earlier:
        raise RuleBroken(
            _(
                "Before the vote there is still missing: %(what)s.",
                what="; ".join(lack.title for lack in earlier),
            )
        )


def _check_day(work: Work, candidate: Candidate, day: date) -> None:
    if day > work.today:
        raise missing("held_on", _("This day is still to come."))
    if day < candidate.entered_on:
        raise missing("held_on", _("The vote cannot lie before the entry into the pool."))
    if candidate.eligible_on is not None and day < candidate.eligible_on:
        raise missing("held_on", _("The vote comes after the decision about the conditions."))


def _check_counts(place: Place, entitled: int, ballot: Ballot) -> None:
    """Refuse counts that do not add up to those entitled on the day."""
    if entitled < 1:
        raise missing(
            "held_on", _("%(unit)s had nobody entitled to vote on that day.", unit=place.name)
        )
    if min(ballot.in_favour, ballot.against, ballot.invalid) < 0:
        raise missing("in_favour", _("A count cannot be below 0."))
    if not 0 < ballot.present <= entitled:
        raise missing(
            "present",
            _("Present at the vote are between 1 and %(n)s entitled to vote.", n=entitled),
        )
    total = ballot.in_favour + ballot.against + ballot.invalid
    if total > ballot.present:
        raise missing(
            "in_favour",
            _("The votes add up to %(sum)s, but only %(n)s were present.",
              sum=total, n=ballot.present),
        )  # fmt: skip


def _follow(work: Work, dossier: Dossier, step: Step, vote: DossierVote) -> None:
    """Let clocks go on after a vote, or refer the case after too many that failed."""
    candidate = dossier.candidate
    if vote.is_passed:
        if step.stage == "branch":
            keys = [one.key for one in dossier.template.steps if one.validity == "papers"]
            stop_papers(work, candidate, keys, vote.held_on)
        if step.stage == "recognition" and not vote.is_committee:
            stop_clocks(work, [candidate.id], ["recognition_vote"], vote.held_on)
            start_clock(work, candidate, "recognition", vote.held_on)
        return
    failed = 1 + sum(not one.is_passed for one in _since_return(work, dossier, step))
    if failed >= int(value(work, "recruitment.failed_votes", on=vote.held_on)):
        candidate.state = "referred"
        pass_on(work, candidate, "referred", from_stage=step.stage, to_stage=step.stage)
        after = {"failed_votes": failed}
        note(work, "referred", candidate, permission_for(step), after=after)
        work.session.flush()


def stop_papers(work: Work, candidate: Candidate, keys: list[str], on: date) -> None:
    """Stop the clocks of papers that have done their service."""
    work.session.execute(
        sa.update(Clock)
        .where(
            Clock.candidate_id == candidate.id,
            Clock.kind == "paper",
            Clock.step.in_(keys),
            Clock.stopped_on.is_(None),
        )
        .values(stopped_on=on)
        .execution_options(synchronize_session="fetch")
    )


def _since_return(work: Work, dossier: Dossier, step: Step) -> list[DossierVote]:
    """Return the votes on a step since the superior last gave the case back."""
    returned = work.session.scalar(
        sa.select(sa.func.max(Passage.at)).where(
            Passage.candidate_id == dossier.candidate.id, Passage.kind == "returned"
        )
    )
    votes = dossier.votes_on(step.key)
    return [vote for vote in votes if returned is None or vote.at > returned]


def remove_vote(work: Work, dossier: Dossier, vote_id: uuid.UUID) -> None:
    """Take back a vote that was typed in wrongly, while nothing was built on it."""
    candidate = dossier.candidate
    vote = next((one for one in dossier.votes if one.id == vote_id), None)
    if vote is None:
        raise RuleBroken(_("There is no such vote in this dossier."))
    step = step_of(dossier, vote.step, "vote")
    check_at(candidate, step.stage)
    check_right(work, step)
    if vote.document_id is not None:
        raise RuleBroken(_("The resolution on this vote is issued. Void that paper first."))
    before = {"step": step.title, "result": result_sentence(vote)}
    work.session.delete(vote)
    if step.stage == "recognition" and vote.is_passed:
        stop_clocks(work, [candidate.id], ["recognition"], work.today)
    note(work, "vote_removed", candidate, permission_for(step), before=before)
    work.session.flush()


def result_sentence(vote: DossierVote) -> str:
    """Say the rule and the result: needed of entitled, in favour, passed or not."""
    if vote.is_passed:
        return _(
            "At least %(needed)s/%(all)s needed (%(rule)s). In favour: %(got)s; passed.",
            needed=vote.needed,
            all=vote.entitled,
            rule=str(RULES[vote.rule]),
            got=vote.in_favour,
        )
    return _(
        "At least %(needed)s/%(all)s needed (%(rule)s). In favour: %(got)s; not passed.",
        needed=vote.needed,
        all=vote.entitled,
        rule=str(RULES[vote.rule]),
        got=vote.in_favour,
    )
