"""Numbers as the active language writes them: 3.485,5 in Vietnamese, 3,485.5 in English."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel import Locale

from .locales import get_locale

Number = int | float | Decimal


def format_number(value: Number, *, decimals: int | None = None) -> str:
    """Write a number with the signs of the active language.

    Without `decimals` up to three are shown, otherwise exactly as many; halves are rounded up, as
    people do on paper. Years and card numbers are no quantities: print them as they are.
    """
    if decimals is None and isinstance(value, int):
        text = f"{value:,}"
    else:
        text = f"{round_half_up(value, decimals=3 if decimals is None else decimals):,}"
        if decimals is None:
            text = text.rstrip("0").rstrip(".")
    return text.translate(_signs(get_locale()))


def exact(value: Number) -> Decimal:
    """Return the number a person sees, so that 0.285 is no 0.28499999."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def round_half_up(value: Number, *, decimals: int) -> Decimal:
    """Round as people do on paper: 0,25 becomes 0,3."""
    rounded = exact(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    # Adding zero takes the sign from a minus zero.
    return rounded + Decimal(0)


@cache
def _signs(locale: str) -> dict[int, str]:
    """Return what stands for Python's comma and point, from CLDR."""
    symbols = Locale.parse(locale).number_symbols["latn"]
    return str.maketrans({",": symbols["group"], ".": symbols["decimal"]})
