"""All commands of `hatnhan`, one module per subject."""

from __future__ import annotations

from core.commands import database, indicators, serving, translations

ALL = (
    database.db,
    indicators.indicators,
    serving.demo,
    serving.serve,
    translations.i18n,
)
