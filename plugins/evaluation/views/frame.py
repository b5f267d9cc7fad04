"""What the pages of evaluation share: addresses, filled forms, files, chosen evaluations."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import marshmallow as ma
from flask import url_for

from core.documents.services import print_bytes
from core.errors import InvalidInput
from core.forms import Form
from core.i18n import _
from core.names import search_key
from core.web import PageAnswer, download, page
from core.work import Work

from .. import services
from ..services import words

MIMES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
ENDING = "<any(docx,pdf):ending>"
STAGE_KINDS = {"notice": "good", "done": "good", "not_rated": "none", "decision": "warn"}
LEVEL_KINDS = {
    "excellent": "good",
    "good": "good",
    "completed": "warn",
    "not_completed": "late",
}
"""The colour beside the words of each level."""


def address(work: Work, endpoint: str, **values: Any) -> str:
    """Return the address of a page of evaluation in this unit."""
    return url_for(f"evaluation.{endpoint}", unit_code=work.unit.code, **values)


def show(
    work: Work,
    template: str,
    *,
    title: str,
    campaign: Any = None,
    trail: Iterable[tuple[str, str]] = (),
    refused: Form | None = None,
    **values: Any,
) -> PageAnswer:
    """Show a page of evaluation; what was refused stands in the summary on top."""
    way = [(_("Evaluation and rating"), address(work, "index"))]
    if campaign is not None and title != campaign.title:
        way.append((campaign.title, address(work, "campaign", campaign_id=campaign.id)))
    return page(
        f"evaluation/{template}.html",
        title=title,
        trail=[*way, *trail, (title, "")],
        campaign=campaign,
        refused=refused,
        levels=words.LEVELS,
        short_levels=words.SHORT_LEVELS,
        stages=words.STAGES,
        subjects=words.SUBJECTS,
        stage_kinds=STAGE_KINDS,
        level_kinds=LEVEL_KINDS,
        **values,
    )


def filled(
    form: Form | None,
    schema: ma.Schema,
    data: Any = None,
    *,
    action: str = "",
    draft: str = "",
    choices: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> Form:
    """Return the refused form where it is of this schema, else a fresh one with first values."""
    mine = form is not None and type(form.schema) is type(schema)
    result = form if form is not None and mine else Form(schema, data)
    result.action, result.draft_key = action, draft
    result.choices = dict(choices or {})
    return result


def other(form: Form | None, *schemas: ma.Schema) -> Form | None:
    """Return a refused form that none of the page's own forms shows."""
    if form is None or any(type(form.schema) is type(schema) for schema in schemas):
        return None
    return form


def typed(form: Form | None, schema: ma.Schema, name: str) -> list[dict[str, str]]:
    """Return the lines of a grid as they were typed before they were refused."""
    if form is None or type(form.schema) is not type(schema) or form.data is None:
        return []
    from_form = getattr(schema, "rows", {})
    columns = from_form.get(name, ())
    cells = [form.data.getlist(f"{name}.{column}") for column in columns]
    count = max((len(column) for column in cells), default=0)
    return [
        {
            column: values[number] if number < len(values) else ""
            for column, values in zip(columns, cells, strict=True)
        }
        for number in range(count)
    ]


def ticked_in(form: Form | None) -> set[str] | None:
    """Return what was ticked in a form that was refused; None for a fresh page."""
    return set(form.data.getlist("review")) if form is not None and form.data else None


def chosen(work: Work, campaign: Any, ids: Sequence[uuid.UUID]) -> list[Any]:
    """Return the ticked evaluations of this unit; nothing ticked is refused."""
    here = {review.id: review for review in services.all_here(work, campaign)}
    found = [here[key] for key in ids if key in here]
    if not found:
        sentence = _("Tick at least one line.")
        raise InvalidInput(sentence, fields={"review": [sentence]})
    return found


def handed_over(work: Work, paper: Any, ending: str) -> Any:
    """Hand over a paper in the layout of the place; the file is named after its title."""
    name = "-".join(search_key(paper.full_title).split())[:80] or "paper"
    return download(print_bytes(work, paper, ending), f"{name}.{ending}", MIMES[ending])


def names_of_units(work: Work, reviews: Iterable[Any]) -> dict[uuid.UUID, str]:
    """Return the names of the units of evaluations."""
    places = work.host.places.by_ids(
        work.session, {review.unit_id for review in reviews}, work.today, work.generation
    )
    return {key: place.name for key, place in places.items()}
