"""Who somebody is: their name in its parts, their numbers, and whether they are known already."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from core.errors import InvalidInput
from core.i18n import _
from core.members import permissions
from core.members.models import Member
from core.members.settings import CARD_PATTERN
from core.names import PersonName, normalise, search_key, sort_key, split_full_name
from core.settings import value
from core.units.places import Place
from core.work import Work

PLAIN = ("birth_date", "birth_precision", "sex", "card_no", "record_no", "phone", "email")
NAME = ("surname", "middle_name", "given_name")
NUMBERS = ("card_no", "record_no")
KNOWN = (
    sa.select(Member.full_name, Member.unit_id, Member.card_no, Member.record_no)
    .where(Member.voided_at.is_(None), Member.merged_into_id.is_(None))
    .execution_options(unscoped="looking for the same person before a record is written")
)
# What is not given is NULL and equals nothing.
ALIKE = KNOWN.where(
    sa.or_(
        *(getattr(Member, key) == sa.bindparam(key) for key in NUMBERS),
        sa.and_(
            Member.search == sa.bindparam("search"), Member.birth_date == sa.bindparam("birth_date")
        ),
    )
).limit(1)


def clean_number(text: str | None) -> str | None:
    """Return a card or record number without the spaces and dots that group it."""
    if not text or text.isalnum():  # nearly all are
        return text or None
    return re.sub(r"[\s.]", "", text) or None


def name_columns(name: PersonName) -> dict[str, Any]:
    """Return the columns that follow from a name."""
    full = name.full
    return {
        "surname": name.surname,
        "middle_name": name.middle_name,
        "given_name": name.given_name,
        "full_name": full,
        "sort_key": sort_key(name),
        "search": search_key(full),
    }


def name_of(facts: Mapping[str, Any], stored: PersonName | None = None) -> PersonName:
    """Return the name given: by its parts, or split; a name that is stored is not split again."""
    full = normalise(str(facts.get("full_name") or ""))
    parts = {part: normalise(str(facts.get(part) or "")) for part in NAME}
    if parts["given_name"]:
        by_parts = PersonName(parts["surname"], parts["middle_name"], parts["given_name"])
        if not full or by_parts.full == full:
            return by_parts
    if stored is not None and full in ("", stored.full):
        return stored
    if not full:
        raise _wrong("full_name", _("The full name is missing."))
    return split_full_name(full)


def checked(work: Work, unit: Place, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain facts given, numbers cleaned; a card number must fit the pattern."""
    plain = {name: facts[name] for name in PLAIN if facts.get(name) is not None}
    for name in ("card_no", "record_no"):
        if name in facts:
            plain[name] = clean_number(facts[name])
    card = plain.get("card_no")
    if card and not re.fullmatch(value(work, CARD_PATTERN, unit), card):
        raise _wrong(
            "card_no", _("The card number does not look like one; a card has 8 digits. Check it.")
        )
    born = plain.get("birth_date")
    if born is not None and born > work.today:
        raise _wrong("birth_date", _("The birth date lies in the future. Check the year."))
    return plain


def check_not_known(work: Work, name: PersonName, plain: Mapping[str, Any]) -> None:
    """Refuse somebody who is in the system already, by number, or by name and birth date."""
    born = plain.get("birth_date")
    wanted = {key: plain.get(key) or None for key in NUMBERS}
    if not born and not any(wanted.values()):
        return
    wanted |= {"search": search_key(name.full), "birth_date": born}
    known = work.session.execute(ALIKE, wanted).first()
    if known is not None:
        raise _known_already(work, plain, known)


def check_numbers_free(work: Work, member: Member, plain: Mapping[str, Any]) -> None:
    """Refuse a card number that another record has."""
    card = plain.get("card_no")
    if not card or card == member.card_no:
        return
    taken = work.session.execute(
        KNOWN.where(Member.card_no == card, Member.id != member.id).limit(1)
    ).first()
    if taken is not None:
        raise _known_already(work, {"card_no": card}, taken)


def _known_already(work: Work, plain: Mapping[str, Any], known: Any) -> InvalidInput:
    """Say who has this number or name; of a place the actor does not see, nothing but that."""
    unit_id: uuid.UUID = known.unit_id
    places = work.host.places.by_ids(work.session, [unit_id], work.today, work.generation)
    seen = unit_id in places and work.may(permissions.SEE, places[unit_id])
    where = places[unit_id].name if seen else _("another place")
    who = known.full_name if seen else _("somebody")
    if plain.get("card_no") and plain["card_no"] == known.card_no:
        return _wrong(
            "card_no", _("The card number belongs to %(who)s, %(where)s.", who=who, where=where)
        )
    if plain.get("record_no") and plain["record_no"] == known.record_no:
        return _wrong(
            "record_no",
            _("The record number belongs to %(who)s, %(where)s.", who=who, where=where),
        )
    return _wrong(
        "another_person",
        _(
            "Somebody of this name and birth date is entered already: %(where)s. If this is "
            "another person, tick the box below; if not, ask for a transfer.",
            where=where,
        ),
    )


def _wrong(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, fields={field: [sentence]})
