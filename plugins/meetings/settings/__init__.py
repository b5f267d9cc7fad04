"""What places decide for themselves about meetings: numbers, days and rules, with their sources."""

from __future__ import annotations

from datetime import date
from typing import Any

import marshmallow as ma

from core.forms import choice
from core.i18n import lazy
from core.settings import Default, SettingSpec

from .agenda_templates import AGENDA_BY_SECTOR

GUIDANCE = "50-CT/TW, 23/07/2025; 42-HD/BTCTW, 28/10/2025"
CHARTER = "Điều lệ Đảng, 19/01/2011; 294-QĐ/TW, 26/05/2025"
GUIDED_SINCE = date(2025, 10, 28)
GROUP = "meetings"

SHARES = (("majority", lazy("more than half")), ("two_thirds", lazy("two thirds")))
RULE = choice(SHARES)
BASE = choice(
    (
        ("entitled", lazy("official members entitled to vote")),
        ("present", lazy("official members present")),
    )
)
SHEET = choice((*SHARES, ("none", lazy("no number is asked for"))))
CONDITIONS = (
    ("away", lazy("Working away")),
    ("suspended", lazy("Suspended")),
    ("excused", lazy("Excused for a time")),
)


def _whole(low: int, high: int) -> ma.fields.Integer:
    return ma.fields.Integer(required=True, validate=ma.validate.Range(low, high), strict=True)


def _text(*, one_of: Any = None) -> ma.fields.String:
    return ma.fields.String(required=True, validate=one_of or ma.validate.Length(max=300))


def _spec(
    name: str,
    title: Any,
    field: ma.fields.Field[Any],
    *defaults: Default,
    in_sql: bool = False,
    meaning: Any = "",
) -> SettingSpec:
    return SettingSpec(
        key=f"meetings.{name}",
        title=title,
        field=field,
        defaults=defaults,
        meaning=meaning,
        in_sql=in_sql,
        group=GROUP,
    )


TIMES = (
    _spec(
        "minimum_minutes",
        lazy("Least length of a regular meeting, in minutes"),
        _whole(0, 600),
        Default(90, GUIDANCE),
        meaning=lazy(
            "Branches with few members may have a smaller number from their committee above."
        ),
    ),
    _spec(
        "minimum_minutes_with_theme",
        lazy("Least length of a regular meeting with a theme, in minutes"),
        _whole(0, 600),
        Default(120, GUIDANCE),
    ),
    _spec(
        "announce_days_before",
        lazy("Days before the meeting by which it is announced with its papers"),
        _whole(0, 30),
        Default(1, GUIDANCE),
    ),
    _spec(
        "meeting_day",
        lazy("Day of the month on which meetings are proposed"),
        _whole(1, 31),
        Default(3),
    ),
    _spec(
        "meeting_time",
        lazy("Time at which meetings are proposed"),
        _text(one_of=ma.validate.Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9]$")),
        Default("19:30"),
    ),
    _spec("meeting_place", lazy("Room in which meetings are proposed"), _text(), Default("")),
    _spec(
        "due_day_of_month",
        lazy("Day of the month by which its meeting is held and entered"),
        _whole(1, 31),
        Default(25),
        in_sql=True,
        meaning=lazy("In shorter months the last day counts."),
    ),
    _spec(
        "thematic_per_quarter",
        lazy("Thematic meetings in a quarter"),
        _whole(0, 3),
        Default(1, GUIDANCE),
        in_sql=True,
    ),
    _spec(
        "visits_per_quarter",
        lazy("Visits of superiors in a quarter, where nobody is assigned"),
        _whole(0, 3),
        Default(0),
        in_sql=True,
    ),
)

VOTES = (
    _spec(
        "quorum",
        lazy("Who must be present for a meeting to proceed"),
        _text(one_of=SHEET),
        Default("majority", CHARTER),
        meaning=lazy("More than half, two thirds, or no rule."),
    ),
    _spec(
        "vote_rule",
        lazy("Rule of an ordinary vote"),
        _text(one_of=RULE),
        Default("majority", CHARTER),
    ),
    _spec(
        "vote_rule_admission",
        lazy("Rule of a vote on admission or recognition"),
        _text(one_of=RULE),
        Default("two_thirds", CHARTER),
    ),
    _spec(
        "vote_base",
        lazy("Of whom a vote is counted: all entitled, or those present"),
        _text(one_of=BASE),
        Default("entitled", CHARTER),
    ),
    _spec(
        "vote_base_minutes",
        lazy("Of whom the vote on the minutes is counted"),
        _text(one_of=BASE),
        Default("present"),
    ),
    _spec(
        "temporary_members_vote",
        lazy("Members taking part for a time vote here"),
        ma.fields.Boolean(required=True),
        Default(False, CHARTER),
    ),
    _spec(
        "temporary_members_count",
        lazy("Members taking part for a time count in attendance here"),
        ma.fields.Boolean(required=True),
        Default(False),
    ),
    _spec(
        "conditions_not_required",
        lazy("Conditions of members who need not attend"),
        ma.fields.List(
            ma.fields.String(validate=choice(CONDITIONS)),
            required=True,
        ),
        Default(["suspended", "excused"]),
    ),
)

WAYS = (
    _spec(
        "online_allowed",
        lazy("Meetings may be held online"),
        ma.fields.Boolean(required=True),
        Default(True, "03-HD/TW, 27/12/2022"),
        meaning=lazy(
            "With the approval of the committee above; no secret ballot, no state secrets."
        ),
    ),
    _spec(
        "online_approval_no",
        lazy("Number of the document that approves online meetings"),
        _text(),
        Default(""),
    ),
    _spec(
        "agenda_templates",
        lazy("Proposed agenda for each sector: titles with minutes"),
        ma.fields.Dict(required=True),
        Default(AGENDA_BY_SECTOR, GUIDANCE),
    ),
    _spec(
        "committee_agrees",
        lazy("The branch committee agrees to the content before the meeting is announced"),
        ma.fields.Boolean(required=True),
        Default(True, GUIDANCE, GUIDED_SINCE),
    ),
    _spec(
        "task_days",
        lazy("Days proposed for a task"),
        _whole(1, 365),
        Default(20),
    ),
    _spec(
        "keep_reasons_months",
        lazy("Months after which reasons of absence are erased"),
        _whole(1, 600),
        Default(60, "Luật 91/2025/QH15"),
        in_sql=True,
    ),
    _spec(
        "overdue_days_above",
        lazy("Days after which an overdue task is shown to whoever follows the branch"),
        _whole(0, 365),
        Default(7),
    ),
)

settings = (*TIMES, *VOTES, *WAYS)
