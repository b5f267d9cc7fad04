"""Pages of papers: the register of a unit, one paper, and what came from elsewhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from core.documents import services
from core.documents.kinds import SOURCE_NAMES, STATE_COLOURS, STATE_NAMES, code_name, kind_name
from core.documents.models import Document
from core.documents.paper import KIND_CODES
from core.documents.permissions import ISSUE, SEE
from core.documents.schemas import ContinueInput, OutsideInput, RegisterQuery, VoidInput
from core.documents.services.register import Filter
from core.errors import NotFound
from core.forms import Form
from core.i18n import _, format_day
from core.pages import SearchHit
from core.paging import make_cursor, read_cursor
from core.units import covering
from core.units.covering import told_of
from core.web import PluginBlueprint, download, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("documents", is_core=True)
PAGE = 50
MOST_BYTES = 26_000_000


def trail(work: Work, *steps: str) -> list[tuple[str, str]]:
    """Return where a page stands below the register."""
    return [(_("Papers"), f"/u/{work.unit.code}/documents/"), *((step, "") for step in steps)]


def cursor_of(document: Document) -> str:
    """Return the cursor of what comes after a paper."""
    return make_cursor((document.issued_on, document.id))


def position_of(cursor: str) -> tuple[Any, ...] | None:
    """Return the paper after which the list goes on; None at the beginning."""
    return read_cursor(cursor, "d", "k")


def filter_of(data: dict[str, Any]) -> Filter:
    """Return what of the register is asked for."""
    return Filter(
        kind_code=data["kind"],
        term_from=data["term"],
        year=data["year"],
        words=data["q"],
        source=data["source"],
    )


def query_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return what is asked for as the query of an address."""
    names = ("kind", "term", "year", "source", "q")
    return {n: str(data[n]) for n in names if data[n]}


@blueprint.view("/", permission=SEE, accepts=RegisterQuery())
def index(work: Work, data: dict[str, Any]) -> Any:
    """Show the register of the unit, newest first."""
    as_of = told_of(data)
    found = services.list_documents(
        work,
        wanted=filter_of(data),
        as_of=as_of,
        after=position_of(data["cursor"]),
        limit=PAGE,
    )
    codes = codes_of(work, found)
    occurring = services.choices_of(work)
    return page(
        "documents/register.html",
        title=_("Papers"),
        documents=[{**_line(one), "unit": codes[one.unit_id]} for one in found],
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
        hidden=query_of(data),
        following=cursor_of(found[-1]) if len(found) == PAGE else "",
        query={**query_of(data), **covering.query_of(as_of)},
        words=data["q"],
        kinds=[(code, code_name(code)) for code in occurring.kinds],
        terms=[(str(day), _("from %(day)s", day=format_day(day))) for day in occurring.terms],
        years=[(str(year), str(year)) for year in occurring.years],
        sources=[(key, str(SOURCE_NAMES[key])) for key in occurring.sources],
    )


def codes_of(work: Work, documents: Iterable[Document]) -> dict[uuid.UUID, str]:
    """Return the codes of the units in whose registers papers stand; one is usually the unit."""
    ids = {one.unit_id for one in documents}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    return {unit_id: places[unit_id].code for unit_id in ids if unit_id in places}


def _line(document: Document) -> dict[str, Any]:
    """Return a paper as a line of the register."""
    return {
        "id": document.id,
        "code": document.code.replace("-", "\u2011") or "–",  # a number is not broken
        "day": document.issued_on,
        "subject": document.subject,
        "kind": kind_name(document.kind, document.kind_code),
        "issuer": document.issuer if document.source == "registered" else "",
        "signer": document.signer,
        "state": str(STATE_NAMES[document.state]),
        "colour": STATE_COLOURS[document.state],
        "is_plain": document.state == "issued",
    }


@blueprint.view("/register.pdf", permission=SEE, accepts=RegisterQuery())
def printed(work: Work, data: dict[str, Any]) -> Any:
    """Hand over the register as a paper to print."""
    paper = services.register_on_paper(work, filter_of(data))
    body = services.print_bytes(work, paper, "pdf")
    return download(body, "so-dang-ky-van-ban.pdf", "application/pdf", inline=True)


