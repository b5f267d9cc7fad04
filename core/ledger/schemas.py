"""What may be asked of the ledger, and how its rows leave it."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.forms import CursorField, DayField, FormSchema, LimitField, LineField
from core.i18n import lazy
from core.ledger.services import PAGE, Search


class SearchInput(FormSchema):
    """Who did what, about what, from which day to which."""

    who = LineField(load_default="", most=80, metadata={"label": lazy("Who")})
    what = LineField(load_default="", most=80, metadata={"label": lazy("What")})
    about = LineField(load_default="", most=80, metadata={"label": lazy("About whom or what")})
    since = DayField(load_default=None, metadata={"label": lazy("From day")})
    until = DayField(load_default=None, metadata={"label": lazy("Up to day")})
    cursor = CursorField(load_default=None)


class SearchQuery(SearchInput):
    """The same for a program, with the size of a page."""

    limit = LimitField(PAGE)


class DifferenceOutput(ma.Schema):
    """What changed."""

    label = ma.fields.String(required=True)
    before = ma.fields.String(required=True)
    after = ma.fields.String(required=True)


class ActOutput(ma.Schema):
    """One act."""

    id = ma.fields.UUID(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")
    actor = ma.fields.String(required=True)
    acting_for = ma.fields.String(required=True, allow_none=True)
    unit = ma.fields.String(required=True, attribute="unit_code")
    action = ma.fields.String(required=True)
    about_type = ma.fields.String(required=True)
    about_id = ma.fields.UUID(required=True, allow_none=True)
    label = ma.fields.String(required=True)
    batch = ma.fields.Integer(required=True, allow_none=True)
    erased_rule = ma.fields.String(required=True)
    changes = ma.fields.List(ma.fields.Nested(DifferenceOutput), required=True)


class ReadOutput(ma.Schema):
    """One request that showed personal data."""

    id = ma.fields.UUID(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")
    actor = ma.fields.String(required=True)
    acting_for = ma.fields.String(required=True, allow_none=True)
    unit = ma.fields.String(required=True, attribute="unit_code")
    route = ma.fields.String(required=True)
    shown = ma.fields.String(required=True)
    batch = ma.fields.Integer(required=True, allow_none=True)


class ProblemOutput(ma.Schema):
    """One thing that is not as it was written."""

    kind = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)
    row = ma.fields.UUID(required=True, allow_none=True, attribute="row_id")
    batch = ma.fields.Integer(required=True, allow_none=True)
    ledger = ma.fields.String(required=True)


class VerdictOutput(ma.Schema):
    """What a check of the ledger found."""

    whole = ma.fields.Boolean(required=True, attribute="is_whole")
    only_newest = ma.fields.Boolean(required=True, attribute="is_partial")
    acts = ma.fields.Integer(required=True)
    reads = ma.fields.Integer(required=True)
    batches = ma.fields.Integer(required=True)
    unsealed = ma.fields.Integer(required=True)
    erased = ma.fields.Integer(required=True)
    problems = ma.fields.List(ma.fields.Nested(ProblemOutput), required=True)


def search_of(data: dict[str, Any]) -> Search:
    """Return what a loaded query looks for."""
    names = ("who", "what", "about", "since", "until")
    return Search(**{name: data[name] for name in names})
