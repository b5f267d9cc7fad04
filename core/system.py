"""A running Hạt Nhân without its web: what commands, jobs and the application stand on."""

from __future__ import annotations

from dataclasses import dataclass

from core.config import Config
from core.db import Database
from core.opening import Opener
from core.plugin_host import PluginHost


@dataclass(frozen=True, slots=True)
class System:
    """Configuration, database, plugins, and what opens work on them."""

    config: Config
    database: Database
    host: PluginHost
    opener: Opener
