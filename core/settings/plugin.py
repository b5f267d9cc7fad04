"""Settings: what this feature offers to the host; start reading here."""

from __future__ import annotations

import uuid

from core.hooks import hookimpl
from core.settings.effective import rebuild_effective
from core.work import Work


@hookimpl
def tree_changed(work: Work, unit_ids: set[uuid.UUID]) -> None:
    """Reckon effective values anew where what stands above a unit changed."""
    rebuild_effective(work, [spec.key for spec in work.host.settings if spec.in_sql], unit_ids)
