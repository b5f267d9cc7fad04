"""Papers of an admission as they print: the resolution on each vote, the branch's request."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from core.documents.paper import Block, Column, Paper, Paragraph, Run, Signer, Table, day_on_paper
from core.documents.services import About, head_of, issue_document
from core.errors import NotFound, RuleBroken
from core.i18n import _, format_day, format_percent, use_locale
from core.members.models import Member, Position
from core.units.places import Place, valid_on
from core.work import Work

from ..models import Candidate, DossierVote
from .clocks import place_of
from .collecting import check_right, permission_for
from .guards import note
from .shapes import Dossier

SIGNING = ("secretary", "standing_deputy_secretary", "deputy_secretary")
SIGNERS = "who signs for a unit: the holder of a post, named on the unit's own papers"


def vote_of(dossier: Dossier, vote_id: uuid.UUID) -> DossierVote:
    """Return a vote of the dossier."""
    vote = next((one for one in dossier.votes if one.id == vote_id), None)
    if vote is None:
        raise NotFound(_("There is no such vote in this dossier."))
    return vote


def resolution_paper(work: Work, dossier: Dossier, vote: DossierVote) -> Paper:
    """Return the resolution on a vote as it prints; without a number until it is issued."""
    with use_locale("vi"):
        place = place_of(work, vote.unit_id)
        head = head_of(work, place, vote.held_on)
        is_recognition = _is_recognition(dossier, vote)
        body = _("the committee") if vote.is_committee else _("the branch (in a paper)")
        blocks: tuple[Block, ...] = (
            Paragraph(_("- In view of the Charter of the Party,")),
            Paragraph(
                _(
                    "- In view of the dossier and the vote in the meeting of %(day)s,",
                    day=day_on_paper(vote.held_on),
                )
            ),
            Paragraph((Run(_("%(body)s resolves:", body=body), bold=True),)),
            Paragraph(_asked(dossier.candidate, is_recognition=is_recognition)),
            Paragraph(_counted(vote)),
        )
        return Paper(
            kind="resolution",
            body_code=head.body_code,
            upper_body=head.upper_body,
            issuing_body=head.issuing_body,
            number=None,
            place=head.place,
            day=vote.held_on,
            title=_("RESOLUTION"),
            subtitle=_("to ask for the recognition of an official member")
            if is_recognition
            else _("to ask for an admission"),
            blocks=blocks,
            recipients=(
                _("%(body)s (to be reported to),", body=head.upper_body),
                _("Dossier, to be kept."),
            ),
            signers=(_signer(work, place, vote),),
            draft=vote.document_id is None,
        )


def _is_recognition(dossier: Dossier, vote: DossierVote) -> bool:
    step = dossier.template.step(vote.step)
    return step is not None and step.stage == "recognition"


def _asked(candidate: Candidate, *, is_recognition: bool) -> str:
    """Say what is asked for, and for whom; nothing of relatives or verification."""
    born = _born(candidate)
    if is_recognition:
        return _(
            "1. To ask that %(name)s%(born)s, admitted on %(day)s, be recognised as an official "
            "member.",
            name=candidate.full_name,
            born=born,
            day=day_on_paper(candidate.ceremony_on),
        )
    return _(
        "1. To ask that %(name)s%(born)s be admitted to the Party.",
        name=candidate.full_name,
        born=born,
    )


def _born(candidate: Candidate) -> str:
    if candidate.birth_date is None:
        return ""
    if candidate.birth_precision == "year":
        return _(", born in %(year)s", year=candidate.birth_date.year)
    return _(", born on %(day)s", day=day_on_paper(candidate.birth_date))


def _counted(vote: DossierVote) -> str:
    return _(
        "2. Entitled to vote: %(entitled)s; present: %(present)s; in favour: %(favour)s"
        " (%(share)s of those entitled); against: %(against)s; invalid: %(invalid)s.",
        entitled=vote.entitled,
        present=vote.present,
        favour=vote.in_favour,
        share=format_percent(vote.in_favour, vote.entitled),
        against=vote.against,
        invalid=vote.invalid,
    )


def _signer(work: Work, place: Place, vote: DossierVote) -> Signer:
    """Return who signs for the collective: the secretary of the unit on the day of the vote."""
    found = _holder(work, place.id, vote.held_on)
    body = _("FOR THE COMMITTEE") if vote.is_committee else _("FOR THE BRANCH")
    deputy = found is not None and found[0] != "secretary"
    role = _("DEPUTY SECRETARY") if deputy else _("SECRETARY")
    return Signer((body, role), found[1] if found else "")


def _holder(work: Work, unit_id: uuid.UUID, day: date) -> tuple[str, str] | None:
    rows = work.session.execute(
        sa.select(Position.position, Member.full_name)
        .join(Member, Member.id == Position.member_id)
        .where(
            Position.unit_id == unit_id,
            Position.position.in_(SIGNING),
            valid_on(Position, day),
        )
        .execution_options(unscoped=SIGNERS)
    ).all()
    ranked = sorted(rows, key=lambda row: SIGNING.index(row.position))
    return (ranked[0].position, ranked[0].full_name) if ranked else None


def issue_resolution(
    work: Work, dossier: Dossier, vote_id: uuid.UUID, *, number: int | None = None
) -> DossierVote:
    """Issue the resolution on a vote that was passed; its number comes from the register."""
    vote = vote_of(dossier, vote_id)
    step = dossier.template.step(vote.step)
    if step is not None:
        check_right(work, step)
    if not vote.is_passed:
        raise RuleBroken(_("The vote was not passed, so there is no resolution on it."))
    if vote.document_id is not None:
        raise RuleBroken(_("This resolution was issued and stays as it is."))
    document = issue_document(
        work,
        resolution_paper(work, dossier, vote),
        unit=place_of(work, vote.unit_id),
        about=About("candidate", dossier.candidate.id),
        day=vote.held_on,
        number=number,
        lazily=True,
    )
    vote.document_id, vote.number = document.id, document.code[:80]
    if step is not None:
        after = {"code": document.code}
        note(work, "resolution_issued", dossier.candidate, permission_for(step), after=after)
    work.session.flush()
    return vote


def request_paper(work: Work, dossiers: Sequence[Dossier]) -> Paper:
    """Return the branch's request to the committee: who is put forward, with the votes."""
    if not dossiers:
        raise RuleBroken(_("No dossier of this branch waits for the committee."))
    with use_locale("vi"):
        head = head_of(work, work.unit, work.today)
        found = _holder(work, work.unit.id, work.today)
        rows = tuple(_request_row(number, dossier) for number, dossier in enumerate(dossiers, 1))
        columns = (
            Column("TT", 12, "center"),
            Column(_("Full name")),
            Column(_("Born (table head)"), 28, "center"),
            Column(_("Resolution of the branch"), 45),
            Column(_("In favour / entitled"), 28, "center"),
        )
        return Paper(
            kind="submission",
            body_code=head.body_code,
            upper_body=head.upper_body,
            issuing_body=head.issuing_body,
            number=None,
            place=head.place,
            day=work.today,
            title=_("REQUEST"),
            subtitle=_("to consider admissions"),
            blocks=(
                Paragraph(_("The branch asks the committee to consider these admissions:")),
                Table(columns, rows),
                Paragraph(_("The dossiers are enclosed.")),
            ),
            recipients=(
                _("%(body)s (to be reported to),", body=head.upper_body),
                _("Branch, to be kept."),
            ),
            signers=(Signer((_("FOR THE BRANCH"), _("SECRETARY")), found[1] if found else ""),),
            draft=True,
        )


def _request_row(number: int, dossier: Dossier) -> tuple[str, ...]:
    candidate = dossier.candidate
    passed = [vote for vote in dossier.votes if vote.is_passed and not vote.is_committee]
    vote = passed[-1] if passed else None
    return (
        str(number),
        candidate.full_name,
        format_day(candidate.birth_date) if candidate.birth_date else "",
        " ".join(filter(None, (vote.number, format_day(vote.held_on)))) if vote else "",
        f"{vote.in_favour}/{vote.entitled}" if vote else "",
    )
