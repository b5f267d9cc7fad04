"""Jobs that run by themselves: once in each span, however many runners there are."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.jobs.kinds import job_kinds
from core.jobs.schedule import Schedule, slot_of

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)


def test_a_day_begins_at_midnight_of_the_site():
    before = datetime(2026, 11, 9, 16, 59, 59, tzinfo=UTC)
    after = datetime(2026, 11, 9, 17, 0, tzinfo=UTC)
    assert slot_of(DAY, after, HANOI) == slot_of(DAY, before, HANOI) + 1
    assert slot_of(DAY, after, HANOI) == slot_of(DAY, after + timedelta(hours=23), HANOI)


def test_shorter_spans_follow_the_clock():
    at = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
    five = timedelta(minutes=5)
    assert slot_of(five, at, HANOI) == slot_of(five, at + timedelta(minutes=4), HANOI)
    assert slot_of(five, at, HANOI) < slot_of(five, at + five, HANOI)


def test_a_periodic_job_runs_once_in_its_span(outbox, later):
    outbox.kind("jobs.daily", lambda _work, _payload: outbox.say("ran"), every=DAY)
    outbox.run()
    outbox.run()
    assert outbox.said() == ["ran"]
    later(DAY)
    outbox.run()
    assert outbox.said() == ["ran", "ran"]


def test_two_schedules_ask_once(outbox):
    outbox.kind("jobs.daily", lambda _work, _payload: None, every=DAY)
    kinds = job_kinds(outbox.system.host)
    Schedule(outbox.system, kinds).keep()
    Schedule(outbox.system, kinds).keep()
    assert len(outbox.jobs()) == 1


def test_a_kind_must_begin_with_its_owners_name(outbox):
    outbox.kind("meetings.stolen", lambda _work, _payload: None)
    with pytest.raises(ValueError, match=r"meetings\.stolen"):
        job_kinds(outbox.system.host)
