"""What imports remember of a person: handed over on request, erased under a rule."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from core.exchange.models import Import, ImportRow
from core.work import Work


def rows_about(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Return in which imports a record was written: file, row and day."""
    rows = work.session.execute(
        sa.select(Import.file_name, Import.at, ImportRow.no, ImportRow.outcome)
        .select_from(ImportRow)
        .join(Import, Import.id == ImportRow.import_id)
        .where(ImportRow.target_id == member_id)
        .order_by(Import.at, ImportRow.no),
        execution_options={"unscoped": "one's own data, wherever they were imported"},
    )
    listed = [
        {"file": name, "on": at.date().isoformat(), "row": number, "outcome": outcome}
        for name, at, number, outcome in rows
    ]
    return {"imports": listed} if listed else {}


def erase_rows(work: Work, member_id: uuid.UUID) -> None:
    """Forget what stood there before and after; such a row can no longer be taken back."""
    work.session.execute(
        sa.update(ImportRow)
        .where(ImportRow.target_id == member_id)
        .values(before=None, after=None, target_id=None)
        .execution_options(synchronize_session=False)
    )
