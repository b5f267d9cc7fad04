"""All commands of `hatnhan`, one module per subject."""

from __future__ import annotations

from core.commands import (
    accounts,
    audit,
    database,
    generate,
    indicators,
    jobs,
    serving,
    settings,
    translations,
)

ALL = (
    *accounts.ALL,
    audit.audit,
    database.db,
    jobs.jobs,
    generate.generate,
    indicators.indicators,
    serving.demo,
    serving.serve,
    settings.settings,
    translations.i18n,
)
