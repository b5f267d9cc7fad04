"""The two names a plugin author imports to speak with the host."""

from __future__ import annotations

import pluggy

PROJECT = "hatnhan"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

__all__ = ["PROJECT", "hookimpl", "hookspec"]
