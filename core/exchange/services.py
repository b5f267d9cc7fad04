"""What can be done with files of data: check them, import them, take an import back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa

from core import ledger
from core.errors import Forbidden, InvalidInput, NotFound
from core.exchange import permissions
from core.exchange.models import Import, ImportRow
from core.exchange.registry import Dataset, datasets_of
from core.exchange.rows import Problem, Row, folded, spelled
from core.exchange.staging import Opened, Source, blocks
from core.i18n import _, _n
from core.ledger.recording import act_id, write_pending
from core.rows import insert_rows
from core.sending import sending, settle
from core.units.models import UnitScope
from core.units.places import visible
from core.work import Work

Progress = Callable[[int], None]
SHOWN = 12
"""How many changes a page shows as examples."""
WARNINGS = 50
"""How many warnings a report keeps."""
T = TypeVar("T")


def silent(rows: int) -> None:
    """Tell nobody how far the work is."""


@dataclass
class Report:
    """What an import does, or would do; `examples` are the first rows with an effect.

    `warnings` are sentences about what is taken in and should be looked at.
    """

    dataset: Dataset
    columns: list[str] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    problems: dict[int, list[Problem]] = field(default_factory=dict)
    examples: list[Row] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return self.created + self.updated + self.unchanged + self.rejected

    def count(self, rows: Iterable[Row]) -> list[Row]:
        """Take rows into the sums; return those with an effect."""
        effective: list[Row] = []
        for row in rows:
            outcome = row.outcome
            setattr(self, outcome, getattr(self, outcome) + 1)
            if outcome == "rejected":
                self.problems[row.number] = row.problems
            elif outcome != "unchanged":
                effective.append(row)
        self.examples += effective[: SHOWN - len(self.examples)]
        return effective

    def counts(self) -> dict[str, int]:
        """Return the sums by name."""
        names = ("rows", "created", "updated", "unchanged", "rejected")
        return {name: getattr(self, name) for name in names}


def access_dataset(work: Work, key: str, *, importing: bool) -> Dataset:
    """Return a dataset that this actor may import, or export, somewhere; rows are judged later."""
    dataset = datasets_of(work).get(key)
    if dataset is None:
        raise InvalidInput(
            _(
                "There is no dataset “%(key)s”. There are: %(keys)s.",
                key=key,
                keys=", ".join(datasets_of(work)),
            ),
            fields={"dataset": [_("Choose one from the list.")]},
        )
    wanted = (
        (permissions.IMPORT, dataset.permission_import)
        if importing
        else (permissions.EXPORT, dataset.permission_export)
    )
    if not work.actor.is_system and not all(work.actor.roots(name) for name in wanted):
        raise Forbidden(
            _("You have not been given the right to do this at %(units)s.", units=work.unit.name)
        )
    return dataset


def list_datasets(work: Work, *, importing: bool) -> list[Dataset]:
    """List the datasets that are on in the work's unit and that this actor may use there."""
    return [
        dataset
        for dataset in datasets_of(work).values()
        if dataset.is_on(work)
        and work.may(dataset.permission_import if importing else dataset.permission_export)
    ]


@dataclass
class Part:
    """A part of an act; unless it `is_wanted` at its end, nothing of it is left behind."""

    is_wanted: bool = False


@contextmanager
def undivided(work: Work) -> Iterator[Part]:
    """Do something whole, or leave nothing of it behind, in the database or in the work."""
    part = Part()
    saved = {
        name: value.copy() if isinstance(value, (list, set, dict)) else value
        for name, value in work.session.info.items()
    }
    nested = work.session.begin_nested()
    try:
        yield part
    finally:
        if part.is_wanted:
            nested.commit()
        else:
            nested.rollback()
            work.session.info.clear()
            work.session.info.update(saved)


def check_source(
    work: Work, dataset: Dataset, source: Source, progress: Progress = silent
) -> Report:
    """Say what importing a source would do, and change nothing."""
    with undivided(work):
        return _run(work, dataset, source, None, progress)


