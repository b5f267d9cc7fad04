"""`hatnhan import` and `hatnhan export`: data in and out as workbooks and CSV files."""

from __future__ import annotations

import gc
import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from core.cli import DAY, Context, as_option, json_option, pass_context, refusing
from core.exchange import services, uploads
from core.exchange.exporting import export_file, write_empty
from core.exchange.registry import datasets_of
from core.exchange.services import Progress as Told
from core.exchange.services import Report
from core.exchange.staging import COMMAND_LINE, FileSource
from core.exchange.undoing import undo_import
from core.exchange.workbook import UnreadableFile
from core.i18n import _, _n, lazy
from core.units.tree import access_unit
from core.work import Work


@click.command(name="import")
@click.argument("dataset", required=False)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=str(lazy("Only say what would happen.")))
@click.option(
    "--all-or-nothing", is_flag=True, help=str(lazy("Import nothing if a row is rejected."))
)
@click.option("--undo", "undone", metavar="ID", help=str(lazy("Take an import back.")))
@click.option("--list", "listing", is_flag=True, help=str(lazy("Name what can be imported.")))
@click.option("--template", is_flag=True, help=str(lazy("Write an empty workbook to FILE.")))
@json_option
@as_option
@pass_context
@refusing
def import_(
    context: Context,
    dataset: str | None,
    file: Path | None,
    undone: str | None,
    **flags: Any,
) -> None:
    """Import DATASET from FILE (.xlsx or .csv) as one change-set that can be taken back."""
    if flags["listing"]:
        list_datasets(context)
    elif undone is not None:
        undo(context, undone)
    elif dataset is None or file is None:
        raise click.UsageError(_("Name the dataset and the file."))
    elif flags["template"]:
        write_template(context, dataset, file)
    else:
        bring_in(
            context, dataset, file, dry=flags["dry_run"], all_or_nothing=flags["all_or_nothing"]
        )


def known_dataset(work: Work, key: str, *, importing: bool) -> Any:
    """Return a dataset; a name nobody knows is wrong usage."""
    if key not in datasets_of(work):
        known = ", ".join(datasets_of(work))
        raise click.UsageError(
            _("There is no dataset “%(key)s”. There are: %(keys)s.", key=key, keys=known)
        )
    return services.access_dataset(work, key, importing=importing)


def bring_in(context: Context, key: str, file: Path, *, dry: bool, all_or_nothing: bool) -> None:
    """Import a file; exit 1 when a row is rejected, 2 when the file cannot be read."""
    try:
        with context.work(writing=True) as work, told() as progress, seldom_tidied():
            dataset = known_dataset(work, key, importing=True)
            source = FileSource(file, file.name, COMMAND_LINE)
            record = None
            if dry:
                report = services.check_source(work, dataset, source, progress)
            else:
                record, report = services.import_source(
                    work, dataset, source, all_or_nothing=all_or_nothing, progress=progress
                )
            notes = annotated(work, source, report) if report.rejected else None
            answer: dict[str, Any] = {
                "id": str(record.id) if record else None,
                **report.counts(),
                "annotated_file": str(notes) if notes else None,
            }
            if dataset.remark is not None:
                answer["warnings"] = report.warnings
    except UnreadableFile as refusal:
        click.echo(_(refusal.sentence, **refusal.values), err=True)
        sys.exit(2)
    context.say(answer, sentence_of(report, notes, is_done=record is not None))
    if not context.as_json:
        tell_reasons(report)
    sys.exit(1 if report.rejected else 0)


def tell_reasons(report: Report) -> None:
    """Say why the first rows were rejected, and what is taken in but should be looked at."""
    for number in sorted(report.problems)[:10]:
        for column, reason in report.problems[number]:
            click.echo(f"  {number}  {column or ''}  {reason}", err=True)
    if report.warnings:
        click.echo(_("Taken in as it is, but look at it:"), err=True)
    for warning in report.warnings:
        click.echo(f"  {warning}", err=True)


def annotated(work: Work, source: FileSource, report: Report) -> Path:
    """Write the file with notes beside the file itself, or where uploads are kept."""
    name = f"{source.path.stem}-{_('to-correct')}.xlsx"
    folder = source.path.resolve().parent
    if not os.access(folder, os.W_OK):
        folder = uploads.folder_of(work)
    target = folder / name
    uploads.annotate_file(work, report.dataset, source, report, target)
    return target


