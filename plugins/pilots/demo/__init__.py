"""Demo data: branches on their way to “four good”, a trial of better meetings; nobody real.

What writes them is imported when they are written, so that no server has it.
"""

from __future__ import annotations

from typing import Any


def build_demo(*told: Any) -> None:
    """Give the wards their registrations, the trial, and reviews."""
    from . import building  # noqa: PLC0415 - see above

    building.build_demo(*told)


def generate_registrations(*told: Any) -> None:
    """Let most of some branches take part this year, and a part of them the year before."""
    from . import scaling  # noqa: PLC0415 - see above

    scaling.generate_registrations(*told)


__all__ = ["build_demo", "generate_registrations"]
