"""Decision, ceremony, recognition: a candidate becomes a probationary, then an official member."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from core.checking import missing
from core.errors import RuleBroken
from core.i18n import _, format_day
from core.members.models import Member
from core.members.services import (
    NewMember,
    add_members,
    change_status,
    check_holds_members,
    probation_ends,
    readmit,
)
from core.members.services.identity import check_not_known
from core.members.spans import StatusSpan, StaySpan
from core.names import PersonName
from core.periods import OPEN
from core.scope import require
from core.settings import value
from core.work import Work

from .. import permissions
from ..models import Admission, AdmissionGroup, Candidate, Clock
from .clocks import place_of, start_clock, stop_all, stop_clocks
from .entering import pass_on
from .guards import check_at, note
from .lacking import missing_of
from .passing import set_stage
from .shapes import Dossier, Key
from .workdays import WorkingDays

KNOWN = "the member a candidate became, wherever the home is today"


def record_decision(
    work: Work, dossier: Dossier, *, decision_no: str, decided_on: date, received_on: date
) -> Candidate:
    """Record the decision on admission; the branch has its working days from the receipt on."""
    candidate = dossier.candidate
    check_at(candidate, "decision")
    number = decision_no.strip()[:80]
    if not number:
        raise missing("decision_no", _("Write the number of the decision."))
    if decided_on > work.today or received_on > work.today:
        raise missing("decided_on", _("This day is still to come."))
    if decided_on < candidate.stage_since:
        raise missing(
            "decided_on",
            _("The dossier went up on %(day)s. The decision comes after that.",
              day=format_day(candidate.stage_since)),
        )  # fmt: skip
    if received_on < decided_on:
        raise missing("received_on", _("The branch receives the decision after it was made."))
    candidate.decision_no = number
    candidate.decided_on, candidate.received_on = decided_on, received_on
    after = {"decision_no": number, "decided_on": decided_on, "received_on": received_on}
    note(work, "decided", candidate, permissions.DECIDE, after=after)
    stop_clocks(work, [candidate.id], ["paper"], decided_on)
    set_stage(work, candidate, "ceremony", on=received_on, permission=permissions.DECIDE)
    start_clock(work, candidate, "ceremony", received_on)
    return candidate


def hold_ceremony(work: Work, dossier: Dossier, *, on: date, permission_no: str = "") -> Member:
    """Record the ceremony: the candidate is a probationary member from that day on.

    The member is made of what is known of the candidate; nothing is typed twice. After the last
    day for the ceremony the document that permits it is needed.
    """
    candidate = dossier.candidate
    check_at(candidate, "ceremony")
    require(work, permissions.ADMIT, [candidate.unit_id])
    _check_ceremony(work, dossier, on, permission_no)
    member = _member_of(work, candidate, on)
    candidate.ceremony_on, candidate.member_id = on, member.id
    admission = Admission(
        unit_id=candidate.unit_id,
        member_id=member.id,
        admitted_on=on,
        candidate_id=candidate.id,
    )
    work.session.add(admission)
    work.session.flush()
    work.session.add_all(
        AdmissionGroup(admission_id=admission.id, group=group) for group in candidate.groups
    )
    stop_clocks(work, [candidate.id], ["ceremony"], on)
    set_stage(work, candidate, "probation", on=on, permission=permissions.ADMIT)
    _start_probation(work, candidate, on)
    after = {"on": on, "permission_no": permission_no}
    note(work, "admitted", candidate, permissions.ADMIT, after=after)
    work.session.flush()
    return member


def _check_ceremony(work: Work, dossier: Dossier, on: date, permission_no: str) -> None:
    candidate = dossier.candidate
    if on > work.today:
        raise missing("on", _("This day is still to come."))
    received = candidate.received_on
    if received is None or on < received:
        raise missing("on", _("The ceremony comes after the decision was received."))
    last = max((c.due_on for c in dossier.running if c.kind == "ceremony"), default=on)
    if on > last and not permission_no.strip():
        raise missing(
            "permission_no",
            _(
                "The last day for the ceremony was %(day)s. Report to the committee above, then "
                "write the number of its permission.",
                day=format_day(last),
            ),
        )


def _member_of(work: Work, candidate: Candidate, on: date) -> Member:
    """Make the member of a candidate, or take a former one in again."""
    place = place_of(work, candidate.unit_id)
    check_holds_members(work, place)
    if candidate.former_id is not None:
        former = work.session.scalars(
            sa.select(Member)
            .where(Member.id == candidate.former_id)
            .execution_options(unscoped=KNOWN)
        ).one()
        return readmit(
            work,
            former,
            place,
            on=on,
            decision_no=candidate.decision_no,
            decision_date=candidate.decided_on,
        )
    name = PersonName(candidate.surname, candidate.middle_name, candidate.given_name)
    check_not_known(work, name, {"birth_date": candidate.birth_date})
    status = StatusSpan(on, OPEN, "probationary", "", candidate.decision_no, candidate.decided_on)
    [key] = add_members(
        work,
        [
            NewMember(
                name=name,
                statuses=[status],
                homes=[StaySpan(on, OPEN, place.id, candidate.decision_no)],
                birth_date=candidate.birth_date,
                birth_precision=candidate.birth_precision,
                sex=candidate.sex,
                phone=candidate.phone,
                admitted_on=on,
            )
        ],
    )
    return _read(work, key)


def _read(work: Work, key: Key) -> Member:
    return work.session.scalars(
        sa.select(Member).where(Member.id == key).execution_options(unscoped=KNOWN)
    ).one()


def _start_probation(work: Work, candidate: Candidate, on: date) -> None:
    """Start the months of probation, and after them the branch's working days."""
    place = place_of(work, candidate.unit_id)
    over = probation_ends(work, place, on)
    months = (over.year - on.year) * 12 + over.month - on.month
    days = int(value(work, "recruitment.recognition_vote_days", place, on))
    work.session.add_all(
        [
            Clock(
                candidate_id=candidate.id,
                kind="probation",
                started_on=on,
                length=months,
                due_on=over,
            ),
            Clock(
                candidate_id=candidate.id,
                kind="recognition_vote",
                started_on=over,
                length=days,
                in_working_days=True,
                due_on=WorkingDays.at(work, place, on).after(over, days),
            ),
        ]
    )


