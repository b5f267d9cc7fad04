"""Comments: of the branch itself, of the branch where members live, of the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from core.checking import missing, not_here, wanted_text
from core.errors import RuleBroken
from core.i18n import _
from core.members.models import Position
from core.notices.services import Message, send_notice
from core.paging import beyond, make_cursor, read_cursor
from core.units.places import Place, valid_on
from core.work import Work

from .. import permissions
from ..models import OPINIONS, UNDECIDED, Campaign, Comment, Review
from .asking import asked_branch
from .guards import check_running, check_stage, go, note
from .reading import comments_on
from .shapes import Key

COMMITTEE = ("secretary", "deputy_secretary")


def write_branch_comment(work: Work, campaign: Campaign, review: Review, text: str) -> None:
    """Write down what the branch says about a member or a unit."""
    check_running(campaign)
    check_stage([review], "comments", "vote")
    review.branch_comment = wanted_text(text, "text", _("Write the comment of the branch."))
    review.changed_at = work.now
    note(work, "commented", review, permissions.VOTE)
    work.session.flush()


def ask(
    work: Work,
    campaign: Campaign,
    reviews: Sequence[Review],
    *,
    unit_code: str = "",
    outside_name: str = "",
    kind: str = "residence",
    due_on: date | None = None,
) -> list[Comment]:
    """Ask a branch for comments on several members at once; of one outside, ask on paper.

    Any living branch may be asked, wherever it stands: it sees only the name and who asks.
    """
    check_running(campaign)
    check_stage(reviews, *UNDECIDED)
    if not reviews:
        raise missing("review", _("Tick at least one comrade."))
    place, name = asked_branch(work, unit_code, outside_name)
    _refuse_twice(work, reviews, kind)
    rows = [
        Comment(
            unit_id=place.id if place is not None else review.unit_id,
            review_id=review.id,
            kind=kind,
            subject_name=review.subject_name,
            asking_id=review.unit_id,
            asking_name=_name_of(work, review.unit_id),
            asked_name=name[:300],
            is_outside=place is None,
            asked_at=work.now,
            asked_by=work.actor.label[:300],
            due_on=due_on,
        )
        for review in reviews
    ]
    work.session.add_all(rows)
    for review in reviews:
        if kind == "residence":
            review.residence = "asked"
        note(work, "comment_asked", review, permissions.VOTE, after={"of": name, "kind": kind})
    if place is not None:
        _tell(work, place, len(rows), due_on)
    work.session.flush()
    return rows


def _refuse_twice(work: Work, reviews: Sequence[Review], kind: str) -> None:
    there = {one.review_id for one in comments_on(work, [r.id for r in reviews])
             if one.kind == kind}  # fmt: skip
    twice = [review.subject_name for review in reviews if review.id in there]
    if twice:
        raise RuleBroken(
            _("A comment on %(names)s was asked for before.", names=", ".join(twice[:5]))
        )


def _name_of(work: Work, unit_id: Key) -> str:
    places = work.host.places.by_ids(work.session, [unit_id], work.today, work.generation)
    return places[unit_id].name if unit_id in places else ""


def _tell(work: Work, place: Place, count: int, due_on: date | None) -> None:
    """Tell the secretary of the branch asked; no names in the subject."""
    members = list(
        work.session.scalars(
            sa.select(Position.member_id)
            .where(
                Position.unit_id == place.id,
                Position.position.in_(COMMITTEE),
                valid_on(Position, work.today),
            )
            .distinct()
        )
    )
    if members:
        subject = _("Comments on %(n)s comrades living here are asked for", n=count)
        message = Message("evaluation.asked", subject, "", "evaluation.asked", {}, due_on)
        send_notice(work, message, members=members, unit=place)


def withdraw(work: Work, campaign: Campaign, comment_id: Key) -> Comment:
    """Take back a request that went to the wrong branch."""
    check_running(campaign)
    found = work.session.execute(
        sa.select(Review, Comment)
        .select_from(Review)
        .join(Comment, Comment.review_id == Review.id)
        .where(Comment.id == comment_id, Review.unit_id == work.unit.id, Comment.state == "asked")
    ).first()
    if found is None:
        raise not_here()
    review, comment = found
    comment.state = "withdrawn"
    if comment.kind == "residence":
        review.residence = "needed"
    note(work, "comment_withdrawn", review, permissions.VOTE, after={"of": comment.asked_name})
    work.session.flush()
    return comment


def list_asked(
    work: Work, *, state: str = "asked", cursor: str = "", limit: int = 100
) -> tuple[list[Comment], str | None]:
    """Return what this branch is asked for by others, and what it must type in for outside ones."""
    columns = (Comment.asked_at, Comment.id)
    statement = sa.select(Comment).where(Comment.unit_id == work.unit.id, Comment.state == state)
    last = read_cursor(cursor, "t", "k")
    if last is not None:
        statement = statement.where(beyond(columns, last))
    rows = list(work.session.scalars(statement.order_by(*columns).limit(limit + 1)))
    more = len(rows) > limit
    rows = rows[:limit]
    return rows, make_cursor((rows[-1].asked_at, rows[-1].id)) if more else None


def answer(work: Work, answers: Mapping[Key, tuple[str, str]], on: date | None = None) -> int:
    """Answer several requests at once: (opinion, text) by request; return how many."""
    if not answers:
        raise missing("opinion", _("Choose an opinion for at least one comrade."))
    rows = list(
        work.session.scalars(
            sa.select(Comment)
            .where(Comment.unit_id == work.unit.id, Comment.id.in_(list(answers)))
            .with_for_update(key_share=True)
        )
    )
    if len(rows) != len(answers):
        raise not_here()
    for row in rows:
        opinion, text = answers[row.id]
        if opinion not in OPINIONS:
            raise missing("opinion", _("Choose an opinion for %(name)s.", name=row.subject_name))
        if row.state != "asked":
            raise RuleBroken(_("The request for %(name)s is answered or withdrawn.",
                               name=row.subject_name))  # fmt: skip
        row.state, row.opinion, row.text = "answered", opinion, text.strip()
        row.answered_on, row.answered_by = on or work.today, work.actor.label[:300]
    _received(work, rows)
    work.session.flush()
    return len(rows)


def _received(work: Work, rows: Sequence[Comment]) -> None:
    """Let the asking evaluations know."""
    reviews = work.session.scalars(
        sa.select(Review)
        .where(Review.id.in_([row.review_id for row in rows]))
        .execution_options(unscoped="the evaluations for which a comment was asked of this branch")
    )
    kinds = {row.review_id: row.kind for row in rows}
    for review in reviews:
        if kinds[review.id] == "residence":
            review.residence = "answered"
        note(work, "comment_answered", review, permissions.ANSWER)


def exempt(work: Work, campaign: Campaign, reviews: Sequence[Review], reason: str) -> None:
    """Note that no comment of the place of residence is needed for members, and why."""
    check_running(campaign)
    why = wanted_text(reason, "reason", _("Write why no comment is needed."))
    for review in reviews:
        review.residence = "exempt"
        note(work, "comment_exempt", review, permissions.VOTE, after={"reason": why})
    work.session.flush()


def comments_complete(work: Work, campaign: Campaign, reviews: Sequence[Review]) -> int:
    """Let evaluations go on to the ballot; a comment of the residence still out stops it."""
    check_running(campaign)
    check_stage(reviews, "comments")
    waiting = [review.subject_name for review in reviews
               if review.residence in ("needed", "asked")]  # fmt: skip
    if waiting:
        raise RuleBroken(
            _(
                "The comment of the place of residence is missing for %(names)s."
                " Ask for it, type it in, or note why none is needed.",
                names=", ".join(waiting[:5]),
            )
        )
    for review in reviews:
        go(work, review, "commented", "vote")
        note(work, "comments_complete", review, permissions.VOTE)
    work.session.flush()
    return len(reviews)
