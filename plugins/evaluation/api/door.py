"""The blueprint of the JSON API, and what its routes share."""

from __future__ import annotations

import uuid
from typing import Any

from core.web import PluginBlueprint, current
from core.work import Work

from .. import services

blueprint = PluginBlueprint("evaluation")


def review_at(work: Work, review_id: uuid.UUID, revision: int) -> tuple[Any, Any]:
    """Return an evaluation that has not changed since the program read it, and its campaign."""
    found = current(services.access_review(work, review_id), revision)
    return found, services.campaign_of(work, found)


def counted(count: int) -> dict[str, int]:
    """Answer with how many were written."""
    return {"count": count}
