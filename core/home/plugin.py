"""Home: the pages that belong to a person; start reading here."""

from __future__ import annotations

from core.home.views import blueprint

blueprints = [blueprint]
