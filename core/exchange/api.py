"""Import and export for programs."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from flask import request

from core.errors import InvalidInput
from core.exchange import services, uploads, views
from core.exchange.models import Import
from core.exchange.permissions import EXPORT, IMPORT
from core.exchange.schemas import (
    DatasetOutput,
    ExportQuery,
    ImportOutput,
    IndexQuery,
    ReportOutput,
    RowsInput,
    UndoneOutput,
)
from core.exchange.services import Report
from core.exchange.staging import JsonSource
from core.exchange.undoing import undo_import
from core.i18n import _
from core.web import Answer, PluginBlueprint
from core.work import Work

blueprint = PluginBlueprint("exchange", is_core=True)
PAGE = 50


def answer_of(record: Import | None, report: Report) -> dict[str, Any]:
    """Return what an import did."""
    problems = [
        {"row": number, "column": column, "reason": reason}
        for number, listed in sorted(report.problems.items())
        for column, reason in listed
    ]
    return {
        "id": record.id if record else None,
        **report.counts(),
        "problems": problems,
        "warnings": report.warnings,
    }


@blueprint.api("/datasets", permission=EXPORT, answers=DatasetOutput(), many=True)
def datasets(work: Work) -> Any:
    """List what can be imported and exported at a unit, with the columns."""
    incoming = services.list_datasets(work, importing=True) if work.may(IMPORT) else []
    outgoing = services.list_datasets(work, importing=False)
    listed = {dataset.key: dataset for dataset in [*incoming, *outgoing]}
    items = [
        {
            "key": dataset.key,
            "title": str(dataset.title),
            "columns": dataset.columns(work),
            "can_import": dataset in incoming,
            "can_export": dataset in outgoing,
        }
        for dataset in listed.values()
    ]
    return items, None


@blueprint.api(
    "/imports", permission=IMPORT, accepts=IndexQuery(), answers=ImportOutput(), many=True
)
def imports(work: Work, data: dict[str, Any]) -> Any:
    """List the imports of a unit and of those below it, the last first."""
    known = services.access_import(work, data["before"]) if data["before"] else None
    items = services.list_imports(work, limit=PAGE + 1, before=known)
    return items[:PAGE], str(items[PAGE - 1].id) if len(items) > PAGE else None


@blueprint.api(
    "/imports",
    methods=["POST"],
    permission=IMPORT,
    accepts=RowsInput(),
    answers=ReportOutput(),
    name="import_rows",
    max_bytes=8_000_000,
)
def import_rows(work: Work, data: dict[str, Any]) -> Any:
    """Import rows as one change-set; what is wrong with a row stands in `problems`."""
    dataset = services.access_dataset(work, data["dataset"], importing=True)
    source = JsonSource(data["rows"])
    if data["dry_run"]:
        return answer_of(None, services.check_source(work, dataset, source))
    record, report = services.import_source(
        work, dataset, source, all_or_nothing=data["all_or_nothing"]
    )
    return Answer(answer_of(record, report), status=201 if record else 200)


@blueprint.api(
    "/files",
    methods=["POST"],
    permission=IMPORT,
    answers=ReportOutput(),
    name="import_file",
    max_bytes=views.MOST_BYTES,
)
def import_file(work: Work) -> Any:
    """Import a file (multipart: `dataset`, `file`, `dry_run`) as one change-set."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        sentence = _("Choose the file to import.")
        raise InvalidInput(sentence, fields={"file": [sentence]})
    dataset = services.access_dataset(work, request.form.get("dataset", ""), importing=True)
    name = Path(sent.filename.replace("\\", "/")).name
    record, report = uploads.check_upload(work, dataset, sent.stream, name)
    if request.form.get("dry_run", "").lower() in ("1", "true", "yes"):
        return answer_of(None, report)
    report = uploads.apply_upload(work, dataset, record)
    return Answer(answer_of(record, report), status=201)


@blueprint.api(
    "/imports/<uuid:import_id>/undo",
    methods=["POST"],
    permission=IMPORT,
    answers=UndoneOutput(),
    name="undo_import",
)
def undo(work: Work, import_id: uuid.UUID) -> Any:
    """Take an import back; 409 with what stands in the way, then nothing was changed."""
    record = services.access_import(work, import_id, lock=True)
    obstacles = undo_import(work, record)
    answer = {"id": record.id, "undone": not obstacles, "obstacles": obstacles}
    return Answer(answer, status=409 if obstacles else 200)


@blueprint.api("/export", permission=EXPORT, accepts=ExportQuery())
def export(work: Work, data: dict[str, Any]) -> Any:
    """Hand over the data of a unit and all below it as Excel or CSV."""
    dataset = services.access_dataset(work, data["dataset"], importing=False)
    return views.exported(work, dataset, data)
