"""Jobs: what this feature offers to the host; start reading here."""

from __future__ import annotations

from core.jobs import models

__all__ = ["models"]
