"""The blueprint all pages of restructuring hang on, and what they share."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.errors import InvalidInput, NotFound
from core.exchange.workbook import UnreadableFile
from core.i18n import _
from core.restructuring import services
from core.restructuring.models import Plan
from core.web import PluginBlueprint
from core.work import Work

blueprint = PluginBlueprint("restructuring", is_core=True)
MOST_BYTES = 61_000_000


def plan_here(work: Work, plan_id: uuid.UUID) -> Plan:
    """Return a plan of this unit or of one below it; any other is not found here."""
    plan = services.access_plan(work, plan_id)
    places = work.host.places.by_ids(work.session, [plan.unit_id], work.today, work.generation)
    place = places.get(plan.unit_id)
    if place is None or not place.stands_under(work.unit.id):
        raise NotFound(_("There is no such plan, or this account may not see it."))
    return plan


def sent_file(sent: Any, field: str, read: Callable[[Path, str], Any]) -> Any:
    """Read a file that was sent with a form; None where none was; a refusal stands at the field."""
    name = Path((getattr(sent, "filename", "") or "").replace("\\", "/")).name
    if not name:
        return None
    with tempfile.TemporaryDirectory(prefix="hatnhan-") as folder:
        path = Path(folder) / "sent"
        sent.save(path)
        try:
            return read(path, name)
        except UnreadableFile as refusal:
            sentence = _(refusal.sentence, **refusal.values)
            raise InvalidInput(sentence, fields={field: [sentence]}) from refusal
