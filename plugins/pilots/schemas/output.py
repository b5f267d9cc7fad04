"""What programs get about pilot models."""

from __future__ import annotations

import marshmallow as ma

Str, Int, Bool, Uuid, Day, Raw, Moment = (
    ma.fields.String,
    ma.fields.Integer,
    ma.fields.Boolean,
    ma.fields.UUID,
    ma.fields.Date,
    ma.fields.Raw,
    ma.fields.AwareDateTime,
)


class ModelOutput(ma.Schema):
    """A model as it holds at the unit."""

    id = Uuid(allow_none=True)
    unit_id = Uuid(allow_none=True)
    revision = Int()
    code = Str()
    title = Str()
    purpose = Str()
    legal_basis = Str()
    owner = Str()
    kinds = ma.fields.List(Str())
    grassroots_only = Bool()
    wanted = Int(allow_none=True)
    conditions = Str()
    criteria = Raw()
    pass_points = Int()
    inputs = ma.fields.List(Str())
    milestones = Raw()
    rules = ma.fields.List(Str())
    settings = Raw()
    indicators = ma.fields.List(Str())
    review_months = Int()
    document_no = Str()
    is_counted = Bool()


class ReachOutput(ma.Schema):
    """How far a model reaches."""

    name = Str()
    code = Str()
    key = Str()
    eligible = Int(attribute="reach.eligible")
    registered = Int(attribute="reach.registered")
    recognised = Int(attribute="reach.recognised")


class RegistrationOutput(ma.Schema):
    """A unit's part in a model."""

    id = Uuid()
    unit_id = Uuid()
    revision = Int()
    model_code = Str()
    trial_id = Uuid(allow_none=True)
    way = Str()
    registered_on = Day()
    plan = Str()
    conditions_met = Str()
    chosen_by = Str()
    vote_on = Day(allow_none=True)
    vote_entitled = Int(allow_none=True)
    vote_present = Int(allow_none=True)
    vote_in_favour = Int(allow_none=True)
    guide_name = Str()
    sheet = Raw(allow_none=True)
    scores = Raw(allow_none=True)
    scored_on = Day(allow_none=True)
    self_points = Int(allow_none=True)
    recognised_on = Day(allow_none=True)
    recognition_points = Int(allow_none=True)
    recognition_no = Str()
    refused_on = Day(allow_none=True)
    refusal_reason = Str()
    document_id = Uuid(allow_none=True)
    ended_on = Day(allow_none=True)
    outcome = Str()


class InputOutput(ma.Schema):
    """What a unit was given."""

    id = Uuid()
    registration_id = Uuid()
    kind = Str()
    title = Str()
    quantity = Int()
    given_on = Day()
    giver = Str()


class MilestoneOutput(ma.Schema):
    """A milestone of a unit's part: its number in the model, when it is due and was reached."""

    number = Int()
    title = Str()
    due_on = Day()
    reached_on = Day(allow_none=True)
    remark = Str()


class ReviewOutput(ma.Schema):
    """A review."""

    id = Uuid()
    unit_id = Uuid()
    revision = Int()
    model_code = Str()
    trial_id = Uuid(allow_none=True)
    registration_id = Uuid(allow_none=True)
    kind = Str()
    reviewed_on = Day()
    covers_from = Day()
    covers_to = Day()
    results = Str()
    limitations = Raw()
    proposals = Raw()
    sent_at = Moment(allow_none=True)


class DecisionOutput(ma.Schema):
    """A decision."""

    id = Uuid()
    unit_id = Uuid()
    model_code = Str()
    trial_id = Uuid(allow_none=True)
    outcome = Str()
    decided_on = Day()
    document_no = Str()
    scope = Str()
    text = Str()
    until = Day(allow_none=True)


class TrialOutput(ma.Schema):
    """A trial."""

    id = Uuid()
    unit_id = Uuid()
    revision = Int()
    model_code = Str()
    title = Str()
    purpose = Str()
    document_no = Str()
    starts_on = Day()
    sunset_on = Day()
    state = Str()
    unit_ids = Raw()
    settings = Raw()
    indicators = Raw()
    before = Str()
    after = Str()
    matched = Str()
    comparison_ids = Raw()
    guide_name = Str()


class ChangeOutput(ma.Schema):
    """A difference of settings."""

    id = Uuid()
    unit_id = Uuid()
    revision = Int()
    trial_id = Uuid()
    kind = Str()
    state = Str()
    effective_on = Day()
    sunset_on = Day(allow_none=True)
    document_no = Str()
    lines = Raw()
    proposed_at = Moment()
    proposed_by = Str()
    decided_at = Moment(allow_none=True)
    decided_by = Str()


class EstimateOutput(ma.Schema):
    """Difference of differences with its range."""

    pilot_units = Int()
    comparison_units = Int()
    pilot_before = ma.fields.Float(allow_none=True)
    pilot_after = ma.fields.Float(allow_none=True)
    comparison_before = ma.fields.Float(allow_none=True)
    comparison_after = ma.fields.Float(allow_none=True)
    effect = ma.fields.Float(allow_none=True)
    low = ma.fields.Float(allow_none=True)
    high = ma.fields.Float(allow_none=True)
    confidence = Int()
    verdict = Str()


class UnitValueOutput(ma.Schema):
    """What one unit did before and after."""

    code = Str()
    name = Str()
    is_pilot = Bool()
    before = ma.fields.Float(allow_none=True)
    after = ma.fields.Float(allow_none=True)


class EffectOutput(ma.Schema):
    """One figure of a comparison."""

    key = Str()
    title = Str()
    estimate = ma.fields.Nested(EstimateOutput)
    values = ma.fields.List(ma.fields.Nested(UnitValueOutput))
    sentence = Str()
    warnings = ma.fields.List(Str())


class ComparisonOutput(ma.Schema):
    """A whole comparison with what it cannot show."""

    before = Str()
    after = Str()
    effects = ma.fields.List(ma.fields.Nested(EffectOutput))
    limits = ma.fields.List(Str())
    problems = ma.fields.List(Str())


class CountOutput(ma.Schema):
    """How many records an act made."""

    count = Int()