def import_source(
    work: Work,
    dataset: Dataset,
    source: Source,
    *,
    all_or_nothing: bool = False,
    progress: Progress = silent,
) -> tuple[Import | None, Report]:
    """Import the sound rows of a source as one change-set; nothing when one must be whole."""
    if all_or_nothing:
        report = check_source(work, dataset, source)
        if report.rejected:
            return None, report
    record = new_import(work, dataset, source, "applied")
    return record, apply_source(work, dataset, source, record, progress)


def new_import(work: Work, dataset: Dataset, source: Source, state: str) -> Import:
    """Make the record of an import at the work's unit."""
    record = Import(
        unit_id=work.unit.id,
        dataset=dataset.key,
        file_name=source.name[:300],
        digest=source.digest,
        state=state,
        unknown_columns=[],
        by=work.actor.label[:300],
        by_id=work.actor.account_id,
        at=work.now,
    )
    work.session.add(record)
    work.session.flush()
    return record


def apply_source(
    work: Work, dataset: Dataset, source: Source, record: Import, progress: Progress = silent
) -> Report:
    """Write the sound rows of a source and remember what each of them changed."""
    record.act_id = act_id(work)
    record.state, record.at = "applied", work.now
    with sending(work.session):
        report = _run(work, dataset, source, record, progress)
    keep_counts(record, report)
    ledger.record(
        work,
        "exchange.imported",
        ledger.About("import", record.id, record.file_name, record.unit_id),
        after={"dataset": dataset.key, "digest": record.digest, **report.counts()},
        permission=permissions.IMPORT,
    )
    return report


def keep_counts(record: Import, report: Report) -> None:
    """Write the sums of a report into the record."""
    for name, value in report.counts().items():
        setattr(record, name, value)
    record.unknown_columns, record.warnings = report.unknown_columns, report.warnings


def _run(
    work: Work, dataset: Dataset, source: Source, record: Import | None, progress: Progress
) -> Report:
    """Load a source block by block; without a record only what must be seen later is written."""
    report, topics = Report(dataset), set[Hashable]()
    opened: Opened = source.open(dataset.columns(work), dataset.aliases)
    with opened.closing:
        report.columns, report.unknown_columns = opened.columns, opened.unknown_columns
        written = Written()
        for block, is_last in _with_last(blocks(dataset, opened.rows)):
            _follow(work, dataset, written)  # not before: it waits for what is being sent
            dataset.load(work, block)
            if record is not None or not is_last or dataset.remark is not None:
                dataset.writer.write(
                    work, [c for row in block if row.is_sound for c in row.changes]
                )
            if record is not None:
                written = _remember(work, dataset, record, block)
            topics |= {row.topic for row in report.count(block)}
            progress(report.rows)
            block.clear()  # two blocks more wait already
        _follow(work, dataset, written)
    if dataset.remark is not None and topics:
        report.warnings = _fewer(dataset.remark(work, topics - {None}))
    return report


def _fewer(sentences: Sequence[str]) -> list[str]:
    """Return the first warnings, and how many more there are."""
    more = len(sentences) - WARNINGS
    if more <= 0:
        return [*sentences]
    return [*sentences[:WARNINGS], _n("and %(n)s more", "and %(n)s more", more)]


def _with_last(items: Iterator[T]) -> Iterator[tuple[T, bool]]:
    """Yield items, and with each whether it is the last."""
    waiting: list[T] = []
    for item in items:
        if waiting:
            yield waiting.pop(), False
        waiting.append(item)
    for item in waiting:
        yield item, True


@dataclass(frozen=True, slots=True)
class Written:
    """The records that a block brought in, and those it altered."""

    new: frozenset[uuid.UUID] = frozenset()
    altered: frozenset[uuid.UUID] = frozenset()


