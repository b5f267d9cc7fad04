"""Spans of days, and random histories against a naive replay day by day."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from core.members.models import COUNTED
from core.members.services import (
    access_member,
    add_members,
    change_status,
    correct_fact,
    drop_fact,
    head_counts,
    history_of,
    leave,
    readmit,
    transfer_home,
    void_member,
)
from core.members.services.registering import NewMember
from core.members.spans import (
    Span,
    StatusSpan,
    StaySpan,
    are_sound,
    begun,
    dropped,
    filled,
    on,
    put,
    without,
)
from core.names import split_full_name
from core.periods import OPEN
from core.testing import World

START = date(2020, 1, 1)
DAYS = st.integers(0, 40).map(lambda n: START + timedelta(days=n))
SPANS = st.lists(st.tuples(DAYS, st.integers(1, 12), st.sampled_from("abc")), max_size=8)


def painted(spans):
    """Which text holds on which day."""
    return {day: found.status for day in window() if (found := on(spans, day))}


def window():
    return [START + timedelta(days=n) for n in range(60)]


def span(first, length, text):
    return StatusSpan(first, first + timedelta(days=length), text)


@given(SPANS)
def test_putting_spans_one_after_the_other_is_painting_over(parts):
    spans, days = [], {}
    for first, length, text in parts:
        spans = put(spans, span(first, length, text))
        days.update({first + timedelta(days=n): text for n in range(length)})
    assert are_sound(spans)
    assert painted(spans) == days


@given(SPANS, SPANS)
def test_filling_keeps_the_winner_and_adds_the_rest(winner_parts, loser_parts):
    winner, loser = [], []
    for part in winner_parts:
        winner = put(winner, span(*part))
    for part in loser_parts:
        loser = put(loser, span(*part))
    together = filled(winner, loser)
    assert are_sound(together)
    assert painted(together) == {**painted(loser), **painted(winner)}


@given(SPANS, DAYS, DAYS)
def test_taking_days_out_leaves_the_others(parts, first, second):
    start, end = min(first, second), max(first, second)
    spans = []
    for part in parts:
        spans = put(spans, span(*part))
    rest = without(spans, start, end)
    assert are_sound(rest)
    assert painted(rest) == {
        day: text for day, text in painted(spans).items() if not start <= day < end
    }


def test_a_beginning_moves_and_the_neighbour_follows():
    one, two = span(START, 10, "a"), span(START + timedelta(days=10), 10, "b")
    earlier = begun([one, two], two, START + timedelta(days=5))
    assert [s.valid_to for s in earlier] == [START + timedelta(days=5), two.valid_to]
    later = begun([one, two], two, START + timedelta(days=15))
    assert [s.valid_to for s in later] == [START + timedelta(days=15), two.valid_to]
    for wrong in (START, two.valid_to):
        with pytest.raises(ValueError, match=str(wrong.year)):
            begun([one, two], two, wrong)


def test_what_was_dropped_is_held_by_the_one_before():
    one, two = span(START, 10, "a"), span(START + timedelta(days=10), 10, "b")
    assert dropped([one, two], two) == [span(START, 20, "a")]
    assert dropped([one, two], one) == [two]
    assert not are_sound([one, one])
    assert not are_sound([Span(START, START)])


# --- random acts on the database ---------------------------------------------------------------

ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["official", "exempt", "leave", "return", "transfer", "begin", "drop", "drop home"]
        ),
        st.integers(0, 1),
        st.integers(0, 30),
        st.sampled_from("ABC"),
    ),
    min_size=1,
    max_size=14,
)
FIRST = date(2018, 1, 1)


def day_of(step):
    return FIRST + timedelta(days=100 * step)


def act(work, ward, member, what, day, code):
    """Do one act as a form would; a refusal changes nothing."""
    unit = ward.place(code, work)
    if what in ("official", "exempt"):
        change_status(work, member, what, on=day)
    elif what == "leave":
        leave(work, member, "moved", on=day)
    elif what == "return":
        readmit(work, member, unit, on=day, decision_no="1-QĐ")
    elif what == "transfer":
        transfer_home(work, member, unit, since=day)
    else:
        history = history_of(work, member)
        sort = "home" if what.endswith("home") else "status"
        last = history.of(sort)[-1]
        key = history.key(sort, last)
        if what == "begin":
            correct_fact(work, member, sort, key, valid_from=day)
        else:
            drop_fact(work, member, sort, key)


def replayed(histories, day, ward_of):
    """Count by unit on a day, naively."""
    counts: dict[str, int] = {}
    for statuses, homes in histories:
        status, home = on(statuses, day), on(homes, day)
        if status and home and status.status in COUNTED:
            for code in ward_of[home.unit_id]:
                counts[code] = counts.get(code, 0) + 1
    return counts


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
@example(acts=[("leave", 0, 1, "B"), ("return", 0, 2, "C"), ("drop home", 0, 16, "B")])
def test_random_histories_never_overlap_and_every_head_is_counted_once(ward: World, acts):
    above = {"A": "A W1 P ROOT", "B": "B W1 P ROOT", "C": "C W2 P ROOT"}
    with ward.work() as work:
        places = {code: ward.place(code, work) for code in ("A", "B", "C", "W1", "W2", "P", "ROOT")}
        ward_of: dict[uuid.UUID, list[str]] = {
            places[code].id: path.split() for code, path in above.items()
        }
        ids = add_members(
            work,
            [
                NewMember(
                    name=split_full_name("Nguyễn Văn An"),
                    statuses=[StatusSpan(FIRST, OPEN, "official")],
                    homes=[StaySpan(FIRST, OPEN, places[code].id)],
                )
                for code in "AB"
            ],
        )
    for what, who, step, code in acts:
        try:
            with ward.work() as work:
                member = access_member(work, ids[who], for_change=True)
                act(work, ward, member, what, day_of(step), code)
        except DomainError:
            continue
    try:
        check(ward, ids, places, ward_of)
    finally:
        with ward.work() as work:
            for one in ids:
                void_member(work, access_member(work, one), reason="test")


def check(ward, ids, places, ward_of):
    """Compare what is stored and counted with the replay."""
    with ward.work(writing=False) as work:
        histories = []
        for one in ids:
            history = history_of(work, access_member(work, one))
            assert are_sound(history.of("status"))
            assert are_sound(history.of("home"))
            histories.append((history.of("status"), history.of("home")))
        for day in (FIRST, day_of(5), day_of(11), day_of(20), work.today):
            found = head_counts(work, places["ROOT"], day, [p.id for p in places.values()])
            counted = {code: found[p.id].total for code, p in places.items() if p.id in found}
            assert counted == replayed(histories, day, ward_of), day
