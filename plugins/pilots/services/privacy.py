"""What is kept of a person: whom they guide; handed over, moved on a merge, erased."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.gathering import gathered
from core.i18n import _
from core.work import Work

from ..models import Moved, Registration, Trial
from .shapes import Key

GUIDED: tuple[tuple[str, type[Any]], ...] = (("registrations", Registration), ("trials", Trial))


def data_of(work: Work, member_id: Key) -> dict[str, Any]:
    """Return what a member guides, as plain values."""
    parts = {
        name: sa.select(
            model.created_at,
            model.unit_id,
            model.model_code.label("model"),
            model.guide_name.label("name"),
        ).where(model.guide_id == member_id)
        for name, model in GUIDED
    }
    found = gathered(work.session, parts, reason="a person's own data")
    return {
        name: [{**row, "unit_id": str(row["unit_id"])} for row in rows]
        for name, rows in found.items()
        if rows
    }


def erase(work: Work, member_id: Key) -> None:
    """Erase who guides; the registrations stay."""
    for _name, model in GUIDED:
        work.session.execute(
            sa.update(model)
            .where(model.guide_id == member_id)
            .values(guide_id=None, guide_name=_("erased"))
            .execution_options(synchronize_session=False)
        )


def move_rows(work: Work, kept_id: Key, merged_id: Key) -> None:
    """Move what the second record guides to the first, or give back what a merge moved."""
    undone = work.session.scalar(
        sa.select(Moved)
        .where(Moved.kept_id == merged_id, Moved.merged_id == kept_id)
        .order_by(Moved.id.desc())
        .limit(1)
    )
    if undone is not None:
        for name, model in GUIDED:
            _set(work, model, [Key(one) for one in undone.rows.get(name, [])], kept_id)
        work.session.delete(undone)
        return
    moved: dict[str, list[str]] = {}
    for name, model in GUIDED:
        ids = work.session.scalars(
            sa.select(model.id)
            .where(model.guide_id == merged_id)
            .execution_options(unscoped="two records of one person")
        ).all()
        _set(work, model, list(ids), kept_id)
        moved[name] = [str(key) for key in ids]
    if any(moved.values()):
        work.session.add(Moved(kept_id=kept_id, merged_id=merged_id, rows=moved))
        work.session.flush()


def _set(work: Work, model: type[Any], ids: list[Key], member_id: Key) -> None:
    if ids:
        work.session.execute(
            sa.update(model)
            .where(model.id.in_(ids))
            .values(guide_id=member_id)
            .execution_options(synchronize_session=False)
        )
