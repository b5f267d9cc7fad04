"""What programs are handed of the details: steps, ballots, versions, criteria, days, reports."""

from __future__ import annotations

import marshmallow as ma

from core.forms import CursorField, LimitField, choice, options
from core.units.covering import AsOfQuery

from ..services import words
from .output import LevelsOutput, ReportOutput, ReviewOutput


class StepOutput(ma.Schema):
    """One act on an evaluation."""

    at = ma.fields.AwareDateTime()
    by = ma.fields.String()
    action = ma.fields.String()
    from_stage = ma.fields.String()
    to_stage = ma.fields.String()
    reason = ma.fields.String()
    document_no = ma.fields.String()


class BallotOutput(ma.Schema):
    """Ballots on an evaluation, as counts."""

    voted_on = ma.fields.Date()
    entitled = ma.fields.Integer()
    present = ma.fields.Integer()
    issued = ma.fields.Integer()
    returned = ma.fields.Integer()
    invalid = ma.fields.Integer()
    excellent = ma.fields.Integer()
    good = ma.fields.Integer()
    completed = ma.fields.Integer()
    not_completed = ma.fields.Integer()


class VersionOutput(ma.Schema):
    """A version of a result."""

    version = ma.fields.Integer()
    is_current = ma.fields.Boolean()
    level = ma.fields.String(allow_none=True)
    points = ma.fields.Float(allow_none=True)
    decided_on = ma.fields.Date(allow_none=True)
    decision_no = ma.fields.String()
    reason = ma.fields.String()
    made_at = ma.fields.AwareDateTime()


class FactOutput(ma.Schema):
    """A fact beside a criterion."""

    title = ma.fields.String()
    text = ma.fields.String()
    source = ma.fields.String()
    period = ma.fields.String()


class CriterionOutput(ma.Schema):
    """A criterion with the facts beside it."""

    key = ma.fields.String()
    title = ma.fields.String()
    most = ma.fields.Integer(allow_none=True)
    facts = ma.fields.List(ma.fields.Nested(FactOutput))


class StageDayOutput(ma.Schema):
    """By which day a tier finishes a stage."""

    tier = ma.fields.String()
    stage = ma.fields.String()
    due_on = ma.fields.Date()


class ExtensionOutput(ma.Schema):
    """A later day for one unit and everything under it."""

    unit = ma.fields.String()
    stage = ma.fields.String(attribute="row.stage")
    due_on = ma.fields.Date(attribute="row.due_on")
    document_no = ma.fields.String(attribute="row.document_no")
    document_on = ma.fields.Date(attribute="row.document_on", allow_none=True)
    reason = ma.fields.String(attribute="row.reason")


class MovedOutput(ma.Schema):
    """A member who moved since the opening, and the unit they belong to today."""

    review = ma.fields.Nested(ReviewOutput)
    belongs_to = ma.fields.UUID()


class DifferenceOutput(ma.Schema):
    """A line of a report whose figures changed since."""

    name = ma.fields.String()
    then = ma.fields.Nested(LevelsOutput)
    now = ma.fields.Nested(LevelsOutput)


class ReportShownOutput(ma.Schema):
    """A report as it was sent, and what changed since."""

    report = ma.fields.Nested(ReportOutput)
    differences = ma.fields.List(ma.fields.Nested(DifferenceOutput))


class PeriodOutput(ma.Schema):
    """A period with results; a term or one on demand is known by its key."""

    key = ma.fields.String()
    kind = ma.fields.String()
    start = ma.fields.Date()
    last_day = ma.fields.Date()
    title = ma.fields.String()


class OverCapOutput(ma.Schema):
    """A group of imported results with more excellent ones than the rule of its time."""

    unit = ma.fields.String()
    subject_kind = ma.fields.String()
    scope = ma.fields.String()
    base = ma.fields.Integer()
    room = ma.fields.Integer()
    excellent = ma.fields.Integer()
    sentence = ma.fields.String()


class RunningFilter(AsOfQuery):
    """Up to which year, of which subject, how many years running, with which units."""

    year = ma.fields.Integer(required=True, validate=ma.validate.Range(1930, 2200))
    years = ma.fields.Integer(load_default=None, validate=ma.validate.Range(2, 10))
    subject = ma.fields.String(load_default="member", validate=choice(options(words.SUBJECTS)))
    cursor = CursorField()
    limit = LimitField()


class YearOutput(ma.Schema):
    """The level of a year."""

    year = ma.fields.Integer()
    level = ma.fields.String(allow_none=True)


class RunningOutput(ma.Schema):
    """Somebody who was excellent some years running."""

    subject_id = ma.fields.UUID()
    name = ma.fields.String()
    unit = ma.fields.String(attribute="unit_name")
    years = ma.fields.List(ma.fields.Nested(YearOutput))
