"""Giving data out as workbooks and CSV files, and the empty workbooks to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from core.errors import Forbidden, NotFound
from core.exchange import permissions
from core.exchange.registry import Dataset
from core.exchange.workbook import Target, write_csv, write_rows, write_template
from core.i18n import _, format_day
from core.ledger.recording import spool_read
from core.units.places import Place
from core.work import Work

PIECE = 20_000
FileFormat = Literal["xlsx", "csv"]
MIMETYPES: dict[FileFormat, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def check_export(work: Work, dataset: Dataset, unit: Place) -> None:
    """Refuse whoever may not take these data out of the unit, or where the module is off."""
    if not dataset.is_on(work.at(unit)):
        raise NotFound(_("There is no such page, or this account may not see it."))
    wanted = (permissions.EXPORT, dataset.permission_export)
    if not all(work.may(permission, unit) for permission in wanted):
        raise Forbidden(
            _("You have not been given the right to do this at %(units)s.", units=unit.name)
        )


def export_file(
    work: Work,
    dataset: Dataset,
    unit: Place,
    target: Path,
    *,
    as_of: date | None = None,
    for_people: bool = False,
) -> int:
    """Write all versions, or the state of a day, of a unit's subtree; return the number of rows.

    The format follows the file's ending. The ledger knows who took out whose data before anybody
    can read the file: it is written under another name and renamed afterwards. `for_people` marks
    a CSV file so that Excel shows its letters.
    """
    check_export(work, dataset, unit)
    waiting = target.with_name(f".{target.name}.part")
    rows = _told(work.at(unit), dataset, dataset.dump(work, unit, as_of))
    columns = dataset.columns(work)
    try:
        if target.suffix.lower() == ".csv":
            count = write_csv(waiting, columns, rows, mark=for_people)
        else:
            title = f"{dataset.title} · {unit.name}"
            note = _("As of %(day)s.", day=format_day(as_of)) if as_of else ""
            count = write_rows(waiting, columns, rows, title=title, note=note)
        waiting.replace(target)
    finally:
        waiting.unlink(missing_ok=True)
    return count


def _told(work: Work, dataset: Dataset, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Pass rows on and tell the ledger in pieces whose they were, before the file is there.

    All at once a province's members would be a line of 14 MB, and the names be kept till the end.
    """
    route = f"exchange.export {dataset.key}"
    for number, row in enumerate(rows, 1):
        yield row
        if number % PIECE == 0:
            spool_read(work, route)
    spool_read(work, route)


def write_empty(work: Work, dataset: Dataset, target: Target) -> None:
    """Write an empty workbook with guidance and drop-downs."""
    write_template(target, dataset.columns(work), title=dataset.title, guidance=dataset.guidance)


def file_name(dataset: Dataset, unit: Place, as_of: date | None, ending: str) -> str:
    """Return the name of an exported file: what, where, of which day."""
    parts = [dataset.key, unit.code, as_of.isoformat() if as_of else ""]
    return "-".join(part for part in parts if part) + f".{ending}"