def recognise(work: Work, dossier: Dossier, *, decision_no: str, decided_on: date) -> Candidate:
    """Record the recognition: official since the end of probation, whatever the decision's day."""
    candidate = dossier.candidate
    check_at(candidate, "recognition")
    require(work, permissions.DECIDE, [candidate.unit_id])
    number = decision_no.strip()[:80]
    if not number:
        raise missing("decision_no", _("Write the number of the decision."))
    official_on = _official_on(dossier)
    if decided_on > work.today:
        raise missing("decided_on", _("This day is still to come."))
    if decided_on < official_on:
        raise missing(
            "decided_on",
            _("Probation lasts until %(day)s. Choose that day or a later one.",
              day=format_day(official_on)),
        )  # fmt: skip
    _check_complete(work, dossier)
    # Closed first: what core tells about the member's new status finds nothing left to do.
    candidate.state, candidate.closed_on = "recognised", decided_on
    candidate.official_on = official_on
    stop_all(work, candidate.id, decided_on)
    work.session.flush()
    if candidate.member_id is None:
        raise RuleBroken(_("The member's record is not there any more."))
    member = _read(work, candidate.member_id)
    change_status(
        work,
        member,
        "official",
        on=official_on,
        decision_no=number,
        decision_date=decided_on,
    )
    finish_admission(work, candidate, official_on)
    _note_recognition(work, candidate, number, decided_on)
    return candidate


def _note_recognition(work: Work, candidate: Candidate, number: str, decided_on: date) -> None:
    """Write the end of the way and the line of the journal."""
    stage = candidate.stage
    pass_on(
        work,
        candidate,
        "closed",
        from_stage=stage,
        to_stage=stage,
        document_no=number,
        on=decided_on,
    )
    after = {
        "decision_no": number,
        "decided_on": decided_on,
        "official_on": candidate.official_on,
    }
    note(work, "recognised", candidate, permissions.DECIDE, after=after)
    work.session.flush()


def _official_on(dossier: Dossier) -> date:
    """Return the end of probation as its clock reckoned it on the day of the ceremony."""
    ends = [clock.due_on for clock in dossier.clocks if clock.kind == "probation"]
    if not ends:
        raise RuleBroken(_("The ceremony is not recorded yet."))
    return ends[-1]


def _check_complete(work: Work, dossier: Dossier) -> None:
    own = dossier.template.of_kind("recognition").key
    lacks = [lack for lack in missing_of(work, dossier) if lack.step != own]
    if lacks:
        raise RuleBroken(
            _("Still missing: %(what)s.", what="; ".join(f"{m.title} ({m.who})" for m in lacks))
        )


def finish_admission(work: Work, candidate: Candidate, official_on: date) -> None:
    """Note on the admission since when the member is official."""
    work.session.execute(
        sa.update(Admission)
        .where(Admission.candidate_id == candidate.id)
        .values(official_on=official_on)
        .execution_options(synchronize_session=False)
    )
