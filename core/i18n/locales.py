"""The active locale: one per request, command or job, with a default for the whole site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LOCALES = {"vi": "Tiếng Việt", "en": "English"}
"""The languages there are, each named in itself, the first being the one of a new site."""

_active: ContextVar[str] = ContextVar("locale")
# A new thread starts with an empty context; what the site has set must hold there too.
_site = {"locale": "vi"}


def get_locale() -> str:
    """Return the code of the active locale."""
    return _active.get(_site["locale"])


def set_locale(code: str) -> None:
    """Make a locale the active one from here on; ValueError for a language we do not speak."""
    _active.set(_known(code))


def set_default_locale(code: str) -> None:
    """Choose the locale of requests, commands and jobs that ask for none."""
    _site["locale"] = _known(code)


@contextmanager
def use_locale(code: str) -> Iterator[None]:
    """Speak a language within the block, then the one before."""
    token = _active.set(_known(code))
    try:
        yield
    finally:
        _active.reset(token)


def _known(code: str) -> str:
    """Refuse a language that has no catalogue."""
    if code not in LOCALES:
        raise ValueError(f"There is no locale {code!r}; choose one of {', '.join(LOCALES)}.")
    return code
