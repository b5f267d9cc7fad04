"""The blueprint of the JSON API, and what its routes share."""

from __future__ import annotations

import uuid
from typing import Any

from core.web import PluginBlueprint, current
from core.work import Work

from .. import services

blueprint = PluginBlueprint("meetings")


def meeting_at(work: Work, meeting_id: uuid.UUID, revision: int) -> Any:
    """Return a meeting of this unit that has not changed since the program read it."""
    return current(services.access_meeting(work, meeting_id), revision)


def task_at(work: Work, task_id: uuid.UUID, revision: int) -> Any:
    """Return a task of this unit that has not changed since the program read it."""
    return current(services.access_task(work, task_id), revision)
