"""Looking for people by words of their names, or by the number of their card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from core.members import permissions
from core.members.models import COUNTED, Member
from core.names import search_key
from core.units.places import Place
from core.work import Work

RARE = 12_000
"""Up to so many people a name is looked for first and rights are judged then.

Above, the list is read in its order until a page is full. That comes soon where many fit, unless
they stand together late in the list, as those do who share a given name: to 6,300 of one name it
took 0.65 s to walk in a list of 350,000, and 0.05 s to find all of them by their names.
"""
KEPT = 2_000
"""So many words that many people bear are remembered for the day."""

LOOKED_FOR_FIRST = "who fits is looked for first; what is joined asks who may see them"


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


def is_common(work: Work, words: str) -> bool:
    """Whether somebody has looked for these words today, and many people bear them."""
    return search_key(words) in _common(work)


def remember_common(work: Work, words: str) -> None:
    """Remember that many people bear these words: the next look does not count them first."""
    known = _common(work)
    if len(known) >= KEPT:
        known.clear()
    known[search_key(words)] = True


def _common(work: Work) -> dict[str, bool]:
    return work.host.places.facts("common words", work.today)


class Rare(NamedTuple):
    """Who fits in the whole system, cut where they are many: a table, their number, the most."""

    people: Any
    number: sa.ScalarSelect[int]
    most: int


def rare_ones(columns: Sequence[Any], condition: sa.ColumnElement[bool]) -> Rare:
    """Look for those of today who fit a condition, apart from the question who may see them.

    They stay in the database, with what they are judged and sorted by: carrying the keys of 1,800
    people there and back took 15 ms, looking each of them up again 20. What a list shows besides
    is looked up for a page alone: keeping it of 8,400 people took 4 ms.
    """
    people = (
        sa.select(*columns)
        .prefix_with(f"/* unscoped: {LOOKED_FOR_FIRST} */")
        .where(
            condition,
            Member.status.in_(COUNTED),
            Member.voided_at.is_(None),
            Member.merged_into_id.is_(None),
        )
        .limit(RARE + 1)
        .cte("found")
        .prefix_with("MATERIALIZED")
    )
    counted = sa.select(sa.func.count().label("number")).select_from(people).cte("how_many")
    return Rare(people, sa.select(counted.c.number).scalar_subquery(), RARE)