def sentence_of(report: Report, notes: Path | None, *, is_done: bool) -> str:
    """Say what came out."""
    parts = [uploads.summary_of(report)]
    if is_done:
        parts.append(
            _(
                "New: %(created)s, changed: %(updated)s, already so: %(unchanged)s.",
                created=report.created,
                updated=report.updated,
                unchanged=report.unchanged,
            )
        )
    else:
        parts.append(_("Nothing has been changed."))
    if notes is not None:
        parts.append(_("The reasons stand in %(file)s.", file=notes))
    return " ".join(parts)


@contextmanager
def seldom_tidied() -> Iterator[None]:
    """Look for garbage a hundredth as often: rows go as they came, in no circles, and are many.

    It took a sixth of an import's time, most of it to look through the program again and again.
    """
    often = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100 * often[0], *often[1:])
    try:
        yield
    finally:
        gc.set_threshold(*often)
        gc.unfreeze()


@contextmanager
def told() -> Iterator[Told]:
    """Show how far a long import is, on a terminal only."""
    if not sys.stderr.isatty():
        yield services.silent
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("Rows read"), total=None)
        yield lambda rows: bar.update(task, completed=rows)


def undo(context: Context, text: str) -> None:
    """Take an import back; exit 1 with what stands in the way."""
    try:
        key = uuid.UUID(text)
    except ValueError as error:
        raise click.UsageError(_("This is not the number of an import.")) from error
    with context.work(writing=True) as work:
        record = services.access_import(work, key, lock=True)
        obstacles = undo_import(work, record)
        name, rows = record.file_name, record.created + record.updated
    context.say(
        {"id": str(key), "undone": not obstacles, "rows": rows, "obstacles": obstacles},
        "" if obstacles else _("The import of %(file)s was taken back.", file=name),
    )
    if obstacles:
        click.echo(_("Nothing was taken back, because something was built on it:"), err=True)
        for obstacle in obstacles:
            click.echo(f"  {obstacle}", err=True)
        sys.exit(1)


def list_datasets(context: Context) -> None:
    """Name what can be imported, with the columns."""
    with context.work(writing=False) as work:
        listed: list[dict[str, Any]] = [
            {
                "key": dataset.key,
                "title": str(dataset.title),
                "columns": [
                    {"key": c.key, "title": str(c.title), "kind": c.kind, "required": c.required}
                    for c in dataset.columns(work)
                ],
            }
            for dataset in datasets_of(work).values()
        ]
    lines = [
        f"{one['key']}: {', '.join(column['key'] for column in one['columns'])}" for one in listed
    ]
    context.say(listed, "\n".join(lines))


def write_template(context: Context, key: str, file: Path) -> None:
    """Write an empty workbook with guidance and drop-downs."""
    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(_("The name of a template ends in .xlsx."))
    with context.work(writing=False) as work:
        write_empty(work, known_dataset(work, key, importing=True), file)
    context.say({"dataset": key, "file": str(file)}, _("Written: %(file)s", file=file))


@click.command()
@click.argument("dataset")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--unit", required=True, metavar="CODE", help=str(lazy("The unit.")))
@click.option("--as-of", type=DAY, help=str(lazy("Only what held on this day.")))
@json_option
@as_option
@pass_context
@refusing
def export(context: Context, dataset: str, file: Path, unit: str, as_of: date | None) -> None:
    """Export DATASET of a unit and all below it into FILE (.xlsx or .csv)."""
    if file.suffix.lower() not in (".xlsx", ".csv"):
        raise click.UsageError(_("The name of the file ends in .xlsx or .csv."))
    if not file.resolve().parent.is_dir():
        raise click.UsageError(_("There is no folder %(name)s.", name=file.resolve().parent))
    with context.work(writing=False) as work, seldom_tidied():
        found = known_dataset(work, dataset, importing=False)
        place = access_unit(work, unit)
        rows = export_file(work, found, place, file, as_of=as_of)
    context.say(
        {
            "dataset": dataset,
            "unit": unit,
            "as_of": as_of.isoformat() if as_of else None,
            "rows": rows,
            "file": str(file),
        },
        _n(
            "%(n)s row was written.",
            "%(n)s rows were written.",
            rows,
        ),
    )
