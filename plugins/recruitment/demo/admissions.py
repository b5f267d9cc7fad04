"""The admissions of past years, from the register of members: who, where, since when official."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from core.db import new_key
from core.generate.town import Town

from ..models import Admission, AdmissionGroup
from .telling import Teller

SINCE = date(2021, 1, 1)


def add_admissions(
    teller: Teller, town: Town, keys: Mapping[str, uuid.UUID], people: Mapping[str, uuid.UUID]
) -> None:
    """Tell an admission for every member who was admitted here in the last years."""
    homes: dict[str, list[tuple[date, date, str]]] = {}
    for row in town.affiliations:
        if row.kind == "home":
            homes.setdefault(row.member_key, []).append(
                (row.valid_from, row.valid_to, row.unit_code)
            )
    for member in town.members:
        day = member.admitted_on
        if day < SINCE or day > town.today:
            continue
        code = next((c for start, end, c in homes.get(member.key, ()) if start <= day < end), None)
        if code is None:
            continue
        key = new_key()
        teller.rows[Admission].append(
            {
                "id": key,
                "unit_id": keys[code],
                "member_id": people[member.key],
                "admitted_on": day,
                "official_on": member.official_on,
                "candidate_id": None,
                "revision": 1,
            }
        )
        teller.rows[AdmissionGroup].extend(
            {"admission_id": key, "group": group}
            for group in groups_of(member.sex, member.birth_date, day)
        )


def groups_of(sex: str, birth_date: date, day: date) -> list[str]:
    """Return the source groups somebody counted in on the day of admission."""
    groups = ["women"] if sex == "female" else []
    return [*groups, "youth"] if day.year - birth_date.year <= 30 else groups
