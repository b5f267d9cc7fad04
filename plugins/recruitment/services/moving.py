"""A candidate goes to another branch: the stage is mapped, papers and clocks go along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from core.checking import missing
from core.errors import RuleBroken
from core.i18n import _
from core.members.services import check_holds_members
from core.scope import require
from core.units.places import Place
from core.units.rehoming import note_left
from core.work import Work

from .. import permissions
from ..models import Candidate, Clock, DossierPaper
from .clocks import place_of
from .entering import pass_on
from .guards import check_open, note
from .lacking import missing_of
from .reading import dossier_of
from .shapes import Dossier, Key, Missing, Template
from .template import mapped_stage, template_at


def move_candidate(
    work: Work, dossier: Dossier, to: Place, *, document_no: str = "", on: date | None = None
) -> list[Missing]:
    """Move a candidate to another branch; return what is newly missing by the steps there."""
    candidate = dossier.candidate
    check_open(candidate)
    if candidate.member_id is not None:
        raise RuleBroken(
            _("This person is a member. Transfer the member; the dossier follows by itself.")
        )
    if to.id == candidate.unit_id:
        raise missing("unit_code", _("The dossier is at this branch already."))
    if not to.is_living:
        raise missing("unit_code", _("This branch has ended. Choose one that is there."))
    check_holds_members(work, to)
    require(work, permissions.MOVE, [candidate.unit_id, to.id])
    if not work.host.is_on(work, "recruitment", to):
        raise missing("unit_code", _("This module is off at %(unit)s.", unit=to.name))
    day = on or work.today
    if not candidate.stage_since <= day <= work.today:
        raise missing("on", _("Choose a day between the last stage and today."))
    return _change(work, dossier, to, "moved", day, document_no)


def take_over_template(work: Work, dossier: Dossier) -> list[Missing]:
    """Let the steps of today hold for a dossier begun under older ones."""
    candidate = dossier.candidate
    check_open(candidate)
    place = place_of(work, candidate.unit_id)
    if not has_newer_template(work, dossier):
        raise RuleBroken(_("The steps of today hold for this dossier already."))
    return _change(work, dossier, place, "template", work.today, "")


def has_newer_template(work: Work, dossier: Dossier) -> bool:
    """Whether other steps hold at the unit today than those of a dossier."""
    today = template_at(work, place_of(work, dossier.candidate.unit_id), work.today)
    return today.steps != dossier.template.steps


def _change(
    work: Work, dossier: Dossier, to: Place, kind: str, day: date, document_no: str
) -> list[Missing]:
    candidate = dossier.candidate
    lacked = {lack.step for lack in missing_of(work, dossier)}
    old_unit, old_stage = candidate.unit_id, candidate.stage
    template = template_at(work, to, work.today)
    _rename(dossier, template)
    if kind == "moved":
        note_left(work, candidate.id, old_unit, day)
    candidate.unit_id, candidate.template_on = to.id, work.today
    candidate.stage = mapped_stage(template, candidate.stage)
    work.session.flush()
    fresh = dossier_of(work, candidate)
    newly = [lack for lack in missing_of(work, fresh) if lack.step not in lacked]
    pass_on(
        work,
        candidate,
        kind,
        from_stage=old_stage,
        to_stage=candidate.stage,
        from_unit_id=old_unit,
        to_unit_id=to.id,
        missing=[lack.title for lack in newly],
        document_no=document_no.strip()[:80],
        on=day,
    )
    after = {"stage": candidate.stage, "unit": to.code, "document_no": document_no}
    note(work, kind, candidate, permissions.MOVE, before={"stage": old_stage}, after=after)
    work.session.flush()
    return newly


def renamed_steps(old: Template, new: Template) -> Mapping[str, str]:
    """Return under which key a step of one template stands in another: the same key, else form."""
    by_form = {step.form: step.key for step in new.steps if step.form}
    return {
        step.key: by_form[step.form]
        for step in old.steps
        if new.step(step.key) is None and step.form in by_form
    }


def _rename(dossier: Dossier, template: Template) -> None:
    """Let papers, votes and clocks stand under the keys of the new steps."""
    names = renamed_steps(dossier.template, template)
    rows: list[DossierPaper | Clock] = [*dossier.papers.values(), *dossier.clocks]
    for row in rows:
        row.step = names.get(row.step, row.step)
    for vote in dossier.votes:
        vote.step = names.get(vote.step, vote.step)


def follow_member(work: Work, candidate: Candidate, unit_id: Key) -> None:
    """Let the dossier of a probationary member go to the branch the member was transferred to."""
    to = place_of(work, unit_id)
    _change(work, dossier_of(work, candidate), to, "moved", work.today, "")
