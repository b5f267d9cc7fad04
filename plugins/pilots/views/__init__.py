"""Pages of pilot models: the register, one unit's way, trials, comparisons, reviews."""

from __future__ import annotations

from . import describe, effect, files, index, progress, recognising, review, taking, trial
from .door import blueprint

__all__ = [
    "blueprint",
    "describe",
    "effect",
    "files",
    "index",
    "progress",
    "recognising",
    "review",
    "taking",
    "trial",
]
