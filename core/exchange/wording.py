"""Texts of columns: those that stand in tables with both languages, and how choices are listed."""

from __future__ import annotations

from core.i18n import LazyText, get_locale


class TwoTitles(LazyText):
    """A title kept in a table in Vietnamese and in English."""

    __slots__ = ("_english", "_vietnamese")

    def __init__(self, vietnamese: str, english: str) -> None:
        """Keep both."""
        super().__init__(english, {})
        self._vietnamese = vietnamese
        self._english = english

    def __str__(self) -> str:
        """Return the title in the language of whoever reads it."""
        return self._vietnamese if get_locale() == "vi" else self._english
