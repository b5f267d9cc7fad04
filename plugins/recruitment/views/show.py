"""The page of one candidate: what is missing, who has it, which clock runs, what to do next."""

from __future__ import annotations

import uuid
from typing import Any

from core.forms import Form, as_typed
from core.i18n import _
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.forms import AdvanceInput, BackInput, CandidateInput
from ..services import words
from .door import address, blueprint, dossier_at, form_page, may_step, way_to
from .index import candidate_form, facts_of

ACTS = ("decision", "ceremony", "recognition")
FORMS = {
    "paper": "paper",
    "verification": "paper",
    "vote": "vote",
    "helper": "support",
    **{act: act for act in ACTS},
}
RIGHTS = {
    "decision": permissions.DECIDE,
    "ceremony": permissions.ADMIT,
    "recognition": permissions.DECIDE,
}


@blueprint.view("/<uuid:candidate_id>", permission=permissions.SEE)
def show(work: Work, candidate_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show a dossier: the next act, what is missing, the clocks, papers, votes and the way."""
    dossier = dossier_at(work, candidate_id, whole=True)
    candidate = dossier.candidate
    missing = services.missing_of(work, dossier)
    return page(
        "recruitment/show.html",
        title=candidate.full_name,
        trail=[(_("Admission"), address(work, "index")), (candidate.full_name, "")],
        refused=form,
        dossier=dossier,
        candidate=candidate,
        steps=_stepper(dossier),
        missing=missing,
        act=_next_act(work, dossier, missing),
        clocks=[_clock(work, dossier, clock) for clock in dossier.running],
        groups=_papers(work, dossier),
        others=_others(dossier),
        stages=words.STAGES,
        state=(
            "info" if candidate.state == "open" else "warn",
            str(words.STATES[candidate.state]),
        ),
        words=words,
        votes=[(vote, services.result_sentence(vote)) for vote in dossier.votes],
        removable=_removable(dossier),
        newer=services.has_newer_template(work, dossier) if candidate.state == "open" else False,
        checks=services.checks_of(work, dossier) if _is_early(candidate) else [],
    )


def _removable(dossier: services.Dossier) -> set[uuid.UUID]:
    """Return the votes that can still be taken back: of the stage in hand, not issued."""
    here = {step.key for step in dossier.template.at(dossier.candidate.stage)}
    return {vote.id for vote in dossier.votes if vote.step in here and vote.document_id is None}


def _is_early(candidate: Any) -> bool:
    return candidate.member_id is None and candidate.state in ("open", "referred")


def _stepper(dossier: services.Dossier) -> list[tuple[str, str, str]]:
    """Return the stages as (title, done|now|todo, no address)."""
    found = []
    state = "done"
    for stage in dossier.template.stages:
        here = stage == dossier.candidate.stage
        state = "now" if here else "todo" if state in ("now", "todo") else "done"
        if dossier.candidate.state == "recognised":
            state = "done"
        found.append((str(words.STAGES[stage]), state, ""))
    return found


def _next_act(
    work: Work, dossier: services.Dossier, missing: list[services.Missing]
) -> tuple[str, str, str] | None:
    """Return the one act that comes next for this person: (label, address, get or post)."""
    candidate = dossier.candidate
    here = {"candidate_id": candidate.id}
    if candidate.state == "referred":
        if work.may(permissions.DECIDE):
            return _("Record what the superior decided"), address(work, "referral", **here), "get"
        return None
    if candidate.state != "open":
        return None
    if not missing:
        return _("Go on to the next stage"), address(work, "advance", **here), "post"
    final = {step.key for step in dossier.template.steps if step.kind == "recognition"}
    for lack in missing:
        if lack.step in final and len(missing) > 1:
            continue  # the recognition comes when everything else is there
        act = _act_for(work, dossier, lack)
        if act is not None:
            return act
    return None


def _act_for(
    work: Work, dossier: services.Dossier, lack: services.Missing
) -> tuple[str, str, str] | None:
    """Return what this person can do about something that is missing."""
    here = {"candidate_id": dossier.candidate.id}
    if lack.step == "eligibility":
        label, door = _("Decide about the conditions"), address(work, "conditions", **here)
        return (label, door, "get") if work.may(permissions.MANAGE) else None
    step = dossier.template.step(lack.step)
    if step is None or not _may_now(work, dossier, step):
        return None
    labels = {
        "decision": _("Record the decision"),
        "ceremony": _("Record the ceremony"),
        "recognition": _("Record the recognition"),
        "helper": _("Name who helps"),
        "vote": _("Record the vote"),
    }
    label = labels.get(step.kind, _("Enter a paper"))
    if step.kind in ACTS or step.kind == "helper":
        return label, address(work, FORMS[step.kind], **here), "get"
    return label, address(work, FORMS[step.kind], step=step.key, **here), "get"


def _may_now(work: Work, dossier: services.Dossier, step: services.Step) -> bool:
    """Whether this person can do something about a step now."""
    if step.kind in RIGHTS:
        return work.may(RIGHTS[step.kind])
    return may_step(work, step) and not _waits(work, dossier, step)


def _waits(work: Work, dossier: services.Dossier, step: services.Step) -> bool:
    """Whether a helper is named and only the end of probation is waited for."""
    return step.kind == "helper" and any(one.role == "helper" for one in dossier.supporters)


def _clock(work: Work, dossier: services.Dossier, clock: Any) -> tuple[str, str, str]:
    """Return a clock as (colour, sentence, where its length comes from)."""
    step = dossier.template.step(clock.step)
    title = step.title if step is not None else ""
    sentence = services.clock_sentence(clock.kind, clock.due_on, work.today, title)
    return services.clock_kind(clock.due_on, work.today), sentence, clock.source


def _papers(work: Work, dossier: services.Dossier) -> list[tuple[str, str, list[Any]]]:
    """Return the steps by stage, each with its paper and whether this person enters it."""
    found = []
    reasons = {lack.step: lack.reason for lack in services.missing_of(work, dossier)}
    for stage in dossier.template.stages:
        lines = [
            {
                "step": step,
                "paper": dossier.papers.get(step.key),
                "reason": reasons.get(step.key, ""),
                "may": may_step(work, step) and dossier.candidate.state == "open",
                "form": step.kind in ("paper", "verification"),
                "done": _done(dossier, step),
                "counts": services.is_done(work, dossier, step),
            }
            for step in dossier.template.at(stage)
        ]
        found.append((stage, str(words.STAGES[stage]), lines))
    return found


def _done(dossier: services.Dossier, step: services.Step) -> str:
    """Return the day or result that stands for a step without a paper of its own."""
    candidate = dossier.candidate
    days = {
        "decision": candidate.received_on and candidate.decided_on,
        "ceremony": candidate.ceremony_on,
        "recognition": candidate.official_on,
    }
    if step.kind in days:
        return str(as_typed(days[step.kind]))
    if step.kind == "vote":
        passed = [vote for vote in dossier.votes_on(step.key) if vote.is_passed]
        return f"{passed[-1].in_favour}/{passed[-1].entitled}" if passed else ""
    if step.kind == "helper":
        return ", ".join(one.name for one in dossier.supporters if one.role == "helper")
    return ""


def _others(dossier: services.Dossier) -> list[Any]:
    """Return papers kept from another branch whose steps are not asked for here."""
    return [paper for key, paper in dossier.papers.items() if dossier.template.step(key) is None]


@blueprint.view("/<uuid:candidate_id>/edit", permission=permissions.MANAGE)
def edit(work: Work, candidate_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form that corrects a candidate."""
    dossier = dossier_at(work, candidate_id)
    candidate = dossier.candidate
    names = ("full_name", "sex", "phone", "education", "groups", "is_union_member", "revision")
    first = {name: getattr(candidate, name) for name in names}
    if candidate.birth_date:
        year = candidate.birth_precision == "year"
        first["birth_date"] = candidate.birth_date.year if year else candidate.birth_date
    return form_page(
        work,
        title=_("Correct what is entered"),
        form=candidate_form(work, form, first),
        submit=_("Save"),
        back=address(work, "show", candidate_id=candidate.id),
        trail=way_to(work, dossier),
    )


@blueprint.view(
    "/<uuid:candidate_id>/edit",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=CandidateInput(),
    form="edit",
)
def edit_post(work: Work, data: dict[str, Any], candidate_id: uuid.UUID) -> Any:
    """Correct a candidate."""
    candidate = services.access_candidate(work, candidate_id, revision=data["revision"])
    services.change_candidate(work, candidate, facts_of(data))
    return redirect_to("recruitment.show", candidate_id=candidate.id, sentence=_("Saved."))


@blueprint.view(
    "/<uuid:candidate_id>/advance",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=AdvanceInput(),
    form="show",
)
def advance(work: Work, data: dict[str, Any], candidate_id: uuid.UUID) -> Any:
    """Go on to the next stage."""
    stage = services.advance(work, dossier_at(work, candidate_id), on=data["on"])
    return redirect_to(
        "recruitment.show",
        candidate_id=candidate_id,
        sentence=_("The dossier is now at: %(stage)s.", stage=str(words.STAGES[stage])),
    )


@blueprint.view(
    "/<uuid:candidate_id>/back",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=BackInput(),
    form="show",
)
def send_back(work: Work, data: dict[str, Any], candidate_id: uuid.UUID) -> Any:
    """Send a dossier back one stage."""
    stage = services.send_back(work, dossier_at(work, candidate_id), **data)
    return redirect_to(
        "recruitment.show",
        candidate_id=candidate_id,
        sentence=_("The dossier is now at: %(stage)s.", stage=str(words.STAGES[stage])),
    )


@blueprint.view(
    "/<uuid:candidate_id>/template", methods=["POST"], permission=permissions.MANAGE, form="show"
)
def take_over(work: Work, candidate_id: uuid.UUID) -> Any:
    """Let the steps of today hold for this dossier."""
    newly = services.take_over_template(work, dossier_at(work, candidate_id))
    return redirect_to(
        "recruitment.show", candidate_id=candidate_id, sentence=newly_sentence(newly)
    )


def newly_sentence(newly: list[services.Missing]) -> str:
    """Say what is newly missing after other steps hold."""
    if not newly:
        return _("The steps here are taken over. Nothing is newly missing.")
    return _(
        "The steps here are taken over. Newly missing: %(what)s.",
        what="; ".join(lack.title for lack in newly),
    )
