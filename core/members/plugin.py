"""Members: what this feature offers to the host; start reading here."""

from __future__ import annotations

import uuid

from core.hooks import hookimpl
from core.members.listing import refresh_units
from core.work import Work


@hookimpl
def tree_changed(work: Work, unit_ids: set[uuid.UUID]) -> None:
    """Keep the stored list of members true when what stands above them changed."""
    refresh_units(work, unit_ids)
