"""Taking part in a model: a unit registers by a vote, or is chosen from above; it may leave."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.checking import missing
from core.chunks import chunked
from core.errors import RuleBroken
from core.i18n import _, format_day
from core.members.services.reading import posts
from core.scope import require
from core.settings import value
from core.units.models import Unit
from core.units.places import Place
from core.work import Work

from .. import permissions
from ..models import OUTCOMES, Registration
from .catalogue import access_model, check_eligible, is_eligible, models_at
from .guards import note, sound_day
from .shapes import Key, Vote

MOST_AT_ONCE = 2_000


def register_unit(
    work: Work,
    *,
    model_code: str,
    registered_on: date | None = None,
    plan: str = "",
    vote: Vote | None = None,
) -> Registration:
    """Register this unit for a model from a day on; a branch registers by a vote.

    A registration of an earlier year is over with that; a second one in a year is refused.
    """
    model = access_model(work, model_code)
    check_eligible(model, work.unit)
    day = sound_day(work, registered_on or work.today, "registered_on")
    counted = check_vote(work, vote or Vote(), day)
    _close_earlier(work, [work.unit.id], model_code, day)
    registration = Registration(
        unit_id=work.unit.id,
        model_code=model_code,
        way="registered",
        registered_on=day,
        plan=plan.strip(),
        vote_on=counted.on,
        vote_entitled=counted.entitled,
        vote_present=counted.present,
        vote_in_favour=counted.in_favour,
        created_at=work.now,
        created_by=work.actor.label[:300],
    )
    work.session.add(registration)
    work.session.flush()
    note(
        work, "registered", registration, model.title, permissions.REGISTER,
        after={"registered_on": day, "in_favour": counted.in_favour},
    )  # fmt: skip
    return registration


def check_vote(work: Work, vote: Vote, day: date) -> Vote:
    """Return a vote that passes; counts must fit, and a branch cannot register without one."""
    numbers = (vote.entitled, vote.present, vote.in_favour)
    if all(number is None for number in numbers):
        if votes_are_needed(work, day):
            raise missing("in_favour", _("A branch registers by a vote. Enter its counts."))
        return Vote()
    if vote.entitled is None or vote.present is None or vote.in_favour is None:
        raise missing("in_favour", _("Enter all three counts of the vote."))
    if not 0 <= vote.in_favour <= vote.present <= vote.entitled or vote.entitled == 0:
        raise missing(
            "in_favour",
            _("The counts do not fit: in favour ≤ present ≤ entitled. Count them again."),
        )
    needed = votes_needed(work, vote.entitled, day)
    if vote.in_favour < needed:
        raise RuleBroken(
            _(
                "Not passed: %(n)s of %(all)s in favour, %(needed)s are needed."
                " Prepare it again for another meeting.",
                n=vote.in_favour,
                all=vote.entitled,
                needed=needed,
            )
        )
    return Vote(vote.on or day, vote.entitled, vote.present, vote.in_favour)


def votes_are_needed(work: Work, day: date | None = None) -> bool:
    """Whether this unit may not register or score itself without a vote."""
    return work.unit.kind == "branch" and bool(value(work, "pilots.branch_votes", on=day))


def votes_needed(work: Work, entitled: int, day: date) -> int:
    """Return how many votes in favour pass, of all entitled."""
    if value(work, "pilots.vote_rule", on=day) == "two_thirds":
        return -(-entitled * 2 // 3)
    return entitled // 2 + 1


def _open(unit_ids: Sequence[Key], model_code: str) -> sa.Select[Any]:
    return sa.select(Registration).where(
        Registration.unit_id.in_(unit_ids),
        Registration.model_code == model_code,
        Registration.ended_on.is_(None),
    )


def _close_earlier(work: Work, unit_ids: Sequence[Key], model_code: str, day: date) -> None:
    """Let registrations of earlier years be over; refuse where one of this year is open."""
    # Two who register one unit at once wait for each other.
    work.session.execute(
        sa.select(Unit.id).where(Unit.id.in_(unit_ids)).order_by(Unit.id).with_for_update()
    )
    statement = _open(unit_ids, model_code).execution_options(
        unscoped="whether a unit takes part already; the right to register was asked for"
    )
    rows = work.session.scalars(statement).all()
    same = [row for row in rows if row.year >= day.year or row.registered_on >= day]
    if same:
        places = work.host.places.by_ids(
            work.session, {row.unit_id for row in same}, work.today, work.generation
        )
        names = ", ".join(sorted(place.name for place in places.values())[:5])
        raise RuleBroken(
            _(
                "%(units)s registered for this model on %(day)s already. Open that registration.",
                units=names,
                day=format_day(same[0].registered_on),
            )
        )
    end_parts(work, rows, day, "completed")


def end_parts(work: Work, rows: Sequence[Registration], on: date, outcome: str) -> None:
    """Let the parts of many units end on a day, not before they began."""
    ended = sa.case((Registration.registered_on > on, Registration.registered_on), else_=on)
    for chunk in chunked(row.id for row in rows):
        work.session.execute(
            sa.update(Registration)
            .where(Registration.id.in_(chunk))
            .values(ended_on=ended, outcome=outcome, revision=Registration.revision + 1)
            .execution_options(synchronize_session=False)
        )
    for row in rows:
        work.session.expire(row)


def select_units(
    work: Work,
    *,
    model_code: str,
    unit_ids: Sequence[Key],
    registered_on: date | None = None,
    conditions_met: str = "",
    guide_id: Key | None = None,
    unit_codes: str = "",
) -> list[Registration]:
    """Choose units below for a model, with the conditions they meet and who guides them."""
    wanted = chosen_units(work, unit_ids, unit_codes)
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise missing("unit_ids", _("Choose between 1 and %(n)s units.", n=MOST_AT_ONCE))
    places = require(work, permissions.SELECT, wanted)
    model = access_model(work, model_code)
    check_below(work, places.values())
    for place in places.values():
        check_eligible(model, place)
    day = sound_day(work, registered_on or work.today, "registered_on")
    guide = guide_name(work, guide_id)
    _close_earlier(work, wanted, model_code, day)
    rows = [
        Registration(
            unit_id=unit_id,
            model_code=model_code,
            way="selected",
            registered_on=day,
            conditions_met=conditions_met.strip(),
            chosen_by=work.unit.name[:300],
            guide_id=guide_id,
            guide_name=guide,
            created_at=work.now,
            created_by=work.actor.label[:300],
        )
        for unit_id in wanted
    ]
    work.session.add_all(rows)
    work.session.flush()
    for row in rows:
        note(work, "selected", row, model.title, permissions.SELECT, after={"registered_on": day})
    return rows


def chosen_units(work: Work, unit_ids: Sequence[Key], unit_codes: str) -> list[Key]:
    """Return units that were ticked, and those whose codes were typed or pasted, each once."""
    codes = list(dict.fromkeys(re.split(r"[\s,;]+", unit_codes.strip()))) if unit_codes else []
    codes = [code for code in codes if code]
    places = work.host.places.by_codes(work.session, codes, work.today, work.generation)
    strange = [code for code in codes if code not in places or not work.actor.sees(places[code])]
    if strange:
        raise missing(
            "unit_codes", _("These codes are not known: %(codes)s.", codes=", ".join(strange[:10]))
        )
    return list(dict.fromkeys([*unit_ids, *(places[code].id for code in codes)]))


def check_below(work: Work, places: Any) -> None:
    """Refuse units that do not stand below this one, that ended, or where pilots are off."""
    for place in places:
        if place.id == work.unit.id or not place.stands_under(work.unit.id):
            raise RuleBroken(
                _("%(unit)s does not stand below %(here)s. Choose units below.",
                  unit=place.name, here=work.unit.name)
            )  # fmt: skip
        if not place.is_living:
            raise RuleBroken(_("%(unit)s has ended. Choose its successor.", unit=place.name))
        if not work.host.is_on(work, "pilots", place):
            raise RuleBroken(_("The module is off at %(unit)s.", unit=place.name))


def officials(work: Work) -> list[tuple[str, str]]:
    """Return the comrades with a post in this unit, the highest first, each once."""
    found: dict[str, str] = {}
    for post in posts(work, work.today, unit_ids=[work.unit.id]):
        found.setdefault(str(post.member_id), f"{post.full_name}, {post.title}")
    return list(found.items())


def guide_name(work: Work, guide_id: Key | None) -> str:
    """Return the name of who guides; only comrades with a post in this unit do."""
    if guide_id is None:
        return ""
    for post in posts(work, work.today, unit_ids=[work.unit.id]):
        if post.member_id == guide_id:
            return str(post.full_name)[:300]
    raise missing("guide_id", _("Choose a comrade from the list."))


def end_registration(
    work: Work, registration: Registration, *, outcome: str, on: date | None = None
) -> Registration:
    """End that a unit takes part, with the outcome; the unit itself, or its superior."""
    if outcome not in OUTCOMES or not outcome or outcome == "extend":
        raise missing("outcome", _("Choose how it ends."))
    check_open(registration)
    day = on or work.today
    if day < registration.registered_on:
        raise missing("on", _("The day lies before the registration."))
    registration.ended_on, registration.outcome = day, outcome
    permission = (
        permissions.REGISTER if registration.unit_id == work.unit.id else permissions.RECOGNISE
    )
    require(work, permission, [registration.unit_id])
    note(
        work, "registration_ended", registration, registration.model_code, permission,
        after={"ended_on": day, "outcome": outcome},
    )  # fmt: skip
    return registration


def check_open(registration: Registration) -> None:
    """Refuse to write on a registration that is over."""
    if registration.ended_on is not None:
        raise RuleBroken(_("This registration is over. Register again for this year."))


def offered_models(work: Work) -> list[tuple[str, str]]:
    """Return the models this unit can register for, for a choice."""
    return [
        (code, model.title)
        for code, model in models_at(work).items()
        if not model.is_counted and is_eligible(model, work.unit)
    ]


def eligible_places(work: Work, places: Sequence[Place], model_code: str) -> list[Place]:
    """Return those of some units that a model is made for."""
    model = access_model(work, model_code)
    return [place for place in places if is_eligible(model, place)]
