"""Telling one dossier as rows: what is there, what is missing, which clocks run."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from core.db import new_key

from ..models import (
    Admission,
    AdmissionGroup,
    Candidate,
    Clock,
    DossierPaper,
    DossierVote,
    Judgement,
    Passage,
    Supporter,
)
from ..services import needed_of
from ..services.workdays import WorkingDays, months_after
from ..settings import DEFAULT_STEPS, STAGES

MODELS: tuple[Any, ...] = (
    Candidate,
    Supporter,
    Passage,
    DossierPaper,
    DossierVote,
    Judgement,
    Clock,
    Admission,
    AdmissionGroup,
)
MONTHS = {"certificate": 60, "papers": 12}
DECISION_DAYS, CEREMONY_DAYS, VOTE_DAYS = 60, 30, 30
BY = "Chi ủy chi bộ"


@dataclass(frozen=True, slots=True)
class Home:
    """A branch with those who may introduce and help, and how many vote."""

    unit_id: uuid.UUID
    name: str
    sector: str
    helpers: Sequence[tuple[uuid.UUID, str]]
    entitled: int
    above_id: uuid.UUID
    above_name: str
    committee: int


class Teller:
    """Collects the rows of dossiers, table by table."""

    def __init__(self, chance: Random, today: date, zone: ZoneInfo) -> None:
        """Begin without rows."""
        self.chance, self.today, self.zone = chance, today, zone
        self.rows: dict[Any, list[dict[str, Any]]] = {model: [] for model in MODELS}
        self.days = WorkingDays()

    def at(self, day: date) -> datetime:
        """Return an instant on a day."""
        return datetime.combine(day, time(9), self.zone)

    def rows_of_admission(self, member_id: uuid.UUID, on: date) -> list[dict[str, Any]]:
        """Return the rows of a member's admission of a day."""
        return [
            row
            for row in self.rows[Admission]
            if (row["member_id"], row["admitted_on"]) == (member_id, on)
        ]

    def add(self, model: Any, **values: Any) -> uuid.UUID:
        """Add a row."""
        key = new_key()
        self.rows[model].append({"id": key, **values})
        return key

    def passage(self, candidate: uuid.UUID, kind: str, to_stage: str, on: date) -> None:
        """Add a line of the way."""
        at = STAGES.index(to_stage)
        self.add(
            Passage,
            candidate_id=candidate,
            kind=kind,
            from_stage=STAGES[at - 1] if kind == "stage" and at else "",
            to_stage=to_stage,
            from_unit_id=None,
            to_unit_id=None,
            missing=[],
            document_no="",
            on=on,
            at=self.at(on),
            by=BY,
        )

    def paper(self, candidate: uuid.UUID, step: dict[str, Any], on: date, *, runs: bool) -> None:
        """Add a paper, with its clock where it is valid for a time."""
        months = MONTHS.get(step["validity"])
        until = months_after(on, months) if months else None
        left_out = step["key"] in ("union", "section_report")
        self.add(
            DossierPaper,
            candidate_id=candidate,
            step=step["key"],
            form=step["form"],
            title=step["title"],
            dated_on=on,
            number="",
            result="not_applicable" if left_out else "met" if step["key"] == "verification" else "",
            valid_until=None if left_out else until,
            checked_on=on,
            checked_by=BY,
            document_id=None,
            replaced_at=None,
            revision=1,
        )
        if until is not None and months and not left_out:
            self.clock(candidate, "paper", on, months, until, step=step["key"], stopped=not runs)

    def clock(
        self,
        candidate: uuid.UUID,
        kind: str,
        on: date,
        length: int,
        due: date,
        *,
        step: str = "",
        working: bool = False,
        stopped: bool = False,
    ) -> None:
        """Add a clock."""
        self.add(
            Clock,
            candidate_id=candidate,
            kind=kind,
            step=step,
            started_on=on,
            length=length,
            in_working_days=working,
            source="294-QĐ/TW, 26/05/2025",
            due_on=due,
            stopped_on=self.today if stopped else None,
            reminded=None,
        )

    def vote(
        self, candidate: uuid.UUID, home: Home, step: str, on: date, *, passed: bool = True
    ) -> None:
        """Add a vote of the branch, or of the committee above it."""
        committee = step == "committee_vote"
        entitled = home.committee if committee else home.entitled
        needed = needed_of("two_thirds", entitled)
        present = max(needed, entitled - self.chance.randint(0, max(0, entitled // 6)))
        favour = self.chance.randint(needed, present) if passed else max(0, needed - 1)
        self.add(
            DossierVote,
            candidate_id=candidate,
            step=step,
            unit_id=home.above_id if committee else home.unit_id,
            unit_name=home.above_name if committee else home.name,
            is_committee=committee,
            held_on=on,
            entitled=entitled,
            present=present,
            in_favour=favour,
            against=present - favour,
            invalid=0,
            rule="two_thirds",
            rule_source="Điều lệ Đảng, 19/01/2011; 294-QĐ/TW, 26/05/2025",
            needed=needed,
            is_passed=favour >= needed,
            number="",
            document_id=None,
            at=self.at(on),
            by=BY,
        )

    def supporter(
        self, candidate: uuid.UUID, who: tuple[uuid.UUID, str], role: str, since: date
    ) -> None:
        """Add somebody who introduces or helps."""
        self.add(
            Supporter,
            candidate_id=candidate,
            member_id=who[0],
            name=who[1],
            role=role,
            known_since=since - timedelta(days=900) if role == "introducer" else None,
            is_replacement=False,
            since=since,
            until=None,
        )

    def judgement(self, candidate: uuid.UUID, on: date) -> None:
        """Add the decision about the conditions."""
        self.add(
            Judgement,
            candidate_id=candidate,
            outcome="accepted",
            computed=[],
            document_no="",
            on=on,
            at=self.at(on),
            by=BY,
        )


def steps_at(stage: str) -> list[dict[str, Any]]:
    """Return the usual steps of a stage that are papers."""
    return [
        step
        for step in DEFAULT_STEPS
        if step["stage"] == stage and (step["kind"] in ("paper", "verification"))
    ]
