"""Looking for people by words of their names, or by the number of their card."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from core.members import permissions
from core.members.models import Member
from core.names import search_key
from core.units.places import Place
from core.work import Work

RARE = 6_000
"""Up to so many people a name is looked for first and rights are judged then.

Above, the list is read in its order until a page is full. That comes soon where many fit, unless
they stand together late in the list, as those do who share a last name: 3,600 people of one last
name took 3 s to walk to in a list of 350,000.
"""
LOOKED_FOR_FIRST = "who fits is looked for first; the next statement asks who may see them"


def may_search_cards(work: Work, unit: Place) -> bool:
    """Whether card numbers may be searched: seen at the unit, or wherever people are seen."""
    if "card" in work.actor.field_classes(unit):
        return True
    showing = [right for right in work.actor.rights if permissions.SEE in right.permissions]
    return bool(showing) and all("card" in right.field_classes for right in showing)


def matching(words: str, *, by_card: bool = False) -> sa.ColumnElement[bool]:
    """Condition: every word begins a word of the folded name, in any order; or the card number.

    Written with LIKE, so that the index of trigrams answers it on PostgreSQL.
    """
    folded = search_key(words).split()[:6]
    # As the index of words is written.
    text: sa.ColumnElement[str] = sa.literal_column("' '", sa.String()) + Member.search
    named = [text.contains(f" {word}", autoescape=True) for word in folded]
    condition = sa.and_(*named) if named else sa.false()
    number = "".join(folded)
    if by_card and len(number) >= 3 and number.isdigit():
        return sa.or_(condition, Member.card_no.startswith(number, autoescape=True))
    return condition


def rare_ones(work: Work, condition: sa.ColumnElement[bool]) -> list[uuid.UUID] | None:
    """Return who fits in the whole system, or None where they are many."""
    found = work.session.scalars(
        sa.select(Member.id)
        .where(condition)
        .limit(RARE + 1)
        .execution_options(unscoped=LOOKED_FOR_FIRST)
    ).all()
    return list(found) if len(found) <= RARE else None
