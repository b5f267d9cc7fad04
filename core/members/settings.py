"""What a place may decide about members: numbers of regulations, each with its source."""

from __future__ import annotations

from datetime import date

import marshmallow as ma

from core.i18n import lazy
from core.settings import Default, SettingSpec

CHARTER = "Điều lệ Đảng, 19/01/2011"
GUIDANCE = "06-HD/TW, 09/06/2025"
GROUP = "core.members"

LEAST_OFFICIAL = f"{GROUP}.branch_least_official"
ELECTS_COMMITTEE = f"{GROUP}.branch_elects_committee"
BECOMES_ORGANISATION = f"{GROUP}.branch_becomes_organisation"
CARD_PATTERN = f"{GROUP}.card_pattern"
PROBATION_MONTHS = f"{GROUP}.probation_months"
RECOGNITION_DAYS = f"{GROUP}.recognition_days"
READMISSION_MONTHS = f"{GROUP}.readmission_months"
CORRECTION_DAYS = f"{GROUP}.correction_days"
TEMPORARY_COUNTED = f"{GROUP}.temporary_counted"


def _count(most: int) -> ma.fields.Integer:
    return ma.fields.Integer(strict=True, required=True, validate=ma.validate.Range(0, most))


settings = [
    SettingSpec(
        key=LEAST_OFFICIAL,
        title=lazy("Official members a branch needs at least"),
        field=_count(100),
        defaults=(Default(3, source=GUIDANCE, valid_from=date(2021, 9, 28)),),
        meaning=lazy("Below this number the overview of a branch shows a reminder."),
        group=GROUP,
    ),
    SettingSpec(
        key=ELECTS_COMMITTEE,
        title=lazy("Official members from which a branch elects a committee"),
        field=_count(1000),
        defaults=(Default(9, source=CHARTER),),
        meaning=lazy("From this number on a branch elects a branch committee, then its secretary."),
        group=GROUP,
    ),
    SettingSpec(
        key=BECOMES_ORGANISATION,
        title=lazy("Members from which a grassroots branch becomes an organisation"),
        field=_count(10_000),
        defaults=(Default(30, source=CHARTER),),
        meaning=lazy(
            "A grassroots branch of this size, or a grassroots organisation below it, "
            "needs the permission of its superior; the overview shows a reminder."
        ),
        group=GROUP,
    ),
    SettingSpec(
        key=CARD_PATTERN,
        title=lazy("Pattern of a card number"),
        field=ma.fields.String(required=True, validate=ma.validate.Length(1, 80)),
        defaults=(Default(r"[0-9]{8}", source="06-QĐ/TW, 02/2026"),),
        meaning=lazy("A regular expression; spaces and dots are taken out before."),
        group=GROUP,
    ),
    SettingSpec(
        key=PROBATION_MONTHS,
        title=lazy("Months of probation"),
        field=_count(60),
        defaults=(Default(12, source=CHARTER),),
        group=GROUP,
    ),
    SettingSpec(
        key=RECOGNITION_DAYS,
        title=lazy("Working days to consider recognition after probation"),
        field=_count(365),
        defaults=(Default(30, source="294-QĐ/TW, 26/05/2025", valid_from=date(2025, 7, 1)),),
        group=GROUP,
    ),
    SettingSpec(
        key=READMISSION_MONTHS,
        title=lazy("Months out of the Party before somebody may be readmitted"),
        field=_count(600),
        defaults=(Default(36, source="294-QĐ/TW, 26/05/2025", valid_from=date(1, 1, 1)),),
        group=GROUP,
    ),
    SettingSpec(
        key=CORRECTION_DAYS,
        title=lazy("Days to answer a member's request for a correction"),
        field=_count(60),
        defaults=(Default(10, source="356/2025/NĐ-CP, 31/12/2025", valid_from=date(2026, 1, 1)),),
        group=GROUP,
    ),
    SettingSpec(
        key=TEMPORARY_COUNTED,
        title=lazy("Members here for a time stand in the branch's own list"),
        field=ma.fields.Boolean(required=True),
        defaults=(Default(False, source=GUIDANCE),),
        meaning=lazy(
            "They keep their vote and their place in the head count at home; "
            "switched on, the list of a branch shows them below its own members."
        ),
        group=GROUP,
    ),
]
