"""Several lists read in one statement: what is kept of a person stands in many tables.

Each part's columns get places of their own, NULL in the rows of the other parts, so that every
value keeps its type on both databases.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session


def gathered(
    session: Session, parts: Mapping[str, Any], *, reason: str
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each select by its name, as plain records; one statement for all.

    `parts` are selects by name. Rows come in the order of their first columns. `reason` says why
    they are read whole, whoever may see the rest of their tables.
    """
    tables = {name: statement.subquery(f"part_{name}") for name, statement in parts.items()}
    places = [(name, column) for name, table in tables.items() for column in table.c]
    rows = [
        sa.select(
            sa.literal(name).label("part"),
            *(
                (column if whose == name else sa.cast(sa.null(), column.type)).label(f"at_{place}")
                for place, (whose, column) in enumerate(places)
            ),
        ).select_from(table)
        for name, table in tables.items()
    ]
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in parts}
    kept = sa.union_all(*rows).subquery("kept")
    for row in session.execute(sa.select(kept).execution_options(unscoped=reason)):
        own = [at for at, (whose, _column) in enumerate(places, 1) if whose == row.part]
        found[row.part].append({places[at - 1][1].key: row[at] for at in own})
    for records in found.values():
        records.sort(key=_first)
    return found


def _first(record: dict[str, Any]) -> tuple[bool, Any]:
    """Return what a record is sorted by; nothing comes before everything."""
    value = next(iter(record.values()))
    return (value is not None, "" if value is None else value)
