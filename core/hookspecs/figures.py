"""Hooks about figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.hooks import hookspec
from core.periods import Period

if TYPE_CHECKING:
    from core.pages import Panel
    from core.work import Work


@hookspec
def overview_panels(work: Work, period: Period) -> list[Panel]:
    """Offer a panel for a unit's overview of a period.

    Called: for the overview page of a committee, for each plugin enabled there.
    Returns: panels with a title, figures and a link; core sorts them by `order`.
    Fails: the plugin's panels are left out and its administrator is told.
    Since: 1.0
    """
