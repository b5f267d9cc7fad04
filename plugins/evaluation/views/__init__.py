"""Pages of evaluation: campaigns, the branch's work, appraisal and decision, one's own, results."""

from __future__ import annotations

from . import appraise, asked, branch, campaigns, own, results, review
from .door import blueprint

__all__ = ["appraise", "asked", "blueprint", "branch", "campaigns", "own", "results", "review"]
