"""The JSON API of admission."""

from . import dossiers, stages, targets
from .door import blueprint

__all__ = ["blueprint", "dossiers", "stages", "targets"]
