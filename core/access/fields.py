"""Classes of fields: who may see a birth date or a telephone number, and what others get."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.access.principal import FIELD_CLASSES
from core.i18n import LazyText, _, lazy
from core.units.places import Place
from core.work import Work

CLASS_OF: dict[str, str] = {
    "phone": "contact",
    "email": "contact",
    "birth_date": "birth",
    "birth_precision": "birth",
    "card_no": "card",
    "record_no": "card",
    "status_history": "standing",
    "conditions": "standing",
}
ALL_CLASSES = frozenset(CLASS_OF.values())
TITLES: dict[str, LazyText] = {
    "contact": lazy("telephone and e-mail"),
    "birth": lazy("day of birth"),
    "card": lazy("numbers of card and record"),
    "standing": lazy("history of standing"),
}


@dataclass(frozen=True, slots=True)
class Masked:
    """What a reader gets of a record: `values` with None where hidden, and a sentence about it."""

    values: Mapping[str, Any]
    hidden: frozenset[str]
    note: str = ""


def seen(work: Work, place: Place, classes: Iterable[str] = FIELD_CLASSES) -> frozenset[str]:
    """Return those of the classes that this actor may see of people at a place; no statement.

    Tell the ledger what was shown: `ledger.saw(work, "member", ids, seen(work, place, {...}))`.
    """
    actor = work.actor
    known = work.session.info.setdefault("field_classes", {})
    key = (actor.kind, actor.account_id, place.id)
    if key not in known:
        known[key] = actor.field_classes(place)
    found: frozenset[str] = known[key]
    return found if classes is FIELD_CLASSES else found & frozenset(classes)


def masked(
    work: Work,
    place: Place,
    values: Mapping[str, Any],
    *,
    member_id: uuid.UUID | None = None,
    allowed: frozenset[str] | None = None,
) -> Masked:
    """Blank what the actor may not see of a person at a place; one's own record is whole.

    Names that are in no class (`CLASS_OF`) are left as they are. `allowed` is what `seen` says of
    the place, from who asks for many people of it.
    """
    own = member_id is not None and member_id == work.actor.member_id
    if own:
        allowed = frozenset(FIELD_CLASSES)
    elif allowed is None:
        allowed = seen(work, place)
    if allowed >= ALL_CLASSES:
        return Masked(values, frozenset())
    hidden = frozenset(
        name for name in values if CLASS_OF.get(name, "") and CLASS_OF[name] not in allowed
    )
    classes = sorted({CLASS_OF[name] for name in hidden}, key=FIELD_CLASSES.index)
    note = ""
    if classes:
        listed = ", ".join(str(TITLES[name]) for name in classes)
        note = _("Not shown with the rights held here: %(fields)s.", fields=listed)
    return Masked(
        {name: None if name in hidden else value for name, value in values.items()}, hidden, note
    )
