"""Looking into folded texts (small letters without marks), and what is indexed of them."""

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


def for_sqlite(name: str, *columns: str) -> Any:
    """Index what a search reads of rows whose folded text, `search`, is not empty.

    SQLite knows no index of trigrams: it reads titles from here, in the order in which they are
    shown, instead of whole rows. The search says `not_empty`, so that it is used.
    """
    index = sa.Index(name, *columns, sqlite_where=sa.text("search <> ''"), info={"only": "sqlite"})
    return index.ddl_if(dialect="sqlite")


def not_empty(column: Any) -> sa.ColumnElement[bool]:
    """Condition: a folded text is not empty, in the words of `for_sqlite`."""
    found: sa.ColumnElement[bool] = column != sa.literal_column("''")
    return found
