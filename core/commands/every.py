"""All commands of `hatnhan`, one module per subject; a server does without them."""

from __future__ import annotations

from core.commands import (
    accounts,
    audit,
    database,
    demonstrating,
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
    demonstrating.demo,
    serving.serve,
    settings.settings,
    translations.i18n,
    units.units,
)
