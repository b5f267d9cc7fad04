"""All commands of `hatnhan`, one module per subject."""

from __future__ import annotations

from core.commands import database, translations

ALL = (database.db, translations.i18n)
