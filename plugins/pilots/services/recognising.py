"""Recognising many units by one decision: who may be, who may not yet and why, its paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.checking import locked, missing, not_here, wanted_text
from core.chunks import chunked
from core.documents.models import Document
from core.documents.services import About, issue_document
from core.errors import RuleBroken
from core.i18n import _
from core.scope import require
from core.units.places import Place
from core.work import Work

from .. import permissions
from ..models import Registration, Review
from .catalogue import models_for
from .guards import note, sound_day
from .papers import paper_number, recognitions_paper
from .reading import below
from .registering import MOST_AT_ONCE
from .scoring import shortfalls
from .shapes import Key, ModelFacts
from .telling import tell_many_decided


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that takes part and is not decided on; with obstacles it is recognised by itself."""

    registration: Registration
    unit_code: str
    unit_name: str
    model: ModelFacts
    obstacles: Sequence[str]

    @property
    def id(self) -> Key:
        """The registration's key."""
        return self.registration.id


@dataclass(frozen=True, slots=True)
class Recognition:
    """A decision by which units were recognised: number, day, how many, whether it is issued."""

    number: str
    on: date
    units: int
    is_issued: bool


def candidates_for(work: Work, model_code: str, year: int) -> list[Candidate]:
    """Return the units below that take part in a year and are not decided on, by name."""
    rows = work.session.scalars(
        below(work, Registration)
        .where(
            Registration.model_code == model_code,
            Registration.unit_id != work.unit.id,
            _in_year(year),
            Registration.ended_on.is_(None),
            Registration.recognised_on.is_(None),
            Registration.refused_on.is_(None),
        )
        .limit(MOST_AT_ONCE)
    ).all()
    return sorted(_judged(work, rows), key=lambda one: (one.unit_name, one.unit_code))


def _in_year(year: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        Registration.registered_on >= date(year, 1, 1),
        Registration.registered_on < date(year + 1, 1, 1),
    )


def _judged(work: Work, rows: Sequence[Registration]) -> list[Candidate]:
    """Say of each registration what stands in the way; a few statements for any number."""
    places = work.host.places.by_ids(
        work.session, {row.unit_id for row in rows}, work.today, work.generation
    )
    models = models_for(work, [*places.values()])
    reviewed = _reviewed(work, rows)
    found = []
    for row in rows:
        place = places[row.unit_id]
        model = models[place.id].get(row.model_code)
        facts = model or ModelFacts(code=row.model_code, title=row.model_code)
        obstacles = shortfalls(facts, row)
        if row.id not in reviewed:
            obstacles.append(_("No review has been sent yet."))
        found.append(Candidate(row, place.code, place.name, facts, obstacles))
    return found


def _reviewed(work: Work, rows: Sequence[Registration]) -> set[Key]:
    """Return whose part was reviewed: by the unit itself, or by this unit for all of a model."""
    found: set[Key] = set()
    for chunk in chunked(row.id for row in rows):
        sent = sa.select(Review.registration_id).where(
            Review.registration_id.in_(chunk), Review.sent_at.is_not(None)
        )
        found.update(key for key in work.session.scalars(sent) if key is not None)
    ours = work.session.execute(
        sa.select(Review.model_code, sa.func.max(Review.reviewed_on))
        .where(Review.unit_id == work.unit.id, Review.registration_id.is_(None))
        .group_by(Review.model_code)
    )
    last: dict[str, date] = dict(ours.all())
    found.update(row.id for row in rows if last.get(row.model_code, date.min) >= row.registered_on)
    return found


def recognise_units(
    work: Work,
    ids: Iterable[Key],
    *,
    decision_no: str,
    recognised_on: date | None = None,
) -> list[Registration]:
    """Recognise many units below by one decision; refuse all of it when one does not fit."""
    number = wanted_text(decision_no, "decision_no", _("Enter the number of the decision."))[:80]
    day = sound_day(work, recognised_on or work.today, "recognised_on")
    wanted = set(ids)
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise missing("registrations", _("Tick at least one line."))
    listed = _judged(work, locked(work.session, Registration, wanted))
    _check(work, listed, day)
    for chunk in chunked(wanted):
        work.session.execute(
            sa.update(Registration)
            .where(Registration.id.in_(chunk))
            .values(
                recognised_on=day,
                recognition_no=number,
                recognised_by=work.unit.name[:300],
                recognition_points=Registration.self_points,
                revision=Registration.revision + 1,
            )
            .execution_options(synchronize_session=False)
        )
    rows = locked(work.session, Registration, wanted)
    titles = {one.id: one.model.title for one in listed}
    for row in rows:
        note(
            work, "recognised", row, titles[row.id], permissions.RECOGNISE,
            after={"on": day, "decision_no": number},
        )  # fmt: skip
    tell_many_decided(work, [(one.model.title, one.registration.unit_id) for one in listed])
    return rows


