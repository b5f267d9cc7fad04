"""The JSON API of meetings: the five steps, tasks, the committee's month."""

from . import holding, minutes, oversight, planning, tasks
from .door import blueprint

__all__ = ["blueprint", "holding", "minutes", "oversight", "planning", "tasks"]
