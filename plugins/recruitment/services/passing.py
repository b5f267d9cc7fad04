"""From stage to stage: forward when nothing is missing, back with a trace, to an end or again."""

from __future__ import annotations

from datetime import date

from core.checking import missing
from core.errors import Forbidden, RuleBroken
from core.i18n import _
from core.work import Work

from .. import permissions
from ..models import Candidate, DossierPaper
from .clocks import start_clock, stop_all, stop_clocks
from .entering import pass_on
from .guards import check_open, note
from .lacking import missing_of
from .shapes import Dossier
from .template import is_by, next_stage, previous_stage
from .words import REASONS, STAGES

BY_ACT = ("decision", "ceremony", "recognition")
"""Stages that are left by their own act: the decision, the ceremony, the recognition."""
ABOVE = ("committee", "decision", "recognition")
CLOSINGS = ("refused", "withdrawn")
OUTCOMES = ("again", "agreed", "refused")


def advance(work: Work, dossier: Dossier, *, on: date | None = None) -> str:
    """Go on to the next stage; refused while anything is missing, which is named."""
    candidate = dossier.candidate
    check_open(candidate)
    if candidate.state == "referred":
        raise RuleBroken(_("The superior has this case. Record what the superior decided first."))
    if candidate.stage in BY_ACT:
        raise RuleBroken(
            _("This stage ends with its own act: the decision, the ceremony or the recognition.")
        )
    if candidate.stage in ABOVE and not work.may(permissions.DECIDE):
        raise Forbidden(
            _("This step is entered by the committee above. Ask its office to enter it.")
        )
    lacks = missing_of(work, dossier)
    if lacks:
        raise RuleBroken(
            _("Still missing: %(what)s.", what="; ".join(f"{m.title} ({m.who})" for m in lacks))
        )
    following = next_stage(dossier.template, candidate.stage)
    if following is None:
        raise RuleBroken(_("There is no stage after this one."))
    day = on or work.today
    if not candidate.stage_since <= day <= work.today:
        raise missing("on", _("Choose a day between the last stage and today."))
    set_stage(work, candidate, following, on=day)
    return following


def set_stage(
    work: Work, candidate: Candidate, stage: str, *, on: date, permission: str = permissions.MANAGE
) -> None:
    """Write a stage, its line of the way, and the clocks that begin or end with it."""
    before = candidate.stage
    candidate.stage, candidate.stage_since = stage, on
    pass_on(work, candidate, "stage", from_stage=before, to_stage=stage, on=on)
    if stage == "decision":
        start_clock(work, candidate, "decision", on)
    elif before == "decision":
        stop_clocks(work, [candidate.id], ["decision"], on)
    if not is_by(stage, "class"):
        stop_clocks(work, [candidate.id], ["pool_review"], on)
    note(
        work,
        "stage_reached",
        candidate,
        permission,
        before={"stage": before},
        after={"stage": stage, "on": on},
    )
    work.session.flush()


def send_back(work: Work, dossier: Dossier, *, document_no: str = "") -> str:
    """Send a dossier back one stage, before the ceremony; votes of that stage begin anew."""
    candidate = dossier.candidate
    check_open(candidate)
    if candidate.ceremony_on is not None:
        raise RuleBroken(_("After the ceremony a dossier is not sent back."))
    if candidate.stage in (*ABOVE, "ceremony") and not work.may(permissions.DECIDE):
        raise Forbidden(
            _("This step is entered by the committee above. Ask its office to enter it.")
        )
    earlier = previous_stage(dossier.template, candidate.stage)
    if earlier is None:
        raise RuleBroken(_("This is the first stage."))
    if candidate.stage == "ceremony":
        candidate.decision_no, candidate.decided_on, candidate.received_on = "", None, None
        stop_clocks(work, [candidate.id], ["ceremony"], work.today)
    _void_votes(work, dossier, earlier)
    candidate.state = "open"
    set_stage(work, candidate, earlier, on=work.today)
    if earlier in ("pool", "class"):
        start_clock(work, candidate, "pool_review", work.today)
    if is_by(earlier, "branch"):
        _run_again(dossier)
    note(work, "sent_back", candidate, permissions.MANAGE, after={"document_no": document_no})
    work.session.flush()
    return earlier


def _void_votes(work: Work, dossier: Dossier, stage: str) -> None:
    """Let the votes of a stage that comes again be history: they no longer stand for its step."""
    keys = {step.key for step in dossier.template.at(stage) if step.kind == "vote"}
    for vote in dossier.votes:
        if vote.step in keys:
            vote.step = f"-{vote.step}"[:30]
    for key in keys:
        paper = dossier.papers.get(key)
        if paper is not None:
            paper.replaced_at = work.now


