"""What people do with pilot models, in short: builders for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from core.access.models import Account
from core.members.models import Member
from core.testing import World
from core.work import Work
from plugins.pilots import services
from plugins.pilots.models import Registration, Trial
from plugins.pilots.services import TrialFacts, Vote

KEY = "pilots.review_months"
"""A setting of this very plugin, so that a trial needs no other one."""


@dataclass
class Town:
    """A ward with its people."""

    world: World
    head: Member
    leader: Member
    secretary: Account
    staff: Account
    chief: Account
    admin: Account

    @contextmanager
    def work(self, actor: Any = None, unit: str = "B1") -> Iterator[Work]:
        """Open a work as the secretary of B1, or as somebody else."""
        with self.world.work(actor or self.secretary, unit) as work:
            yield work

    def at(self, day: date) -> None:
        """Let it be noon of a day."""
        self.world.now = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
        self.world.system.opener.clock = lambda: self.world.now

    def key(self, code: str) -> Any:
        """Return the key of a unit."""
        return self.world.place(code).id

    def registered(
        self, unit: str = "B1", day: date = date(2026, 3, 3), code: str = "four_good_branch"
    ) -> Registration:
        """Register a unit by a vote."""
        with self.work(self.staff if unit != "B1" else None, unit) as work:
            return services.register_unit(
                work, model_code=code, registered_on=day, vote=Vote(day, 10, 9, 9)
            )

    def scored(self, unit: str = "B1", **points: int) -> Registration:
        """Register a unit and let it score itself."""
        registration = self.registered(unit)
        sheet = {"tasks": 28, "meetings": 22, "unity": 18, "people": 22, **points}
        with self.work(self.staff if unit != "B1" else None, unit) as work:
            found = services.own_registration(work, registration.id)
            services.score_unit(work, found, points=sheet, vote=Vote(None, 10, 9, 8))
            return found

    def facts(self, **changes: Any) -> TrialFacts:
        """Return the plan of a trial at B1 and B2 for three months."""
        values: dict[str, Any] = {
            "model_code": "online_meetings",
            "title": "Sinh hoạt trực tuyến quý IV",
            "starts_on": date(2026, 11, 10),
            "sunset_on": date(2027, 2, 10),
            "unit_ids": [self.key("B1"), self.key("B2")],
            "settings": [{"key": KEY, "value": 3}],
            "document_no": "12-KH/ĐU",
        }
        return TrialFacts(**{**values, **changes})

    def planned(self, **changes: Any) -> Trial:
        """Plan a trial as the ward's staff."""
        with self.work(self.staff, "W") as work:
            return services.plan_trial(work, self.facts(**changes))

    def changed(self, trial: Trial, kind: str, **options: Any) -> Trial:
        """Propose a step as the staff, and approve it as the administrator."""
        with self.work(self.staff, "W") as work:
            found = services.access_trial(work, trial.id)
            change = services.propose_change(work, found, kind=kind, **options)
        with self.work(self.admin, "W") as work:
            found = services.access_trial(work, trial.id)
            return services.approve_change(work, found, services.access_change(work, change.id))

    def running(self, **changes: Any) -> Trial:
        """Plan a trial and begin it."""
        return self.changed(self.planned(**changes), "start")
