"""What programs are handed about evaluations; self-reviews only by their own route."""

from __future__ import annotations

import marshmallow as ma

from core.forms import (
    CursorField,
    DayField,
    FormSchema,
    LimitField,
    LineField,
    TextField,
    choice,
    options,
)
from core.i18n import lazy
from core.units.covering import AsOfQuery

from ..services import words
from .reviews import LEVEL


def _key(**options: object) -> ma.fields.UUID:
    return ma.fields.UUID(**options)  # type: ignore[arg-type]  # marshmallow's options


class CampaignOutput(ma.Schema):
    """A campaign with the rules it keeps."""

    id = _key()
    revision = ma.fields.Integer()
    unit_id = _key()
    title = ma.fields.String()
    period_key = ma.fields.String()
    period_kind = ma.fields.String()
    period_start = ma.fields.Date()
    period_last = ma.fields.Date()
    subjects = ma.fields.List(ma.fields.String())
    caps = ma.fields.Raw()
    scheme = ma.fields.Raw()
    state = ma.fields.String()
    document_no = ma.fields.String()
    is_filling = ma.fields.Boolean()
    unit_count = ma.fields.Integer()
    units_done = ma.fields.Integer()
    ready_at = ma.fields.AwareDateTime(allow_none=True)


class BoardOutput(ma.Schema):
    """How far a unit is."""

    code = ma.fields.String()
    name = ma.fields.String()
    stages = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())
    total = ma.fields.Integer()
    done = ma.fields.Integer()
    late = ma.fields.Integer()
    not_rated = ma.fields.Integer()


class HeadroomOutput(ma.Schema):
    """How many places are left in a group."""

    counter_id = _key()
    title = ma.fields.String()
    subject_kind = ma.fields.String()
    scope = ma.fields.String()
    base = ma.fields.Integer()
    room = ma.fields.Integer()
    extra = ma.fields.Integer()
    excellent = ma.fields.Integer()
    left = ma.fields.Integer()


class ReviewOutput(ma.Schema):
    """How far an evaluation is; never what somebody wrote about themselves."""

    id = _key()
    revision = ma.fields.Integer()
    campaign_id = _key()
    unit_id = _key()
    subject_kind = ma.fields.String()
    subject_id = _key()
    subject_name = ma.fields.String()
    form = ma.fields.String()
    stage = ma.fields.String()
    not_rated_reason = ma.fields.String()
    self_level = ma.fields.String(allow_none=True)
    residence = ma.fields.String()
    voted_level = ma.fields.String(allow_none=True)
    counted_level = ma.fields.String(allow_none=True)
    points = ma.fields.Float(allow_none=True)
    forced_level = ma.fields.String(allow_none=True)
    level = ma.fields.String(allow_none=True)
    decided_on = ma.fields.Date(allow_none=True)
    decision_no = ma.fields.String()
    returned_reason = ma.fields.String()


class SelfReviewOutput(ma.Schema):
    """A self-review, for its writer and those with the permission."""

    review_id = _key()
    revision = ma.fields.Integer()
    answers = ma.fields.Raw()
    scores = ma.fields.Raw()
    proposed_level = ma.fields.String(allow_none=True)
    saved_at = ma.fields.AwareDateTime()
    submitted_at = ma.fields.AwareDateTime(allow_none=True)


class CommentOutput(ma.Schema):
    """A request for a comment, with its answer."""

    id = _key()
    revision = ma.fields.Integer()
    review_id = _key()
    kind = ma.fields.String()
    subject_name = ma.fields.String()
    asking_name = ma.fields.String()
    asked_name = ma.fields.String()
    is_outside = ma.fields.Boolean()
    due_on = ma.fields.Date(allow_none=True)
    state = ma.fields.String()
    opinion = ma.fields.String()
    text = ma.fields.String()
    answered_on = ma.fields.Date(allow_none=True)


class AppealOutput(ma.Schema):
    """An appeal against a level."""

    id = _key()
    review_id = _key()
    received_on = ma.fields.Date()
    text = ma.fields.String()
    state = ma.fields.String()
    answer = ma.fields.String()
    document_no = ma.fields.String()


class LevelsOutput(ma.Schema):
    """Counts by level with shares."""

    key = ma.fields.String()
    name = ma.fields.String()
    rated = ma.fields.Integer()
    excellent = ma.fields.Integer()
    good = ma.fields.Integer()
    completed = ma.fields.Integer()
    not_completed = ma.fields.Integer()
    not_rated = ma.fields.Integer()
    good_or_better = ma.fields.Integer()


class ResultOutput(ma.Schema):
    """A current result."""

    name = ma.fields.String()
    unit = ma.fields.String()
    code = ma.fields.String()
    level = ma.fields.String(attribute="Result.level", allow_none=True)
    points = ma.fields.Float(attribute="Result.points", allow_none=True)
    decided_on = ma.fields.Date(attribute="Result.decided_on", allow_none=True)
    decision_no = ma.fields.String(attribute="Result.decision_no")
    version = ma.fields.Integer(attribute="Result.version")


class CountOutput(ma.Schema):
    """How many were written."""

    count = ma.fields.Integer()


class ReportOutput(ma.Schema):
    """A report as it was sent."""

    id = _key()
    document_no = ma.fields.String()
    sent_on = ma.fields.Date()
    made_at = ma.fields.AwareDateTime()
    rows = ma.fields.Raw()


class TextsInput(FormSchema):
    """A self-review as a program sends it."""

    answers = ma.fields.Dict(
        keys=ma.fields.String(), values=TextField(), load_default=dict,
        validate=ma.validate.Length(max=20),
    )  # fmt: skip
    scores = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Float(), load_default=dict,
        validate=ma.validate.Length(max=20),
    )  # fmt: skip
    level = ma.fields.String(load_default=None, allow_none=True, validate=LEVEL)
    submit = ma.fields.Boolean(load_default=False)


class PlacesOfInput(FormSchema):
    """More places for a group."""

    counter_id = _key(required=True)
    extra = ma.fields.Integer(required=True, validate=ma.validate.Range(0, 10_000))
    document_no = LineField(required=True, most=80)
    document_on = DayField(load_default=None)


class PeriodFilter(AsOfQuery):
    """Which period, by what, of which subject, with the units of then, of a day, or of today."""

    period = LineField(required=True, most=20, metadata={"label": lazy("Which period")})
    by = ma.fields.String(
        load_default="subject",
        validate=ma.validate.OneOf(["subject", "child", "kind", "sector"]),
    )
    subject = ma.fields.String(load_default="member", validate=choice(options(words.SUBJECTS)))
    level = ma.fields.String(
        load_default="", validate=choice([("", ""), ("none", ""), *options(words.LEVELS)])
    )
    cursor = CursorField()
    limit = LimitField()
