"""Notices: what this feature offers to the host; start reading here."""

from __future__ import annotations

from core.notices import models
from core.notices.settings import settings

__all__ = ["models", "settings"]
