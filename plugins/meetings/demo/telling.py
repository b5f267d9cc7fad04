"""Telling one branch's month: which way it went and who came; seeded, without a database."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, time, timedelta
from random import Random
from typing import Any

from core.db import new_key

from ..models import CAME
from . import stories
from .deciding import Decisions
from .shapes import Branch, Person

STATES = ("present", "late", "left_early", "excused", "absent")
WEIGHTS = (86, 3, 1, 8, 2)
REASONS = ("health", "duty", "family", "away", "study")


class Teller(Decisions):
    """Tells months of branches into rows; the same seed tells the same."""

    def tell(self, branch: Branch, month: date, fate: str = "") -> None:
        """Tell how a branch's month went: as `fate` says, else as it is drawn."""
        chance = Random(f"{self.seed}/{branch.code}/{month.isoformat()}")
        planned = planned_day(branch, month)
        fate = self._fate(chance, planned) if not fate or planned >= self.today else fate
        if fate == "unentered":
            return
        meeting = self._meeting(branch, month, planned, chance)
        if fate == "not_held":
            meeting.update(state="not_held", not_held_reason=chance.choice(stories.NOT_HELD))
        elif fate in ("ahead", "waiting"):
            self._ahead(meeting, branch, planned, chance)
        elif fate == "put_off_open":
            self._put_off(meeting, branch, None, chance)
        else:
            day = planned
            if fate in ("put_off", "put_off_ahead"):
                later = planned + timedelta(days=chance.randint(3, 9))
                ahead = self.today + timedelta(days=3)
                day = max(later, ahead) if fate == "put_off_ahead" else later
                self._put_off(meeting, branch, day, chance)
            if day < self.today:
                self._hold(meeting, branch, day, chance, locked=fate != "no_minutes")
        self.rows["meeting"].append(meeting)

    def _fate(self, chance: Random, planned: date) -> str:
        """Draw how the month went; the last weeks have more loose ends than last winter."""
        if planned >= self.today:
            return "ahead"
        fresh = (self.today - planned).days < 45
        drawn = chance.random()
        for fate, share in (
            ("unentered", 0.05 if fresh else 0.012),
            ("no_minutes", 0.07 if fresh else 0.015),
            ("not_held", 0.012),
            ("put_off", 0.035),
        ):
            if drawn < share:
                return fate
            drawn -= share
        return "done"

    def _meeting(
        self, branch: Branch, month: date, planned: date, chance: Random
    ) -> dict[str, Any]:
        """Return the row of a meeting as it was planned."""
        thematic = month.month % 3 == chance.choice((1, 2, 2))
        chair, clerk = branch.chair(planned), branch.clerk(planned)
        starts = self.instant(planned, branch.at)
        return {
            **PLANNED,
            "id": new_key(),
            "unit_id": branch.unit_id,
            "for_month": month,
            "is_thematic": thematic,
            "theme": chance.choice(stories.THEMES) if thematic else "",
            "place": ROOMS.get(branch.sector, "Phòng họp cơ quan"),
            "starts_at": starts,
            "ends_at": starts + timedelta(minutes=120 if thematic else 95),
            "chair_id": chair.id if chair else None,
            "clerk_id": clerk.id if clerk else None,
            "chair_name": chair.name if chair else "",
            "clerk_name": clerk.name if clerk else "",
            "created_at": starts - timedelta(days=9),
            "changed_at": starts - timedelta(days=9),
            "created_by": chair.name if chair else "",
        }

    def _ahead(
        self, meeting: dict[str, Any], branch: Branch, planned: date, chance: Random
    ) -> None:
        """A meeting still to come, or past and not entered: announced when it was near."""
        self._agenda(meeting, branch, None, chance)
        near = (planned - self.today).days
        if near <= 3:
            told = min(self.today - timedelta(days=1), planned - timedelta(days=2))
            meeting["agreed_on"] = told
            self._announce(meeting, told, len(branch.roll(told)))
            meeting["state"] = "announced"
        elif near <= 7:
            meeting.update(state="agreed", agreed_on=self.today)

    def _put_off(
        self, meeting: dict[str, Any], branch: Branch, later: date | None, chance: Random
    ) -> None:
        """Put a meeting off to a later day, or to one still to be chosen; the agenda stays."""
        starts = self.instant(later, branch.at) if later else None
        self.rows["postponement"].append(
            {
                "id": new_key(),
                "meeting_id": meeting["id"],
                "from_at": meeting["starts_at"],
                "to_at": starts,
                "reason": chance.choice(stories.PUT_OFF),
                "at": meeting["starts_at"] - timedelta(days=1),
                "by": meeting["chair_name"],
            }
        )
        meeting.update(
            state="postponed",
            starts_at=starts,
            ends_at=starts + timedelta(minutes=95) if starts else None,
        )
        if later is None or later >= self.today:
            self._agenda(meeting, branch, None, chance)

    def _announce(self, meeting: dict[str, Any], on: date, recipients: int) -> None:
        """Tell everybody."""
        sent = self.instant(on, time(17, 0))
        meeting.update(announced_at=sent, round=1)
        self.rows["announcement"].append(
            {
                "id": new_key(),
                "meeting_id": meeting["id"],
                "round": 1,
                "sent_at": sent,
                "by": meeting["chair_name"],
                "starts_at": meeting["starts_at"],
                "place": meeting["place"],
                "late_reason": "",
                "recipients": recipients,
                "posted_on": None,
            }
        )

    def _hold(
        self, meeting: dict[str, Any], branch: Branch, day: date, chance: Random, *, locked: bool
    ) -> None:
        """Hold a meeting: roll, agenda, perhaps a resolution, tasks, minutes."""
        started = self.instant(day, branch.at) + timedelta(minutes=chance.choice((0, 0, 5, 10)))
        ended = started + timedelta(minutes=chance.randint(90, 118))
        roll = branch.roll(day)
        self._announce(meeting, day - timedelta(days=2), len(roll))
        meeting.update(
            state="closed" if locked else "minutes",
            held_on=day,
            started_at=started,
            ended_at=ended,
            agreed_on=day - timedelta(days=4),
            roll_opened_at=started,
            roll_closed_at=started + timedelta(minutes=5),
            used_material=chance.random() < 0.85,
            closed_at=ended + timedelta(days=1) if locked else None,
            changed_at=ended + timedelta(days=1),
            quality="Chi bộ tự nhận xét: sinh hoạt đúng giờ, thảo luận tập trung.",
        )
        self._roll(meeting, roll, chance)
        self._visit(meeting, branch, chance)
        items = self._agenda(meeting, branch, ended, chance)
        point = self._resolve(meeting, items[3], roll, day, chance)
        self._give_tasks(meeting, branch, items[4], roll, day, point, chance)
        self._minutes(meeting, ended, locked=locked)

    def _roll(self, meeting: dict[str, Any], roll: Sequence[Person], chance: Random) -> None:
        """Tick the roll and count."""
        counts = dict.fromkeys(FIGURES, 0)
        for person in roll:
            state: str | None
            state, reason = ("not_required", "") if not person.is_required else _state(chance)
            if person.group == "temporary":
                state = "present" if chance.random() < 0.9 else None
            self.rows["attendance"].append(
                {
                    "meeting_id": meeting["id"],
                    "member_id": person.id,
                    "printed_name": person.name,
                    "sort_key": person.sort_key,
                    "group": person.group,
                    "status": person.status or person.standing,
                    "standing": person.standing,
                    "is_required": person.is_required,
                    "is_entitled": person.is_entitled,
                    "state": state,
                    "reason": reason,
                }
            )
            _count(counts, person, state)
        meeting.update(counts)

    def _visit(self, meeting: dict[str, Any], branch: Branch, chance: Random) -> None:
        """The superior who follows the branch comes about once a quarter."""
        if branch.follower is None or chance.random() > 0.36:
            return
        name, assignment = branch.follower
        meeting["guests"] = 1
        self.rows["visitor"].append(
            {
                "id": new_key(),
                "meeting_id": meeting["id"],
                "name": name,
                "role": "Đảng ủy phân công theo dõi chi bộ",
                "is_superior": True,
                "was_announced": chance.random() < 0.7,
                "assignment_id": assignment,
            }
        )


