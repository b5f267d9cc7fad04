"""Taking an import back: everything it changed, or nothing and the reasons why."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.errors import Forbidden, RuleBroken
from core.exchange import permissions
from core.exchange.applying import Place, tables
from core.exchange.models import Import, ImportRow
from core.exchange.registry import Dataset
from core.exchange.rows import Change, decode
from core.exchange.services import access_dataset, undivided
from core.i18n import _, format_day
from core.ledger.models import LedgerRow
from core.ledger.recording import act_id, write_pending
from core.work import Work

MOST = 100
"""How many reasons against it are named."""


def undo_import(work: Work, record: Import) -> list[str]:
    """Take back what an import changed; return what stands in the way, then nothing changed."""
    dataset = access_dataset(work, record.dataset, importing=True)
    if record.state != "applied":
        raise RuleBroken(_("This import was taken back already, or was never made."))
    _check_rights(work, dataset, record)
    obstacles = list(_acts_since(work, record))
    with undivided(work) as part:
        touched = _revert(work, dataset, record, obstacles)
        part.is_wanted = not obstacles
    if obstacles:
        return obstacles
    record.state, record.undone_at, record.undone_by = "undone", work.now, work.actor.label[:300]
    record.undo_act_id = act_id(work)
    if touched:
        dataset.finish(work, touched)
    ledger.record(
        work,
        "exchange.undone",
        ledger.About("import", record.id, record.file_name, record.unit_id),
        before={"state": "applied"},
        after={"state": "undone"},
        permission=permissions.IMPORT,
    )
    return []


def _check_rights(work: Work, dataset: Dataset, record: Import) -> None:
    """Ask for the right at every unit whose records would change."""
    ids = work.session.scalars(
        sa.select(ImportRow.unit_id)
        .where(ImportRow.import_id == record.id, ImportRow.unit_id.is_not(None))
        .distinct()
    ).all()
    wanted: set[uuid.UUID] = {unit_id for unit_id in ids if unit_id is not None}
    places = work.host.places.by_ids(work.session, wanted, work.today, work.generation)
    refused = [
        place.name for place in places.values() if not work.may(dataset.permission_import, place)
    ]
    if refused:
        raise Forbidden(
            _(
                "You have not been given the right to do this at %(units)s.",
                units=", ".join(sorted(refused)[:5]),
            )
        )


def _acts_since(work: Work, record: Import) -> Iterator[str]:
    """Tell of later acts, in the ledger, on the records this import wrote.

    Acts of imports that were taken back themselves do not count.
    """
    undone = sa.select(Import.act_id, Import.undo_act_id).where(Import.state == "undone")
    passed_over = {record.act_id}
    for pair in work.session.execute(undone, execution_options={"unscoped": "acts taken back"}):
        passed_over.update(pair)
    rows = work.session.execute(
        sa.select(ImportRow.no, LedgerRow.actor, LedgerRow.at)
        .join(LedgerRow, LedgerRow.about_id == ImportRow.target_id)
        .where(
            ImportRow.import_id == record.id,
            LedgerRow.id > record.act_id,
            LedgerRow.act_id.not_in([act for act in passed_over if act is not None]),
        )
        .order_by(ImportRow.no, LedgerRow.id)
        .limit(MOST)
    )
    for number, actor, at in rows:
        yield _(
            "Row %(row)s: changed by %(actor)s on %(day)s.",
            row=number,
            actor=actor,
            day=format_day(at.astimezone(work.host.zone).date()),
        )


def _revert(work: Work, dataset: Dataset, record: Import, obstacles: list[str]) -> set[uuid.UUID]:
    """Put rows back block by block, the last first, until something stands in the way."""
    touched: set[uuid.UUID] = set()
    for block in _blocks(work, record, dataset.block):
        changes: list[Change] = []
        numbers: dict[Place, int] = {}
        for row in block:
            for change in _changes(row):
                changes.append(change)
                numbers.setdefault((change.table, change.key), row.no)
        found = {
            _("Row %(row)s: %(what)s.", row=numbers[place], what=what)
            for place, what in dataset.writer.revert(work, changes)
        }
        if found or obstacles:
            obstacles.extend(sorted(found)[:MOST])
            return touched
        touched.update(row.target_id for row in block if row.target_id is not None)
        _tell(work, dataset, block)
    return touched


def _blocks(work: Work, record: Import, size: int) -> Iterator[Sequence[Any]]:
    """Yield the rows with an effect in blocks from the end; within a block in their order."""
    last: int | None = None
    while True:
        statement = (
            sa.select(
                ImportRow.no,
                ImportRow.target_id,
                ImportRow.unit_id,
                ImportRow.before,
                ImportRow.after,
            )
            .where(ImportRow.import_id == record.id, ImportRow.outcome != "rejected")
            .order_by(ImportRow.no.desc())
        )
        if last is not None:
            statement = statement.where(ImportRow.no < last)
        rows = work.session.execute(statement.limit(size) if size else statement).all()
        if not rows:
            return
        yield rows[::-1]
        last = rows[-1].no


def _changes(row: Any) -> Iterator[Change]:
    """Read back what a row changed."""
    before: Mapping[str, Any] = row.before or {}
    after: Mapping[str, Any] = row.after or {}
    for name in {**before, **after}:
        yield decode(tables(), name, before.get(name), after.get(name))


def _tell(work: Work, dataset: Dataset, block: Sequence[Any]) -> None:
    """Write into the ledger, record by record, that it was taken back."""
    told = (
        ledger.Told(
            ledger.About(dataset.about or dataset.key, row.target_id, "", row.unit_id),
            after={"dataset": dataset.key, "row": row.no},
        )
        for row in block
    )
    permission = dataset.permission_import
    ledger.record_all(work, "exchange.record_taken_back", told, permission=permission)
    write_pending(work)
