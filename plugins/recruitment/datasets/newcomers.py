"""Members that rows of admissions bring in, or make official: with branch and status, once."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from core.exchange.rows import Row
from core.i18n import _
from core.members.datasets.person import Person
from core.members.services import HOME, STATUS, clean_number, name_columns
from core.members.services.registering import first_statuses
from core.members.spans import StatusSpan, StaySpan, put
from core.names import split_full_name
from core.periods import OPEN
from core.work import Work


def make_member(work: Work, row: Row, person: Person, unit_id: uuid.UUID) -> None:
    """Enter a new member: home since the admission, probationary, official as far as known."""
    day: date = row.get("admitted_on")
    born, precision = row.get("birth_date") or (None, "day")
    columns: dict[str, Any] = {
        "id": person.id,
        **name_columns(split_full_name(row.get("full_name"))),
        "birth_date": born,
        "birth_precision": precision,
        "sex": "",
        "card_no": clean_number(row.get("card_no")),
        "record_no": clean_number(row.get("record_no")),
        "phone": "",
        "email": "",
        "admitted_on": day,
        "official_on": row.get("official_on"),
        "created_at": work.now,
        "revision": 1,
    }
    person.write(row, columns)
    person.insert(row)
    person.replace(row, STATUS, first_statuses(day, row.get("official_on")))
    person.replace(row, HOME, [StaySpan(day, OPEN, unit_id)])
    person.settle(work.today)


def recognise(row: Row, person: Person, admitted: date, official: date) -> None:
    """Make a probationary member official from a day on, unless that is known already."""
    last = person.statuses[-1] if person.statuses else None
    if last is None or last.status != "probationary":
        return
    if official <= last.valid_from:
        if official < last.valid_from or official != admitted:
            row.reject(
                "official_on",
                _("The record says probationary from a later day on. Correct one of the two."),
            )
        return
    person.replace(row, STATUS, put(person.statuses, StatusSpan(official, OPEN, "official")))
    person.write(row, {"official_on": official})