def _remember(work: Work, dataset: Dataset, record: Import, block: Sequence[Row]) -> Written:
    """Keep what rows did, tell the ledger record by record; return whose derived tables follow."""
    keep_rows(work, record, block)
    written = [row for row in block if row.outcome in ("created", "updated")]
    told = (_told(dataset, row) for row in written)
    permission = dataset.permission_import
    ledger.record_all(work, "exchange.record_imported", told, permission=permission)
    write_pending(work)
    touched = frozenset(row.target_id for row in written if row.target_id is not None)
    new = frozenset(row.target_id for row in written if row.is_new and row.target_id is not None)
    return Written(new, touched - new) if dataset.arrive else Written(altered=touched)


def _follow(work: Work, dataset: Dataset, written: Written) -> None:
    """Bring derived tables up to date about records that were written."""
    settle(work.session)
    if dataset.arrive and written.new:
        dataset.arrive(work, set(written.new))
    if written.altered:
        dataset.finish(work, set(written.altered))


def _told(dataset: Dataset, row: Row) -> ledger.Told:
    """Return what the ledger is told of a row."""
    before, after, is_bare = {}, {}, row.is_new
    for name, (was, now) in row.told.items():
        before[name], after[name] = was, now
        is_bare = is_bare and was is None
    if is_bare:  # nothing stood there, as of somebody registered by a form
        before = {}
    return ledger.Told(
        ledger.About(dataset.about or dataset.key, row.target_id, "", row.unit_id),
        before or None,
        {**after, "dataset": dataset.key, "row": row.number},
    )


def keep_rows(work: Work, record: Import, block: Sequence[Row]) -> None:
    """Store what each row of a block did; rows that do nothing are only counted."""
    kept = [_kept(record, row) for row in block if row.outcome != "unchanged"]
    insert_rows(work.session, ImportRow, kept)


def _kept(record: Import, row: Row) -> dict[str, Any]:
    """Return the stored row of a row."""
    is_sound = row.is_sound
    before, after = spelled(folded(row.changes)) if is_sound else (None, None)
    return {
        "import_id": record.id,
        "no": row.number,
        "outcome": row.outcome,
        "target_id": row.target_id if is_sound else None,
        "unit_id": row.unit_id if is_sound else None,
        "problems": None if is_sound else [list(problem) for problem in row.problems],
        "before": before,
        "after": after,
    }


def access_import(work: Work, import_id: uuid.UUID, *, lock: bool = False) -> Import:
    """Return an import this actor may see."""
    statement = sa.select(Import).where(Import.id == import_id)
    if lock:
        statement = statement.with_for_update()
    record = work.session.scalars(statement).one_or_none()
    if record is None:
        raise NotFound(_("There is no such import, or this account may not see it."))
    return record


def list_imports(work: Work, *, limit: int = 30, before: Import | None = None) -> Sequence[Import]:
    """List the imports made in the work's unit and below it, the last first."""
    statement = (
        sa.select(Import)
        .join(
            UnitScope,
            sa.and_(
                UnitScope.unit_id == Import.unit_id,
                UnitScope.ancestor_id == work.unit.id,
                visible(UnitScope, work.generation),
            ),
        )
        .where(Import.state != "checked")
        .order_by(Import.at.desc(), Import.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(
            sa.tuple_(Import.at, Import.id) < sa.tuple_(before.at, before.id)
        )
    return work.session.scalars(statement).all()


def list_problems(work: Work, record: Import, limit: int = 50) -> list[tuple[int, list[Problem]]]:
    """Return the first rejected rows of an import with their reasons."""
    rows = work.session.execute(
        sa.select(ImportRow.no, ImportRow.problems)
        .where(ImportRow.import_id == record.id, ImportRow.outcome == "rejected")
        .order_by(ImportRow.no)
        .limit(limit)
    )
    return [(no, [(column, text) for column, text in problems or ()]) for no, problems in rows]


def titles_of(work: Work, dataset: Dataset) -> Mapping[str, str]:
    """Return the titles of a dataset's columns."""
    return {column.key: str(column.title) for column in dataset.columns(work)}
