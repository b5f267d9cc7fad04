"""Demo data: twelve months of meetings, decisions and tasks of every branch, up to today.

What writes them is imported when they are written, so that no server has it.
"""

from __future__ import annotations

from typing import Any


def build_demo(*told: Any) -> None:
    """Give the town's branches their assignments, materials, meetings, tasks and minutes."""
    from . import building  # noqa: PLC0415 - see above

    building.build_demo(*told)


def generate_months(*told: Any) -> None:
    """Tell and write the last twelve months of some branches."""
    from . import scaling  # noqa: PLC0415 - see above

    scaling.generate_months(*told)


__all__ = ["build_demo", "generate_months"]
