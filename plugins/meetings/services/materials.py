"""The month's material: published downwards, opened on its day, used on agendas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.checking import changes, check_revision, missing, wanted_text
from core.errors import NotFound, RuleBroken
from core.i18n import _
from core.scope import switched_on
from core.work import Work

from .. import permissions
from ..models import Material
from .guards import sound_month
from .shapes import Key
from .telling import tell_material

MOST_POINTS = 20
DOWNWARDS = "material is published to everybody below the unit that wrote it"


def clean_points(points: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the points with their titles, minutes and texts; refuse empty ones and too many."""
    if not points or len(points) > MOST_POINTS:
        raise missing("points", _("Material has between 1 and %(n)s points.", n=MOST_POINTS))
    return [
        {
            "title": wanted_text(
                str(point.get("title", "")), "points", _("A point has no title yet.")
            )[:300],
            "minutes": max(0, min(int(point.get("minutes") or 5), 120)),
            "text": str(point.get("text", ""))[:20_000].strip(),
        }
        for point in points
    ]


def _note(work: Work, action: str, material: Material, **values: Any) -> None:
    about = ledger.About("material", material.id, material.title, material.unit_id)
    ledger.record(
        work, f"meetings.material_{action}", about, permission=permissions.PUBLISH, **values
    )


def draft_material(
    work: Work,
    *,
    for_month: date,
    title: str,
    points: Sequence[Mapping[str, Any]],
    opens_on: date,
) -> Material:
    """Write the month's material; points are `{"title", "minutes", "text"}`."""
    material = Material(
        unit_id=work.unit.id,
        for_month=sound_month(for_month),
        title=wanted_text(title, "title", _("The material has no title yet.")),
        points=clean_points(points),
        opens_on=opens_on,
        created_at=work.now,
    )
    work.session.add(material)
    work.session.flush()
    _note(work, "drafted", material, after={"title": title, "opens_on": opens_on})
    return material


def change_material(
    work: Work,
    material: Material,
    *,
    title: str,
    points: Sequence[Mapping[str, Any]],
    opens_on: date,
) -> Material:
    """Change material that is not open yet; what was read stays as it was."""
    _check_own(work, material)
    if material.published_at is not None and material.opens_on <= work.today:
        raise RuleBroken(_("This material is open already. Take it back, then publish a new one."))
    values = {
        "title": wanted_text(title, "title", _("The material has no title yet.")),
        "points": clean_points(points),
        "opens_on": opens_on,
    }
    before, after = changes(material, values)
    if after:
        _note(work, "changed", material, before=before, after=after)
    return material


def _check_own(work: Work, material: Material) -> None:
    """Refuse to touch what another unit wrote, though it may be read here."""
    if material.unit_id != work.unit.id:
        raise NotFound(_("There is no such page, or this account may not see it."))


def publish_material(work: Work, material: Material) -> None:
    """Publish to everybody below; it is seen from its opening day."""
    _check_own(work, material)
    if material.published_at is None:
        material.published_at, material.published_by = work.now, work.actor.label
        _note(work, "published", material, after={"opens_on": material.opens_on})
        if material.opens_on <= work.today:
            tell_material(work, material)


def withdraw_material(work: Work, material: Material) -> None:
    """Take material back; agendas that used it keep their items."""
    _check_own(work, material)
    if material.withdrawn_at is None:
        material.withdrawn_at = work.now
        _note(work, "withdrawn", material)


def _open_above(work: Work) -> sa.Select[Any]:
    """Select published material of this unit and of those above, from its opening day on."""
    statement = sa.select(Material).where(
        Material.unit_id.in_(work.unit.path),
        Material.published_at.is_not(None),
        Material.withdrawn_at.is_(None),
        Material.opens_on <= work.today,
    )
    on = switched_on(work, "meetings", Material.unit_id)
    return statement if on is None else statement.where(on)


def own_material(work: Work, material_id: Key) -> Material:
    """Return material this unit wrote, or NotFound: only its writer changes it."""
    found: Material | None = work.session.scalar(
        sa.select(Material).where(Material.id == material_id, Material.unit_id == work.unit.id)
    )
    if found is None:
        raise NotFound(_("There is no such page, or this account may not see it."))
    return found


def access_material(work: Work, material_id: Key, *, revision: int | None = None) -> Material:
    """Return material of this unit, or of a unit above once it is open, or NotFound."""
    found: Material | None = work.session.scalar(
        sa.select(Material).where(Material.id == material_id, Material.unit_id == work.unit.id)
    )
    if found is None:
        found = work.session.scalar(
            _open_above(work)
            .where(Material.id == material_id)
            .execution_options(unscoped=DOWNWARDS)
        )
    if found is None:
        raise NotFound(_("There is no such page, or this account may not see it."))
    check_revision(found, revision)
    return found


def month_materials(work: Work, month: date) -> list[Material]:
    """Return the open material of this unit and those above for a month, the nearest first."""
    rows = work.session.scalars(
        _open_above(work)
        .where(Material.for_month == month.replace(day=1))
        .execution_options(unscoped=DOWNWARDS)
    ).all()
    near = {unit_id: number for number, unit_id in enumerate(work.unit.path)}
    return sorted(rows, key=lambda row: (near[row.unit_id], row.created_at))


def list_materials(work: Work, limit: int = 36) -> list[Material]:
    """Return the material this unit wrote, newest month first."""
    return list(
        work.session.scalars(
            sa.select(Material)
            .where(Material.unit_id == work.unit.id)
            .order_by(Material.for_month.desc(), Material.id)
            .limit(limit)
        )
    )
