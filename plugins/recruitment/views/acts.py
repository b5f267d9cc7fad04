"""The acts on a dossier, one small form each: papers, votes, conditions, decision, ceremony."""

from __future__ import annotations

import uuid
from typing import Any

from core.forms import Form
from core.i18n import _, format_day
from core.web import redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.forms import (
    CeremonyInput,
    DecisionInput,
    JudgementInput,
    PaperInput,
    RecognitionInput,
    ReferralInput,
    SupporterInput,
    VerificationInput,
    VoteInput,
)
from ..services import words
from .door import address, blueprint, dossier_at, filled, form_page, way_to


def _show(candidate_id: uuid.UUID, sentence: str) -> Any:
    return redirect_to("recruitment.show", candidate_id=candidate_id, sentence=sentence)


def _act_page(
    work: Work, dossier: services.Dossier, title: str, form: Form, submit: str, **more: Any
) -> Any:
    """Show the form of one act on a dossier."""
    back = address(work, "show", candidate_id=dossier.candidate.id)
    way = way_to(work, dossier)
    return form_page(work, title=title, form=form, submit=submit, back=back, trail=way, **more)


# ------------------------------------------------------------------------------------- papers


@blueprint.view("/<uuid:candidate_id>/papers/<step>", permission=permissions.MANAGE)
def paper(work: Work, candidate_id: uuid.UUID, step: str, form: Form | None = None) -> Any:
    """Show the form of a paper that is there."""
    dossier = dossier_at(work, candidate_id)
    found = dossier.template.step(step)
    verification = found is not None and found.kind == "verification"
    schema = VerificationInput() if verification else PaperInput()
    first = {"dated_on": work.today} | ({"result": "met"} if verification else {})
    door = "verification_post" if verification else "paper_post"
    action = address(work, door, candidate_id=candidate_id, step=step)
    return _act_page(
        work,
        dossier,
        found.title if found is not None else _("Paper"),
        filled(
            form,
            schema,
            first,
            action=action,
        ),
        _("Put the paper on the list"),
        intro=_("Form %(form)s", form=found.form) if found is not None and found.form else "",
    )


@blueprint.view(
    "/<uuid:candidate_id>/papers/<step>",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=PaperInput(),
    form="paper",
)
def paper_post(work: Work, data: dict[str, Any], candidate_id: uuid.UUID, step: str) -> Any:
    """Enter a paper."""
    facts = services.PaperFacts(**data)
    made = services.record_paper(work, dossier_at(work, candidate_id), step, facts)
    return _show(candidate_id, _("Entered: %(title)s.", title=made.title))


@blueprint.view(
    "/<uuid:candidate_id>/verification/<step>",
    methods=["POST"],
    permission=permissions.DECIDE,
    accepts=VerificationInput(),
    form="paper",
)
def verification_post(work: Work, data: dict[str, Any], candidate_id: uuid.UUID, step: str) -> Any:
    """Enter day and result of a verification."""
    facts = services.PaperFacts(**data)
    made = services.record_paper(work, dossier_at(work, candidate_id), step, facts)
    return _show(candidate_id, _("Entered: %(title)s.", title=made.title))


@blueprint.view(
    "/<uuid:candidate_id>/papers/<step>/leave-out",
    methods=["POST"],
    permission=permissions.MANAGE,
    form="show",
)
def leave_out(work: Work, candidate_id: uuid.UUID, step: str) -> Any:
    """Note that a step does not apply to this candidate."""
    made = services.leave_out(work, dossier_at(work, candidate_id), step)
    return _show(candidate_id, _("Does not apply: %(title)s.", title=made.title))


@blueprint.view(
    "/<uuid:candidate_id>/papers/<step>/take-back",
    methods=["POST"],
    permission=permissions.MANAGE,
    form="show",
)
def take_back(work: Work, candidate_id: uuid.UUID, step: str) -> Any:
    """Take a paper entered by mistake off the list."""
    services.take_back(work, dossier_at(work, candidate_id), step)
    return _show(candidate_id, _("The paper is off the list."))


# ------------------------------------------------------------------- people and conditions


