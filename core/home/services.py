"""What a person finds on arriving: places, the most urgent work, search, preferences."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from core.access.models import Account
from core.names import search_key, split_full_name
from core.pages import SearchHit, WorkCard
from core.units.places import Place
from core.work import Work

MOST_CARDS = 7


def my_places(work: Work) -> list[Place]:
    """Return the places at which this person holds rights, the home unit first, then from above."""
    ids = {right.unit_id for right in work.actor.rights}
    found = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    home = work.actor.home_unit_id
    living = [place for place in found.values() if place.is_living]
    return sorted(living, key=lambda p: (p.id != home, len(p.path), p.name))


def my_place(work: Work) -> Place:
    """Return the place a person's work begins at; the root for whoever holds no right."""
    places = my_places(work)
    return places[0] if places else work.unit


def my_cards(work: Work) -> Sequence[WorkCard]:
    """Return the most urgent cards of all plugins on at the person's place."""
    cards: list[WorkCard] = work.at(my_place(work)).hooks.work_cards()
    far = work.today.max
    return sorted(cards, key=lambda card: (card.urgency, card.due_on or far))[:MOST_CARDS]


def given_name(work: Work) -> str:
    """Return the name by which a person is greeted; nothing for an account that is no member."""
    return split_full_name(work.actor.label).given_name if work.actor.member_id else ""


def search(work: Work, words: str, limit: int = 20) -> list[SearchHit]:
    """Search people, units and the plugins' things without marks."""
    folded = search_key(words)[:80]
    if len(folded) < 2:
        return []
    hits: list[SearchHit] = work.at(my_place(work)).hooks.search_hits(words=words[:80], limit=limit)
    # Whoever types a whole name looks for that name, not for longer ones that begin with it.
    return sorted(hits, key=lambda hit: search_key(hit.title) != folded)


def keep_preferences(work: Work, **changes: object) -> None:
    """Keep how a person likes pages: text size, contrast, language."""
    account = work.session.scalar(sa.select(Account).where(Account.id == work.actor.account_id))
    if account is not None:
        account.preferences = {**(account.preferences or {}), **changes}