def _check(work: Work, listed: Sequence[Candidate], day: date) -> None:
    """Refuse units that are not below, are decided on, or lack something, all with their names."""
    units = {one.registration.unit_id for one in listed}
    places: Mapping[Key, Place] = require(work, permissions.RECOGNISE, units)
    if any(key == work.unit.id or not place.stands_under(work.unit.id)
           for key, place in places.items()):  # fmt: skip
        raise RuleBroken(_("A unit is recognised by the one above it, not by itself."))
    problems = [f"{one.unit_name}: {text}" for one in listed for text in _problems(one, day)]
    if problems:
        raise RuleBroken(
            _("Not all can be recognised together. %(reasons)s", reasons=" ".join(problems[:5]))
        )


def _problems(one: Candidate, day: date) -> list[str]:
    row = one.registration
    if row.ended_on is not None:
        return [_("The unit takes part no more.")]
    if row.recognised_on is not None:
        return [_("This unit is recognised already.")]
    if row.refused_on is not None:
        return [_("It was decided not to recognise it; it scores itself again first.")]
    early = [_("The day lies before the registration.")] if day < row.registered_on else []
    return [*early, *one.obstacles]


def recognitions_of(work: Work, model_code: str, year: int) -> list[Recognition]:
    """Return the decisions by which this unit recognised units that registered in a year."""
    rows = work.session.execute(
        _by_us(work, model_code, year)
        .with_only_columns(
            Registration.recognition_no,
            Registration.recognised_on,
            sa.func.count(),
            sa.func.count(Registration.document_id),
        )
        .group_by(Registration.recognition_no, Registration.recognised_on)
        .order_by(Registration.recognised_on.desc(), Registration.recognition_no)
        .limit(50)
    )
    return [
        Recognition(number, on, units, issued > 0)
        for number, on, units, issued in rows
        if on is not None
    ]


def _by_us(work: Work, model_code: str, year: int) -> sa.Select[Any]:
    return below(work, Registration).where(
        Registration.model_code == model_code,
        Registration.unit_id != work.unit.id,
        _in_year(year),
        Registration.recognised_by == work.unit.name[:300],
        Registration.recognised_on.is_not(None),
    )


def recognised_by(
    work: Work, model_code: str, year: int, number: str
) -> tuple[list[Registration], dict[Key, Place]]:
    """Return the registrations a decision of this unit recognised, and their units, by name."""
    rows = work.session.scalars(
        _by_us(work, model_code, year)
        .where(Registration.recognition_no == number)
        .limit(MOST_AT_ONCE)
    ).all()
    if not rows:
        raise not_here()
    places = work.host.places.by_ids(
        work.session, {row.unit_id for row in rows}, work.today, work.generation
    )
    return sorted(rows, key=lambda row: (places[row.unit_id].name, row.id)), places


def issue_recognitions(work: Work, model_code: str, year: int, number: str) -> Document:
    """Issue the one decision that recognised several units, kept with each of them."""
    rows, places = recognised_by(work, model_code, year, number)
    require(work, permissions.RECOGNISE, set(places))
    if any(row.document_id is not None for row in rows):
        raise RuleBroken(_("This decision is issued already."))
    document = issue_document(
        work,
        recognitions_paper(work, rows, places),
        about=About("registration", rows[0].id),
        day=rows[0].recognised_on,
        number=paper_number(number),
    )
    work.session.flush()
    for chunk in chunked(row.id for row in rows):
        work.session.execute(
            sa.update(Registration)
            .where(Registration.id.in_(chunk))
            .values(document_id=document.id, revision=Registration.revision + 1)
            .execution_options(synchronize_session=False)
        )
    for row in rows:
        work.session.expire(row)
    return document
