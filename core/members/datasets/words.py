"""What can be said of a row of the dataset `members` without knowing the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.exchange.rows import Row
from core.i18n import _
from core.names import PersonName, normalise

if TYPE_CHECKING:
    from core.members.datasets.members import Ground

DAYS = (
    "unit_from",
    "status_from",
    "admitted_on",
    "official_on",
    "left_on",
    "temporary_from",
    "position_from",
)
A_YEAR = timedelta(days=366)
PARTS = ("surname", "middle_name", "given_name")


def check_plain(ground: Ground, rows: Sequence[Row]) -> None:
    """Reject what contradicts itself: parts of the name, days, leaving, choices from tables."""
    last = ground.today + A_YEAR
    for row in rows:
        _check_name(row)
        _check_days(row, ground.today, last)
        _check_leaving(row)
        if row.get("position") and row.get("position") not in ground.positions:
            row.reject("position", _("Choose one from the list."))
        for name, needed in (
            ("position_from", "position"),
            ("temporary_from", "temporary_unit_code"),
        ):
            if row.get(name) and not row.get(needed):
                row.reject(needed, _("Fill this in too, or empty the day beside it."))


def _check_name(row: Row) -> None:
    """Reject parts that do not make up the full name."""
    get = row.values.get
    if not (get("given_name") or get("surname") or get("middle_name")):
        return
    full = get("full_name")
    parts = PersonName(*(get(part, "") for part in PARTS))
    if not full and parts.given_name:
        row.values["full_name"] = parts.full
    elif full and normalise(parts.full) != full:
        row.reject(
            "full_name",
            _(
                "Surname, middle name and given name do not make up the full name. "
                "Correct one, or empty the three."
            ),
        )


def _check_days(row: Row, today: date, last: date) -> None:
    """Reject days in the wrong order or too far ahead."""
    get = row.values.get
    for name in DAYS:
        day = get(name)
        if day and day > last:
            row.reject(name, _("This day lies more than a year ahead. Check the year."))
    born = get("birth_date")
    admitted, official = get("admitted_on"), get("official_on")
    if born and born[0] > today:
        row.reject("birth_date", _("The birth date lies in the future. Check the year."))
    if born and admitted and admitted <= born[0]:
        row.reject("admitted_on", _("The day of admission lies before the birth date."))
    if admitted and official and official < admitted:
        row.reject(
            "official_on",
            _("The day of becoming official lies before the day of admission."),
        )


def _check_leaving(row: Row) -> None:
    """Let the day of leaving mean the status, and reject it where the status says otherwise."""
    get = row.values.get
    left, status, since = get("left_on"), get("status"), get("status_from")
    if left and status is None:
        row.values["status"] = "left"
    elif left and status != "left":
        row.reject("left_on", _("Somebody who left has the status “left”, in a row of its own."))
    if left and since and left != since:
        row.reject("left_on", _("This day and “status since” differ. Correct one."))
    elif left:
        row.values["status_from"] = left
    if get("left_reason") and get("status") != "left":
        row.reject("left_reason", _("A reason of leaving belongs to the status “left” only."))
    if get("status") == "left" and not get("status_from"):
        row.reject("left_on", _("Write the day of leaving."))
