"""What must be true before something is written, and the line each act leaves in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core import ledger
from core.errors import RuleBroken
from core.i18n import _
from core.work import Work

from ..models import OPEN_STATES, Candidate


def check_open(candidate: Candidate) -> None:
    """Refuse to go on with a way that has ended."""
    if candidate.state not in OPEN_STATES:
        raise RuleBroken(_("This dossier is closed. Take it up again first."))


def check_at(candidate: Candidate, *stages: str) -> None:
    """Refuse an act that belongs to another stage, or while the superior has the case."""
    check_open(candidate)
    if candidate.state == "referred":
        raise RuleBroken(_("The superior has this case. Record what the superior decided first."))
    if candidate.stage not in stages:
        raise RuleBroken(_("The dossier is not at this stage. Look at what is still missing."))


def note(
    work: Work,
    action: str,
    candidate: Candidate,
    permission: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Record an act on a candidate; the name stands in the part that can be erased."""
    about = ledger.About("candidate", candidate.id, "", candidate.unit_id)
    who = {"full_name": candidate.full_name}
    ledger.record(
        work,
        f"recruitment.{action}",
        about,
        before=None if before is None else dict(before),
        after={**who, **(after or {})},
        permission=permission,
    )
    candidate.changed_at = work.now
