"""What places decide for themselves about evaluation; every number of a regulation stands here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import marshmallow as ma

from core.forms import choice
from core.i18n import lazy
from core.settings import Default, SettingSpec
from core.units.labels import SECTOR

from .schemes import BY_LEVELS, BY_POINTS, FORCED_LEVELS

REGULATION_124 = "124-QĐ/TW, 04/10/2023; 25-HD/BTCTW, 10/11/2023"
REGULATION_366 = "366-QĐ/TW, 30/08/2025; 43-HD/BTCTW, 31/10/2025"
SINCE_366 = date(2025, 8, 30)
GUIDANCE_21 = "21-HD/BTCTW, 18/10/2019"
GROUP = "evaluation"
SECTORS = {**SECTOR, "": lazy("without a sector")}
LEVELS = ["excellent", "good", "completed", "not_completed"]
RESOLVERS = ["own", "committee", "grassroots", "parent", "grassroots_superior", "campaign"]


def _whole(low: int, high: int) -> ma.fields.Integer:
    return ma.fields.Integer(required=True, validate=ma.validate.Range(low, high), strict=True)


def _chosen(words: Mapping[str, Any]) -> ma.fields.String:
    """Return a field that takes one of these, shown in words."""
    return ma.fields.String(required=True, validate=choice(list(words.items())))


def _several(words: Mapping[str, Any]) -> ma.fields.List[Any]:
    return ma.fields.List(_chosen(words), required=True)


def _one_of(*allowed: str) -> ma.fields.String:
    return ma.fields.String(required=True, validate=ma.validate.OneOf(allowed))


class Cap(ma.Schema):
    """One rule: of which subjects, within what, of which base, how many percent, how rounded."""

    subject = _one_of("unit", "collective", "leader", "member")
    scope = _one_of("grassroots_org", "peer_group", "superior", "campaign")
    base = _one_of("good_or_better", "good_only", "all_rated")
    percent = ma.fields.Float(required=True, validate=ma.validate.Range(0, 100))
    rounding = _one_of("floor", "nearest")


class Bodies(ma.Schema):
    """Which body appraises and which decides, as seen from the unit of a subject."""

    appraise = _one_of(*RESOLVERS)
    decide = _one_of(*RESOLVERS)


class Forced(ma.Schema):
    """A condition that leaves no better level than this."""

    code = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    title = ma.fields.String(required=True, validate=ma.validate.Length(1, 300))
    level = _one_of(*LEVELS)


class Criterion(ma.Schema):
    """A criterion with the most points it gives and the facts shown beside it."""

    key = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    title = ma.fields.String(required=True, validate=ma.validate.Length(1, 300))
    most = ma.fields.Integer(load_default=None, allow_none=True)
    evidence = ma.fields.List(ma.fields.String(), load_default=list)


class Part(ma.Schema):
    """A section of a form."""

    key = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    title = ma.fields.String(required=True, validate=ma.validate.Length(1, 300))


class FormOf(ma.Schema):
    """A form with its sections."""

    title = ma.fields.String(required=True)
    parts = ma.fields.List(ma.fields.Nested(Part), required=True)


class Criteria(ma.Schema):
    """The criteria of persons and of organisations."""

    person = ma.fields.List(ma.fields.Nested(Criterion), required=True)
    organisation = ma.fields.List(ma.fields.Nested(Criterion), required=True)


class Scheme(ma.Schema):
    """How a period is evaluated: with points and bands, or by levels alone."""

    name = ma.fields.String(required=True)
    points = ma.fields.Boolean(required=True)
    bands = ma.fields.Dict(
        keys=ma.fields.String(validate=ma.validate.OneOf(LEVELS)),
        values=ma.fields.Float(),
        required=True,
    )
    grades = ma.fields.List(ma.fields.String(), load_default=list)
    criteria = ma.fields.Nested(Criteria, required=True)
    forms = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Nested(FormOf), required=True)


def _spec(
    name: str,
    title: Any,
    field: ma.fields.Field[Any],
    *defaults: Default,
    in_sql: bool = False,
    meaning: Any = "",
) -> SettingSpec:
    return SettingSpec(
        key=f"evaluation.{name}",
        title=title,
        field=field,
        defaults=defaults,
        meaning=meaning,
        in_sql=in_sql,
        group=GROUP,
    )


def _cap(subject: str, scope: str) -> dict[str, Any]:
    return {
        "subject": subject,
        "scope": scope,
        "base": "good_or_better",
        "percent": 20.0,
        "rounding": "floor",
    }


CAPS = [
    _cap("member", "grassroots_org"),
    _cap("unit", "peer_group"),
    _cap("unit", "superior"),
    _cap("collective", "peer_group"),
    _cap("leader", "superior"),
]
BODIES = {
    "member": {"appraise": "committee", "decide": "committee"},
    "collective": {"appraise": "parent", "decide": "parent"},
    "unit": {"appraise": "parent", "decide": "parent"},
    "leader": {"appraise": "parent", "decide": "parent"},
}
DAYS = {
    "branch": {
        "self_review": "12-05",
        "comments": "12-08",
        "vote": "12-12",
        "appraisal": "12-16",
        "decision": "12-20",
        "notice": "12-25",
    },
    "grassroots": {
        "self_review": "12-12",
        "comments": "12-14",
        "vote": "12-18",
        "appraisal": "12-22",
        "decision": "12-28",
        "notice": "12-31",
    },
    "superior": {
        "self_review": "12-20",
        "comments": "12-24",
        "vote": "12-28",
        "appraisal": "+01-10",
        "decision": "+01-20",
        "notice": "+01-31",
    },
}

RULES = (
    _spec(
        "scheme",
        lazy("How a period is evaluated: levels, points, bands, criteria, forms"),
        ma.fields.Nested(Scheme, required=True),
        Default(BY_LEVELS, REGULATION_124),
        Default(BY_POINTS, REGULATION_366, SINCE_366),
        meaning=lazy("What holds on the last day of the period counts for it."),
    ),
    _spec(
        "caps",
        lazy("Caps on “excellent”: base, percent, scope and rounding"),
        ma.fields.List(ma.fields.Nested(Cap), required=True),
        Default(CAPS, f"{REGULATION_124}; {GUIDANCE_21}"),
        meaning=lazy("Several rules hold at once. A campaign keeps those of its opening."),
    ),
    _spec(
        "competent_bodies",
        lazy("Which body appraises and which decides, for each subject"),
        ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Nested(Bodies), required=True),
        Default(BODIES, REGULATION_366),
    ),
    _spec(
        "order",
        lazy("What must be decided before what"),
        _several(
            {
                "lower_first": lazy("lower levels before higher ones"),
                "collective_first": lazy("the collective before its persons"),
                "members_before_unit": lazy("members before their organisation"),
                "unit_before_leader": lazy("the organisation before its leader"),
            }
        ),
        Default(
            ["lower_first", "collective_first", "members_before_unit", "unit_before_leader"],
            REGULATION_124,
        ),
    ),
    _spec(
        "forced_levels",
        lazy("Conditions that leave no better level"),
        ma.fields.List(ma.fields.Nested(Forced), required=True),
        Default(
            [
                {"code": code, "title": title, "level": level}
                for code, title, level in FORCED_LEVELS
            ],
            REGULATION_366,
        ),
    ),
    _spec(
        "statuses_not_rated",
        lazy("Standings of members who are not rated"),
        _several(
            {
                "exempt": lazy("exempt from work and meetings"),
                "suspended": lazy("suspended"),
                "probationary": lazy("probationary"),
            }
        ),
        Default(["exempt", "suspended"], REGULATION_124),
    ),
    _spec(
        "months_before_rated",
        lazy("Months of membership before somebody is rated"),
        _whole(0, 60),
        Default(6, REGULATION_124),
    ),
)

WAYS = (
    _spec(
        "stage_days",
        lazy("Days proposed for the stages, month-day; + means the year after"),
        ma.fields.Dict(
            keys=_one_of("branch", "grassroots", "superior"),
            values=ma.fields.Dict(
                keys=ma.fields.String(),
                values=ma.fields.String(validate=ma.validate.Regexp(r"^\+?\d\d-\d\d$")),
            ),
            required=True,
        ),
        Default(DAYS, REGULATION_366),
    ),
    _spec(
        "residence_exempt_sectors",
        lazy("Sectors whose members need no comment of the branch where they live"),
        _several(SECTORS),
        Default(["residential", "", "military", "police"], "213-QĐ/TW, 02/01/2020"),
    ),
    _spec(
        "former_unit_months",
        lazy("Months since a transfer within which the former branch is asked for a comment"),
        _whole(0, 24),
        Default(6, REGULATION_366),
    ),
    _spec(
        "sectors_of_form_2b",
        lazy("Sectors whose members write form 2B: they work in the political system"),
        _several(SECTORS),
        Default(["office", "public_service", "school", "military", "police"], REGULATION_366),
    ),
    _spec(
        "leading_positions",
        lazy("Positions that are evaluated as leaders"),
        ma.fields.List(
            ma.fields.String(
                validate=ma.validate.Length(max=80),
                metadata={"words": {"secretary": lazy("secretary")}},
            ),
            required=True,
        ),
        Default(["secretary"], REGULATION_366),
    ),
    _spec(
        "vote_rule",
        lazy("How many ballots a proposed level needs"),
        _chosen({"majority": lazy("more than half"), "two_thirds": lazy("two thirds")}),
        Default("majority", REGULATION_366),
        meaning=lazy("Ballots for a better level count for this one too."),
    ),
    _spec(
        "vote_base",
        lazy("Of whom the ballots are counted: all entitled, or those present"),
        _chosen({"entitled": lazy("all entitled"), "present": lazy("those present")}),
        Default("present", REGULATION_366),
    ),
    _spec(
        "keep_self_reviews_months",
        lazy("Months after the period for which self-reviews are kept"),
        _whole(1, 600),
        Default(24, "Luật 91/2025/QH15"),
        in_sql=True,
    ),
    _spec(
        "award_years",
        lazy("Years running of “excellent” that an award needs"),
        _whole(2, 10),
        Default(5, GUIDANCE_21),
    ),
)

settings = (*RULES, *WAYS)
"""All settings of evaluation."""
