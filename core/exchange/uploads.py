"""Files that people send: kept until applied, a day at the most, and given back with notes."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from core.errors import InvalidInput, RuleBroken
from core.exchange.models import Import, ImportRow
from core.exchange.registry import Dataset
from core.exchange.services import (
    Report,
    apply_source,
    check_source,
    keep_counts,
    new_import,
)
from core.exchange.staging import PAGE, FileSource
from core.exchange.workbook import Limits, UnreadableFile, annotate
from core.i18n import _, _n
from core.work import Work

KEPT_FOR = timedelta(days=1)
SHOWN_PROBLEMS = 200
PIECE = 256 * 1024


def folder_of(work: Work) -> Path:
    """Return the folder of files that people sent."""
    folder = work.host.spool_folder.parent / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def file_of(work: Work, record: Import) -> Path:
    """Return where the file of an import is kept."""
    ending = Path(record.file_name).suffix.lower()
    return folder_of(work) / f"{record.id}{ending if ending in ('.csv', '.xlsx') else '.xlsx'}"


def annotated_of(work: Work, record: Import) -> Path:
    """Return where the file with notes is kept, if there is one."""
    return folder_of(work) / f"{record.id}-annotated.xlsx"


def check_upload(
    work: Work, dataset: Dataset, stream: IO[bytes], file_name: str, limits: Limits = PAGE
) -> tuple[Import, Report]:
    """Keep a file, say what importing it would do, and change nothing else.

    A file that cannot be read is InvalidInput with the sentence that says what to do.
    """
    remove_old(work)
    arrived = folder_of(work) / f"{uuid.uuid4()}.arriving"
    try:
        _keep(stream, arrived, limits, work.now)
        source = FileSource(arrived, file_name, limits)
        report = check_source(work, dataset, source)
        record = new_import(work, dataset, source, "checked")
        keep_counts(record, report)
        _keep_problems(work, record, report)
        if report.rejected:
            annotate_file(work, dataset, source, report, annotated_of(work, record))
        arrived.rename(file_of(work, record))
    except UnreadableFile as refusal:
        sentence = _(refusal.sentence, **refusal.values)
        raise InvalidInput(sentence, fields={"file": [sentence]}) from refusal
    finally:
        arrived.unlink(missing_ok=True)
    return record, report


def _keep(stream: IO[bytes], path: Path, limits: Limits, now: datetime) -> None:
    """Copy what is sent to a file, no more than is allowed."""
    size = 0
    with path.open("xb") as file:
        path.chmod(0o600)
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > limits.megabytes * 2**20:
                raise UnreadableFile(
                    "The file is larger than %(limit)s MB. Split it into several files.",
                    limit=limits.megabytes,
                )
            file.write(piece)
    # By the clock of this site, which may be a simulated one.
    os.utime(path, (now.timestamp(), now.timestamp()))


def _keep_problems(work: Work, record: Import, report: Report) -> None:
    """Store the first rejected rows with their reasons, for the page; the file has all."""
    first = sorted(report.problems)[:SHOWN_PROBLEMS]
    rows: list[dict[str, Any]] = [
        {
            "import_id": record.id,
            "no": number,
            "outcome": "rejected",
            "problems": [list(problem) for problem in report.problems[number]],
        }
        for number in first
    ]
    if rows:
        work.session.execute(sa.insert(ImportRow), rows)


def apply_upload(work: Work, dataset: Dataset, record: Import) -> Report:
    """Import the sound rows of a file that was checked; the file goes once it is done."""
    if record.state != "checked":
        raise RuleBroken(_("This file was imported already."))
    path = file_of(work, record)
    if not path.is_file():
        raise RuleBroken(_("The file was kept for a day only. Send it again."))
    work.session.execute(sa.delete(ImportRow).where(ImportRow.import_id == record.id))
    source = FileSource(path, record.file_name, PAGE)
    report = apply_source(work, dataset, source, record)
    if report.rejected:
        annotate_file(work, dataset, source, report, annotated_of(work, record))
    work.after_commit(lambda: path.unlink(missing_ok=True))
    return report


def annotate_file(
    work: Work, dataset: Dataset, source: FileSource, report: Report, target: Path
) -> None:
    """Write the rows of a file again, those to correct first with all their reasons."""
    annotate(
        source.path,
        target,
        dataset.columns(work),
        report.problems,
        summary=summary_of(report),
        aliases=dataset.aliases,
        filename=source.name,
        limits=source.limits,
    )


def summary_of(report: Report) -> str:
    """Say how many rows are right and how many are to be corrected."""
    good = report.rows - report.rejected
    return " ".join(
        (
            _n("%(n)s row is right,", "%(n)s rows are right,", good),
            _n("%(n)s row is to be corrected.", "%(n)s rows are to be corrected.", report.rejected),
        )
    )


def remove_old(work: Work) -> None:
    """Remove files older than a day and the records of checks that were never applied."""
    since = work.now - KEPT_FOR
    old = sa.select(Import.id).where(Import.state == "checked", Import.at < since)
    unscoped = {"unscoped": "checks nobody applied within a day"}
    ids = list(work.session.scalars(old.limit(500), execution_options=unscoped))
    if ids:
        work.session.execute(sa.delete(ImportRow).where(ImportRow.import_id.in_(ids)))
        work.session.execute(sa.delete(Import).where(Import.id.in_(ids)))
    for path in folder_of(work).iterdir():
        if path.stat().st_mtime < since.timestamp():
            path.unlink(missing_ok=True)


def purge(work: Work, payload: Mapping[str, Any]) -> None:
    """Remove what is older than a day; a job asks for it every hour."""
    remove_old(work)
