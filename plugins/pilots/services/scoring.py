"""The end of a year: the unit scores itself and votes on it, the superior recognises or not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.checking import missing, not_here, wanted_text
from core.errors import RuleBroken
from core.i18n import _
from core.scope import require
from core.work import Work

from .. import permissions
from ..models import INPUT_KINDS, Input, Registration
from .catalogue import models_at
from .guards import note, sound_day
from .reading import place_of
from .registering import check_open, check_vote
from .shapes import ModelFacts, Vote
from .telling import tell_decided, tell_scored


def model_of(work: Work, registration: Registration) -> ModelFacts:
    """Return the model of a registration as it holds at its unit."""
    found = models_at(work, place_of(work, registration.unit_id)).get(registration.model_code)
    return found or ModelFacts(code=registration.model_code, title=registration.model_code)


def give_input(
    work: Work,
    registration: Registration,
    *,
    kind: str,
    title: str,
    given_on: date | None = None,
    quantity: int = 1,
    giver: str = "",
) -> Input:
    """Note what a unit was given for the model."""
    require(work, permissions.SUPPORT, [registration.unit_id])
    check_open(registration)
    if kind not in INPUT_KINDS:
        raise missing("kind", _("Choose what it was."))
    one = Input(
        unit_id=registration.unit_id,
        registration_id=registration.id,
        kind=kind,
        title=wanted_text(title, "title", _("Say what was given.")),
        quantity=max(1, quantity),
        given_on=sound_day(work, given_on or work.today, "given_on"),
        giver=(giver or work.unit.name)[:300],
        created_at=work.now,
    )
    work.session.add(one)
    work.session.flush()
    note(work, "input_given", one, one.title, permissions.SUPPORT, after={"on": one.given_on})
    return one


def score_unit(
    work: Work,
    registration: Registration,
    *,
    points: Mapping[str, int],
    vote: Vote | None = None,
    scored_on: date | None = None,
) -> Registration:
    """Score one's own unit by the model's sheet; a branch votes on the result."""
    if registration.unit_id != work.unit.id:
        raise not_here()
    check_open(registration)
    if registration.recognised_on is not None:
        raise RuleBroken(_("The superior has recognised the unit; its score stays as it is."))
    model = model_of(work, registration)
    if not model.criteria:
        raise RuleBroken(_("This model has no score sheet. Write a review instead."))
    day = sound_day(work, scored_on or work.today, "scored_on")
    if day < registration.registered_on:
        raise missing("scored_on", _("The day lies before the registration."))
    found = _points(model, points)
    counted = check_vote(work, vote or Vote(), day)
    registration.sheet = [dict(one) for one in model.criteria]
    registration.scores = found
    registration.self_points = sum(found.values())
    registration.scored_on = day
    registration.score_present, registration.score_in_favour = counted.present, counted.in_favour
    registration.refused_on, registration.refusal_reason = None, ""
    note(
        work, "scored", registration, model.title, permissions.REGISTER,
        after={"points": registration.self_points},
    )  # fmt: skip
    tell_scored(work, registration, model)
    return registration


def _points(model: ModelFacts, points: Mapping[str, int]) -> dict[str, int]:
    """Return points for every criterion; refuse missing ones and those beyond the sheet."""
    found: dict[str, int] = {}
    for one in model.criteria:
        number = points.get(one["key"])
        if number is None or not 0 <= number <= int(one["points"]):
            raise missing(
                f"points.{one['key']}",
                _(
                    "“%(title)s”: enter between 0 and %(n)s points.",
                    title=one["title"],
                    n=one["points"],
                ),
            )
        found[one["key"]] = int(number)
    return found


def shortfalls(model: ModelFacts, registration: Registration) -> list[str]:
    """Say why the unit's own score would not do: below the pass mark, a must at half or less."""
    if registration.scores is None:
        return [_("The unit has not scored itself yet.")] if model.criteria else []
    found = []
    if (registration.self_points or 0) < model.pass_points:
        found.append(
            _(
                "%(n)s points; %(pass)s are needed.",
                n=registration.self_points,
                **{"pass": model.pass_points},
            )
        )
    found += [
        _("The must-have “%(title)s” is half met or less.", title=one["title"])
        for one in registration.sheet or ()
        if one.get("must") and registration.scores.get(one["key"], 0) * 2 <= int(one["points"])
    ]
    return found


def recognise(
    work: Work,
    registration: Registration,
    *,
    recognised_on: date | None = None,
    decision_no: str,
    points: int | None = None,
) -> Registration:
    """Recognise a unit below, by a decision; a person decides, whatever the sheet says."""
    _check_superior(work, registration)
    check_open(registration)
    if registration.recognised_on is not None:
        raise RuleBroken(_("This unit is recognised already."))
    model = model_of(work, registration)
    day = sound_day(work, recognised_on or work.today, "recognised_on")
    if day < registration.registered_on:
        raise missing("recognised_on", _("The day lies before the registration."))
    if points is not None and not 0 <= points <= model.most_points:
        raise missing("points", _("The sheet has %(n)s points.", n=model.most_points))
    registration.recognition_no = wanted_text(
        decision_no, "decision_no", _("Enter the number of the decision.")
    )[:80]
    registration.recognised_on = day
    registration.recognised_by = work.unit.name[:300]
    registration.recognition_points = registration.self_points if points is None else points
    registration.refused_on, registration.refusal_reason = None, ""
    note(
        work, "recognised", registration, model.title, permissions.RECOGNISE,
        after={"on": day, "decision_no": registration.recognition_no},
    )  # fmt: skip
    tell_decided(work, registration, model)
    return registration


def refuse(
    work: Work, registration: Registration, *, reason: str, on: date | None = None
) -> Registration:
    """Decide not to recognise a unit below, with a reason; it may score itself again."""
    _check_superior(work, registration)
    check_open(registration)
    if registration.recognised_on is not None:
        raise RuleBroken(_("This unit is recognised already."))
    registration.refusal_reason = wanted_text(reason, "reason", _("Say why."))
    registration.refused_on = sound_day(work, on or work.today, "on")
    model = model_of(work, registration)
    after: dict[str, Any] = {"on": registration.refused_on, "reason": registration.refusal_reason}
    note(work, "refused", registration, model.title, permissions.RECOGNISE, after=after)
    tell_decided(work, registration, model)
    return registration


def _check_superior(work: Work, registration: Registration) -> None:
    """Let only a unit above recognise, with the right to do so at the unit."""
    if registration.unit_id == work.unit.id:
        raise RuleBroken(_("A unit is recognised by the one above it, not by itself."))
    require(work, permissions.RECOGNISE, [registration.unit_id])
