"""Documents: what this feature offers to the host; start reading here."""

from __future__ import annotations

from core.documents import models
from core.documents.settings import settings
from core.i18n import lazy

constraints = {
    "uq_core_document_no": lazy("This number is already in the register. Look at the register."),
}

__all__ = ["constraints", "models", "settings"]
