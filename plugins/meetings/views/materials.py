"""The month's material: written, published to everybody below, read by branches."""

from __future__ import annotations

import uuid
from typing import Any

from core.forms import Form
from core.i18n import _, format_day, format_month
from core.periods import month_of
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.oversee import MaterialInput
from .door import blueprint
from .frame import address, filled
from .lines import typed_lines

COLUMNS = ("title", "minutes", "text")
BLANK = 3


@blueprint.view("/materials", permission=permissions.MATERIAL_SEE)
def materials(work: Work) -> Any:
    """Show the material of this unit, and what came from above for this month and the next."""
    this = month_of(work.today)
    above = [
        material
        for first in (this.end, this.start)
        for material in services.month_materials(work, first)
        if material.unit_id != work.unit.id
    ]
    return page(
        "meetings/materials.html",
        title=_("Material of the month"),
        trail=[(_("Branch meetings"), address(work, "index")), (_("Material of the month"), "")],
        above=above,
        own=services.list_materials(work),
        month=format_month(this.start),
    )


@blueprint.view("/materials/<uuid:material_id>", permission=permissions.MATERIAL_SEE)
def material(work: Work, material_id: uuid.UUID) -> Any:
    """Show one material with its topics."""
    one = services.access_material(work, material_id)
    return page(
        "meetings/material.html",
        title=one.title,
        trail=[(_("Material of the month"), address(work, "materials")), (one.title, "")],
        material=one,
        is_own=one.unit_id == work.unit.id,
        is_open=one.opens_on <= work.today,
    )


@blueprint.view("/materials/new", permission=permissions.PUBLISH)
def new_material(work: Work, form: Form | None = None) -> Any:
    """Show the form of new material."""
    first = {"for_month": month_of(work.today).end, "opens_on": work.today}
    return _form_page(work, None, form, first)


@blueprint.view(
    "/materials/new",
    methods=["POST"],
    permission=permissions.PUBLISH,
    accepts=MaterialInput(),
    form="new_material",
)
def draft_material(work: Work, data: dict[str, Any]) -> Any:
    """Write material; it is published in a second step."""
    data.pop("revision")
    one = services.draft_material(work, **data)
    return redirect_to(
        "meetings.material",
        material_id=one.id,
        sentence=_("The material is saved. Look it over, then publish it."),
    )


@blueprint.view("/materials/<uuid:material_id>/edit", permission=permissions.PUBLISH)
def edit_material(work: Work, material_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of material not open yet."""
    one = services.access_material(work, material_id)
    return _form_page(work, one, form, one)


def _form_page(work: Work, one: Any, form: Form | None, first: Any) -> Any:
    """Show the form of material, new or known."""
    title = _("Change the material") if one else _("New material")
    back = address(work, "material", material_id=one.id) if one else address(work, "materials")
    points = one.points if one else []
    return page(
        "meetings/material_form.html",
        title=title,
        trail=[(_("Material of the month"), back), (title, "")],
        back=back,
        points=typed_lines(form, "points", COLUMNS, BLANK, points),
        form=filled(
            form, MaterialInput(), first, draft=f"meetings.material.{one.id if one else 'new'}"
        ),
    )


@blueprint.view(
    "/materials/<uuid:material_id>/edit",
    methods=["POST"],
    permission=permissions.PUBLISH,
    accepts=MaterialInput(),
    form="edit_material",
)
def change_material(work: Work, data: dict[str, Any], material_id: uuid.UUID) -> Any:
    """Change material not open yet."""
    one = services.access_material(work, material_id, revision=data["revision"])
    names = ("title", "points", "opens_on")
    services.change_material(work, one, **{name: data[name] for name in names})
    return redirect_to(
        "meetings.material", material_id=one.id, sentence=_("The material is saved.")
    )


@blueprint.view(
    "/materials/<uuid:material_id>/publish", methods=["POST"], permission=permissions.PUBLISH
)
def publish(work: Work, material_id: uuid.UUID) -> Any:
    """Publish material to everybody below."""
    one = services.access_material(work, material_id)
    services.publish_material(work, one)
    return redirect_to(
        "meetings.material",
        material_id=one.id,
        sentence=_("Published. Branches see it from %(day)s.", day=format_day(one.opens_on)),
    )


@blueprint.view(
    "/materials/<uuid:material_id>/withdraw", methods=["POST"], permission=permissions.PUBLISH
)
def withdraw(work: Work, material_id: uuid.UUID) -> Any:
    """Take material back."""
    one = services.access_material(work, material_id)
    services.withdraw_material(work, one)
    return redirect_to("meetings.material", material_id=one.id, sentence=_("Taken back."))
