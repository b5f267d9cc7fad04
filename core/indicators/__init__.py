"""Named figures about units for a period, each computed by one grouped statement."""

from core.indicators.registry import SEE, Asked, Indicator

__all__ = ["SEE", "Asked", "Indicator"]
