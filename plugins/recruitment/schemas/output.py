"""What goes out to programs: dossiers, votes, clocks, what is missing, targets."""

from __future__ import annotations

import marshmallow as ma


class MissingOutput(ma.Schema):
    """Something that is missing."""

    step = ma.fields.String()
    title = ma.fields.String()
    who = ma.fields.String()
    reason = ma.fields.String()
    stage = ma.fields.String()


class CardOutput(ma.Schema):
    """A candidate in a list; as of a day `kept_by` has the dossier today, the rest is of then."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    unit_code = ma.fields.String()
    unit_name = ma.fields.String()
    kept_by = ma.fields.String()
    stage = ma.fields.String()
    state = ma.fields.String()
    stage_since = ma.fields.Date()
    due_on = ma.fields.Date(allow_none=True)
    missing = ma.fields.List(ma.fields.Nested(MissingOutput))


class CandidateOutput(ma.Schema):
    """A candidate as stored."""

    id = ma.fields.UUID()
    full_name = ma.fields.String()
    birth_date = ma.fields.Date(allow_none=True)
    birth_precision = ma.fields.String()
    sex = ma.fields.String()
    phone = ma.fields.String()
    education = ma.fields.String()
    groups = ma.fields.List(ma.fields.String())
    is_union_member = ma.fields.Boolean()
    entered_on = ma.fields.Date()
    stage = ma.fields.String()
    state = ma.fields.String()
    stage_since = ma.fields.Date()
    eligible_on = ma.fields.Date(allow_none=True)
    decision_no = ma.fields.String()
    decided_on = ma.fields.Date(allow_none=True)
    received_on = ma.fields.Date(allow_none=True)
    ceremony_on = ma.fields.Date(allow_none=True)
    official_on = ma.fields.Date(allow_none=True)
    closed_on = ma.fields.Date(allow_none=True)
    closed_reason = ma.fields.String()
    member_id = ma.fields.UUID(allow_none=True)
    revision = ma.fields.Integer()


class PaperOutput(ma.Schema):
    """A paper on the list."""

    step = ma.fields.String()
    title = ma.fields.String()
    form = ma.fields.String()
    dated_on = ma.fields.Date()
    number = ma.fields.String()
    result = ma.fields.String()
    valid_until = ma.fields.Date(allow_none=True)
    checked_on = ma.fields.Date()
    checked_by = ma.fields.String()


class VoteOutput(ma.Schema):
    """A vote as counts."""

    id = ma.fields.UUID()
    step = ma.fields.String()
    unit_name = ma.fields.String()
    held_on = ma.fields.Date()
    entitled = ma.fields.Integer()
    present = ma.fields.Integer()
    in_favour = ma.fields.Integer()
    against = ma.fields.Integer()
    invalid = ma.fields.Integer()
    rule = ma.fields.String()
    needed = ma.fields.Integer()
    is_passed = ma.fields.Boolean()
    number = ma.fields.String()


class ClockOutput(ma.Schema):
    """A clock that runs."""

    kind = ma.fields.String()
    step = ma.fields.String()
    started_on = ma.fields.Date()
    due_on = ma.fields.Date()
    length = ma.fields.Integer()
    in_working_days = ma.fields.Boolean()
    source = ma.fields.String()


class CheckOutput(ma.Schema):
    """A condition as reckoned."""

    key = ma.fields.String()
    is_met = ma.fields.Boolean(allow_none=True)
    sentence = ma.fields.String()
    source = ma.fields.String()


class SupporterOutput(ma.Schema):
    """Who introduces or helps."""

    id = ma.fields.UUID()
    member_id = ma.fields.UUID(allow_none=True)
    name = ma.fields.String()
    role = ma.fields.String()
    known_since = ma.fields.Date(allow_none=True)
    since = ma.fields.Date()


class DossierOutput(ma.Schema):
    """A whole dossier."""

    candidate = ma.fields.Nested(CandidateOutput)
    missing = ma.fields.List(ma.fields.Nested(MissingOutput))
    papers = ma.fields.List(ma.fields.Nested(PaperOutput))
    votes = ma.fields.List(ma.fields.Nested(VoteOutput))
    clocks = ma.fields.List(ma.fields.Nested(ClockOutput))
    supporters = ma.fields.List(ma.fields.Nested(SupporterOutput))
    checks = ma.fields.List(ma.fields.Nested(CheckOutput))


class TargetOutput(ma.Schema):
    """A target."""

    id = ma.fields.UUID()
    unit_id = ma.fields.UUID()
    period_from = ma.fields.Date()
    period_to = ma.fields.Date()
    source_group = ma.fields.String(attribute="group")
    target = ma.fields.Integer()
    document_no = ma.fields.String()
    revision = ma.fields.Integer()


class CountOutput(ma.Schema):
    """How many."""

    count = ma.fields.Integer()
