"""The blueprint of the JSON API, and what its routes share."""

from __future__ import annotations

import uuid
from typing import Any

from core.errors import Stale
from core.i18n import _
from core.web import Answer, PluginBlueprint
from core.work import Work

from .. import services

blueprint = PluginBlueprint("recruitment")


def dossier_at(work: Work, candidate_id: uuid.UUID, revision: int | None = None) -> Any:
    """Return a dossier of this unit that has not changed since the program read it."""
    candidate = services.access_candidate(work, candidate_id)
    if revision is not None and candidate.revision != revision:
        raise Stale(_("This revision is not the current one; read the record again."))
    return services.dossier_of(work, candidate)


def told(work: Work, candidate: Any, *, status: int = 200) -> Answer:
    """Answer with the whole dossier as it is now, and the revision the next write names."""
    work.session.flush()
    dossier = services.dossier_of(work, candidate, whole=True)
    value = {
        "candidate": candidate,
        "missing": services.missing_of(work, dossier) if candidate.closed_on is None else [],
        "papers": list(dossier.papers.values()),
        "votes": dossier.votes,
        "clocks": dossier.running,
        "supporters": dossier.supporters,
        "checks": services.checks_of(work, dossier),
    }
    return Answer(value, status, candidate.revision)
