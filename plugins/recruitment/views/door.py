"""The blueprint of the pages, and what they share: addresses, filled forms, one-form pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import marshmallow as ma
from flask import url_for

from core.forms import Form
from core.i18n import _
from core.web import PluginBlueprint, page
from core.work import Work

from .. import permissions, services

blueprint = PluginBlueprint("recruitment")
Choices = Sequence[tuple[str, Any]]


def address(work: Work, endpoint: str, **values: Any) -> str:
    """Return the address of a page of admission in this unit."""
    return url_for(f"recruitment.{endpoint}", unit_code=work.unit.code, **values)


def filled(
    form: Form | None,
    schema: ma.Schema,
    data: Any = None,
    *,
    choices: Mapping[str, Choices] | None = None,
    action: str = "",
) -> Form:
    """Return the refused form where it is of this schema, else a fresh one with first values."""
    mine = form is not None and type(form.schema) is type(schema)
    result = form if form is not None and mine else Form(schema, data)
    result.choices = dict(choices or {})
    result.action = action
    return result


def form_page(
    work: Work,
    *,
    title: str,
    form: Form,
    submit: str,
    back: str,
    trail: Iterable[tuple[str, str]] = (),
    intro: str = "",
    notes: Sequence[tuple[str, str]] = (),
) -> Any:
    """Show a page with one form; `notes` are sentences above it with their colour."""
    way = [(_("Admission"), address(work, "index")), *trail, (title, "")]
    return page(
        "recruitment/form.html",
        title=title,
        trail=way,
        form=form,
        submit=submit,
        back=back,
        intro=intro,
        notes=notes,
    )


def dossier_at(work: Work, candidate_id: Any, *, whole: bool = False) -> services.Dossier:
    """Return the dossier of a candidate of this unit."""
    candidate = services.access_candidate(work, candidate_id)
    return services.dossier_of(work, candidate, whole=whole)


def way_to(work: Work, dossier: services.Dossier) -> list[tuple[str, str]]:
    """Return the trail to the page of a candidate."""
    candidate = dossier.candidate
    return [(candidate.full_name, address(work, "show", candidate_id=candidate.id))]


def may_step(work: Work, step: services.Step) -> bool:
    """Whether this person enters a step."""
    return work.may(services.permission_for(step))


__all__ = [
    "address",
    "blueprint",
    "dossier_at",
    "filled",
    "form_page",
    "may_step",
    "permissions",
    "way_to",
]
