"""Writing imported units into the tree, and taking them back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.db import new_key
from core.exchange.applying import Obstacle, built_on
from core.exchange.rows import Change
from core.i18n import _
from core.ledger.recording import plain
from core.units.models import TreeChange, Unit, UnitVersion
from core.units.places import visible
from core.units.versions import (
    VersionFacts,
    facts_of,
    next_generation,
    stored_versions,
    write_versions,
)
from core.work import Work

UNDONE = "import taken back"
"""Why a unit was voided whose import was taken back; another import may bring it again."""
OWN_TABLES = (
    "core_unit_version",
    "core_unit_ancestor",
    "core_unit_scope",
    "core_tree_change",
    "core_effective",
)


def as_json(versions: Iterable[VersionFacts]) -> list[dict[str, Any]]:
    """Return versions as JSON carries them."""
    return [plain(asdict(facts)) for facts in versions]


def from_json(versions: Iterable[Mapping[str, Any]]) -> list[VersionFacts]:
    """Read versions back."""
    return [
        VersionFacts(
            **{
                **facts,
                "parent_id": uuid.UUID(facts["parent_id"]) if facts["parent_id"] else None,
                "valid_from": date.fromisoformat(facts["valid_from"]),
                "valid_to": date.fromisoformat(facts["valid_to"]),
                "decision_date": date.fromisoformat(facts["decision_date"])
                if facts["decision_date"]
                else None,
            }
        )
        for facts in versions
    ]


class TreeWriter:
    """Writes units with all their versions in one step of the tree."""

    def write(self, work: Work, changes: Sequence[Change]) -> None:
        """Make or correct units."""
        if not changes:
            return
        new = [c for c in changes if c.before is None]
        if new:
            work.session.execute(
                sa.insert(Unit),
                [
                    {"id": c.key[0], "code": c.after["code"], "created_at": work.now}
                    for c in new
                    if c.after is not None
                ],
            )
        back = [c.key[0] for c in changes if c.before is not None and "voided_at" in c.before]
        _set_voided(work, back, at=None)
        versions = {c.key[0]: from_json((c.after or {})["versions"]) for c in changes}
        fresh = {*(c.key[0] for c in new), *back}
        operations = {key: "establish" if key in fresh else "correct" for key in versions}
        _write(work, versions, operations)

    def revert(self, work: Work, changes: Sequence[Change]) -> list[Obstacle]:
        """Give units their versions back and void those that were made."""
        new = [c for c in changes if c.before is None or "voided_at" in c.before]
        obstacles = [*_altered_since(work, changes), *_built_on(work, new)]
        if obstacles or not changes:
            return obstacles
        versions = {c.key[0]: from_json((c.before or {}).get("versions", ())) for c in changes}
        made = [c.key[0] for c in new]
        operations = {key: "void" if key in made else "correct" for key in versions}
        _write(work, versions, operations)
        _set_voided(work, made, at=work.now)
        return []


def _write(
    work: Work, versions: Mapping[uuid.UUID, list[VersionFacts]], operations: Mapping[Any, str]
) -> None:
    """Write versions, the tree's own history, and tell the features and plugins once."""
    affected = write_versions(work, versions)
    generation = next_generation(work)
    work.session.execute(
        sa.insert(TreeChange),
        [
            {
                "id": new_key(),
                "generation": generation,
                "unit_id": unit_id,
                "operation": operations[unit_id],
                "on": told[0].valid_from if told else work.today,
                "decision_no": told[-1].decision_no if told else "",
                "decision_date": told[-1].decision_date if told else None,
                "reason": "",
                "actor": work.actor.label[:300],
                "at": work.now,
            }
            for unit_id, told in versions.items()
        ],
    )
    work.hooks.tree_changed(unit_ids=affected)


def _set_voided(work: Work, ids: Iterable[uuid.UUID], *, at: Any) -> None:
    for chunk in chunked(ids):
        work.session.execute(
            sa.update(Unit)
            .where(Unit.id.in_(chunk))
            .values(voided_at=at, void_reason=UNDONE if at else None)
            .execution_options(synchronize_session=False)
        )


def _altered_since(work: Work, changes: Sequence[Change]) -> Iterable[Obstacle]:
    """Compare the versions of units with what was written."""
    stored = stored_versions(work, [change.key[0] for change in changes])
    for change in changes:
        now = [facts_of(version) for version in stored.get(change.key[0], [])]
        if now != from_json((change.after or {}).get("versions", ())):
            yield (change.table, change.key), _("was changed since")


def _built_on(work: Work, new: Sequence[Change]) -> Iterable[Obstacle]:
    """Tell of units, people and everything else that came to units since they were made."""
    made = [Change(c.table, c.key, None, c.after) for c in new]
    yield from built_on(work, made, passed_over=OWN_TABLES)
    ids = {change.key[0] for change in new}
    for chunk in chunked(ids):
        for parent_id, name in work.session.execute(
            sa.select(UnitVersion.parent_id, UnitVersion.name).where(
                UnitVersion.parent_id.in_(chunk),
                UnitVersion.unit_id.not_in(ids),
                visible(UnitVersion, work.generation),
            )
        ):
            yield ("core_unit", (parent_id,)), _("%(name)s stands under it", name=name)
