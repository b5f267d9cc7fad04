"""Translation: one merged dictionary for each locale, read from the .po files at start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError, read_po

from .locales import LOCALES, get_locale
from .numerals import format_number
from .placeholders import fits

CORE = "core"
CORE_TRANSLATIONS = Path(__file__).parent.parent / "translations"

Forms = tuple[str, ...]
"""What stands for one message: one text, or one for each plural the language has."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A finished entry of a .po file; `source` is all English of it, singular and plural."""

    source: str
    forms: Forms

    @property
    def is_sound(self) -> bool:
        """Whether each text can be filled with the values that the message is given."""
        return all(fits(self.source, text) for text in self.forms)


@dataclass(frozen=True, slots=True)
class CatalogueProblem:
    """A catalogue, or one entry of it, that was not taken, and why; for administrators."""

    owner: str
    locale: str
    message: str
    reason: str


class _Merged:
    """The catalogues of core and all plugins; a new set replaces the old one in one step."""

    def __init__(self) -> None:
        self.forms: Mapping[str, Mapping[str, Forms]] | None = None

    def find(self, message: str) -> Forms | None:
        """Look a message up in the active locale; core's own words are there from the start."""
        if self.forms is None:
            load_catalogues([])
        return self.forms[get_locale()].get(message) if self.forms else None


_merged = _Merged()


def _(message: str, /, **values: object) -> str:
    """Translate an English sentence now, filling `%(name)s` from the values.

    Without values the sentence is taken literally, so that "100%" needs no care.
    """
    forms = _merged.find(message)
    text = forms[0] if forms else message
    return text % values if values else text


def _n(singular: str, plural: str, n: int, /, **values: object) -> str:
    """Translate a sentence about n things; `%(n)s` is n as the language writes it."""
    forms = _merged.find(singular) or (singular, plural)
    text = forms[0] if n == 1 else forms[-1]
    return text % {"n": format_number(n), **values}


def mark(message: str) -> str:
    """Return the message as it is, and let the catalogues know it: for `_(variable)` later."""
    return message


class LazyText:
    """A sentence that is translated each time it is shown; for manifests, permissions, choices."""

    __slots__ = ("_message", "_values")

    def __init__(self, message: str, values: Mapping[str, object]) -> None:
        self._message = message
        self._values = dict(values)

    def __str__(self) -> str:
        return _(self._message, **self._values)

    def __repr__(self) -> str:
        return f"lazy({self._message!r})"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LazyText):
            return NotImplemented
        return (self._message, self._values) == (other._message, other._values)

    def __hash__(self) -> int:
        return hash(self._message)


Words = Mapping[str, LazyText]
"""The printed form of keys, in the order in which people choose among them."""


def lazy(message: str, /, **values: object) -> LazyText:
    """Return a text that speaks the language of whoever reads it; `str()` before JSON."""
    return LazyText(message, values)


def load_catalogues(folders: Iterable[tuple[str, Path]]) -> list[CatalogueProblem]:
    """Read `<locale>.po` of core and of each (owner, folder), and say what was not taken.

    Core comes first whether named or not. The first who translates a message wins: no plugin
    changes the words of core or of a plugin before it. A folder or file may be missing; a file
    that cannot be read costs its plugin the words, never the site its start.
    """
    problems: list[CatalogueProblem] = []
    plugins = [(owner, folder) for owner, folder in folders if owner != CORE]
    merged: dict[str, dict[str, Forms]] = {}
    for locale in LOCALES:
        entries: dict[str, tuple[str, Forms]] = {}
        for owner, folder in [(CORE, CORE_TRANSLATIONS), *plugins]:
            _take(entries, owner, locale, folder / f"{locale}.po", problems)
        merged[locale] = {message: forms for message, (_owner, forms) in entries.items()}
    _merged.forms = merged
    return problems


def _take(
    entries: dict[str, tuple[str, Forms]],
    owner: str,
    locale: str,
    file: Path,
    problems: list[CatalogueProblem],
) -> None:
    """Add one file to the entries of a locale."""
    try:
        found = read_entries(file, locale)
    except (OSError, ValueError, PoFileError) as error:
        reason = f"{file.name} cannot be read: {error}"
        problems.append(CatalogueProblem(owner, locale, "", reason))
        return
    for message, entry in found.items():
        reason = ""
        if message in entries:
            first, forms = entries[message]
            reason = "" if forms == entry.forms else f"already translated by {first}"
        elif entry.is_sound:
            entries[message] = (owner, entry.forms)
        else:
            reason = "has placeholders that the message does not have"
        if reason:
            problems.append(CatalogueProblem(owner, locale, message, reason))


def read_entries(file: Path, locale: str) -> dict[str, Entry]:
    """Read the finished entries of a .po file: neither empty nor marked as fuzzy."""
    if not file.exists():
        return {}
    with file.open("rb") as stream:
        catalogue = read_po(stream, locale=locale, ignore_obsolete=True, abort_invalid=True)
    found: dict[str, Entry] = {}
    for item in catalogue:
        forms = forms_of(item)
        if not item.id or item.fuzzy or not all(forms):
            continue
        if isinstance(item.id, str):
            found[item.id] = Entry(item.id, forms)
        else:
            found[item.id[0]] = Entry(" ".join((*item.id, "%(n)s")), forms)
    return found


def forms_of(item: Message) -> Forms:
    """Return the texts of an entry, finished or not."""
    return (item.string,) if isinstance(item.string, str) else tuple(item.string or ("",))
