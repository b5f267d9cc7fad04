"""Room under the caps: how many may still be excellent, who fills the places, also supposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from core.chunks import chunked
from core.i18n import _
from core.units.covering import covered
from core.work import Work

from ..models import Campaign, Counter, Review, Seat
from .caps import Sums, allowed, share_words, titles_of
from .shapes import Headroom, Key

MOST_COUNTERS = 500
"""How many groups a page shows at most."""
Names = dict[Key, dict[Key, str]]
"""Who is excellent in each group, by evaluation."""


def counters_of(
    work: Work,
    campaign: Campaign,
    subject_kind: str = "",
    review_ids: Sequence[Key] | None = None,
) -> list[Counter]:
    """Return the counters of a campaign that concern this unit or stand under it."""
    here = sa.or_(Counter.place_id.in_(work.unit.path), covered(work, Counter.place_id))
    statement = sa.select(Counter).where(Counter.campaign_id == campaign.id, here)
    if subject_kind:
        statement = statement.where(Counter.subject_kind == subject_kind)
    if review_ids is not None:
        seats = sa.select(Seat.counter_id).where(Seat.review_id.in_(list(review_ids)))
        statement = statement.where(Counter.id.in_(seats))
    order = (Counter.subject_kind, Counter.scope, Counter.id)
    return list(work.session.scalars(statement.order_by(*order).limit(MOST_COUNTERS)))


def headroom(
    work: Work,
    campaign: Campaign,
    subject_kind: str = "",
    *,
    with_names: bool = False,
    review_ids: Sequence[Key] | None = None,
    picks: Mapping[Key, str | None] | None = None,
) -> list[Headroom]:
    """Say how many places are left in each group, the fullest first, and who fills them.

    With `review_ids` only the groups in which these evaluations count; with `picks` as it would be
    if these levels were saved, which changes nothing and may show fewer than no places left.
    """
    counters = counters_of(work, campaign, subject_kind, review_ids)
    sums = {one.id: Sums.of(one) for one in counters}
    names = _names(work, list(sums)) if with_names else {}
    if picks:
        _suppose(work, picks, sums, names)
    titles = titles_of(work, counters)
    told = names if with_names else {}
    lines = [_line(one, sums[one.id], titles[one.id], told.get(one.id, {})) for one in counters]
    return sorted(lines, key=lambda line: (line.left, line.title))


def _line(counter: Counter, held: Sums, title: str, names: Mapping[Key, str]) -> Headroom:
    base = held.base(counter.base)
    room = allowed(base, counter.share, counter.rounding) + held.extra
    return Headroom(
        counter_id=counter.id,
        title=title,
        subject_kind=counter.subject_kind,
        scope=counter.scope,
        rated=held.rated,
        base=base,
        share=counter.share,
        room=room,
        extra=held.extra,
        excellent=held.excellent,
        sentence=_sentence(counter, base, room, held.excellent),
        names=[*names.values()],
    )


def _sentence(counter: Counter, base: int, room: int, taken: int) -> str:
    """Say how many may still be excellent, with the rule."""
    left = room - taken
    values = {
        "left": abs(left),
        "share": share_words(counter.share),
        "base": base,
        "room": room,
        "taken": taken,
        "extra": counter.extra,
        "document": counter.extra_document_no,
    }
    if left < 0:
        text = _(
            "%(left)s too many are rated excellent (at most %(share)s of %(base)s = %(room)s,"
            " %(taken)s taken)",
            **values,
        )
    else:
        text = _(
            "%(left)s more may be rated excellent (at most %(share)s of %(base)s = %(room)s,"
            " %(taken)s taken)",
            **values,
        )
    if counter.extra:
        text += "; " + _("%(extra)s of them by decision %(document)s", **values)
    return text


def _names(work: Work, counter_ids: Sequence[Key]) -> Names:
    """Return who fills the places; only those whose evaluation the actor may see."""
    found: Names = {}
    for chunk in chunked(counter_ids):
        rows = work.session.execute(
            sa.select(Seat.counter_id, Review.id, Review.subject_name)
            .select_from(Review)
            .join(Seat, Seat.review_id == Review.id)
            .where(Seat.counter_id.in_(chunk), Review.counted_level == "excellent")
            .order_by(Review.sort_key, Review.id)
        )
        for counter_id, review_id, name in rows:
            found.setdefault(counter_id, {})[review_id] = name
    return found


def _suppose(
    work: Work, picks: Mapping[Key, str | None], sums: Mapping[Key, Sums], names: Names
) -> None:
    """Let evaluations count with other levels, in these sums alone."""
    for chunk in chunked(picks):
        rows = work.session.execute(
            sa.select(Seat.counter_id, Review.id, Review.subject_name, Review.counted_level)
            .select_from(Review)
            .join(Seat, Seat.review_id == Review.id)
            .where(Review.id.in_(chunk))
            .order_by(Review.sort_key, Review.id)
        )
        for counter_id, review_id, name, before in rows:
            if counter_id not in sums:
                continue
            sums[counter_id].count(before, -1)
            sums[counter_id].count(picks[review_id], 1)
            listed = names.setdefault(counter_id, {})
            if picks[review_id] == "excellent":
                listed[review_id] = name
            else:
                listed.pop(review_id, None)
