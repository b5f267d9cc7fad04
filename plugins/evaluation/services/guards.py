"""What must be true before an evaluation is changed, and the lines each change leaves behind."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from core import ledger
from core.checking import missing
from core.errors import RuleBroken
from core.i18n import _
from core.work import Work

from ..models import LEVELS, Campaign, Review, Step
from . import words


def check_running(campaign: Campaign) -> None:
    """Refuse acts of a campaign that is over, or whose list is still being made."""
    if campaign.state != "running":
        raise RuleBroken(_("The campaign is closed. To change a level now, correct the result."))
    if campaign.ready_at is None:
        raise RuleBroken(
            _(
                "The list of who is evaluated is still being made (%(done)s of %(total)s units)."
                " Try again in a few minutes.",
                done=campaign.units_done,
                total=campaign.unit_count,
            )
        )


def check_stage(reviews: Iterable[Review], *stages: str) -> None:
    """Refuse an act on evaluations that stand elsewhere on their way; say which and where."""
    wrong = [review for review in reviews if review.stage not in stages]
    if wrong:
        first = wrong[0]
        raise RuleBroken(
            _(
                "%(name)s stands at the stage “%(stage)s”; this is done at “%(wanted)s”.",
                name=first.subject_name,
                stage=words.STAGES[first.stage],
                wanted=words.STAGES[stages[0]],
            )
        )


def check_level(level: str | None, field: str = "level") -> str:
    """Return a known level."""
    if level not in LEVELS:
        raise missing(field, _("Choose one of the four levels."))
    return str(level)


def is_better(level: str, than: str) -> bool:
    """Whether a level is better than another."""
    return LEVELS.index(level) < LEVELS.index(than)


def unfit(review: Review, level: str, points: float | None, scheme: Mapping[str, Any]) -> str:
    """Say why a level is better than a forced one, or than the points given reach; else nothing."""
    if review.forced_level and is_better(level, review.forced_level):
        return _(
            "%(name)s can be at best “%(level)s”: %(reference)s.",
            name=review.subject_name,
            level=words.LEVELS[review.forced_level],
            reference=review.forced_reference,
        )
    problem = points_problem(level, points, scheme)
    return f"{review.subject_name}: {problem}" if problem else ""


def check_fits(review: Review, level: str, points: float | None, scheme: Mapping[str, Any]) -> None:
    """Refuse a level better than a forced one, or better than the points given reach."""
    problem = unfit(review, level, points, scheme)
    if problem:
        raise RuleBroken(problem)


def points_problem(level: str, points: float | None, scheme: Mapping[str, Any]) -> str:
    """Say why points do not fit a level; nothing when they do. Points never raise a level."""
    if points is None:
        return ""
    if not scheme["points"]:
        return _("This period is rated by levels, without points. Leave the points empty.")
    if not 0 <= points <= 100:
        return _("Points are between 0 and 100.")
    least = scheme["bands"].get(level, 0)
    if points < least:
        return _(
            "%(points)s points are fewer than “%(level)s” needs (%(least)s).",
            points=f"{points:g}",
            level=words.LEVELS[level],
            least=f"{least:g}",
        )
    return ""


def note(
    work: Work,
    action: str,
    review: Review,
    permission: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Record an act on an evaluation in the ledger.

    A person's name stands in the payload, which can be erased, and not in the signed label.
    """
    is_person = review.member_id is not None
    name = "" if is_person else review.subject_name
    about = ledger.About("evaluation", review.id, name, review.unit_id)
    if is_person:
        after = {"full_name": review.subject_name, **(after or {})}
    ledger.record(
        work, f"evaluation.{action}", about, before=before, after=after, permission=permission
    )


def note_campaign(
    work: Work, action: str, campaign: Campaign, permission: str, after: Mapping[str, Any]
) -> None:
    """Record an act on a campaign in the ledger."""
    about = ledger.About("campaign", campaign.id, campaign.title, campaign.unit_id)
    ledger.record(work, f"evaluation.{action}", about, after=after, permission=permission)


def go(
    work: Work,
    review: Review,
    action: str,
    to_stage: str | None = None,
    *,
    reason: str = "",
    document_no: str = "",
) -> None:
    """Let an evaluation go to a stage and write down the step."""
    before = review.stage
    if to_stage is not None:
        review.stage = to_stage
        if action != "returned":
            review.returned_reason = ""
    review.changed_at = work.now
    work.session.add(
        Step(
            review_id=review.id,
            at=work.now,
            by=work.actor.label[:300],
            action=action,
            from_stage=before,
            to_stage=review.stage,
            reason=reason[:300],
            document_no=document_no[:80],
        )
    )


def ids_of(rows: Iterable[Any]) -> list[uuid.UUID]:
    """Return the keys of records."""
    return [row.id for row in rows]
