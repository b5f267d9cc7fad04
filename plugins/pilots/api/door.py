"""The blueprint of the JSON API, and what its routes share."""

from __future__ import annotations

from typing import Any

from core.errors import Stale
from core.i18n import _
from core.web import Answer, PluginBlueprint
from core.work import Work

from .. import services

blueprint = PluginBlueprint("pilots")


def current(record: Any, revision: int) -> Any:
    """Return a record the program knows as it is; one that changed meanwhile is stale."""
    if record.revision != revision:
        raise Stale(_("This revision is not the current one; read the record again."))
    return record


def written(work: Work, record: Any, *, status: int = 200) -> Answer:
    """Answer with a record as it was written, and the revision the next write names."""
    work.session.flush()
    return Answer(record, status, getattr(record, "revision", None))


def vote_in(data: dict[str, Any], day: Any) -> services.Vote:
    """Take the vote out of what was sent."""
    counts = (data.pop(f"vote_{name}") for name in ("entitled", "present", "in_favour"))
    return services.Vote(day, *counts)
