"""What the pages of appraisal and decision send: acts under the filters of a list."""

from __future__ import annotations

import marshmallow as ma

from core.forms import FormSchema, LineField

from .reviews import DecisionInput, PicksInput, ReturnInput


class Within(FormSchema):
    """Under which filters a list was filled in; the page comes back to them."""

    subject = LineField(load_default="", most=20)
    group = LineField(load_default="", most=80)
    branch = LineField(load_default="", most=40)


class ProposalInput(Within):
    """Which appraised evaluations are submitted: all of a filter that have a level."""


class PicksForm(PicksInput, Within):
    """Levels picked on the page, under its filters."""


class ReturnForm(ReturnInput, Within):
    """Evaluations sent back on the page, under its filters."""


class DecisionForm(DecisionInput, Within):
    """The document that decides on ticked evaluations, or on all of a filter."""

    everyone = ma.fields.Boolean(load_default=False)
