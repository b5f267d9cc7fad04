"""What is known of a member from evaluation: one's own data, its erasure, two records made one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.gathering import gathered
from core.i18n import _
from core.ledger.erasing import erase_payload
from core.work import Work

from ..models import Appeal, Comment, Moved, Result, Review, SelfReview

OWN_DATA = "a person's own data"
MERGE = "two records of one person became one"


def data_of(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Return everything kept about a member, as plain values; their own texts too."""
    mine = sa.select(Review.id).where(Review.member_id == member_id)
    parts = {
        "results": sa.select(
            Result.period_key, Result.subject_kind, Result.level, Result.points,
            Result.decided_on, Result.decision_no, Result.version,
        ).where(Result.member_id == member_id),
        "evaluations": sa.select(
            Review.form, Review.stage, Review.self_level, Review.branch_comment,
            Review.voted_level, Review.level, Review.decision_no, Review.forced_reference,
        ).where(Review.member_id == member_id),
        "self_reviews": sa.select(
            SelfReview.saved_at, SelfReview.answers, SelfReview.scores
        ).where(SelfReview.review_id.in_(mine)),
        "comments": sa.select(
            Comment.kind, Comment.asked_name, Comment.opinion, Comment.text
        ).where(Comment.review_id.in_(mine), Comment.state == "answered"),
        "appeals": sa.select(
            Appeal.received_on, Appeal.text, Appeal.state, Appeal.answer
        ).where(Appeal.review_id.in_(mine)),
    }  # fmt: skip
    found = gathered(work.session, parts, reason=OWN_DATA)
    return {name: rows for name, rows in found.items() if rows}


def erase(work: Work, member_id: uuid.UUID, rule: str) -> None:
    """Erase names and texts of a member, in the ledger too; levels stay as figures."""
    nobody = _("(erased)")
    mine = sa.select(Review.id).where(Review.member_id == member_id)
    updates: tuple[tuple[Any, Any, dict[str, Any]], ...] = (
        (
            SelfReview,
            SelfReview.review_id.in_(mine),
            {"answers": {}, "scores": {}, "erased_at": work.now},
        ),
        (Comment, Comment.review_id.in_(mine), {"subject_name": nobody, "text": ""}),
        (Appeal, Appeal.review_id.in_(mine), {"text": "", "answer": ""}),
        (
            Review,
            Review.member_id == member_id,
            {"subject_name": nobody, "branch_comment": "", "pick_reason": "",
             "forced_reference": "", "returned_reason": ""},
        ),
        (Result, Result.member_id == member_id, {"reason": ""}),
    )  # fmt: skip
    for model, condition, values in updates:
        work.session.execute(
            sa.update(model)
            .where(condition)
            .values(values)
            .execution_options(synchronize_session=False)
        )
    keys = work.session.scalars(mine.execution_options(unscoped=OWN_DATA)).all()
    erase_payload(work, rule=rule, about_ids=keys)


def move_rows(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> None:
    """Move what names one record to the other, and note it; called the other way round, back.

    Where both have a result for a period, that of the kept record holds and the other one is no
    longer current, so that the person is counted once.
    """
    note = work.session.scalar(
        sa.select(Moved)
        .where(Moved.kept_id == merged_id, Moved.merged_id == kept_id)
        .order_by(Moved.id.desc())
        .limit(1)
    )
    if note is not None:
        _give_back(work, note, kept_id)
        return
    rows = {
        "twice": _twice(work, kept_id, merged_id),
        "results": _free(work, Result, kept_id, merged_id),
        "reviews": _free(work, Review, kept_id, merged_id),
    }
    _set(work, Result, rows["twice"], {"is_current": False})
    _point(work, Result, rows["results"], kept_id)
    _point(work, Review, rows["reviews"], kept_id)
    plain = {name: [str(key) for key in keys] for name, keys in rows.items()}
    work.session.add(Moved(kept_id=kept_id, merged_id=merged_id, rows=plain))
    work.session.flush()


def _give_back(work: Work, note: Moved, member_id: uuid.UUID) -> None:
    keys = {name: [uuid.UUID(key) for key in listed] for name, listed in note.rows.items()}
    _point(work, Result, keys["results"], member_id)
    _point(work, Review, keys["reviews"], member_id)
    _set(work, Result, keys["twice"], {"is_current": True})
    work.session.delete(note)


def _twice(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the current results of the merged record for periods the kept one has too."""
    other = sa.orm.aliased(Result)
    both = sa.exists().where(
        other.subject_id == kept_id,
        other.period_key == Result.period_key,
        other.subject_kind == Result.subject_kind,
        other.is_current.is_(True),
        sa.or_(other.subject_kind == "member", other.post_id == Result.post_id),
    )
    statement = sa.select(Result.id).where(
        Result.subject_id == merged_id, Result.is_current.is_(True), both
    )
    return list(work.session.scalars(statement.execution_options(unscoped=MERGE)))


def _free(work: Work, model: Any, kept_id: uuid.UUID, merged_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the rows of the merged record that can go to the kept one without a clash."""
    other = sa.orm.aliased(model)
    if model is Result:
        clash = sa.exists().where(
            other.subject_id == kept_id,
            other.period_key == Result.period_key,
            other.subject_kind == Result.subject_kind,
        )
    else:
        clash = sa.exists().where(
            other.subject_id == kept_id,
            other.campaign_id == Review.campaign_id,
            other.subject_kind == Review.subject_kind,
        )
    statement = sa.select(model.id).where(model.subject_id == merged_id, ~clash)
    return list(work.session.scalars(statement.execution_options(unscoped=MERGE)))


def _set(work: Work, model: Any, ids: Sequence[uuid.UUID], values: dict[str, Any]) -> None:
    for chunk in chunked(ids):
        work.session.execute(
            sa.update(model)
            .where(model.id.in_(chunk))
            .values(values)
            .execution_options(synchronize_session=False)
        )


def _point(work: Work, model: Any, ids: Sequence[uuid.UUID], to: uuid.UUID) -> None:
    """Let rows name another record of the same person; a member's post is the member."""
    values: dict[str, Any] = {"subject_id": to, "member_id": to}
    if model is Result:
        values["post_id"] = sa.case((Result.subject_kind == "member", to), else_=Result.post_id)
    _set(work, model, ids, values)
