"""All commands of `hatnhan`, one module per subject."""

from __future__ import annotations

from core.commands import database, serving, translations

ALL = (
    database.db,
    serving.demo,
    serving.serve,
    translations.i18n,
)
