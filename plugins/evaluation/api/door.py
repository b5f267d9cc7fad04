"""The blueprint of the JSON API, and what its routes share."""

from __future__ import annotations

import uuid
from typing import Any

from core.errors import InvalidInput
from core.i18n import _
from core.periods import Period
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


def period_of(text: str) -> Period:
    """Read a year or quarter."""
    try:
        period = Period.parse(text)
    except ValueError as error:
        raise InvalidInput(_(str(error)), fields={"period": [_(str(error))]}) from error
    if period.kind not in ("year", "quarter"):
        sentence = _("Write a year as 2026 and a quarter as 2026-Q4.")
        raise InvalidInput(sentence, fields={"period": [sentence]})
    return period
