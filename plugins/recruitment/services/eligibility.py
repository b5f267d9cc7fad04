"""Whether the conditions of an admission are met: reckoned and explained, then somebody decides."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from core.checking import missing
from core.i18n import _, format_day
from core.members.models import Member, MemberStatus
from core.members.services import readmission_eligibility
from core.settings import Explanation, explain
from core.units.places import valid_on
from core.work import Work

from .. import permissions
from ..models import OUTCOMES, Judgement
from ..settings import EDUCATION
from .clocks import place_of
from .guards import check_at, note
from .shapes import Check, Dossier
from .words import EDUCATION as EDUCATION_WORDS
from .workdays import months_after

FORMER = "the time somebody who was a member before has to wait"


def checks_of(work: Work, dossier: Dossier, on: date | None = None) -> list[Check]:
    """Reckon every condition as of a day, with the sentence that explains it and its source."""
    day = on or work.today
    checks = [
        *_ages(work, dossier, day),
        _education(work, dossier, day),
        _introducers(work, dossier, day),
    ]
    if dossier.candidate.former_id is not None:
        checks.append(_waiting(work, dossier, day))
    return checks


def _setting(work: Work, dossier: Dossier, name: str, day: date) -> Explanation:
    place = place_of(work, dossier.candidate.unit_id)
    return explain(work, f"recruitment.{name}", place, day)


def _source(found: Explanation) -> str:
    return found.given.document_no if found.given else found.default_source


def full_months(born: date, day: date) -> int:
    """Return the age in full months on a day."""
    months = (day.year - born.year) * 12 + day.month - born.month
    return months - (months_after(born, months) > day)


def _ages(work: Work, dossier: Dossier, day: date) -> list[Check]:
    least = _setting(work, dossier, "least_age_months", day)
    most = _setting(work, dossier, "most_age_months", day)
    born = dossier.candidate.birth_date
    if born is None:
        return [Check("age", _("Age"), None, _("The birth date is not entered."), _source(least))]
    months = full_months(born, day)
    # Of somebody of whom only the year is known the youngest possible age is looked at too.
    youngest = months - 11 if dossier.candidate.birth_precision == "year" else months
    age = _("%(years)s years %(months)s months", years=months // 12, months=months % 12)
    low = _bound(surely=youngest >= least.value, perhaps=months >= least.value)
    high = _bound(surely=months <= most.value, perhaps=youngest <= most.value)
    low_sentence = _age_low(age, born, least.value, is_met=low)
    high_sentence = _age_high(age, most.value, is_met=high)
    return [
        Check("least_age", _("Least age"), low, low_sentence, _source(least)),
        Check("most_age", _("Most age"), high, high_sentence, _source(most)),
    ]


def _bound(*, surely: bool, perhaps: bool) -> bool | None:
    return True if surely else None if perhaps else False


def _age_low(age: str, born: date, least: int, *, is_met: bool | None) -> str:
    if is_met is None:
        return _("Only the year of birth is known. Look at the papers for the day.")
    if is_met:
        return _("%(age)s; at least %(years)s years.", age=age, years=least // 12)
    return _(
        "%(age)s; old enough from %(day)s on.", age=age, day=format_day(months_after(born, least))
    )


def _age_high(age: str, most: int, *, is_met: bool | None) -> str:
    if is_met is None:
        return _("Only the year of birth is known. Look at the papers for the day.")
    if is_met:
        return _("%(age)s; not above %(years)s years.", age=age, years=most // 12)
    return _(
        "%(age)s; above %(years)s years the provincial level agrees first.",
        age=age,
        years=most // 12,
    )


def _education(work: Work, dossier: Dossier, day: date) -> Check:
    found = _setting(work, dossier, "least_education", day)
    title, own = _("Education"), dossier.candidate.education
    least = str(EDUCATION_WORDS[found.value])
    if not own:
        return Check("education", title, None, _("The education is not entered."), _source(found))
    ranks = list(EDUCATION)
    is_met = ranks.index(own) >= ranks.index(found.value)
    sentence = _("%(own)s; at least: %(least)s.", own=str(EDUCATION_WORDS[own]), least=least)
    return Check("education", title, is_met, sentence, _source(found))


def _introducers(work: Work, dossier: Dossier, day: date) -> Check:
    """Count introducers who are official members and have known the candidate long enough."""
    needed = _setting(work, dossier, "introducers", day)
    months = _setting(work, dossier, "introducer_months", day)
    named = [one for one in dossier.supporters if one.role == "introducer"]
    official = _official(work, [one.member_id for one in named if one.member_id], day)
    good, wrong = 0, []
    for one in named:
        if one.member_id not in official:
            wrong.append(_("%(name)s is not an official member now", name=one.name))
        elif one.is_replacement or _known_long(one.known_since, int(months.value), day):
            good += 1
        else:
            wrong.append(
                _("%(name)s: not yet %(n)s months in the same unit", name=one.name, n=months.value)
            )
    union = dossier.papers.get("union")
    if union is not None and union.result != "not_applicable":
        good += 1
    sentence = _("%(n)s of %(needed)s introducers.", n=good, needed=needed.value)
    if wrong:
        sentence = f"{sentence} {'; '.join(wrong)}."
    return Check("introducers", _("Introducers"), good >= needed.value, sentence, _source(months))


def _known_long(since: date | None, months: int, day: date) -> bool:
    return since is not None and months_after(since, months) <= day


def _official(work: Work, ids: list[object], day: date) -> set[object]:
    if not ids:
        return set()
    return set(
        work.session.scalars(
            sa.select(MemberStatus.member_id).where(
                MemberStatus.member_id.in_(ids),
                MemberStatus.status.in_(("official", "exempt")),
                valid_on(MemberStatus, day),
            )
        )
    )


def _waiting(work: Work, dossier: Dossier, day: date) -> Check:
    """Ask core how long somebody who left has to wait."""
    member = work.session.scalar(
        sa.select(Member)
        .where(Member.id == dossier.candidate.former_id)
        .execution_options(unscoped=FORMER)
    )
    title = _("Readmission")
    if member is None:
        return Check("readmission", title, None, _("The former record is not there any more."))
    found = readmission_eligibility(work, member, day)
    return Check("readmission", title, found.is_allowed, found.sentence)


def judge(
    work: Work, dossier: Dossier, *, outcome: str, document_no: str = "", on: date | None = None
) -> Judgement:
    """Decide whether the conditions are met; what was reckoned is kept beside the decision."""
    candidate = dossier.candidate
    check_at(candidate, "pool", "class", "dossier", "branch")
    if outcome not in OUTCOMES:
        raise missing("outcome", _("Choose one from the list."))
    day = on or work.today
    if day > work.today:
        raise missing("on", _("This day is still to come."))
    checks = checks_of(work, dossier, day)
    _check_consistent(checks, outcome, document_no)
    judgement = Judgement(
        candidate_id=candidate.id,
        outcome=outcome,
        computed=[
            {"key": one.key, "is_met": one.is_met, "sentence": one.sentence, "source": one.source}
            for one in checks
        ],
        document_no=document_no.strip()[:80],
        on=day,
        at=work.now,
        by=work.actor.label[:300],
    )
    work.session.add(judgement)
    candidate.eligible_on = None if outcome == "declined" else day
    after = {"outcome": outcome, "document_no": document_no, "on": day}
    note(work, "judged", candidate, permissions.MANAGE, after=after)
    work.session.flush()
    return judgement


def _check_consistent(checks: list[Check], outcome: str, document_no: str) -> None:
    """What is not met by reckoning is accepted only with the document that permits it."""
    unmet = [check for check in checks if check.is_met is False]
    if outcome == "accepted" and unmet:
        raise missing(
            "outcome",
            _(
                "Not met: %(what)s. Correct what is entered, or record the permission of the "
                "level in charge.",
                what="; ".join(check.sentence.rstrip(".") for check in unmet),
            ),
        )
    if outcome == "permitted" and not document_no.strip():
        raise missing("document_no", _("Write the number of the document that permits it."))
