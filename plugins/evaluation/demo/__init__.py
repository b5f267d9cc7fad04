"""Demo data: three past years of results and a campaign that is running in the ward.

What writes them is imported when they are written, so that no server has it.
"""

from __future__ import annotations

from typing import Any


def build_demo(*told: Any) -> None:
    """Give the town three past years of results and a running campaign."""
    from . import building  # noqa: PLC0415 - see above

    building.build_demo(*told)


def generate_results(*told: Any) -> None:
    """Write results of the last three years of some branches and their members."""
    from . import scaling  # noqa: PLC0415 - see above

    scaling.generate_results(*told)


__all__ = ["build_demo", "generate_results"]
