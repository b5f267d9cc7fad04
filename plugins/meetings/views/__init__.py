"""Pages of meetings: one for each of the five steps, and the committee's month."""

from __future__ import annotations

from . import (
    announce,
    assign,
    decide,
    files,
    follow,
    hold,
    index,
    materials,
    minutes,
    oversee,
    own,
    paper,
    prepare,
    proceed,
)
from .door import blueprint

__all__ = [
    "announce",
    "assign",
    "blueprint",
    "decide",
    "files",
    "follow",
    "hold",
    "index",
    "materials",
    "minutes",
    "oversee",
    "own",
    "paper",
    "prepare",
    "proceed",
]
