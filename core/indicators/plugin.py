"""Indicators: what this feature offers to the host; start reading here."""

from __future__ import annotations

from core.indicators.registry import collect

preparations = [collect]
