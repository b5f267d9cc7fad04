"""Votes as counts, under the rule and base of the settings; what a failed one leads to; resolutions."""

from __future__ import annotations

import uuid

from core.work import Work

from ..models import (
    AgendaItem,
    Meeting,
    Resolution,
    Vote,
)
from .shapes import (
    Ballot,
    ResolutionFacts,
    VoteRule,
)

Key = uuid.UUID


def vote_rule(
    work: Work, meeting: Meeting, kind: str = "decision", present: int | None = None
) -> VoteRule:
    """Say how many are needed for a question here."""
    raise NotImplementedError


def record_vote(work: Work, meeting: Meeting, item: AgendaItem | None, ballot: Ballot) -> Vote:
    """Record a vote; the arithmetic must hold."""
    raise NotImplementedError


def resolve_failed_vote(work: Work, meeting: Meeting, vote: Vote, what_next: str) -> None:
    """Note what follows a failed vote."""
    raise NotImplementedError


def result_sentence(vote: Vote) -> str:
    """Say the result with rule and base."""
    raise NotImplementedError


def make_resolution(
    work: Work, meeting: Meeting, item: AgendaItem | None, facts: ResolutionFacts
) -> Resolution:
    """Make a resolution; a failed vote makes none."""
    raise NotImplementedError


def change_resolution(
    work: Work, meeting: Meeting, resolution: Resolution, facts: ResolutionFacts
) -> Resolution:
    """Change the text of a resolution before the minutes are locked."""
    raise NotImplementedError
