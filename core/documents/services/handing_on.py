"""Papers that have their number and no text yet: they stay in their series, the heir answers."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable

import sqlalchemy as sa

from core.chunks import chunked
from core.documents.models import Document
from core.i18n import _
from core.units.rehoming import Obligation, accountable
from core.work import Work


def obligations_of(work: Work, unit_ids: Iterable[uuid.UUID]) -> list[Obligation]:
    """Return the drafts of papers at the unit that answers for them.

    A number belongs to the series of the body that gave it, so a draft of an ended unit is
    finished in that unit's register by whoever took over.
    """
    counts: Counter[uuid.UUID] = Counter()
    for chunk in chunked(sorted(unit_ids)):
        rows = work.session.execute(
            sa.select(Document.unit_id, sa.func.count())
            .where(Document.unit_id.in_(chunk), Document.state == "draft")
            .group_by(Document.unit_id)
            .execution_options(unscoped="what is open in units that end, wherever it is")
        )
        counts.update(dict(rows.all()))
    answers = accountable(work, counts)
    summed: Counter[uuid.UUID] = Counter()
    for unit_id, number in counts.items():
        summed[answers[unit_id]] += number
    title = _("Papers with a number and no text yet")
    return [Obligation("documents.drafts", title, unit_id, n) for unit_id, n in summed.items()]
