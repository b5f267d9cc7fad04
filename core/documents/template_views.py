"""Pages of templates: which one holds here, sending one, trying it with sample papers."""

from __future__ import annotations

import uuid
from typing import Any

from core.documents import services
from core.documents.kinds import kind_name
from core.documents.permissions import MANAGE
from core.documents.render import SAMPLES
from core.documents.schemas import PreviewQuery, TemplateInput
from core.documents.services.issuing import MIMES
from core.documents.services.templates import KINDS
from core.documents.views import MOST_BYTES, trail
from core.errors import RuleBroken
from core.forms import Form
from core.i18n import _
from core.web import PluginBlueprint, download, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("documents", is_core=True)


@blueprint.view("/templates", permission=MANAGE)
def templates(work: Work, *, form: Form | None = None) -> Any:
    """Show the templates that were given here and above, and the form for a new one."""
    shown = form or Form(TemplateInput())
    kinds = sorted(((kind, kind_name(kind)) for kind in KINDS), key=lambda pair: pair[1])
    shown.choices["kind"] = [("", _("All papers")), *kinds]
    given = services.list_templates(work)
    places = work.host.places.by_ids(
        work.session, {one.unit_id for one in given}, work.today, work.generation
    )
    return page(
        "documents/templates.html",
        title=_("Templates of papers"),
        form=shown,
        given=[
            {
                "one": one,
                "kind": kind_name(one.kind) if one.kind else _("All papers"),
                "unit": places[one.unit_id].name if one.unit_id in places else "",
                "is_ours": one.unit_id == work.unit.id,
            }
            for one in given
        ],
        samples=[(kind, kind_name(kind)) for kind in SAMPLES],
        trail=trail(work, _("Templates of papers")),
    )


@blueprint.view(
    "/templates",
    methods=["POST"],
    permission=MANAGE,
    accepts=TemplateInput(),
    form="templates",
    files=True,
    max_bytes=MOST_BYTES,
)
def add_template(work: Work, data: dict[str, Any]) -> Any:
    """Put a template in force here and below, or only check it."""
    upload, only_check = data.pop("file"), data.pop("only_check")
    if only_check:
        problems = services.checked(upload.body, upload.filename)[1]
        if problems:
            sentence = _("The template is not usable yet; correct it and send it again.")
            raise RuleBroken(sentence, fields={"file": problems})
        return redirect_to(
            "documents.templates",
            sentence=_("The template is in order. Every kind of paper can be printed with it."),
        )
    template = services.add_template(work, body=upload.body, filename=upload.filename, **data)
    sentence = _("The template %(name)s holds from its day on.", name=template.filename)
    return redirect_to("documents.templates", sentence=sentence)


@blueprint.view("/templates/default.<any(docx,typ):suffix>", permission=MANAGE)
def default_template(work: Work, suffix: str) -> Any:
    """Hand over the template the system is delivered with."""
    body = services.default_template(suffix)
    return download(body, f"mau-van-ban.{suffix}", _mime(suffix))


@blueprint.view("/templates/<uuid:template_id>/file", permission=MANAGE)
def template_file(work: Work, template_id: uuid.UUID) -> Any:
    """Hand over a template that was given here or above."""
    template = services.access_template(work, template_id)
    return download(template.body, template.filename, _mime(template.format))


def _mime(suffix: str) -> str:
    return MIMES["docx"] if suffix == "docx" else "text/plain"


@blueprint.view("/templates/preview", permission=MANAGE, accepts=PreviewQuery())
def preview(work: Work, data: dict[str, Any]) -> Any:
    """Print a sample with a template, or with ours."""
    key, kind, ending = data["template"], data["kind"], data["format"]
    template = services.access_template(work, key) if key else None
    body = services.preview(work, kind, ending, template)
    return download(body, f"{kind}.{ending}", MIMES[ending], inline=True)


@blueprint.view("/templates/<uuid:template_id>/withdraw", methods=["POST"], permission=MANAGE)
def withdraw(work: Work, template_id: uuid.UUID) -> Any:
    """Take a template of this unit out of force."""
    template = services.access_own_template(work, template_id)
    services.withdraw_template(work, template)
    return redirect_to("documents.templates", sentence=_("The template is out of force."))