@blueprint.view("/<uuid:document_id>", permission=SEE)
def show(work: Work, document_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show a paper of the register with its files."""
    document = services.access_document(work, document_id)
    files = {file.format: file for file in services.files_of(work, document)}
    return page(
        "documents/show.html",
        title=document.code or document.subject,
        document=document,
        line=_line(document),
        files=files,
        is_printable=document.paper is not None and document.state != "draft",
        form=form or Form(VoidInput()),
        trail=trail(work, document.code or document.subject),
    )


@blueprint.view("/<uuid:document_id>/<any(docx,pdf,upload):ending>", permission=SEE)
def file(work: Work, document_id: uuid.UUID, ending: str) -> Any:
    """Hand over a file as it was issued; one that was never printed is printed first."""
    document = services.access_document(work, document_id)
    stored = services.file_of(work, document, ending)
    if stored is None and ending != "upload":
        return redirect_to("documents.first_print", document_id=document_id, ending=ending)
    if stored is None:
        raise NotFound(_("There is no such page, or this account may not see it."))
    return download(stored.body, stored.filename, stored.mime)


@blueprint.view(
    "/<uuid:document_id>/<any(docx,pdf):ending>/first",
    permission=SEE,
    writes=True,
)
def first_print(work: Work, document_id: uuid.UUID, ending: str) -> Any:
    """Print a paper that was issued without being printed, keep it, and hand it over."""
    document = services.access_document(work, document_id)
    stored = services.printed_file(work, document, ending)
    return download(stored.body, stored.filename, stored.mime)


@blueprint.view(
    "/<uuid:document_id>/void",
    methods=["POST"],
    permission=ISSUE,
    accepts=VoidInput(),
    form="show",
)
def void(work: Work, data: dict[str, Any], document_id: uuid.UUID) -> Any:
    """Void a paper; its number stays used."""
    document = services.access_document(work, document_id)
    services.void_document(work, document, reason=data["reason"])
    sentence = _("%(code)s is voided; its number stays used.", code=document.code)
    return redirect_to("documents.show", document_id=document.id, sentence=sentence)


def hits(work: Work, words: str, limit: int) -> list[SearchHit]:
    """Return the papers a search finds."""
    found = services.search_documents(work, words, limit)
    places = work.host.places.by_ids(
        work.session, {one.unit_id for one in found}, work.today, work.generation
    )
    return [
        SearchHit(
            kind=_("Papers"),
            title=f"{one.code} {one.subject}".strip(),
            text=f"{format_day(one.issued_on)} · {places[one.unit_id].name}",
            endpoint="documents.show",
            values={"document_id": one.id, "unit": places[one.unit_id].code},
            icon="file-earmark-text",
            order=30,
        )
        for one in found
        if one.unit_id in places
    ]


# --- what came from elsewhere, and numbers used on paper ----------------------------------------


@blueprint.view("/outside", permission=ISSUE)
def outside(work: Work, *, form: Form | None = None) -> Any:
    """Show the form for a paper that came from elsewhere."""
    return page(
        "documents/form.html",
        title=_("Enter a paper from elsewhere"),
        form=form or Form(OutsideInput()),
        submit=_("Enter the paper"),
        secrecy=True,
        trail=trail(work, _("Enter a paper from elsewhere")),
    )


@blueprint.view(
    "/outside",
    methods=["POST"],
    permission=ISSUE,
    accepts=OutsideInput(),
    form="outside",
    files=True,
    max_bytes=MOST_BYTES,
)
def enter_outside(work: Work, data: dict[str, Any]) -> Any:
    """Enter a paper that came from elsewhere."""
    upload = data.pop("file")
    document = services.register_paper(work, upload=upload, **data)
    sentence = _("%(code)s is in the register.", code=document.code)
    return redirect_to("documents.show", document_id=document.id, sentence=sentence)


@blueprint.view("/numbers", permission=ISSUE)
def numbers(work: Work, *, form: Form | None = None) -> Any:
    """Show the form for numbers that were used on paper."""
    shown = form or Form(ContinueInput())
    named = {code: kind for kind, code in reversed(list(KIND_CODES.items()))}
    shown.choices["kind"] = [(kind, code_name(code)) for code, kind in sorted(named.items())]
    return page(
        "documents/form.html",
        title=_("Numbers used on paper"),
        intro=_("For a register that began on paper: the next number follows the last one used."),
        form=shown,
        submit=_("Keep the last number"),
        trail=trail(work, _("Numbers used on paper")),
    )


@blueprint.view(
    "/numbers", methods=["POST"], permission=ISSUE, accepts=ContinueInput(), form="numbers"
)
def keep_numbers(work: Work, data: dict[str, Any]) -> Any:
    """Keep how many numbers were used on paper."""
    series = services.continue_after(work, **data)
    sentence = _("The next paper of this kind is %(code)s.", code=series.text(data["last"] + 1))
    return redirect_to("documents.index", sentence=sentence)
