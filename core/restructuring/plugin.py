"""Restructuring: what this feature offers to the host; start reading here."""

from __future__ import annotations

from datetime import timedelta

from core.jobs import JobKind
from core.restructuring import permissions
from core.restructuring.services import apply_due

jobs = [
    JobKind(
        "restructuring.due",
        apply_due,
        limit=4 * 3600,
        every=timedelta(minutes=10),
        alone=True,
        tries=1,
    )
]

DRAFTS = [permissions.SEE, permissions.DRAFT, permissions.MERGE]
DECIDES = [permissions.SEE, permissions.APPROVE, permissions.APPLY]
roles = {
    "commune_staff": DRAFTS,
    "province_organisation": [*DRAFTS, permissions.APPLY],
    "committee_leader": DECIDES,
    "administrator": [permissions.SEE],
    "auditor": [permissions.SEE],
}
