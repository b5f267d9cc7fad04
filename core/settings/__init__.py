"""Values for a place from a day on, inherited down the tree, lockable from above."""

from core.settings.registry import Default, SettingSpec
from core.settings.resolving import Explanation, explain, value

__all__ = ["Default", "Explanation", "SettingSpec", "explain", "value"]
