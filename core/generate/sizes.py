"""The sizes there are, by name."""

from __future__ import annotations

from datetime import date

from core.generate.country import Country
from core.generate.scale import SIZES, Scale


def build_scale(
    size: str = "province", seed: int = 1, today: date = date(2026, 11, 22), part: float = 1.0
) -> Scale:
    """Return the rows of a size: `town`, `province`, `hanoi` or `country`, or of a part of it.

    Raises `ValueError` for any other name.
    """
    if size not in SIZES:
        raise ValueError(f"There is no size {size!r}; choose one of {', '.join(SIZES)}.")
    shape = SIZES[size] if part == 1.0 else SIZES[size].part(part)
    return (Country if size == "country" else Scale)(shape, seed, today)
