"""What a person does with one unit: rights checked at every unit concerned, then the operation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.errors import InvalidInput, RuleBroken
from core.i18n import _
from core.periods import EVER
from core.scope import require
from core.units import permissions, services
from core.units.history import versions_of
from core.units.models import Unit
from core.units.places import ROOT_CODE, Place
from core.units.services import Decision
from core.units.versions import VersionFacts
from core.work import Work

FACTS = ("sector", "is_grassroots", "has_delegated_powers", "has_seal", "term_months")


def decided(facts: dict[str, Any]) -> Decision:
    """Take the decision out of what a form gave."""
    return Decision(
        no=facts.pop("decision_no", "") or "",
        day=facts.pop("decision_date", None),
        reason=facts.pop("reason", "") or "",
    )


def establish(work: Work, parent: Place, *, code: str, name: str, kind: str, **facts: Any) -> Place:
    """Establish a unit under another from a day on."""
    require(work, permissions.MANAGE, [parent.id])
    decision = decided(facts)
    unit = services.establish_unit(
        work,
        code=code,
        on=facts.pop("on", None) or EVER,
        facts=VersionFacts(name=name, kind=kind, parent_id=parent.id, **facts),
        decision=decision,
    )
    places = work.host.places.by_ids(work.session, [unit.id], work.today, work.generation)
    return places[unit.id]


def proposed_code(work: Work, parent: Place) -> str:
    """Propose a code for a unit under another: the parent's code, a dot, the next free number."""
    stem = "" if parent.code == ROOT_CODE else f"{parent.code}."
    taken = work.session.scalars(
        sa.select(Unit.code).where(Unit.code.startswith(stem, autoescape=True))
    )
    numbers = [
        int(found[1])
        for code in taken
        if (found := re.fullmatch(r"([0-9]{1,4})", code.removeprefix(stem)))
    ]
    return f"{stem}{max(numbers, default=0) + 1:02d}"


def rename(work: Work, place: Place, *, name: str, on: date, **decision: Any) -> None:
    """Give a unit another name from a day on."""
    _writable(work, place)
    if name == place.name:
        sentence = _("This is the name it has. Write the new one.")
        raise InvalidInput(sentence, fields={"name": [sentence]})
    services.rename_unit(work, place, name=name, on=on, decision=decided(decision))


def convert(work: Work, place: Place, *, kind: str, on: date, **facts: Any) -> None:
    """Make a unit another kind, or change whether it is grassroots, from a day on."""
    _writable(work, place)
    decision = decided(facts)
    services.convert_unit(work, place, kind=kind, on=on, decision=decision, **facts)


def transfer(work: Work, place: Place, parent: Place, *, on: date, **decision: Any) -> None:
    """Put a unit with everything below it under another; all three units must be the actor's."""
    _writable(work, place)
    above = {place.parent_id} if place.parent_id else set()
    require(work, permissions.MANAGE, {place.id, parent.id} | above)
    if parent.id == place.parent_id:
        sentence = _("It stands under this unit already. Choose another one.")
        raise InvalidInput(sentence, fields={"parent_code": [sentence]})
    services.transfer_unit(work, place, parent=parent, on=on, decision=decided(decision))


def correct(work: Work, place: Place, number: int, **changes: Any) -> None:
    """Put right one version of a unit, counted from 0; its neighbour in time gives way or follows.

    The old belief stays readable under its generation.
    """
    require(work, permissions.MANAGE, [place.id])
    decision = decided(changes)
    versions = versions_of(work, place.id)
    if not 0 <= number < len(versions):
        raise RuleBroken(_("There is no such version. Load the page again."))
    begin = changes.pop("valid_from", None) or EVER
    one = replace(versions[number], valid_from=begin, **changes)
    if one.kind != versions[number].kind:
        services.check_kind_under(work, one.kind, one.parent_id, begin)
    versions[number] = one
    before = versions[number - 1] if number else None
    if before is not None:
        if begin <= before.valid_from:
            raise _does_not_fit()
        versions[number - 1] = replace(before, valid_to=begin)
    if begin >= one.valid_to:
        raise _does_not_fit()
    services.correct_version(work, place.id, versions, decision)


def _does_not_fit() -> InvalidInput:
    sentence = _("This day does not fit the other days of the unit. Check them.")
    return InvalidInput(sentence, fields={"valid_from": [sentence]})


def void(work: Work, place: Place, *, reason: str) -> None:
    """Void a unit made by mistake."""
    _writable(work, place)
    require(work, permissions.MANAGE, {place.id, *([place.parent_id] if place.parent_id else [])})
    services.void_unit(work, place, reason=reason)


def _writable(work: Work, place: Place) -> None:
    """Check the right at a unit; the root of the site stays what it is."""
    require(work, permissions.MANAGE, [place.id])
    if place.code == ROOT_CODE:
        raise RuleBroken(_("The root of the site has no name, kind or superior to change."))


def successors_of(main: Place | None, others: Sequence[Place]) -> list[services.Successor]:
    """Return who takes over: one alone takes the whole; of several nobody knows the shares."""
    if main is None:
        return []
    if not others:
        return [services.Successor(main.id)]
    return [
        services.Successor(main.id, None),
        *(services.Successor(other.id, None, is_main=False) for other in others),
    ]
