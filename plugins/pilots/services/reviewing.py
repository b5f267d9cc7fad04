"""Reviews with results, limitations and proposals; decisions with their document and scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.checking import changes, check_revision, missing, not_here, wanted_text
from core.errors import RuleBroken
from core.i18n import _
from core.paging import beyond, make_cursor, read_cursor
from core.scope import reached, require
from core.units.covering import TODAY, AsOf, covered, took_over
from core.units.models import UnitAncestor
from core.units.places import valid_on, visible
from core.work import Work

from .. import permissions
from ..models import DECISIONS, REVIEW_KINDS, Decision, Registration, Review, Trial
from .catalogue import access_model
from .guards import clean_lines, note
from .reading import place_of
from .shapes import Key
from .telling import tell_decision, tell_review

PAGE = 50


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """What a review says."""

    kind: str
    reviewed_on: date
    covers_from: date
    covers_to: date
    results: str
    limitations: Sequence[str] = ()
    proposals: Sequence[str] = ()


def write_review(
    work: Work,
    facts: ReviewFacts,
    *,
    model_code: str,
    trial: Trial | None = None,
    registration: Registration | None = None,
) -> Review:
    """Write a review of a model, of a trial, or of what one unit did; it is sent later."""
    model = access_model(work, model_code)
    if registration is not None:
        require(work, permissions.REVIEW, [registration.unit_id])
    review = Review(
        unit_id=work.unit.id,
        model_code=model_code,
        trial_id=trial.id if trial else registration.trial_id if registration else None,
        registration_id=registration.id if registration else None,
        created_at=work.now,
        created_by=work.actor.label[:300],
        **_clean(work, facts),
    )
    work.session.add(review)
    work.session.flush()
    note(
        work, "review_written", review, model.title, permissions.REVIEW,
        after={"kind": review.kind, "on": review.reviewed_on},
    )  # fmt: skip
    return review


def _clean(work: Work, facts: ReviewFacts) -> dict[str, object]:
    """Return the columns of a review; refuse what makes none."""
    if facts.kind not in REVIEW_KINDS:
        raise missing("kind", _("Choose which review it is."))
    if facts.covers_from > facts.covers_to:
        raise missing("covers_to", _("The span ends before it begins."))
    if facts.reviewed_on > work.today:
        raise missing("reviewed_on", _("This day is still to come."))
    return {
        "kind": facts.kind,
        "reviewed_on": facts.reviewed_on,
        "covers_from": facts.covers_from,
        "covers_to": facts.covers_to,
        "results": wanted_text(facts.results, "results", _("Write what was reached.")),
        "limitations": clean_lines(facts.limitations),
        "proposals": clean_lines(facts.proposals),
    }


def change_review(work: Work, review: Review, facts: ReviewFacts) -> Review:
    """Change a review of this unit that was not sent yet."""
    _check_draft(work, review)
    before, after = changes(review, _clean(work, facts))
    if after:
        note(
            work, "review_changed", review, review.model_code, permissions.REVIEW,
            before=before, after=after,
        )  # fmt: skip
    return review


def _check_draft(work: Work, review: Review) -> None:
    if review.unit_id != work.unit.id:
        raise not_here()
    if review.sent_at is not None:
        raise RuleBroken(_("This review was sent and stays as it is. Write another one."))


def send_review(work: Work, review: Review) -> Review:
    """Send a review to the superior; from now on it stays as it is."""
    _check_draft(work, review)
    review.sent_at, review.sent_by = work.now, work.actor.label[:300]
    title = access_model(work, review.model_code).title
    note(work, "review_sent", review, title, permissions.REVIEW)
    tell_review(work, review, title)
    return review


def access_review(work: Work, review_id: Key, *, revision: int | None = None) -> Review:
    """Return a review of this unit or, once it is sent, of one below it, or NotFound."""
    found: Review | None = work.session.scalar(sa.select(Review).where(Review.id == review_id))
    if found is None or not place_of(work, found.unit_id).stands_under(work.unit.id):
        raise not_here()
    if found.unit_id != work.unit.id and found.sent_at is None:
        raise not_here()
    check_revision(found, revision)
    return found


def list_reviews(
    work: Work,
    *,
    model: str = "",
    trial_id: Key | None = None,
    registration_id: Key | None = None,
    as_of: AsOf = TODAY,
    cursor: str = "",
    limit: int = PAGE,
) -> tuple[list[Review], str | None]:
    """Return reviews of this unit and those sent by units below, the newest first.

    As of a day those written by then; what was sent since counts as sent for who may read it.
    """
    own = covered(work, Review.unit_id, as_of, alone=True, row=Review.id)
    statement = sa.select(Review).where(
        covered(work, Review.unit_id, as_of, day=Review.reviewed_on, row=Review.id),
        sa.or_(own, Review.sent_at.is_not(None)),
    )
    for column, wanted in (
        (Review.model_code, model),
        (Review.trial_id, trial_id),
        (Review.registration_id, registration_id),
    ):
        if wanted:
            statement = statement.where(column == wanted)
    order = (Review.reviewed_on, Review.id)
    after = read_cursor(cursor, "d", "k")
    if after is not None:
        statement = statement.where(beyond(order, after, down=True))
    rows = work.session.scalars(
        statement.order_by(*(column.desc() for column in order)).limit(limit + 1)
    ).all()
    page = list(rows[:limit])
    following = make_cursor((page[-1].reviewed_on, page[-1].id)) if len(rows) > limit else None
    return page, following


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What a committee decided, with its document and for which units it holds."""

    outcome: str
    decided_on: date
    document_no: str
    scope: str
    text: str = ""
    until: date | None = None


