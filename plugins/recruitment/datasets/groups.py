"""Source groups in cells: keys or titles, one or several with a semicolon between."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from core.chunks import chunked
from core.exchange.rows import Row
from core.i18n import _
from core.names import search_key
from core.settings import value
from core.units.places import Place
from core.work import Work

from ..models import AdmissionGroup


def groups_in(work: Work, row: Row, place: Place) -> list[str] | None:
    """Return the keys of the groups a row names; None where the cell is empty."""
    text = row.get("source_group")
    if not text:
        return None
    known: Mapping[str, str] = value(work, "recruitment.source_groups", place)
    by_name = {search_key(title): key for key, title in known.items()}
    found = []
    for part in str(text).split(";"):
        name = part.strip()
        key = name if name in known else by_name.get(search_key(name))
        if not name:
            continue
        if key is None:
            row.reject(
                "source_group",
                _(
                    "There is no source group “%(name)s”. Use one of: %(list)s.",
                    name=name,
                    list=", ".join(known),
                ),
            )
            continue
        found.append(key)
    return sorted(set(found))


def stored_groups(work: Work, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Read the groups of admissions."""
    found: dict[uuid.UUID, list[str]] = {}
    for chunk in chunked(ids):
        rows = work.session.execute(
            sa.select(AdmissionGroup.admission_id, AdmissionGroup.group)
            .where(AdmissionGroup.admission_id.in_(chunk))
            .order_by(AdmissionGroup.group)
        )
        for key, group in rows:
            found.setdefault(key, []).append(group)
    return found
