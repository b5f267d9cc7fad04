"""What a dossier still lacks, in words: which paper, who has it, why it does not count."""

from __future__ import annotations

from datetime import date

from core.i18n import _, format_day
from core.work import Work

from .shapes import Dossier, Missing, Step
from .template import is_by, next_stage
from .words import OWNERS

SUPPLIED = ("paper", "verification")


def missing_of(work: Work, dossier: Dossier) -> list[Missing]:
    """Return what must be there before the next stage, that of earlier stages first."""
    stage = dossier.candidate.stage
    found = [
        lack
        for step in dossier.template.steps
        if is_by(step.stage, stage)
        for lack in _lack(work, dossier, step)
    ]
    if _needs_judgement(dossier):
        found.append(
            Missing(
                "eligibility",
                _("Decision whether the conditions are met"),
                str(OWNERS["branch"]),
                _("somebody decides after the conditions were reckoned"),
                stage,
            )
        )
    return found


def is_ready(work: Work, dossier: Dossier) -> bool:
    """Whether nothing is missing for the next stage."""
    return not missing_of(work, dossier)


def is_done(work: Work, dossier: Dossier, step: Step) -> bool:
    """Whether a step counts as it is."""
    return not reason_of(work, dossier, step)


def _needs_judgement(dossier: Dossier) -> bool:
    """Whether the branch considers next and nobody has decided about the conditions."""
    following = next_stage(dossier.template, dossier.candidate.stage)
    before_branch = following == "branch" or dossier.candidate.stage == "branch"
    judged = dossier.judgement
    return before_branch and (judged is None or judged.outcome == "declined")


def _lack(work: Work, dossier: Dossier, step: Step) -> list[Missing]:
    reason = reason_of(work, dossier, step)
    if not reason:
        return []
    return [Missing(step.key, step.title, str(OWNERS[step.who]), reason, step.stage)]


def reason_of(work: Work, dossier: Dossier, step: Step) -> str:
    """Say why a step does not count yet; nothing when it is done."""
    paper = dossier.papers.get(step.key)
    if paper is not None and paper.result == "not_applicable":
        return ""
    if step.kind in SUPPLIED:
        return _paper_reason(work, dossier, step)
    return {
        "vote": lambda: _vote_reason(dossier, step),
        "helper": lambda: _helper_reason(work, dossier),
    }.get(step.kind, lambda: _day_reason(dossier, step.kind))()


def _day_reason(dossier: Dossier, kind: str) -> str:
    """Say what of decision, ceremony and recognition has no day yet."""
    candidate = dossier.candidate
    day, reason = {
        "decision": (candidate.received_on, _("not decided yet, or not received yet")),
        "ceremony": (candidate.ceremony_on, _("not held yet")),
        "recognition": (candidate.official_on, _("not decided yet")),
    }[kind]
    return "" if day else reason


def _paper_reason(work: Work, dossier: Dossier, step: Step) -> str:
    paper = dossier.papers.get(step.key)
    if paper is None:
        return _("not there yet")
    if paper.result == "not_met":
        return _("the requirements are not met")
    if paper.valid_until is not None and _still_counts(dossier, step):
        return _expired(work.today, paper.valid_until)
    return ""


def _still_counts(dossier: Dossier, step: Step) -> bool:
    """Whether validity still matters: papers until the branch has resolved, the class longer."""
    last = "branch" if step.validity == "papers" else "decision"
    return is_by(dossier.candidate.stage, last)


def _expired(today: date, until: date) -> str:
    if today <= until:
        return ""
    return _("was valid until %(day)s only; it must be renewed", day=format_day(until))


def _vote_reason(dossier: Dossier, step: Step) -> str:
    paper = dossier.papers.get(step.key)
    votes = dossier.votes_on(step.key)
    if (paper is not None and paper.result == "met") or any(vote.is_passed for vote in votes):
        return ""
    if votes:
        last = votes[-1]
        return _(
            "%(got)s/%(all)s in favour, %(needed)s needed",
            got=last.in_favour,
            all=last.entitled,
            needed=last.needed,
        )
    return _("no vote yet")


def _helper_reason(work: Work, dossier: Dossier) -> str:
    """The helper is named, and the probation is over before anybody goes on."""
    reasons = []
    if not any(one.role == "helper" for one in dossier.supporters):
        reasons.append(_("nobody is assigned to help"))
    ends = [clock.due_on for clock in dossier.clocks if clock.kind == "probation"]
    if ends and work.today < ends[-1]:
        reasons.append(_("probation lasts until %(day)s", day=format_day(ends[-1])))
    return "; ".join(reasons)
