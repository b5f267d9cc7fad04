"""Pages of import and export: what there is, the check of a file, the last imports."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.errors import NotFound
from core.exchange import services, uploads
from core.exchange.exporting import MIMETYPES, check_export, export_file, file_name, write_empty
from core.exchange.models import Import
from core.exchange.permissions import EXPORT, IMPORT
from core.exchange.registry import Dataset, datasets_of
from core.exchange.schemas import ExportQuery, IndexQuery, TemplateQuery, UploadInput
from core.exchange.undoing import undo_import
from core.forms import Form
from core.i18n import _, _n, format_day, format_number
from core.web import PluginBlueprint, download, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("exchange", is_core=True)
LISTED = 20
MOST_BYTES = 31_000_000
STATES = {"applied": "good", "undone": "none", "checked": "info"}


@blueprint.view("/", permission=EXPORT, accepts=IndexQuery())
def index(work: Work, data: dict[str, Any] | None = None, form: Form | None = None) -> Any:
    """Show what can be imported and exported here, and the last imports."""
    may_import = work.may(IMPORT)
    incoming = services.list_datasets(work, importing=True) if may_import else []
    outgoing = services.list_datasets(work, importing=False)
    form = form or Form(UploadInput())
    form.choices["dataset"] = [(dataset.key, str(dataset.title)) for dataset in incoming]
    form.action = ""
    before = data.get("before") if data else None
    listed = list(_imports(work, before)) if may_import else []
    return page(
        "exchange/index.html",
        title=_("Import and export"),
        form=form,
        incoming=incoming,
        outgoing=outgoing,
        imports=listed[:LISTED],
        older=listed[LISTED - 1].id if len(listed) > LISTED else None,
        titles=_titles(work),
        states=STATES,
    )


def _imports(work: Work, before: uuid.UUID | None) -> Any:
    known = services.access_import(work, before) if before else None
    return services.list_imports(work, limit=LISTED + 1, before=known)


def _titles(work: Work) -> dict[str, str]:
    return {key: str(dataset.title) for key, dataset in datasets_of(work).items()}


@blueprint.view(
    "/upload",
    methods=["POST"],
    permission=IMPORT,
    accepts=UploadInput(),
    form="index",
    files=True,
    max_bytes=MOST_BYTES,
)
def upload(work: Work, data: dict[str, Any]) -> Any:
    """Check a file and keep it; nothing is imported yet."""
    dataset = services.access_dataset(work, data["dataset"], importing=True)
    sent = data["file"]
    record, _report = uploads.check_upload(
        work, dataset, sent.stream, Path(sent.filename.replace("\\", "/")).name
    )
    return redirect_to("exchange.show", import_id=record.id)


@blueprint.view("/<uuid:import_id>", permission=IMPORT)
def show(work: Work, import_id: uuid.UUID, obstacles: list[str] | None = None) -> Any:
    """Show what a checked file would do, or what an import did."""
    record = services.access_import(work, import_id)
    dataset = services.access_dataset(work, record.dataset, importing=True)
    titles = services.titles_of(work, dataset)
    problems = [
        (number, [(titles.get(column or "", ""), text) for column, text in listed])
        for number, listed in services.list_problems(work, record)
    ]
    return page(
        "exchange/show.html",
        status=409 if obstacles else 200,
        title=str(dataset.title),
        record=record,
        sentence=sentence_of(record),
        import_label=_n("Import %(n)s row", "Import %(n)s rows", record.created + record.updated),
        problems=problems,
        obstacles=obstacles or [],
        is_kept=uploads.file_of(work, record).is_file(),
        has_notes=uploads.annotated_of(work, record).is_file(),
        facts=facts_of(work, record),
    )


def sentence_of(record: Import) -> str:
    """Say what came out, in the words people know."""
    good = record.rows - record.rejected
    if record.state == "checked":
        checked = _("File checked:")
        parts = [_n("%(n)s row is right,", "%(n)s rows are right,", good)]
        parts.append(
            _n("%(n)s row is to be corrected.", "%(n)s rows are to be corrected.", record.rejected)
        )
        return " ".join([checked, *parts, _("Nothing has been changed yet.")])
    if record.state == "undone" and record.undone_at:
        return _("This import was taken back.")
    done = record.created + record.updated
    return _n("%(n)s row was imported.", "%(n)s rows were imported.", done)


def facts_of(work: Work, record: Import) -> list[tuple[str, Any]]:
    """Return what there is to say about an import."""
    zone = work.host.zone
    facts: list[tuple[str, Any]] = [
        (_("File"), record.file_name),
        (_("New rows"), format_number(record.created)),
        (_("Rows changed"), format_number(record.updated)),
        (_("Already so"), format_number(record.unchanged)),
        (_("To correct"), format_number(record.rejected)),
        (_("Imported by"), f"{record.by}, {format_day(record.at.astimezone(zone).date())}"),
    ]
    if record.undone_at:
        undone = format_day(record.undone_at.astimezone(zone).date())
        facts.append((_("Undone"), f"{record.undone_by}, {undone}"))
    if record.unknown_columns:
        facts.append((_("Columns passed over"), ", ".join(record.unknown_columns)))
    return facts


@blueprint.view("/<uuid:import_id>/annotated", permission=IMPORT)
def annotated(work: Work, import_id: uuid.UUID) -> Any:
    """Hand over the file with the reasons beside each row to correct."""
    record = services.access_import(work, import_id)
    path = uploads.annotated_of(work, record)
    if not path.is_file():
        raise NotFound(_("The file was kept for a day only. Send it again."))
    name = f"{Path(record.file_name).stem}-{_('to-correct')}.xlsx"
    return download(pieces_of(path), name, MIMETYPES["xlsx"])


@blueprint.view("/<uuid:import_id>/apply", methods=["POST"], permission=IMPORT)
def apply(work: Work, import_id: uuid.UUID) -> Any:
    """Import the sound rows of a file that was checked."""
    record = services.access_import(work, import_id, lock=True)
    dataset = services.access_dataset(work, record.dataset, importing=True)
    uploads.apply_upload(work, dataset, record)
    return redirect_to("exchange.show", import_id=record.id, sentence=sentence_of(record))


@blueprint.view("/<uuid:import_id>/undo", methods=["POST"], permission=IMPORT)
def undo(work: Work, import_id: uuid.UUID) -> Any:
    """Take an import back, or say what stands in the way."""
    record = services.access_import(work, import_id, lock=True)
    obstacles = undo_import(work, record)
    if obstacles:
        return show(work, import_id, obstacles=obstacles)
    return redirect_to("exchange.show", import_id=record.id, sentence=sentence_of(record))


@blueprint.view("/template", permission=EXPORT, accepts=TemplateQuery())
def template(work: Work, data: dict[str, Any]) -> Any:
    """Hand over an empty workbook to fill in."""
    can_import = data["dataset"] in {d.key for d in services.list_datasets(work, importing=True)}
    dataset = services.access_dataset(work, data["dataset"], importing=can_import)
    buffer = io.BytesIO()
    write_empty(work, dataset, buffer)
    return download(buffer.getvalue(), f"{dataset.key}-{_('template')}.xlsx", MIMETYPES["xlsx"])


@blueprint.view("/export", permission=EXPORT, accepts=ExportQuery())
def export(work: Work, data: dict[str, Any]) -> Any:
    """Hand over the data of this unit and all below it as Excel or CSV."""
    dataset = services.access_dataset(work, data["dataset"], importing=False)
    return exported(work, dataset, data)


def exported(work: Work, dataset: Dataset, data: dict[str, Any]) -> Any:
    """Write an export to a file that is gone once it is read, and hand it over in pieces."""
    check_export(work, dataset, work.unit)
    ending = data["format"]
    path = uploads.folder_of(work) / f"{uuid.uuid4()}.{ending}"
    export_file(work, dataset, work.unit, path, as_of=data["as_of"], for_people=True)
    name = file_name(dataset, work.unit, data["as_of"], ending)
    return download(pieces_of(path, gone=True), name, MIMETYPES[ending])


def pieces_of(path: Path, *, gone: bool = False) -> Iterator[bytes]:
    """Return a file piece by piece; `gone` takes its name away at once."""
    stream = path.open("rb")
    if gone:
        path.unlink()

    def pieces() -> Iterator[bytes]:
        with stream:
            while piece := stream.read(uploads.PIECE):
                yield piece

    return pieces()
