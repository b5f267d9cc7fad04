"""Papers for programs: the register, one paper, its files, what came from elsewhere."""

from __future__ import annotations

import uuid
from typing import Any

from core.documents import services
from core.documents.models import Document
from core.documents.permissions import ISSUE, MANAGE, SEE
from core.documents.schemas import (
    DocumentOutput,
    OutsideInput,
    RegisterApiQuery,
    TemplateOutput,
    VoidInput,
    WholeDocumentOutput,
)
from core.documents.services.issuing import MIMES
from core.documents.views import MOST_BYTES, cursor_of, filter_of, position_of
from core.errors import NotFound, RuleBroken, Stale
from core.i18n import _
from core.units.covering import told_of
from core.web import Answer, PluginBlueprint, download
from core.work import Work

blueprint = PluginBlueprint("documents", is_core=True)


@blueprint.api("/", permission=SEE, accepts=RegisterApiQuery(), answers=DocumentOutput(), many=True)
def list_documents(work: Work, data: dict[str, Any]) -> Any:
    """List the register of a unit, newest first."""
    limit = data["limit"]
    found = services.list_documents(
        work,
        wanted=filter_of(data),
        as_of=told_of(data),
        after=position_of(data["cursor"]),
        limit=limit,
    )
    return found, cursor_of(found[-1]) if len(found) == limit else None


def _whole(work: Work, document: Document) -> dict[str, Any]:
    names = [name for name in DocumentOutput().dump_fields if name != "files"]
    values = {name: getattr(document, name) for name in names}
    return {**values, "files": services.files_of(work, document)}


@blueprint.api("/<uuid:document_id>", permission=SEE, answers=WholeDocumentOutput())
def show(work: Work, document_id: uuid.UUID) -> Any:
    """Return a paper with what is known about its files."""
    document = services.access_document(work, document_id)
    return Answer(_whole(work, document), revision=document.revision)


@blueprint.api("/<uuid:document_id>/files/<string:ending>", permission=SEE)
def file(work: Work, document_id: uuid.UUID, ending: str) -> Any:
    """Return a file as it was issued; a paper not printed yet is printed by POST …/print first."""
    document = services.access_document(work, document_id)
    stored = services.file_of(work, document, ending[:8])
    if stored is None and ending not in MIMES:
        raise NotFound(_("There is no such page, or this account may not see it."))
    if stored is None:
        raise RuleBroken(_("This paper was not printed yet. Send POST …/print first."))
    return download(stored.body, stored.filename, stored.mime)


@blueprint.api(
    "/<uuid:document_id>/print", methods=["POST"], permission=SEE, answers=WholeDocumentOutput()
)
def print_files(work: Work, document_id: uuid.UUID) -> Any:
    """Print a paper that was issued without being printed; what is printed stays as it is."""
    document = services.access_document(work, document_id)
    services.print_files(work, document)
    return Answer(_whole(work, document), revision=document.revision)


@blueprint.api(
    "/<uuid:document_id>/void",
    methods=["POST"],
    permission=ISSUE,
    accepts=VoidInput(),
    answers=WholeDocumentOutput(),
    revised=True,
)
def void(work: Work, data: dict[str, Any], document_id: uuid.UUID, revision: int) -> Any:
    """Void a paper; its number stays used."""
    document = services.access_document(work, document_id)
    if document.revision != revision:
        raise Stale(_("This revision is not the current one; read the record again."))
    services.void_document(work, document, reason=data["reason"])
    return Answer(_whole(work, document), revision=document.revision)


@blueprint.api(
    "/outside",
    methods=["POST"],
    permission=ISSUE,
    accepts=OutsideInput(),
    answers=WholeDocumentOutput(),
    max_bytes=MOST_BYTES * 4 // 3,
)
def enter_outside(work: Work, data: dict[str, Any]) -> Any:
    """Enter a paper that came from elsewhere, with its file as {"filename", "base64"}."""
    upload = data.pop("file")
    document = services.register_paper(work, upload=upload, **data)
    return Answer(_whole(work, document), status=201, revision=document.revision)


@blueprint.api("/templates", permission=MANAGE, answers=TemplateOutput(), many=True)
def list_templates(work: Work) -> Any:
    """List the templates that were given at a unit and above it."""
    return services.list_templates(work), None