def planned_day(branch: Branch, month: date) -> date:
    """Return the day of a month on which a branch usually meets."""
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(branch.day, last))


ROOMS = {"residential": "Nhà văn hóa tổ dân phố", "school": "Phòng họp nhà trường"}
FIGURES = (
    "members",
    "official",
    "probationary",
    "exempt",
    "elsewhere",
    "suspended",
    "required",
    "attended",
    "online",
    "excused",
    "absent",
    "entitled",
    "entitled_present",
    "guests",
)

PLANNED: dict[str, Any] = {
    **dict.fromkeys(FIGURES, 0),
    "revision": 1,
    "kind": "branch",
    "is_regular": True,
    "is_model": False,
    "mode": "onsite",
    "approval_no": "",
    "title": "",
    "held_on": None,
    "started_at": None,
    "ended_at": None,
    "state": "preparing",
    "asked_at": None,
    "agreed_on": None,
    "announced_at": None,
    "round": 0,
    "not_held_reason": "",
    "roll_opened_at": None,
    "roll_closed_at": None,
    "is_from_paper": False,
    "is_amending": False,
    "closed_at": None,
    "quality": "",
    "used_material": False,
}
"""What every planned meeting begins with."""


def _state(chance: Random) -> tuple[str, str]:
    """Draw how one person attended."""
    state = chance.choices(STATES, WEIGHTS)[0]
    return state, chance.choice(REASONS) if state == "excused" else ""


def _count(counts: dict[str, int], person: Person, state: str | None) -> None:
    """Count one line of the roll into the meeting's figures."""
    came = state in CAME
    if person.group == "home":
        counts["members"] += 1
        counts["probationary" if person.standing == "probationary" else "official"] += 1
        if person.standing in ("exempt", "elsewhere", "suspended"):
            counts[person.standing] += 1
    if person.is_required:
        counts["required"] += 1
        counts["attended"] += came
        counts["excused"] += state == "excused"
        counts["absent"] += state == "absent"
    if person.is_entitled:
        counts["entitled"] += 1
        counts["entitled_present"] += came
