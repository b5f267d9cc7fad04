"""A ward with a branch and its people, and what a plugin would put into calendars."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.hooks import hookimpl
from core.notices.events import CalendarEvent
from core.notices.services import Message, send_notice
from core.testing import UnitLine, World
from tests.environment.settling import Settle


def build_branch(world: World) -> World:
    """A branch under a ward."""
    world.units(
        UnitLine("P", "province", name="Đảng bộ tỉnh Hà Tĩnh"),
        UnitLine("W1", "commune", "P", name="Đảng bộ phường Bắc Hồng Lĩnh"),
        UnitLine("B1", "branch", "W1", name="Chi bộ tổ dân phố Phúc Sơn"),
        UnitLine("B2", "branch", "W1", name="Chi bộ tổ dân phố 2"),
    )
    return world


@pytest.fixture(scope="module")
def settle() -> Settle:
    """Each module's tests begin with it."""
    return build_branch


@pytest.fixture
def branch(world: World) -> World:
    """A branch under a ward."""
    return world


@pytest.fixture
def tell(branch: World):
    """Send a notice to people of the branch."""

    def send(*members: Any, subject: str = "Tài liệu sinh hoạt tháng 12 đã có", **more: Any):
        accounts = more.pop("accounts", ())
        with branch.work(unit="B1") as work:
            return send_notice(
                work,
                Message("meetings.announced", subject, **more),
                members=[member.id for member in members],
                accounts=[account.id for account in accounts],
            )

    return send


@dataclass
class Diary:
    """What a plugin says stands in everybody's calendar; it notes for which spans it was asked."""

    events: list[CalendarEvent] = field(default_factory=list)
    asked: list[tuple[datetime, datetime]] = field(default_factory=list)

    @hookimpl
    def calendar_events(self, work: Any, start: datetime, end: datetime) -> list[CalendarEvent]:
        self.asked.append((start, end))
        return [one for one in self.events if start <= one.starts_at < end]

    def add(self, uid: str, starts_at: datetime, **more: Any) -> None:
        """Put an entry in."""
        title = more.pop("title", "Sinh hoạt chi bộ kỳ tháng 11")
        ends_at = starts_at + timedelta(hours=2)
        self.events.append(CalendarEvent(uid, title, starts_at, ends_at, **more))


@pytest.fixture
def diary(branch: World) -> Iterator[Diary]:
    """A plugin with entries for calendars, in place of meetings."""
    host, book = branch.system.host, Diary()
    whole = host._manager.get_plugin("meetings")
    host._manager.unregister(name="meetings")
    host._manager.register(book, name="meetings")
    yield book
    host._manager.unregister(name="meetings")
    host._manager.register(whole, name="meetings")
