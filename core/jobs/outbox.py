"""Asking for a job: a row written in the act's own transaction, so that both happen or neither."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from core.db import new_key
from core.jobs.kinds import job_kinds
from core.jobs.models import Job
from core.work import Work


def enqueue(
    work: Work,
    kind: str,
    payload: Mapping[str, Any] | None = None,
    *,
    key: str = "",
    after: datetime | None = None,
) -> uuid.UUID | None:
    """Ask for a job once this act has committed; return its key, None where it was asked before.

    `payload` holds keys only, as text. `key` makes asking twice the same as asking once. `after`
    is the instant before which it must not run.
    """
    declared = job_kinds(work.host).get(kind)
    if declared is None:
        raise ValueError(f"there is no job {kind}")
    job_id = new_key()
    dialect = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
    made = work.session.execute(
        dialect.insert(Job)
        .values(
            id=job_id,
            kind=kind,
            key=f"{kind}:{key or job_id}"[:160],
            payload=dict(payload or {}),
            state="waiting",
            run_after=after,
            attempts=0,
            time_limit_s=declared.limit,
            last_error="",
            runner="",
            made_at=work.now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Job.id)
    ).scalar_one_or_none()
    return job_id if made is not None else None
