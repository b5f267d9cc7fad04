"""All commands of `hatnhan`, one module per subject."""

from __future__ import annotations

from core.commands import (
    accounts,
    audit,
    database,
    docs,
    exchange,
    generate,
    indicators,
    jobs,
    plugins,
    restructuring,
    serving,
    settings,
    translations,
    units,
)
from core.commands.speaking import speak

__all__ = ["ALL", "speak"]

ALL = (
    *accounts.ALL,
    audit.audit,
    database.db,
    docs.docs,
    exchange.export,
    exchange.import_,
    jobs.jobs,
    generate.generate,
    indicators.indicators,
    restructuring.restructure,
    plugins.plugin,
    serving.demo,
    serving.serve,
    settings.settings,
    translations.i18n,
    units.units,
)
