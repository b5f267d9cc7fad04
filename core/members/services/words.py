"""Looking for people by words of their names, or by the number of their card."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.members import permissions
from core.members.models import Member
from core.names import search_key
from core.units.places import Place
from core.work import Work

RARE = 12_000
"""Up to so many people a name is looked for first and rights are judged then.

Above, the stored lists are read in their order until a page is full.
"""
RARE_AMONG_ALL = 30_000
"""The same where all names of the tree would be read: they stand together, or a page were full.

Of 500,000 names that takes up to 0.1 s; to find and sort so many 0.04.
"""
MOST_WORDS = 6
KEPT = 2_000
"""So many words that many people bear are remembered for the day."""

LOOKED_FOR_FIRST = "who fits is looked for first; what is joined asks who may see them"


def may_search_cards(work: Work, unit: Place) -> bool:
    """Whether card numbers may be searched: seen at the unit, or wherever people are seen."""
    if "card" in work.actor.field_classes(unit):
        return True
    showing = [right for right in work.actor.rights if permissions.SEE in right.permissions]
    return bool(showing) and all("card" in right.field_classes for right in showing)


def folded(words: str) -> list[str]:
    """Return the words that are looked for: letters and digits only, so nothing is a pattern."""
    return search_key(words).split()[:MOST_WORDS]


def is_number(words: str) -> bool:
    """Whether the words may be the beginning of a card's number."""
    number = "".join(folded(words))
    return len(number) >= 3 and number.isdigit()


def sent(words: str) -> dict[str, str]:
    """Return what is sent with a statement that has the condition `fitting`."""
    found = folded(words)
    values = {f"word_{number}": f"% {word}%" for number, word in enumerate(found)}
    return values | {"number": "".join(found) + "%"}


def fitting(
    count: int, search: Any = Member.search, *, by_card: bool = False
) -> sa.ColumnElement[bool]:
    """Condition: so many words begin words of the folded name, in any order; or the card number.

    Written with LIKE, so that the index of trigrams answers it on PostgreSQL; the words are sent.
    """
    # As the index of words is written.
    text: sa.ColumnElement[str] = sa.literal_column("' '", sa.String()) + search
    named = [text.like(sa.bindparam(f"word_{at}", type_=sa.String())) for at in range(count)]
    condition = sa.and_(*named) if named else sa.false()
    if by_card:
        number = sa.bindparam("number", type_=sa.String())
        return sa.or_(condition, Member.card_no.like(number))
    return condition


def matching(words: str, *, by_card: bool = False) -> sa.ColumnElement[bool]:
    """Condition: the words fit the name, or the card number where it may be searched."""
    condition = fitting(len(folded(words)), by_card=by_card and is_number(words))
    return condition.params(sent(words))


def is_common(work: Work, words: str, most: int) -> bool:
    """Whether somebody has looked for these words today, and more people than that bear them."""
    return (search_key(words), most) in _common(work)


def remember_common(work: Work, words: str, most: int) -> None:
    """Remember that many people bear these words: the next look does not count them first."""
    known = _common(work)
    if len(known) >= KEPT:
        known.clear()
    known[search_key(words), most] = True


def _common(work: Work) -> dict[tuple[str, int], bool]:
    return work.host.places.facts("common words", work.today)
