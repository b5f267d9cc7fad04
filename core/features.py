"""The features of core, each registered with the host as a plugin is."""

from __future__ import annotations

from core.access import plugin as access
from core.documents import plugin as documents
from core.exchange import plugin as exchange
from core.home import plugin as home
from core.indicators import plugin as indicators
from core.jobs import plugin as jobs
from core.ledger import plugin as ledger
from core.members import plugin as members
from core.modules import plugin as modules
from core.notices import plugin as notices
from core.restructuring import plugin as restructuring
from core.settings import plugin as settings
from core.units import plugin as units

ALL = (
    access,
    documents,
    exchange,
    home,
    indicators,
    jobs,
    ledger,
    members,
    modules,
    notices,
    restructuring,
    settings,
    units,
)
