"""Rows of the demo as both stories write them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from core.db import new_key
from core.generate.town import Town
from core.work import Work

BY = "Văn phòng Đảng ủy phường"
Row = dict[str, Any]
Rows = dict[type[Any], list[Row]]
Keys = Mapping[str, uuid.UUID]


def branches(town: Town, ward: str, *days: date) -> list[str]:
    """Return the codes of the branches that stood directly under a ward on all days."""
    found: set[str] | None = None
    for day in days:
        here = {
            code
            for code, unit in town.units_on(day).items()
            if unit.kind == "branch" and unit.parent_code == ward
        }
        found = here if found is None else found & here
    return sorted(found or ())


def at(work: Work, day: date) -> datetime:
    """Return nine o'clock of a day."""
    return datetime.combine(day, time(9), work.host.zone)


def registration(work: Work, unit_id: uuid.UUID, code: str, day: date, **more: Any) -> Row:
    """Return a registration as the demo writes it."""
    return {
        "id": new_key(),
        "unit_id": unit_id,
        "model_code": code,
        "trial_id": None,
        "way": "registered",
        "registered_on": day,
        "plan": "",
        "conditions_met": "",
        "chosen_by": "",
        "vote_on": None,
        "vote_entitled": None,
        "vote_present": None,
        "vote_in_favour": None,
        "guide_id": None,
        "guide_name": "",
        "sheet": None,
        "scores": None,
        "scored_on": None,
        "self_points": None,
        "recognised_on": None,
        "recognition_points": None,
        "recognition_no": "",
        "recognised_by": "",
        "ended_on": None,
        "outcome": "",
        "refusal_reason": "",
        "created_at": at(work, day),
        "created_by": BY,
        "revision": 1,
        **more,
    }


def milestones(work: Work, made: Row, reached: Iterable[tuple[str, date]]) -> list[Row]:
    """Return the milestones a unit's part has reached by today."""
    return [
        {
            "id": new_key(),
            "registration_id": made["id"],
            "title": title,
            "reached_on": day,
            "created_at": at(work, day),
            "created_by": BY,
        }
        for title, day in reached
        if day <= work.today
    ]


def review(work: Work, unit_id: uuid.UUID, code: str, day: date, **more: Any) -> Row:
    """Return a review that was sent on its day."""
    return {
        "id": new_key(),
        "unit_id": unit_id,
        "model_code": code,
        "trial_id": None,
        "registration_id": None,
        "kind": "interim",
        "reviewed_on": day,
        "sent_at": at(work, day),
        "sent_by": BY,
        "created_at": at(work, day),
        "created_by": BY,
        "revision": 2,
        **more,
    }
