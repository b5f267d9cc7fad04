"""What places decide for themselves about admission: the dossier and its numbers, with sources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import marshmallow as ma

from core.forms import choice
from core.i18n import LazyText, lazy
from core.settings import Default, SettingSpec

from .dossier_template import (
    DEFAULT_STEPS,
    KINDS,
    NEEDED_STAGES,
    OWNERS,
    STAGES,
    StepField,
    check_dossier,
)

CHARTER = "Điều lệ Đảng, 19/01/2011; 294-QĐ/TW, 26/05/2025"
REGULATION = "294-QĐ/TW, 26/05/2025"
GUIDANCE = "06-HD/TW, 09/06/2025"
PROCEDURE = "12-HD/BTCTW, 17/05/2022"
PRIVACY = "Luật 91/2025/QH15"
TARGETS = "21-NQ/TW, 16/06/2022"
GROUP = "recruitment"

RULES = {
    "two_thirds": lazy("at least two thirds of those entitled"),
    "majority": lazy("more than half of those entitled"),
}
EDUCATION = {
    "none": lazy("Below primary school"),
    "primary": lazy("Primary school"),
    "lower_secondary": lazy("Lower secondary school"),
    "upper_secondary": lazy("Upper secondary school"),
    "college": lazy("College"),
    "university": lazy("University or above"),
}
GROUPS: dict[str, str] = {
    "youth": "Thanh niên",
    "women": "Phụ nữ",
    "intellectuals": "Trí thức",
    "village_officials": "Cán bộ thôn, tổ dân phố",
    "workers": "Công nhân, người lao động",
    "private_firms": "Doanh nghiệp ngoài nhà nước",
    "militia": "Dân quân tự vệ",
    "heads_of_associations": "Trưởng các chi hội, đoàn thể ở khu dân cư",
    "students": "Học sinh, sinh viên",
    "ethnic_minority": "Người dân tộc thiểu số",
    "religious": "Người theo tôn giáo",
}


def _whole(low: int, high: int) -> ma.fields.Integer:
    return ma.fields.Integer(required=True, validate=ma.validate.Range(low, high), strict=True)


def _days() -> ma.fields.List[str]:
    return ma.fields.List(
        ma.fields.String(validate=ma.validate.Regexp(r"^\d{4}-\d{2}-\d{2}$")), required=True
    )


def _choice(words: Mapping[str, LazyText]) -> ma.fields.String:
    return ma.fields.String(required=True, validate=choice(list(words.items())))


def _spec(
    name: str,
    title: Any,
    field: ma.fields.Field[Any],
    *defaults: Default,
    in_sql: bool = False,
    meaning: Any = "",
) -> SettingSpec:
    return SettingSpec(
        key=f"recruitment.{name}",
        title=title,
        field=field,
        defaults=defaults,
        meaning=meaning,
        in_sql=in_sql,
        group=GROUP,
    )


DOSSIER = (
    _spec(
        "dossier",
        lazy("Steps and papers of an admission"),
        ma.fields.List(ma.fields.Nested(StepField), required=True, validate=check_dossier),
        Default(DEFAULT_STEPS, f"{GUIDANCE}; {PROCEDURE}"),
        meaning=lazy(
            "Each step has a key, a title, a stage, who has it, its form and how long it is valid."
        ),
    ),
    _spec(
        "source_groups",
        lazy("Source groups from which candidates come"),
        ma.fields.Dict(
            keys=ma.fields.String(validate=ma.validate.Regexp(r"^[a-z0-9_]{1,30}$")),
            values=ma.fields.String(validate=ma.validate.Length(1, 100)),
            required=True,
        ),
        Default(GROUPS, TARGETS),
        meaning=lazy("Chosen from this list, counted in sums only."),
    ),
)

CLOCKS = (
    _spec(
        "certificate_months",
        lazy("Months for which the certificate of the awareness class is valid"),
        _whole(1, 600),
        Default(60, REGULATION),
    ),
    _spec(
        "paper_months",
        lazy("Months after which papers of a dossier must be renewed"),
        _whole(1, 600),
        Default(12, GUIDANCE),
    ),
    _spec(
        "decision_days",
        lazy("Working days for the decision of the committee in charge"),
        _whole(1, 400),
        Default(60, REGULATION),
    ),
    _spec(
        "ceremony_days",
        lazy("Working days for the ceremony after the decision was received"),
        _whole(1, 400),
        Default(30, REGULATION),
    ),
    _spec(
        "recognition_vote_days",
        lazy("Working days for the branch to consider recognition after probation"),
        _whole(1, 400),
        Default(30, REGULATION),
    ),
    _spec(
        "recognition_days",
        lazy("Working days for the decision on recognition"),
        _whole(1, 400),
        Default(30, REGULATION),
    ),
    _spec(
        "pool_review_months",
        lazy("Months after which the list of the pool is looked over again"),
        _whole(1, 60),
        Default(1, GUIDANCE),
    ),
    _spec(
        "remind_days_before",
        lazy("Days before a clock runs out on which reminders are sent"),
        ma.fields.List(_whole(0, 365), required=True),
        Default([30, 7, 0]),
        meaning=lazy("0 is the day itself."),
    ),
    _spec(
        "extra_days_off",
        lazy("Further days off, such as bridge days announced by the Government"),
        _days(),
        Default([]),
        meaning=lazy("As year-month-day. Tết, public holidays and days in lieu are known already."),
    ),
    _spec(
        "extra_working_days",
        lazy("Days at the weekend on which work is made up"),
        _days(),
        Default([]),
        meaning=lazy("As year-month-day. Announced make-up days are known already."),
    ),
)

CONDITIONS = (
    _spec(
        "least_age_months",
        lazy("Least age in full months when the branch considers"),
        _whole(1, 1200),
        Default(216, REGULATION),
    ),
    _spec(
        "most_age_months",
        lazy("Age in full months above which the provincial level agrees first"),
        _whole(1, 1200),
        Default(720, REGULATION),
    ),
    _spec(
        "least_education",
        lazy("Least education"),
        _choice(EDUCATION),
        Default("lower_secondary", REGULATION),
        meaning=lazy("Mountain, island and minority areas may have a smaller one by guidance."),
    ),
    _spec(
        "introducers",
        lazy("Introducers a candidate needs; a union counts as one"),
        _whole(1, 5),
        Default(2, CHARTER),
    ),
    _spec(
        "introducer_months",
        lazy("Months an introducer has known the candidate in the same unit"),
        _whole(0, 120),
        Default(12, GUIDANCE),
        meaning=lazy("Somebody who replaces an introducer need not have them."),
    ),
)

VOTES = (
    _spec(
        "vote_rule",
        lazy("Rule of the branch's vote on admission and recognition"),
        _choice(RULES),
        Default("two_thirds", CHARTER),
    ),
    _spec(
        "committee_vote_rule",
        lazy("Rule of a committee's vote on admission and recognition"),
        _choice(RULES),
        Default("two_thirds", CHARTER),
    ),
    _spec(
        "failed_votes",
        lazy("Failed votes after which the case goes to the superior"),
        _whole(1, 20),
        Default(3, REGULATION, date(2025, 7, 1)),
    ),
)

KEEPING = (
    _spec(
        "keep_closed_months",
        lazy("Months after which refused or withdrawn candidates are made anonymous"),
        _whole(1, 600),
        Default(12, PRIVACY),
        in_sql=True,
    ),
    _spec(
        "quiet_years",
        lazy("Years without an admission after which a branch is listed"),
        _whole(1, 30),
        Default(3),
        in_sql=True,
    ),
)

settings = (*DOSSIER, *CLOCKS, *CONDITIONS, *VOTES, *KEEPING)

__all__ = [
    "DEFAULT_STEPS",
    "EDUCATION",
    "KINDS",
    "NEEDED_STAGES",
    "OWNERS",
    "RULES",
    "STAGES",
    "settings",
]
