"""What places decide for themselves about pilot models: votes, months, sizes of groups."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.forms import choice
from core.i18n import lazy
from core.settings import Default, SettingSpec

CHARTER = "Điều lệ Đảng, 19/01/2011"


def _whole(low: int, high: int) -> ma.fields.Integer:
    return ma.fields.Integer(required=True, validate=ma.validate.Range(low, high), strict=True)


def _spec(name: str, title: Any, field: Any, default: Default, meaning: Any = "") -> SettingSpec:
    return SettingSpec(
        key=f"pilots.{name}",
        title=title,
        field=field,
        defaults=(default,),
        meaning=meaning,
        group="pilots",
    )


settings = (
    _spec(
        "branch_votes",
        lazy("A branch registers for a model by a vote"),
        ma.fields.Boolean(required=True),
        Default(True),
    ),
    _spec(
        "vote_rule",
        lazy("Rule of the vote on registering"),
        ma.fields.String(
            required=True,
            validate=choice(
                [("majority", lazy("More than half")), ("two_thirds", lazy("Two thirds"))]
            ),
        ),
        Default("majority", CHARTER),
        lazy("Counted of all who are entitled to vote."),
    ),
    _spec(
        "review_months",
        lazy("Months between two reviews, where the model says nothing"),
        _whole(1, 60),
        Default(6),
    ),
    _spec(
        "score_month",
        lazy("Month of the year from which units score themselves"),
        _whole(1, 12),
        Default(11),
    ),
    _spec(
        "days_before_sunset",
        lazy("Days before the end of a trial on which a decision is asked for"),
        _whole(0, 365),
        Default(45),
    ),
    _spec(
        "remind_days",
        lazy("Days before a review or milestone from which it is shown as work to do"),
        _whole(0, 90),
        Default(10),
    ),
    _spec(
        "small_group",
        lazy("Units in a group below which a comparison is marked as uncertain"),
        _whole(2, 1000),
        Default(10),
    ),
    _spec(
        "comparison_per_unit",
        lazy("Comparison units proposed for each unit of a trial"),
        _whole(1, 10),
        Default(2),
    ),
    _spec(
        "confidence_percent",
        lazy("How certain the range of a comparison is, in percent"),
        _whole(50, 99),
        Default(95),
    ),
)
