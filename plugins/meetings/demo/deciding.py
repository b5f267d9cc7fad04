"""What a told meeting decided: agenda, votes, resolutions, tasks, minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from core.db import new_key

from . import stories
from .shapes import TABLES, Branch, Person, Rows


@dataclass
class Decisions:
    """Rows told so far, and how a meeting's decisions are told."""

    seed: int
    today: date
    zone: ZoneInfo
    rows: Rows = field(default_factory=lambda: {name: [] for name in TABLES})

    def instant(self, day: date, at: time) -> datetime:
        """Return an instant of the site."""
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def _agenda(
        self, meeting: dict[str, Any], branch: Branch, ended: datetime | None, chance: Random
    ) -> list[dict[str, Any]]:
        """Write the agenda, with conclusions where the meeting was held."""
        items = []
        for order, (title, minutes, origin) in enumerate(stories.AGENDA):
            items.append(
                {
                    "id": new_key(),
                    "meeting_id": meeting["id"],
                    "order": order + 1,
                    "title": title,
                    "minutes": minutes,
                    "presenter_id": meeting["chair_id"],
                    "presenter_name": meeting["chair_name"],
                    "origin": origin,
                    "origin_id": None,
                    "reason": "",
                    "draft_resolution": "",
                    "started_at": None,
                    "discussion": chance.choice(stories.DISCUSSION) if ended and order > 1 else "",
                    "conclusion": chance.choice(stories.CONCLUSIONS) if ended else "",
                    "concluded_at": ended,
                }
            )
        self.rows["item"].extend(items)
        return items

    def _resolve(
        self,
        meeting: dict[str, Any],
        item: dict[str, Any],
        roll: Sequence[Person],
        day: date,
        chance: Random,
    ) -> dict[str, Any] | None:
        """About every second meeting adopts a resolution with two points."""
        entitled, present = meeting["entitled"], meeting["entitled_present"]
        needed = entitled // 2 + 1
        against = chance.choice((0, 0, 0, 1))
        if chance.random() > 0.55 or present - against < needed:
            return None
        title, *texts = chance.choice(stories.RESOLUTIONS)
        vote = {
            **dict.fromkeys(("issued", "returned", "valid", "invalid")),
            "id": new_key(),
            "meeting_id": meeting["id"],
            "item_id": item["id"],
            "question": f"Nghị quyết về {title}",
            "kind": "decision",
            "method": "cards",
            "rule": "majority",
            "base": "entitled",
            "base_count": entitled,
            "needed": needed,
            "present": present,
            "in_favour": present - against,
            "against": against,
            "abstained": 0,
            "is_passed": True,
            "what_next": "",
            "at": meeting["ended_at"],
        }
        self.rows["vote"].append(vote)
        return self._write_resolution(meeting, item, vote, title, texts, roll, day, chance)

    def _write_resolution(
        self,
        meeting: dict[str, Any],
        item: dict[str, Any],
        vote: dict[str, Any],
        title: str,
        texts: Sequence[str],
        roll: Sequence[Person],
        day: date,
        chance: Random,
    ) -> dict[str, Any]:
        """Write a resolution and its points; return the first point."""
        key = new_key()
        self.rows["resolution"].append(
            {
                "id": key,
                "unit_id": meeting["unit_id"],
                "revision": 1,
                "meeting_id": meeting["id"],
                "item_id": item["id"],
                "vote_id": vote["id"],
                "title": title,
                "text": "\n".join(texts),
                "grounds": "",
                "decided_on": day,
                "number": None,
                "code": "",
                "issued_on": None,
                "document_id": None,
                "is_done": day < self.today - timedelta(days=75),
            }
        )
        points = []
        for order, text in enumerate(texts):
            owner = _somebody(roll, chance)
            points.append(
                {
                    "id": new_key(),
                    "resolution_id": key,
                    "order": order + 1,
                    "text": text,
                    "owner_id": owner.id if owner else None,
                    "owner_name": owner.name if owner else "",
                    "due_on": day + timedelta(days=28),
                }
            )
        self.rows["point"].extend(points)
        return points[0]

    def _give_tasks(
        self,
        meeting: dict[str, Any],
        branch: Branch,
        item: dict[str, Any],
        roll: Sequence[Person],
        day: date,
        point: dict[str, Any] | None,
        chance: Random,
    ) -> None:
        """Give one to three tasks; most are done by their day, a few are not."""
        pool = stories.TASKS.get(branch.sector, stories.TASKS["office"])
        for title in chance.sample(pool, chance.randint(1, 3)):
            owner = _somebody(roll, chance)
            if owner is None:
                continue
            due = day + timedelta(days=chance.randint(14, 29))
            done = due - timedelta(days=chance.randint(-4, 9))
            is_done = done <= self.today and chance.random() < 0.93
            self.rows["task"].append(
                {
                    "id": new_key(),
                    "unit_id": meeting["unit_id"],
                    "revision": 1,
                    "title": title,
                    "owner_id": owner.id,
                    "owner_name": owner.name,
                    "given_on": day,
                    "due_on": due,
                    "closed_on": done if is_done else None,
                    "state": "done" if is_done else chance.choice(("todo", "doing")),
                    "meeting_id": meeting["id"],
                    "item_id": item["id"],
                    "resolution_item_id": point["id"] if point else None,
                    "carried_from_id": None,
                    "report": chance.choice(stories.REPORTS) if is_done else "",
                    "reported_at": self.instant(done, time(20, 0)) if is_done else None,
                    "done_on": done if is_done else None,
                    "requested_due_on": None,
                    "request_reason": "",
                    "times_reminded": 0,
                    "reminded_at": None,
                    "dropped_reason": "",
                    "origin": "",
                    "created_at": meeting["ended_at"],
                    "created_by": meeting["chair_name"],
                }
            )
            point = None

    def _minutes(self, meeting: dict[str, Any], ended: datetime, *, locked: bool) -> None:
        """Write the minutes; their paper is printed when somebody asks for it."""
        after = ended + timedelta(days=1)
        present = meeting["entitled_present"]
        self.rows["minutes"].append(
            {
                "id": new_key(),
                "revision": 1,
                "meeting_id": meeting["id"],
                "version": 1,
                "state": "locked" if locked else "draft",
                "previous_id": None,
                "amendment_reason": "",
                "read_out_at": ended if locked else None,
                "adopted_present": present if locked else None,
                "adopted_in_favour": present if locked else None,
                "clerk_confirmed_at": after if locked else None,
                "clerk_confirmed_by": meeting["clerk_name"] if locked else "",
                "chair_confirmed_at": after if locked else None,
                "chair_confirmed_by": meeting["chair_name"] if locked else "",
                "locked_at": after if locked else None,
                "locked_by": meeting["chair_name"] if locked else "",
                "signed_on": after.date() if locked else None,
                "book_no": "",
                "page_no": "",
                "body": None,
                "figures": None,
                "document_id": None,
                "created_at": ended,
                "created_by": meeting["clerk_name"],
            }
        )


def _somebody(roll: Sequence[Person], chance: Random) -> Person | None:
    """Choose somebody who must attend."""
    some = [person for person in roll if person.is_required]
    return chance.choice(some) if some else None