def decide(
    work: Work, facts: DecisionFacts, *, model_code: str, trial: Trial | None = None
) -> Decision:
    """Enter what the committee decided about a model or a trial; settings change in a next step."""
    model = access_model(work, model_code)
    _check_decision(work, facts)
    if trial is not None and trial.unit_id != work.unit.id:
        raise not_here()
    number = wanted_text(facts.document_no, "document_no", _("Enter the number of the decision."))
    decision = Decision(
        unit_id=work.unit.id,
        model_code=model_code,
        trial_id=trial.id if trial else None,
        outcome=facts.outcome,
        decided_on=facts.decided_on,
        document_no=number[:80],
        scope=wanted_text(facts.scope, "scope", _("Say for which units it holds."))[:300],
        text=facts.text.strip(),
        until=facts.until if facts.outcome in ("extend", "change") else None,
        created_at=work.now,
        created_by=work.actor.label[:300],
    )
    work.session.add(decision)
    work.session.flush()
    note(
        work,
        "decided",
        decision,
        model.title,
        permissions.DECIDE,
        after={"outcome": facts.outcome, "decision_no": number, "on": facts.decided_on},
    )
    tell_decision(work, decision, [Key(one) for one in trial.unit_ids] if trial else [])
    return decision


def _check_decision(work: Work, facts: DecisionFacts) -> None:
    """Refuse a decision that is none, or whose day is still to come."""
    if facts.outcome not in DECISIONS:
        raise missing("outcome", _("Choose what was decided."))
    if facts.decided_on > work.today:
        raise missing("decided_on", _("This day is still to come."))
    if facts.outcome == "extend" and facts.until is None:
        raise missing("until", _("Enter until when it is extended."))


def list_decisions(
    work: Work,
    *,
    model: str = "",
    trial_id: Key | None = None,
    as_of: AsOf = TODAY,
    limit: int = PAGE,
) -> list[Decision]:
    """Return decisions on a model or a trial by this unit and those above, the newest first."""
    statement = sa.select(Decision).where(*_of_those_above(work, as_of))
    if model:
        statement = statement.where(Decision.model_code == model)
    if trial_id is not None:
        statement = statement.where(Decision.trial_id == trial_id)
    rows = work.session.scalars(
        statement.order_by(Decision.decided_on.desc(), Decision.id.desc())
        .limit(limit)
        .execution_options(unscoped="a decision holds for everybody below who took it")
    )
    return list(rows)


def _of_those_above(work: Work, as_of: AsOf) -> list[sa.ColumnElement[bool]]:
    """Conditions: a decision is of this unit or of one above it, those of then or of today.

    Nobody reads more through a day: beside what was taken over by those above today only
    decisions of units where the account may read by itself.
    """
    column = Decision.unit_id
    if as_of == TODAY:
        return [column.in_(work.unit.path)]
    above = work.host.places.by_ids(work.session, work.unit.path, work.today, work.generation)
    known = set(above).union(*(took_over(work, place) for place in above.values()))
    found: list[sa.ColumnElement[bool]] = [column.in_(sorted(known))]
    if as_of.day is None:
        return found
    if as_of.is_past:
        own = reached(work, permissions.SEE, column)
        stood_above = sa.exists().where(
            UnitAncestor.unit_id == work.unit.id,
            UnitAncestor.ancestor_id == column,
            valid_on(UnitAncestor, as_of.day),
            visible(UnitAncestor, work.generation),
        )
        allowed = [] if own is None else [sa.or_(*found, own)]
        found = [*allowed, stood_above.correlate_except(UnitAncestor)]
    return [*found, Decision.decided_on <= as_of.day]
