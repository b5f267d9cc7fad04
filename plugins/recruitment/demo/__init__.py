"""Demo data: sixty candidates at all stages, the admissions of past years, targets of the term.

What writes them is imported when they are written, so that no server has it.
"""

from __future__ import annotations

from typing import Any


def build_demo(*told: Any) -> None:
    """Give the town its candidates, its past admissions and its targets."""
    from . import building  # noqa: PLC0415 - see above

    building.build_demo(*told)


def generate_admissions(*told: Any) -> None:
    """Tell and write candidates, admissions and targets of some branches."""
    from . import scaling  # noqa: PLC0415 - see above

    scaling.generate_admissions(*told)


__all__ = ["build_demo", "generate_admissions"]
