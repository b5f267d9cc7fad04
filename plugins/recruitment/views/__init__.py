"""Pages of admission: the board, one page a candidate, one small form an act, the targets."""

from __future__ import annotations

from . import acts, ends, index, show, targets
from .door import blueprint

__all__ = ["acts", "blueprint", "ends", "index", "show", "targets"]