def _run_again(dossier: Dossier) -> None:
    """Let the clocks of papers that are still on the list run again."""
    current = {paper.step for paper in dossier.papers.values() if paper.valid_until is not None}
    newest = {clock.step: clock for clock in dossier.clocks if clock.kind == "paper"}
    for step, clock in newest.items():
        if step in current:
            clock.stopped_on = None


def resolve_referral(work: Work, dossier: Dossier, *, outcome: str, document_no: str) -> None:
    """Record what the superior decided: vote again, agreed, or refused; always by a document."""
    candidate = dossier.candidate
    if candidate.state != "referred":
        raise RuleBroken(_("The superior does not have this case."))
    if outcome not in OUTCOMES:
        raise missing("outcome", _("Choose one from the list."))
    number = document_no.strip()[:80]
    if not number:
        raise missing("document_no", _("Write the number of the superior's document."))
    candidate.state = "open"
    stage = candidate.stage
    pass_on(work, candidate, "returned", from_stage=stage, to_stage=stage, document_no=number)
    after = {"outcome": outcome, "document_no": number}
    note(work, "referral_resolved", candidate, permissions.DECIDE, after=after)
    if outcome == "agreed":
        _agree(work, dossier, number)
    elif outcome == "refused":
        close(work, dossier, state="refused", reason="superior", document_no=number)
    work.session.flush()


def _agree(work: Work, dossier: Dossier, number: str) -> None:
    """Let the superior's document stand for the vote that failed."""
    step = next(
        (one for one in dossier.template.at(dossier.candidate.stage) if one.kind == "vote"), None
    )
    if step is None:
        raise RuleBroken(_("The dossier of this place has no such step."))
    work.session.add(
        DossierPaper(
            candidate_id=dossier.candidate.id,
            step=step.key,
            form=step.form,
            title=step.title,
            dated_on=work.today,
            number=number,
            result="met",
            checked_on=work.today,
            checked_by=work.actor.label[:300],
        )
    )


def close(
    work: Work,
    dossier: Dossier,
    *,
    state: str,
    reason: str,
    document_no: str = "",
    on: date | None = None,
) -> Candidate:
    """End a way: refused or withdrawn, with a reason from the list; counts stay for ever."""
    candidate = dossier.candidate
    check_open(candidate)
    if state not in CLOSINGS:
        raise missing("state", _("Choose one from the list."))
    if reason not in REASONS:
        raise missing("reason", _("Choose one from the list."))
    if candidate.member_id is not None and reason not in ("struck", "superior", "deceased"):
        raise RuleBroken(
            _("This person is a probationary member. Record the exit in the member's record.")
        )
    day = on or work.today
    if not candidate.entered_on <= day <= work.today:
        raise missing("on", _("This day is still to come."))
    end_way(work, candidate, state, reason, day, document_no)
    return candidate


def end_way(
    work: Work, candidate: Candidate, state: str, reason: str, day: date, document_no: str = ""
) -> None:
    """Write the end of a way and stop what runs."""
    candidate.state, candidate.closed_on, candidate.closed_reason = state, day, reason
    stop_all(work, candidate.id, day)
    pass_on(
        work,
        candidate,
        "closed",
        from_stage=candidate.stage,
        to_stage=candidate.stage,
        document_no=document_no[:80],
        on=day,
    )
    after = {"state": state, "reason": reason, "on": day, "document_no": document_no}
    note(work, "closed", candidate, permissions.MANAGE, after=after)
    work.session.flush()


def reopen(work: Work, dossier: Dossier) -> Candidate:
    """Take up a way that was ended, as long as the person is still known."""
    candidate = dossier.candidate
    if candidate.state not in CLOSINGS:
        raise RuleBroken(_("This dossier is not closed."))
    if candidate.anonymised_at is not None:
        raise RuleBroken(_("The personal data of this dossier are erased. Enter a new one."))
    before = {"state": candidate.state, "reason": candidate.closed_reason}
    candidate.state, candidate.closed_on, candidate.closed_reason = "open", None, ""
    candidate.stage_since = work.today
    pass_on(work, candidate, "reopened", from_stage=candidate.stage, to_stage=candidate.stage)
    if candidate.stage in ("pool", "class"):
        start_clock(work, candidate, "pool_review", work.today)
    if candidate.stage == "decision":
        start_clock(work, candidate, "decision", work.today)
    if is_by(candidate.stage, "branch"):
        _run_again(dossier)
    note(work, "reopened", candidate, permissions.MANAGE, before=before, after={"state": "open"})
    work.session.flush()
    return candidate


def stage_title(stage: str) -> str:
    """Return how a stage is called."""
    return str(STAGES[stage])
