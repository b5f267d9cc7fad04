"""Votes as counts, under the rule and base of the settings; what a failed one leads to."""

from __future__ import annotations

import sqlalchemy as sa

from core.checking import missing, wanted_text
from core.errors import RuleBroken
from core.i18n import _
from core.settings import value
from core.work import Work

from .. import permissions
from ..models import NEXT_STEPS, AgendaItem, Meeting, Resolution, Vote
from . import words
from .guards import check_held, content_changed, note
from .quorum import needed_of, quorum
from .shapes import Ballot, VoteRule


def vote_rule(
    work: Work, meeting: Meeting, kind: str = "decision", present: int | None = None
) -> VoteRule:
    """Say how many are needed for a question here, by the settings of the meeting's day."""
    day = meeting.held_on or work.today
    names = {"admission": "vote_rule_admission"}
    bases = {"minutes": "vote_base_minutes"}
    rule = str(value(work, f"meetings.{names.get(kind, 'vote_rule')}", on=day))
    base = str(value(work, f"meetings.{bases.get(kind, 'vote_base')}", on=day))
    count = meeting.entitled if base == "entitled" else (present or meeting.entitled_present)
    needed = needed_of(rule, count)
    sentence = _(
        "At least %(needed)s/%(count)s %(base)s in favour (%(rule)s).",
        needed=needed,
        count=count,
        base=words.BASES[base],
        rule=words.RULES[rule],
    )
    return VoteRule(rule, base, count, needed, sentence)


def check_ballot(meeting: Meeting, ballot: Ballot) -> None:
    """Refuse counts that do not add up."""
    if ballot.kind not in words.QUESTIONS or ballot.method not in words.METHODS:
        raise missing("kind", _("Choose what is voted on and how."))
    wanted_text(ballot.question, "question", _("The question is still to be written."))
    if not 0 < ballot.present <= meeting.entitled:
        raise missing(
            "present",
            _(
                "Present at the vote are between 1 and %(n)s official members entitled to vote.",
                n=meeting.entitled,
            ),
        )
    voices = ballot.in_favour + ballot.against + ballot.abstained
    if min(ballot.in_favour, ballot.against, ballot.abstained) < 0:
        raise missing("in_favour", _("A count cannot be below 0."))
    if ballot.method == "secret":
        _check_papers(ballot, voices)
    elif voices != ballot.present:
        raise missing(
            "in_favour",
            _(
                "The voices add up to %(sum)s, which does not match the %(n)s present at the vote.",
                sum=voices,
                n=ballot.present,
            ),
        )


def _check_papers(ballot: Ballot, voices: int) -> None:
    """Ballot papers: issued to those present, returned, valid or not, for or against."""
    issued, returned = ballot.issued, ballot.returned
    valid, invalid = ballot.valid, ballot.invalid
    if issued is None or returned is None or valid is None or invalid is None:
        raise missing("issued", _("Enter the ballots issued, returned, valid and invalid."))
    if min(issued, returned, valid, invalid) < 0:
        raise missing("issued", _("A count cannot be below 0."))
    if issued > ballot.present:
        text = _("More ballots were issued (%(issued)s) than members were present (%(present)s).",
                 issued=issued, present=ballot.present)  # fmt: skip
        raise missing("issued", text)
    if returned > issued:
        text = _("More ballots came back (%(returned)s) than were issued (%(issued)s).",
                 returned=returned, issued=issued)  # fmt: skip
        raise missing("returned", text)
    if valid + invalid != returned:
        text = _("The ballots add up to %(sum)s, which does not match the %(n)s that came back.",
                 sum=valid + invalid, n=returned)  # fmt: skip
        raise missing("valid", text)
    if voices != valid:
        text = _("The voices add up to %(sum)s, which does not match the %(n)s valid ballots.",
                 sum=voices, n=valid)  # fmt: skip
        raise missing("in_favour", text)


def _check_quorum(work: Work, meeting: Meeting, ballot: Ballot) -> None:
    """Refuse to decide anything with fewer than may proceed."""
    least = quorum(work, meeting).needed
    if ballot.present < least:
        raise RuleBroken(
            _(
                "Only %(present)s members entitled to vote are present, at least %(least)s are"
                " needed to proceed. Nothing can be decided.",
                present=ballot.present,
                least=least,
            )
        )


def record_vote(work: Work, meeting: Meeting, item: AgendaItem | None, ballot: Ballot) -> Vote:
    """Record a vote as counts; whether it passed follows from the rule of the place."""
    check_held(meeting)
    check_ballot(meeting, ballot)
    if ballot.method == "secret" and meeting.mode == "online":
        raise missing("method", _("There is no secret ballot in an online meeting."))
    _check_quorum(work, meeting, ballot)
    rule = vote_rule(work, meeting, ballot.kind, ballot.present)
    secret = ballot.method == "secret"
    vote = Vote(
        meeting_id=meeting.id,
        item_id=item.id if item is not None else None,
        question=ballot.question.strip(),
        kind=ballot.kind,
        method=ballot.method,
        rule=rule.rule,
        base=rule.base,
        base_count=rule.base_count,
        needed=rule.needed,
        present=ballot.present,
        issued=ballot.issued if secret else None,
        returned=ballot.returned if secret else None,
        valid=ballot.valid if secret else None,
        invalid=ballot.invalid if secret else None,
        in_favour=ballot.in_favour,
        against=ballot.against,
        abstained=ballot.abstained,
        is_passed=ballot.in_favour >= rule.needed,
        at=work.now,
    )
    work.session.add(vote)
    content_changed(work, meeting)
    work.session.flush()
    after = {"question": vote.question, "result": result_sentence(vote)}
    note(work, "voted", meeting, permissions.HOLD, after=after)
    return vote


def result_sentence(vote: Vote) -> str:
    """Say the result with its rule and base."""
    values = {
        "needed": vote.needed,
        "count": vote.base_count,
        "base": words.BASES[vote.base],
        "rule": words.RULES[vote.rule],
        "in_favour": vote.in_favour,
    }
    if vote.is_passed:
        return _(
            "At least %(needed)s/%(count)s %(base)s in favour are needed (%(rule)s)."
            " Result: %(in_favour)s, passed.",
            **values,
        )
    return _("Not passed: %(in_favour)s/%(count)s, needed %(needed)s (%(rule)s).", **values)


def resolve_failed_vote(work: Work, meeting: Meeting, vote: Vote, what_next: str) -> None:
    """Note what follows a failed vote: prepared again for the next meeting, or reported up."""
    check_held(meeting)
    if vote.is_passed:
        raise RuleBroken(_("This vote passed; nothing is left to be chosen."))
    if what_next not in NEXT_STEPS:
        raise missing("what_next", _("Choose what follows: prepare it again, or report it up."))
    before, vote.what_next = {"what_next": vote.what_next}, what_next
    content_changed(work, meeting)
    after = {"what_next": what_next}
    note(work, "failed_vote_resolved", meeting, permissions.HOLD, before=before, after=after)


def remove_vote(work: Work, meeting: Meeting, vote: Vote) -> None:
    """Take back a vote that was typed in wrongly, unless a resolution rests on it."""
    check_held(meeting)
    used = work.session.scalar(
        sa.select(Resolution.id).where(
            Resolution.vote_id == vote.id, Resolution.unit_id == meeting.unit_id
        )
    )
    if used is not None:
        raise RuleBroken(_("A resolution rests on this vote. Change the resolution first."))
    before = {"question": vote.question, "result": result_sentence(vote)}
    work.session.delete(vote)
    content_changed(work, meeting)
    note(work, "vote_removed", meeting, permissions.HOLD, before=before)
