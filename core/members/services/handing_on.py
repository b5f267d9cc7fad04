"""What is open about members in units: it follows its member, and whoever has the unit answers.

Not counted: codes to reset a password (a credential that ends in days, with its account), notices
not read yet (they are addressed to a person), probation that is over (a fact, not a task given).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.i18n import _
from core.members.models import CorrectionRequest, Member, MemberCondition
from core.units.rehoming import Obligation
from core.work import Work


def obligations_of(work: Work, unit_ids: Iterable[uuid.UUID]) -> list[Obligation]:
    """Return the open requests and the contacts to be made, at the home of whom they are about."""
    titles = {
        "members.corrections": _("Requests for a correction"),
        "members.contacts": _("Comrades away, to be contacted"),
    }
    found: list[Obligation] = []
    for chunk in chunked(sorted(unit_ids)):
        parts = [
            _counted("members.corrections", CorrectionRequest, CorrectionRequest.state == "open"),
            _counted(
                "members.contacts",
                MemberCondition,
                MemberCondition.valid_to > work.today,
                MemberCondition.next_contact_on.is_not(None),
            ),
        ]
        together = sa.union_all(*(part.where(Member.unit_id.in_(chunk)) for part in parts))
        rows = work.session.execute(
            sa.select(together.subquery("open")).execution_options(
                unscoped="what is open in units that end, wherever it is"
            )
        )
        found.extend(Obligation(kind, titles[kind], unit, n) for kind, unit, n in rows)
    return found


def _counted(kind: str, model: Any, *conditions: Any) -> Any:
    return (
        sa.select(sa.literal_column(f"'{kind}'").label("kind"), Member.unit_id, sa.func.count())
        .join(model, model.member_id == Member.id)
        .where(Member.voided_at.is_(None), *conditions)
        .group_by(Member.unit_id)
    )
