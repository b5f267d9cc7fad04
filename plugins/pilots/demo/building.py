"""Brings the parts of the demo together and writes them."""

from __future__ import annotations

import sqlalchemy as sa

from core.generate.town import Town
from core.work import Work

from ..models import Change, Decision, Input, Milestone, PilotModel, Registration, Review, Trial
from .four_good import tell_four_good
from .telling import Keys, Rows
from .trial import tell_trial

# In the order in which rows refer to each other.
MODELS = (PilotModel, Trial, Change, Registration, Input, Milestone, Review, Decision)


def build_demo(work: Work, town: Town, keys: Keys, people: Keys) -> None:
    """Give the wards their registrations, the trial, and reviews."""
    rows: Rows = {model: [] for model in MODELS}
    tell_four_good(town, keys, rows, work)
    tell_trial(town, keys, people, rows, work)
    for model in MODELS:
        if rows[model]:
            work.session.execute(sa.insert(model), rows[model])
