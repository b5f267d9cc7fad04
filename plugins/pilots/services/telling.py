"""Notices of pilot models: subjects without points, results or names of others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa

from core.chunks import chunked
from core.i18n import _, format_day
from core.members.models import Position
from core.notices.services import Message, send_notice
from core.units.places import valid_on
from core.work import Work

from ..models import Decision, Registration, Review, Trial
from .shapes import Key, ModelFacts, ReviewDue

HEADS = ("secretary", "standing_deputy_secretary", "deputy_secretary", "office_head", "board_head")
OF_BRANCH = ("secretary", "deputy_secretary")


def holders(work: Work, unit_ids: Sequence[Key], positions: Sequence[str]) -> list[Key]:
    """Return who holds one of these positions in these units today."""
    found: set[Key] = set()
    for chunk in chunked(unit_ids):
        found.update(
            work.session.scalars(
                sa.select(Position.member_id).where(
                    Position.unit_id.in_(chunk),
                    Position.position.in_(list(positions)),
                    valid_on(Position, work.today),
                )
            )
        )
    return sorted(found)


def _superior(work: Work) -> list[Key]:
    return holders(work, [work.unit.parent_id], HEADS) if work.unit.parent_id else []


def tell_scored(work: Work, registration: Registration, model: ModelFacts) -> None:
    """Tell the superior that a unit waits for recognition."""
    people = _superior(work)
    if people:
        subject = _("A unit has scored itself for “%(model)s”", model=model.title)
        values = {"registration_id": str(registration.id)}
        message = Message("pilots.scored", subject, "", "pilots.registration", values)
        send_notice(work, message, members=people)


def tell_decided(work: Work, registration: Registration, model: ModelFacts) -> None:
    """Tell the unit that the superior has decided; the subject does not say how."""
    people = holders(work, [registration.unit_id], OF_BRANCH)
    if people:
        subject = _("The superior has decided on “%(model)s”", model=model.title)
        place = work.host.places.by_ids(
            work.session, [registration.unit_id], work.today, work.generation
        )[registration.unit_id]
        values = {"registration_id": str(registration.id)}
        message = Message("pilots.decided", subject, "", "pilots.registration", values)
        send_notice(work, message, members=people, unit=place)


def tell_many_decided(work: Work, decided: Iterable[tuple[str, Key]]) -> None:
    """Tell units that the superior has decided: one notice a model for all of its units."""
    together: dict[str, list[Key]] = {}
    for title, unit_id in decided:
        together.setdefault(title, []).append(unit_id)
    for title, unit_ids in together.items():
        people = holders(work, unit_ids, OF_BRANCH)
        if people:
            subject = _("The superior has decided on “%(model)s”", model=title)
            send_notice(work, Message("pilots.decided", subject), members=people)


def tell_review(work: Work, review: Review, title: str) -> None:
    """Tell the superior that a review was sent."""
    people = _superior(work)
    if people:
        subject = _("A review of “%(model)s” was sent", model=title)
        message = Message("pilots.review_sent", subject, "", "", {})
        send_notice(work, message, members=people)


def tell_trial(work: Work, trial: Trial, kind: str) -> None:
    """Tell the secretaries of the units of a trial that it begins, goes on or ends."""
    people = holders(work, [Key(one) for one in trial.unit_ids], OF_BRANCH)
    if not people:
        return
    values = {"title": trial.title, "day": format_day(trial.sunset_on)}
    subject = {
        "start": _("Trial “%(title)s” begins; it ends on %(day)s", **values),
        "extend": _("Trial “%(title)s” is extended until %(day)s", **values),
        "end": _("Trial “%(title)s” ends", **values),
        "roll_out": _("“%(title)s” holds for all units now", **values),
    }[kind]
    send_notice(work, Message(f"pilots.trial_{kind}", subject), members=people)


def tell_waiting(work: Work, trial: Trial) -> None:
    """Remind those who run a trial that its end comes near and nobody has decided."""
    people = holders(work, [trial.unit_id], HEADS)
    if people:
        subject = _(
            "Trial “%(title)s” ends on %(day)s: decide how it goes on",
            title=trial.title,
            day=format_day(trial.sunset_on),
        )
        place = work.host.places.by_ids(work.session, [trial.unit_id], work.today, work.generation)[
            trial.unit_id
        ]
        values = {"trial_id": str(trial.id)}
        message = Message(
            "pilots.trial_waits", subject, "", "pilots.trial", values, trial.sunset_on
        )
        send_notice(work, message, members=people, unit=place)


def tell_decision(work: Work, decision: Decision, unit_ids: Sequence[Key]) -> None:
    """Tell units what was decided about their model."""
    people = holders(work, unit_ids, OF_BRANCH) if unit_ids else []
    if people:
        subject = _("Decision %(no)s on a pilot model", no=decision.document_no)
        send_notice(work, Message("pilots.decision", subject), members=people)


def tell_reviews_due(work: Work, due: Sequence[ReviewDue]) -> None:
    """Remind units of reviews: one notice for all whose review of a model is due on a day."""
    together: dict[tuple[str, date], list[Key]] = {}
    for one in due:
        together.setdefault((one.model_title, one.due_on), []).append(one.place.id)
    for (title, day), unit_ids in together.items():
        people = holders(work, unit_ids, HEADS)
        if people:
            subject = _(
                "A review of “%(model)s” is due since %(day)s", model=title, day=format_day(day)
            )
            message = Message("pilots.review_due", subject, due_on=day)
            send_notice(work, message, members=people)