@blueprint.view("/<uuid:candidate_id>/support", permission=permissions.MANAGE)
def support(work: Work, candidate_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form that names who introduces or helps."""
    dossier = dossier_at(work, candidate_id)
    people = [(str(key), name) for key, name in services.people_here(work)]
    role = "helper" if dossier.candidate.member_id else "introducer"
    return _act_page(
        work,
        dossier,
        _("Name who introduces or helps"),
        filled(form, SupporterInput(), {"role": role}, choices={"member_id": people}),
        _("Name the comrade"),
    )


@blueprint.view(
    "/<uuid:candidate_id>/support",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=SupporterInput(),
    form="support",
)
def support_post(work: Work, data: dict[str, Any], candidate_id: uuid.UUID) -> Any:
    """Name somebody who introduces or helps."""
    candidate = services.access_candidate(work, candidate_id)
    made = services.name_supporter(work, candidate, **data)
    return _show(candidate_id, _("Named: comrade %(name)s.", name=made.name))


@blueprint.view(
    "/<uuid:candidate_id>/support/<uuid:supporter_id>/release",
    methods=["POST"],
    permission=permissions.MANAGE,
    form="show",
)
def release(work: Work, candidate_id: uuid.UUID, supporter_id: uuid.UUID) -> Any:
    """End that somebody introduces or helps."""
    candidate = services.access_candidate(work, candidate_id)
    services.release_supporter(work, candidate, supporter_id)
    return _show(candidate_id, _("The comrade is released."))


@blueprint.view("/<uuid:candidate_id>/conditions", permission=permissions.MANAGE)
def conditions(work: Work, candidate_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the conditions as reckoned, and the form of the decision."""
    dossier = dossier_at(work, candidate_id)
    kinds = {True: "good", False: "late", None: "warn"}
    notes = [
        (
            kinds[check.is_met],
            f"{check.title}: {check.sentence}" + (f" ({check.source})" if check.source else ""),
        )
        for check in services.checks_of(work, dossier)
    ]
    return _act_page(
        work,
        dossier,
        _("Conditions of admission"),
        filled(form, JudgementInput(), {"on": work.today}),
        _("Save the decision"),
        notes=notes,
        intro=_("The system reckons; a person decides."),
    )


@blueprint.view(
    "/<uuid:candidate_id>/conditions",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=JudgementInput(),
    form="conditions",
)
def judge(work: Work, data: dict[str, Any], candidate_id: uuid.UUID) -> Any:
    """Decide about the conditions."""
    made = services.judge(work, dossier_at(work, candidate_id), **data)
    return _show(candidate_id, f"{words.OUTCOMES[made.outcome]}.")


# -------------------------------------------------------------------------------------- votes


@blueprint.view("/<uuid:candidate_id>/votes/<step>", permission=permissions.MANAGE)
def vote(work: Work, candidate_id: uuid.UUID, step: str, form: Form | None = None) -> Any:
    """Show the form of a vote with who is entitled today."""
    dossier = dossier_at(work, candidate_id)
    found = dossier.template.step(step)
    notes = []
    if found is not None and found.kind == "vote":
        place, committee = services.voting_unit(work, dossier.candidate, found)
        count = services.entitled_on(work, place, work.today, committee=committee)
        notes = [
            (
                "info",
                _(
                    "%(unit)s: %(n)s entitled to vote today, at least %(needed)s must be in "
                    "favour. Of an earlier day the number of that day counts.",
                    unit=place.name,
                    n=count,
                    needed=services.needed_on(work, place, work.today, count, committee=committee),
                ),
            )
        ]
    return _act_page(
        work,
        dossier,
        found.title if found is not None else _("Vote"),
        filled(form, VoteInput(), {"held_on": work.today}),
        _("Save the result of the vote"),
        notes=notes,
    )


@blueprint.view(
    "/<uuid:candidate_id>/votes/<step>",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=VoteInput(),
    form="vote",
)
def vote_post(work: Work, data: dict[str, Any], candidate_id: uuid.UUID, step: str) -> Any:
    """Record a vote."""
    dossier = dossier_at(work, candidate_id)
    made = services.record_vote(work, dossier, step, services.Ballot(**data))
    return _show(candidate_id, services.result_sentence(made))


@blueprint.view(
    "/<uuid:candidate_id>/vote/<uuid:vote_id>/remove",
    methods=["POST"],
    permission=permissions.MANAGE,
    form="show",
)
def remove_vote(work: Work, candidate_id: uuid.UUID, vote_id: uuid.UUID) -> Any:
    """Take back a vote typed in wrongly."""
    services.remove_vote(work, dossier_at(work, candidate_id), vote_id)
    return _show(candidate_id, _("The vote is taken back."))


@blueprint.view("/<uuid:candidate_id>/referral", permission=permissions.DECIDE)
def referral(work: Work, candidate_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of what the superior decided after failed votes."""
    dossier = dossier_at(work, candidate_id)
    title = _("Decision of the superior after failed votes")
    return _act_page(work, dossier, title, filled(form, ReferralInput()), _("Save the decision"))


@blueprint.view(
    "/<uuid:candidate_id>/referral",
    methods=["POST"],
    permission=permissions.DECIDE,
    accepts=ReferralInput(),
    form="referral",
)
def referral_post(work: Work, data: dict[str, Any], candidate_id: uuid.UUID) -> Any:
    """Record what the superior decided."""
    services.resolve_referral(work, dossier_at(work, candidate_id), **data)
    return _show(candidate_id, _("What the superior decided is recorded."))


# ------------------------------------------------------- decision, ceremony, recognition


@blueprint.view("/<uuid:candidate_id>/decision", permission=permissions.DECIDE)
def decision(work: Work, candidate_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of the decision on admission."""
    dossier = dossier_at(work, candidate_id)
    first = {"decided_on": work.today, "received_on": work.today}
    title = _("Decision on the admission")
    return _act_page(
        work, dossier, title, filled(form, DecisionInput(), first), _("Record the decision")
    )


@blueprint.view(
    "/<uuid:candidate_id>/decision",
    methods=["POST"],
    permission=permissions.DECIDE,
    accepts=DecisionInput(),
    form="decision",
)
def decision_post(work: Work, data: dict[str, Any], candidate_id: uuid.UUID) -> Any:
    """Record the decision."""
    services.record_decision(work, dossier_at(work, candidate_id), **data)
    return _show(candidate_id, _("The decision is recorded. The branch holds the ceremony."))


@blueprint.view("/<uuid:candidate_id>/ceremony", permission=permissions.ADMIT)
def ceremony(work: Work, candidate_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of the ceremony."""
    dossier = dossier_at(work, candidate_id)
    notes = [
        (
            "info",
            _(
                "The member's record is made from this dossier: probationary from the day of "
                "the ceremony on."
            ),
        )
    ]
    return _act_page(
        work,
        dossier,
        _("Ceremony of admission"),
        filled(form, CeremonyInput(), {"on": work.today}),
        _("Record the ceremony"),
        notes=notes,
    )


@blueprint.view(
    "/<uuid:candidate_id>/ceremony",
    methods=["POST"],
    permission=permissions.ADMIT,
    accepts=CeremonyInput(),
    form="ceremony",
)
def ceremony_post(work: Work, data: dict[str, Any], candidate_id: uuid.UUID) -> Any:
    """Record the ceremony; the member is made."""
    member = services.hold_ceremony(work, dossier_at(work, candidate_id), **data)
    return _show(
        candidate_id,
        _(
            "Comrade %(name)s is a probationary member from %(day)s on.",
            name=member.full_name,
            day=format_day(data["on"]),
        ),
    )


@blueprint.view("/<uuid:candidate_id>/recognition", permission=permissions.DECIDE)
def recognition(work: Work, candidate_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of the recognition."""
    dossier = dossier_at(work, candidate_id)
    ends = [clock.due_on for clock in dossier.clocks if clock.kind == "probation"]
    notes = []
    if ends:
        sentence = _(
            "Official since %(day)s, the end of probation, whatever the day of the decision.",
            day=format_day(ends[-1]),
        )
        notes = [("info", sentence)]
    return _act_page(
        work,
        dossier,
        _("Recognition as an official member"),
        filled(form, RecognitionInput(), {"decided_on": work.today}),
        _("Record the recognition"),
        notes=notes,
    )


@blueprint.view(
    "/<uuid:candidate_id>/recognition",
    methods=["POST"],
    permission=permissions.DECIDE,
    accepts=RecognitionInput(),
    form="recognition",
)
def recognition_post(work: Work, data: dict[str, Any], candidate_id: uuid.UUID) -> Any:
    """Record the recognition; the member is official."""
    candidate = services.recognise(work, dossier_at(work, candidate_id), **data)
    day = candidate.official_on
    return _show(
        candidate_id,
        _("Official since %(day)s.", day=format_day(day)) if day else "",
    )
