"""Caps that hold: whoever changes a level locks the counters first, always in the same order.

The order of locks is: evaluations by key, then counters by key, never the other way round, so
that no two acts wait for each other. SQLite lets one act write at a time; PostgreSQL locks the
rows, but not their keys: who writes a row that only names one of them need not wait, nor make
others wait out of order. Below both the database refuses a counter with more excellent ones than
it has room for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.checking import locked, missing, not_here, wanted_text
from core.chunks import chunked
from core.errors import RuleBroken
from core.i18n import _, lazy
from core.scope import require
from core.work import Work

from .. import permissions
from ..models import Campaign, Counter, Review, Seat
from . import words
from .bodies import Group
from .guards import note_campaign
from .shapes import Key


def allowed(base: int, share: int, rounding: str) -> int:
    """Return how many may be excellent of a base, with a share in hundredths of a percent."""
    if rounding == "nearest":
        return (2 * share * base + 10_000) // 20_000
    return share * base // 10_000


def lock_reviews(work: Work, campaign_id: Key, ids: Iterable[Key]) -> list[Review]:
    """Return evaluations of a campaign as they are now, locked."""
    return locked(work.session, Review, ids, Review.campaign_id == campaign_id)


def lock_counters(work: Work, review_ids: Iterable[Key]) -> dict[Key, list[Counter]]:
    """Lock the counters in which evaluations count; return them for each evaluation."""
    seats: list[Any] = []
    for chunk in chunked(set(review_ids)):
        statement = sa.select(Seat.review_id, Seat.counter_id).where(Seat.review_id.in_(chunk))
        seats.extend(work.session.execute(statement))
    ids = {counter_id for _review, counter_id in seats}
    counters = {one.id: one for one in locked(work.session, Counter, ids)}
    found: dict[Key, list[Counter]] = {}
    for review_id, counter_id in seats:
        found.setdefault(review_id, []).append(counters[counter_id])
    return found


@dataclass(slots=True)
class Sums:
    """What a counter would hold; written only when every counter of the act allows it."""

    rated: int
    good: int
    excellent: int
    extra: int

    @classmethod
    def of(cls, counter: Counter) -> Sums:
        """Begin with what the counter holds."""
        return cls(counter.rated, counter.good, counter.excellent, counter.extra)

    def count(self, level: str | None, step: int) -> None:
        """Let one more, or one less, have a level."""
        if level is None:
            return
        self.rated += step
        self.good += step if level == "good" else 0
        self.excellent += step if level == "excellent" else 0

    def base(self, kind: str) -> int:
        """Return of how many the share is taken."""
        if kind == "good_only":
            return self.good
        return self.rated if kind == "all_rated" else self.good + self.excellent


def fill_places(work: Work, reviews: Sequence[Review], levels: Mapping[Key, str | None]) -> None:
    """Let locked evaluations count with new levels; refuse all of it when a cap would break."""
    changed = [review for review in reviews if levels[review.id] != review.counted_level]
    if not changed:
        return
    counters = lock_counters(work, [review.id for review in changed])
    touched = {one.id: one for listed in counters.values() for one in listed}
    sums = {key: Sums.of(one) for key, one in touched.items()}
    for review in changed:
        for counter in counters.get(review.id, ()):
            sums[counter.id].count(review.counted_level, -1)
            sums[counter.id].count(levels[review.id], 1)
    settle(work, touched, sums)
    for review in changed:
        review.counted_level = levels[review.id]
    work.session.flush()


def settle(work: Work, counters: Mapping[Key, Counter], sums: Mapping[Key, Sums]) -> None:
    """Write new sums and the room they leave; refuse all when one group has too many excellent."""
    rooms: dict[Key, int] = {}
    for key in sorted(sums, key=lambda one: one.bytes):
        counter, new = counters[key], sums[key]
        most = allowed(new.base(counter.base), counter.share, counter.rounding)
        rooms[key] = most + new.extra
        if new.excellent > rooms[key]:
            raise RuleBroken(_refusal(work, counter, new, rooms[key]))
    for key, new in sums.items():
        counter = counters[key]
        counter.rated, counter.good, counter.excellent = new.rated, new.good, new.excellent
        counter.extra, counter.room = new.extra, rooms[key]


def _refusal(work: Work, counter: Counter, new: Sums, room: int) -> str:
    values = {
        "where": titles_of(work, [counter])[counter.id],
        "share": share_words(counter.share),
        "base": new.base(counter.base),
        "room": room,
    }
    if room == 0:
        return _(
            "%(where)s: %(share)s of %(base)s leaves no place for “excellent” yet. Rate the others"
            " first, or enter the decision that allows more.",
            **values,
        )
    return _(
        "%(where)s: the %(room)s places of “excellent” are taken (at most %(share)s of %(base)s)."
        " Take one back, or enter the decision that allows more.",
        **values,
    )


def share_words(share: int) -> str:
    """Return hundredths of a percent as people write them."""
    whole, rest = divmod(share, 100)
    return f"{whole}%" if not rest else f"{whole},{rest:02d}".rstrip("0") + "%"


def titles_of(work: Work, counters: Iterable[Counter]) -> dict[Key, str]:
    """Name counters: the unit, the group where there is one, the subjects."""
    listed = list(counters)
    places = work.host.places.by_ids(
        work.session, {one.place_id for one in listed}, work.today, work.generation
    )
    return {
        one.id: _(
            "%(subjects)s of %(unit)s, %(scope)s",
            subjects=words.SUBJECTS[one.subject_kind],
            unit=places[one.place_id].name if one.place_id in places else "",
            scope=words.SCOPES[one.scope],
        )
        + (f" ({group_title(one.group)})" if one.group else "")
        for one in listed
    }


def group_title(group: str) -> str:
    """Name a peer group by the kind of its units and their sector."""
    return ", ".join(str(GROUP_TITLES.get(part, part)) for part in group.split(":") if part)


GROUP_TITLES: Mapping[str, object] = {
    "residential": lazy("residential areas"),
    "office": lazy("offices"),
    "public_service": lazy("public services"),
    "school": lazy("schools"),
    "enterprise": lazy("enterprises"),
    "military": lazy("military units"),
    "police": lazy("police units"),
    "branch": lazy("branches (group)"),
    "party_org": lazy("grassroots organisations (group)"),
    "section_org": lazy("section organisations (group)"),
    "commune": lazy("communes (group)"),
}


def grant_places(
    work: Work,
    campaign: Campaign,
    counter_id: Key,
    *,
    extra: int,
    document_no: str,
    document_on: date | None = None,
) -> Counter:
    """Allow a group more excellent ones than the rule, by a decision document; 0 takes it back."""
    number = wanted_text(
        document_no, "document_no", _("Enter the number of the decision that allows more.")
    )
    if not 0 <= extra <= 10_000:
        raise missing("extra", _("Enter how many more are allowed."))
    counter = work.session.scalar(
        sa.select(Counter)
        .where(Counter.id == counter_id, Counter.campaign_id == campaign.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if counter is None:
        raise not_here()
    require(work, permissions.OVERRIDE, {counter.place_id})
    before, new = counter.extra, Sums.of(counter)
    new.extra = extra
    settle(work, {counter.id: counter}, {counter.id: new})
    counter.extra_document_no, counter.extra_document_on = number[:80], document_on
    note_campaign(
        work,
        "cap_overridden",
        campaign,
        permissions.OVERRIDE,
        {"places": extra, "before": before, "document": number, "group": counter.group},
    )
    work.session.flush()
    return counter


def ensure_counters(work: Work, campaign_id: Key, groups: Iterable[Group]) -> dict[Any, Key]:
    """Return the keys of the counters of groups, making those that are not there yet."""
    wanted = {group.key: group for group in groups}
    places = {group.place_id for group in wanted.values()}
    found = _known(work, campaign_id, places)
    missing_groups = [group for key, group in wanted.items() if key not in found]
    if missing_groups:
        work.session.add_all(
            Counter(
                campaign_id=campaign_id,
                scope=group.scope,
                subject_kind=group.subject_kind,
                place_id=group.place_id,
                group=group.group,
                base=group.base,
                share=group.share,
                rounding=group.rounding,
            )
            for group in missing_groups
        )
        work.session.flush()
        found = _known(work, campaign_id, places)
    return {key: found[key] for key in wanted}


def _known(work: Work, campaign_id: Key, places: Iterable[Key]) -> dict[Any, Key]:
    """Return the counters of groups at these units."""
    found: dict[Any, Key] = {}
    for chunk in chunked(places):
        rows = work.session.execute(
            sa.select(
                Counter.id, Counter.scope, Counter.subject_kind, Counter.place_id, Counter.group
            ).where(Counter.campaign_id == campaign_id, Counter.place_id.in_(chunk))
        )
        found.update({(row[1], row[2], row[3], row[4]): row[0] for row in rows})
    return found
