"""Pages that ask where the units and people of a divided unit go: by hand, or by a workbook."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace
from typing import Any

from core import ledger
from core.errors import InvalidInput
from core.exchange.workbook import write_rows
from core.forms import IGNORED, Form
from core.i18n import _
from core.restructuring import permissions, services
from core.restructuring.schemas import AnswerFile, AnswerInput
from core.restructuring.views.door import MOST_BYTES, blueprint, plan_here, sent_file
from core.web import download, page, redirect_to
from core.work import Work

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.view("/<uuid:plan_id>/people/<code>", permission=permissions.MERGE)
def people(work: Work, plan_id: uuid.UUID, code: str, *, form: Form | None = None) -> Any:
    """Ask, for each unit and member of a divided unit, where they go."""
    plan = plan_here(work, plan_id)
    asked = services.access_asked(work, plan, code)
    ledger.saw(work, "member", [one.id for one in asked.members])
    return page(
        "restructuring/people.html",
        title=_("Where everybody goes"),
        plan=plan,
        asked=asked,
        most=services.MOST_ASKED,
        form=replace(form, schema=AnswerFile(), data={}) if form else Form(AnswerFile()),
    )


@blueprint.view(
    "/<uuid:plan_id>/people/<code>",
    methods=["POST"],
    permission=permissions.MERGE,
    accepts=AnswerInput(),
    form="people",
)
def people_post(work: Work, data: dict[str, Any], plan_id: uuid.UUID, code: str) -> Any:
    """Write down where units and people go."""
    plan = plan_here(work, plan_id)
    asked = services.access_asked(work, plan, code)
    said = {name: str(value) for name, value in data.items() if name not in IGNORED}
    units = {one.code: said.pop(name) for one in asked.units if (name := f"u.{one.code}") in said}
    members = {one.id: said.pop(name) for one in asked.members if (name := f"m.{one.id}") in said}
    if said:
        raise InvalidInput(_("The list has changed meanwhile. Load the page again and choose."))
    services.answer(work, plan, asked, units, members)
    return redirect_to("restructuring.show", plan_id=plan_id, sentence=_("The list was saved."))


@blueprint.view("/<uuid:plan_id>/people/<code>/excel", permission=permissions.MERGE)
def people_excel(work: Work, plan_id: uuid.UUID, code: str) -> Any:
    """Hand over a workbook in which somebody writes where each one goes."""
    asked = services.access_asked(work, plan_here(work, plan_id), code)
    ledger.saw(work, "member", [one.id for one in asked.members], {"card"})
    buffer = io.BytesIO()
    targets = "; ".join(f"{target}: {name}" for target, name in asked.targets)
    note = _("Write one of these codes on each row. %(units)s", units=targets)
    rows = services.rows_to_fill(asked)
    write_rows(buffer, services.ANSWER_COLUMNS, rows, title=asked.name, note=note)
    return download(buffer.getvalue(), f"{code}.xlsx", XLSX)


@blueprint.view(
    "/<uuid:plan_id>/people/<code>/file",
    methods=["POST"],
    permission=permissions.MERGE,
    accepts=AnswerFile(),
    form="people",
    files=True,
    max_bytes=MOST_BYTES,
)
def people_file(work: Work, data: dict[str, Any], plan_id: uuid.UUID, code: str) -> Any:
    """Take in a workbook of where units and people go."""
    plan = plan_here(work, plan_id)
    services.access_asked(work, plan, code)
    told = sent_file(data["file"], "file", services.read_assign_file)
    services.answer_from_file(work, plan, told or services.Assignments())
    return redirect_to("restructuring.show", plan_id=plan_id, sentence=_("The list was saved."))
