"""What a secretary does, in short: builders of meetings for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.documents.paper import Paper, to_data
from core.members.models import Affiliation, Member, MemberCondition
from core.periods import OPEN
from core.testing import World
from core.work import Work
from plugins.meetings import services
from plugins.meetings.models import Meeting
from plugins.meetings.services import Ballot, MeetingFacts, ResolutionFacts

NOVEMBER = date(2026, 11, 1)
EVENING = datetime(2026, 11, 12, 12, 30, tzinfo=UTC)
"""19:30 on 12/11/2026 in Hà Nội; the world's now is noon on 10/11/2026."""

NAMES = (
    "Nguyễn Thị Hoa",
    "Lê Đình Ân",
    "Nguyễn Văn An",
    "Trần Thị Ánh",
    "Phạm Thị Bình",
    "Hoàng Văn Châu",
    "Đặng Quang Dũng",
    "Võ Thị Đào",
    "Bùi Văn Giang",
    "Phan Đức Hải",
)


@dataclass
class Branch:
    """A branch with its people and short ways of doing what a secretary does."""

    world: World
    people: list[Member]
    secretary: Any
    commune: Any

    @contextmanager
    def work(self, actor: Any = None, unit: str = "B1") -> Iterator[Work]:
        """Open a work as the secretary, or as somebody else."""
        with self.world.work(actor or self.secretary, unit) as work:
            yield work

    def facts(self, **changes: Any) -> MeetingFacts:
        """Return the plan of November's meeting."""
        facts = MeetingFacts(
            for_month=NOVEMBER,
            starts_at=EVENING,
            ends_at=EVENING + timedelta(minutes=100),
            place="Nhà văn hóa tổ dân phố",
            chair_id=self.people[0].id,
            clerk_id=self.people[1].id,
        )
        return replace(facts, **changes)

    def planned(self, work: Work, *, with_agenda: bool = True, **changes: Any) -> Meeting:
        """Schedule the meeting."""
        return services.schedule_meeting(work, self.facts(**changes), with_agenda=with_agenda)

    def announced(self, work: Work, **changes: Any) -> Meeting:
        """Schedule, agree and announce the meeting."""
        meeting = self.planned(work, **changes)
        services.committee_agreed(work, meeting)
        services.announce(work, meeting)
        return meeting

    def later(self, **span: Any) -> None:
        """Let time pass."""
        self.world.now += timedelta(**span)
        self.world.system.opener.clock = lambda: self.world.now

    def evening(self) -> None:
        """Let it be the evening of the meeting."""
        self.world.now = EVENING + timedelta(minutes=5)
        self.world.system.opener.clock = lambda: self.world.now

    def opened(self, work: Work, **changes: Any) -> Meeting:
        """Open the roll of a meeting that was planned for now."""
        facts = self.facts(**{"starts_at": None, "ends_at": None, **changes})
        meeting = services.schedule_meeting(work, facts)
        services.open_roll(work, meeting)
        return meeting

    def all_present(self, work: Work, meeting: Meeting) -> None:
        """Mark everybody who must attend as present."""
        services.close_roll(work, meeting, others="present")

    def held(self, work: Work, **changes: Any) -> Meeting:
        """Hold a whole meeting up to its end: all present, all items concluded."""
        meeting = self.opened(work, **changes)
        self.all_present(work, meeting)
        for item in services.list_items(work, meeting):
            services.conclude_item(work, meeting, item, conclusion="Chi bộ thống nhất.")
        services.end_meeting(work, meeting)
        return meeting

    def locked(self, work: Work, **changes: Any) -> Meeting:
        """Hold a meeting and lock its minutes."""
        meeting = self.held(work, **changes)
        present = meeting.entitled_present
        services.adopt_minutes(work, meeting, in_favour=present, present=present)
        services.confirm_as_clerk(work, meeting)
        services.confirm_as_chair(work, meeting)
        services.lock_minutes(work, meeting)
        return meeting

    def temporary(self, member: Member, unit: str, since: date = date(2026, 1, 1)) -> None:
        """Let a member take part in another unit for a time."""
        with self.world.work() as work:
            work.session.add(
                Affiliation(
                    member_id=member.id,
                    unit_id=self.world.place(unit, work).id,
                    kind="temporary",
                    valid_from=since,
                    valid_to=OPEN,
                )
            )

    def condition(self, member: Member, kind: str, since: date = date(2026, 1, 1)) -> None:
        """Put a member under a condition: away, suspended, excused."""
        with self.world.work() as work:
            work.session.add(
                MemberCondition(member_id=member.id, kind=kind, valid_from=since, valid_to=OPEN)
            )


def ballot(**changes: Any) -> Ballot:
    """Return a vote of ten, all in favour."""
    counts = {"question": "Thông qua nghị quyết", "in_favour": 10, "present": 10}
    return Ballot(**{**counts, **changes})


def resolution(**changes: Any) -> ResolutionFacts:
    """Return a resolution with its vote."""
    facts = ResolutionFacts(
        title="Tăng cường vệ sinh môi trường",
        text="Mỗi đảng viên phụ trách từ 03 đến 05 hộ.",
        vote=ballot(),
    )
    return replace(facts, **changes)


def words_of(paper: Paper) -> str:
    """Return everything a paper says, in one text."""
    return "\n".join(_texts(to_data(paper)))


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)
