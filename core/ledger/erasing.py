"""Erasing what the ledger holds of a person under a rule; the chain stays whole and says so."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from core.chunks import chunked
from core.errors import InvalidInput
from core.i18n import _
from core.ledger.models import LedgerPayload, LedgerRow
from core.ledger.recording import About, record
from core.work import Work

ERASED = "ledger.erased"


def erase_payload(work: Work, *, rule: str, about_ids: Iterable[uuid.UUID]) -> int:
    """Erase what stood before and after in all acts about these things; return how many.

    Who did what and when stays; the erasure is an act of its own that names the rows and the
    rule, so that nobody can empty a row unseen.
    """
    if not rule.strip():
        raise InvalidInput(_("Name the rule under which data are erased."))
    erased: list[uuid.UUID] = []
    for chunk in chunked(set(about_ids)):
        keys = work.session.scalars(
            sa.select(LedgerPayload.ledger_id)
            .join(LedgerRow, LedgerRow.id == LedgerPayload.ledger_id)
            .where(LedgerRow.about_id.in_(chunk), LedgerPayload.erased_at.is_(None))
            .order_by(LedgerPayload.ledger_id)
        ).all()
        erased.extend(keys)
    for chunk in chunked(erased):
        work.session.execute(
            sa.update(LedgerPayload)
            .where(LedgerPayload.ledger_id.in_(chunk))
            .values(body=sa.null(), erased_at=work.now, erased_rule=rule)
            .execution_options(synchronize_session=False)
        )
    if erased:
        record(work, ERASED, About("ledger", label=rule), after={"rule": rule, "rows": erased})
    return len(erased)
