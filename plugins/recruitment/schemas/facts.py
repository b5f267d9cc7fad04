"""What programs send where it becomes one value: a candidate's facts, any paper."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.forms import LineField, choice, options

from ..services import CandidateFacts, words
from .forms import CandidateInput, PaperInput


class EnterInput(CandidateInput):
    """A candidate as a program sends it: `facts`."""

    class Meta:
        """A revision goes into If-Match."""

        exclude = ("revision",)
        unknown = ma.RAISE

    @ma.post_load
    def as_facts(self, data: dict[str, Any], **_options: Any) -> dict[str, CandidateFacts]:
        """Make one value of what was sent."""
        born, precision = data.pop("birth_date") or (None, "day")
        return {"facts": CandidateFacts(**data, birth_date=born, birth_precision=precision)}


class EveryPaperInput(PaperInput):
    """A paper, or of a verification day and result."""

    result = LineField(load_default="", validate=choice([("", ""), *options(words.RESULTS)]))
