"""Papers of a dossier as a checklist: there since when, valid until when, checked by whom."""

from __future__ import annotations

from datetime import date, timedelta

from core.checking import missing
from core.errors import Forbidden, RuleBroken
from core.i18n import _
from core.settings import value
from core.work import Work

from .. import permissions
from ..models import Candidate, DossierPaper
from .clocks import MONTHS, place_of, start_clock, stop_clocks
from .guards import check_open, note
from .lacking import SUPPLIED
from .shapes import Dossier, PaperFacts, Step
from .template import is_by
from .workdays import months_after

ABOVE = ("grassroots", "superior", "section")
OLDEST = timedelta(days=366 * 12)


def permission_for(step: Step) -> str:
    """Return the permission that enters a step: the committee's own steps are the committee's."""
    return permissions.DECIDE if step.who in ABOVE else permissions.MANAGE


def check_right(work: Work, step: Step) -> None:
    """Refuse a step of the committee to somebody of the branch alone."""
    if not work.may(permission_for(step)):
        raise Forbidden(
            _("This step is entered by the committee above. Ask its office to enter it.")
        )


def step_of(dossier: Dossier, key: str, *kinds: str) -> Step:
    """Return a step of the dossier that an act is about."""
    step = dossier.template.step(key)
    if step is None or (kinds and step.kind not in kinds):
        raise RuleBroken(_("The dossier of this place has no such step."))
    return step


def record_paper(work: Work, dossier: Dossier, key: str, facts: PaperFacts) -> DossierPaper:
    """Note that a paper is there, or was renewed; its validity is reckoned from its day."""
    candidate = dossier.candidate
    check_open(candidate)
    step = step_of(dossier, key, *SUPPLIED)
    check_right(work, step)
    _check_not_ahead(dossier, step)
    _check_day(work, candidate, step, facts)
    if step.kind == "verification" and facts.result not in ("met", "not_met"):
        raise missing("result", _("Choose the result: met, or not met."))
    old = dossier.papers.get(key)
    if old is not None and facts.dated_on < old.dated_on:
        raise missing("dated_on", _("The paper that is there is newer. Enter a later day."))
    _replace(work, old)
    paper = DossierPaper(
        candidate_id=candidate.id,
        step=key,
        form=step.form,
        title=step.title,
        dated_on=facts.dated_on,
        number=facts.number.strip()[:80],
        result=facts.result if step.kind == "verification" else "",
        valid_until=_valid_until(work, candidate, step, facts.dated_on),
        checked_on=work.today,
        checked_by=work.actor.label[:300],
    )
    _keep(work, candidate, step, paper)
    return paper


def leave_out(work: Work, dossier: Dossier, key: str) -> DossierPaper:
    """Note that a step does not apply to this candidate, where the template allows it."""
    candidate = dossier.candidate
    check_open(candidate)
    step = step_of(dossier, key)
    check_right(work, step)
    if not step.may_not_apply:
        raise RuleBroken(_("This step applies to every candidate."))
    _replace(work, dossier.papers.get(key))
    paper = DossierPaper(
        candidate_id=candidate.id,
        step=key,
        form=step.form,
        title=step.title,
        dated_on=work.today,
        result="not_applicable",
        checked_on=work.today,
        checked_by=work.actor.label[:300],
    )
    _keep(work, candidate, step, paper)
    return paper


def take_back(work: Work, dossier: Dossier, key: str) -> None:
    """Take a paper that was entered by mistake off the list; the line stays, struck out."""
    candidate = dossier.candidate
    check_open(candidate)
    paper = dossier.papers.get(key)
    if paper is None:
        raise RuleBroken(_("This paper is not on the list."))
    step = dossier.template.step(key)
    if step is not None:
        check_right(work, step)
        if is_by(step.stage, "dossier") and not is_by(candidate.stage, "dossier"):
            raise RuleBroken(
                _("The branch has these papers before it. Send the dossier back first.")
            )
    paper.replaced_at = work.now
    stop_clocks(work, [candidate.id], ["paper"], work.today, step=key)
    before = {"paper": paper.title, "dated_on": paper.dated_on}
    note(work, "paper_taken_back", candidate, permissions.MANAGE, before=before, after={})
    work.session.flush()


def _check_not_ahead(dossier: Dossier, step: Step) -> None:
    """Papers may come early, but those of a probationary member not before the ceremony."""
    after_ceremony = not is_by(step.stage, "ceremony")
    if after_ceremony and dossier.candidate.ceremony_on is None:
        raise RuleBroken(_("This paper comes after the ceremony."))


def _check_day(work: Work, candidate: Candidate, step: Step, facts: PaperFacts) -> None:
    """Refuse days to come, days before the ceremony, and papers that are no longer valid."""
    day = facts.dated_on
    if day > work.today:
        raise missing("dated_on", _("This day is still to come."))
    if day < work.today - OLDEST:
        raise missing("dated_on", _("This day lies too far back. Check the year."))
    if not is_by(step.stage, "ceremony") and candidate.ceremony_on and day < candidate.ceremony_on:
        raise missing("dated_on", _("This paper comes after the ceremony."))
    until = _valid_until(work, candidate, step, day)
    if until is not None and until < work.today:
        raise missing("dated_on", _("A paper of this day is no longer valid. It must be renewed."))


def _valid_until(work: Work, candidate: Candidate, step: Step, day: date) -> date | None:
    if not step.validity:
        return None
    place = place_of(work, candidate.unit_id)
    return months_after(day, int(value(work, MONTHS[step.validity], place, day)))


def _replace(work: Work, old: DossierPaper | None) -> None:
    if old is not None:
        old.replaced_at = work.now
        work.session.flush()


def _keep(work: Work, candidate: Candidate, step: Step, paper: DossierPaper) -> None:
    """Write a paper down, start its clock, tell the ledger."""
    work.session.add(paper)
    work.session.flush()
    stop_clocks(work, [candidate.id], ["paper"], work.today, step=step.key)
    if paper.valid_until is not None:
        start_clock(work, candidate, "paper", paper.dated_on, key=step.validity, step=step.key)
    after = {
        "paper": paper.title,
        "dated_on": paper.dated_on,
        "number": paper.number,
        "result": paper.result,
    }
    note(work, "paper_entered", candidate, permission_for(step), after=after)
