"""Looking into folded texts, which hold small letters without marks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def holds(column: Any, text: str) -> sa.ColumnElement[bool]:
    """Condition: a folded text holds another anywhere; `core.db.trigrams` answers three letters.

    With two the index of trigrams is kept away from: it names every row, and each is read twice.
    """
    searched = column if len(text) >= 3 else sa.literal_column("''", sa.String()) + column
    found: sa.ColumnElement[bool] = searched.contains(text, autoescape=True)
    return found
