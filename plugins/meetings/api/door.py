"""The blueprint of the JSON API, and what its routes share."""

from __future__ import annotations

import uuid
from typing import Any

from core.errors import Stale
from core.i18n import _
from core.web import Answer, PluginBlueprint
from core.work import Work

from .. import services

blueprint = PluginBlueprint("meetings")


def current(record: Any, revision: int) -> Any:
    """Return a record the program knows as it is; one that changed meanwhile is stale."""
    if record.revision != revision:
        raise Stale(_("This revision is not the current one; read the record again."))
    return record


def meeting_at(work: Work, meeting_id: uuid.UUID, revision: int) -> Any:
    """Return a meeting of this unit that has not changed since the program read it."""
    return current(services.access_meeting(work, meeting_id), revision)


def task_at(work: Work, task_id: uuid.UUID, revision: int) -> Any:
    """Return a task of this unit that has not changed since the program read it."""
    return current(services.access_task(work, task_id), revision)


def written(work: Work, record: Any, of: Any = None, *, status: int = 200) -> Answer:
    """Answer with a record as it was written, and the revision the next write names.

    `of` is the record that carries the revision, where it is not the one handed out.
    """
    work.session.flush()
    return Answer(record, status, (of or record).revision)
