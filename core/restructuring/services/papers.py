"""The paper of a plan's decision: one that stands in a register, or a file entered there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.documents.models import Document
from core.documents.permissions import ISSUE
from core.documents.services import Upload, register_paper
from core.errors import InvalidInput, RuleBroken
from core.i18n import _
from core.restructuring.models import Plan
from core.restructuring.permissions import DRAFT, MERGE
from core.restructuring.services.drafting import (
    access_plan_for_update,
    note_plan,
    require_everywhere,
)
from core.scope import require
from core.units.places import Place
from core.work import Work

MOST = 60
DECISION = "QĐ"


def decision_of(work: Work, plan: Plan) -> Document | None:
    """Return the paper of a plan's decision, where there is one and this actor may see it."""
    if plan.document_id is None:
        return None
    return work.session.scalar(sa.select(Document).where(Document.id == plan.document_id))


def paper_of(work: Work, plan: Plan) -> dict[str, Any] | None:
    """Return what a page shows of the paper of a plan's decision; None without one."""
    found = decision_of(work, plan)
    if found is None:
        return None
    places = work.host.places.by_ids(work.session, [found.unit_id], work.today, work.generation)
    return {
        "id": found.id,
        "unit": places[found.unit_id].code if found.unit_id in places else "",
        "code": found.code,
        "day": found.issued_on,
        "subject": found.subject,
    }


def decisions_here(work: Work, plan: Plan) -> Sequence[Document]:
    """Return the decisions in the register of a plan's unit, the one of its number first."""
    return work.session.scalars(
        sa.select(Document)
        .where(
            Document.unit_id == plan.unit_id,
            Document.state == "issued",
            sa.or_(Document.kind_code == DECISION, Document.code == plan.decision_no),
        )
        .order_by(
            (Document.code == plan.decision_no).desc(),
            Document.issued_on.desc(),
            Document.id.desc(),
        )
        .limit(MOST)
    ).all()


def takes_paper(plan: Plan) -> bool:
    """Whether the paper of a plan may be given, or exchanged; a closed plan keeps what it has."""
    if plan.state == "cancelled":
        return False
    return plan.document_id is None or plan.state not in ("applied", "reverted")


def attach_decision(
    work: Work,
    plan: Plan,
    *,
    document_id: uuid.UUID | None = None,
    upload: Upload | None = None,
    issuer: str = "",
    issued_on: date | None = None,
) -> Plan:
    """Let the paper of the decision stand with a plan; a file is entered in its unit's register.

    Once a plan was applied its paper stays; one that has none yet may still get it.
    """
    plan = access_plan_for_update(work, plan)
    require_everywhere(work, plan, DRAFT, MERGE)
    if not takes_paper(plan):
        raise RuleBroken(_("The paper of this plan stays as it is; the plan is closed."))
    if (document_id is None) == (upload is None):
        sentence = _("Choose a paper of the register, or send its file.")
        raise InvalidInput(sentence, fields={"file": [sentence]})
    if upload is not None:
        day = issued_on or plan.decision_date
        document = _entered(work, plan, upload, issuer, day)
        if plan.state in ("draft", "checked"):
            plan.decision_date = day
    else:
        document = _chosen(work, document_id)
    plan.document_id = document.id
    note_plan(work, plan, "restructuring.paper", {"document": document.code}, DRAFT)
    work.session.flush()
    return plan


def _chosen(work: Work, document_id: uuid.UUID | None) -> Document:
    document = work.session.scalar(sa.select(Document).where(Document.id == document_id))
    if document is None or document.state != "issued":
        sentence = _("There is no such paper in force in a register you may see.")
        raise InvalidInput(sentence, fields={"document_id": [sentence]})
    return document


def _entered(work: Work, plan: Plan, upload: Upload, issuer: str, day: date | None) -> Document:
    """Enter the file in the register of the plan's unit, under the number of the decision."""
    require(work, ISSUE, [plan.unit_id])
    if day is None:
        sentence = _("Write the day of the decision; a paper is kept under number and day.")
        raise InvalidInput(sentence, fields={"issued_on": [sentence]})
    place = _place(work, plan)
    return register_paper(
        work,
        code=plan.decision_no,
        issuer=issuer or place.name,
        issued_on=day,
        subject=plan.title,
        upload=upload,
        unit=place,
    )


def _place(work: Work, plan: Plan) -> Place:
    found = work.host.places.by_ids(work.session, [plan.unit_id], work.today, work.generation)
    return found[plan.unit_id]
