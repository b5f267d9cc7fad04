"""Meetings: hooks of the plugin; start reading here."""

from __future__ import annotations
