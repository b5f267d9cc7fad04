"""Keeping catalogues complete: what a package says, what is not translated, what is obsolete."""

from __future__ import annotations

import ast
import io
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from .catalogues import CORE_TRANSLATIONS, forms_of, read_entries
from .locales import LOCALES
from .schema_messages import marshmallow_messages

KEYWORDS = {"_": None, "lazy": None, "mark": None, "MessageText": None, "_n": (1, 2)}
"""The functions whose literal first argument (first two of `_n`) is a message."""

MANIFEST = "plugin.toml"
MANIFEST_KEYS = frozenset({"title", "summary", "description"})
"""The entries of a manifest that people read; below a table `permissions` every text is one."""

SOURCE_LOCALE = "en"
"""Message ids are English; this catalogue holds only what should read otherwise."""

_CORE = CORE_TRANSLATIONS.parent
_SKIPPED = frozenset({"migrations", "tests", "static", "translations", "__pycache__"})
_JINJA = {"silent": "false", "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols"}
_TEMPLATES = frozenset({".html", ".txt", ".xml", ".svg", ".ics"})
_HEADER = """\
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"
"""

Messages = dict[str, str | None]
"""Message ids with their plural, if they have one."""


def extract_messages(package_dir: Path) -> set[str]:
    """List the message ids of a package: of its Python files, templates and manifest.

    Of a message with a plural the singular is listed. Core also answers for marshmallow.
    """
    return set(_extract(package_dir))


def missing_translations(package_dir: Path) -> dict[str, list[str]]:
    """Compare the catalogues of a package with what it says; complete when all lists are empty.

    `vi`: messages without a Vietnamese text (a plugin may use those of core); `obsolete`: entries
    that nothing says any more; `faulty`: texts with other placeholders than their message.
    """
    messages = set(_extract(package_dir))
    report: dict[str, list[str]] = {"vi": [], "obsolete": [], "faulty": []}
    for locale in LOCALES:
        file = _file(package_dir, locale)
        entries = read_entries(file, locale)
        if locale != SOURCE_LOCALE:
            report[locale] = sorted(messages - set(entries) - _of_core(package_dir, locale))
        obsolete = sorted(set(_read(file, locale)) - messages)
        faulty = sorted(message for message, entry in entries.items() if not entry.is_sound)
        report["obsolete"] += [f"{locale}: {message}" for message in obsolete]
        report["faulty"] += [f"{locale}: {message}" for message in faulty]
    return report


def update_catalogue(
    package_dir: Path, texts: Mapping[str, str] | None = None, *, keep_obsolete: bool = False
) -> dict[str, list[str]]:
    """Write the catalogues of a package anew: sorted, without days and places, so they merge.

    New messages come in empty, or with the Vietnamese from `texts`; obsolete ones leave, unless
    `keep_obsolete` because others are still at work. Returns what `missing_translations` returns.
    """
    messages = _extract(package_dir)
    for locale in LOCALES:
        file = _file(package_dir, locale)
        old = _read(file, locale)
        new = Catalog(locale=locale)
        wanted = _wanted(messages, set(old), _of_core(package_dir, locale), locale)
        if keep_obsolete:
            wanted = {name: _plural(item) for name, item in old.items()} | wanted
        for name, plural in wanted.items():
            text = (texts or {}).get(name) if locale != SOURCE_LOCALE else None
            _add(new, name, plural, old.get(name), text)
        _write(file, new)
    return missing_translations(package_dir)


def _wanted(messages: Messages, old: set[str], of_core: set[str], locale: str) -> Messages:
    """Choose what a catalogue holds: in the source language exceptions only, never core's words."""
    if locale == SOURCE_LOCALE:
        return {name: plural for name, plural in messages.items() if name in old}
    return {name: plural for name, plural in messages.items() if name in old or name not in of_core}


def _add(
    catalogue: Catalog, name: str, plural: str | None, old: Message | None, text: str | None
) -> None:
    """Add an entry with the text given, or the one it had."""
    forms = (text,) if text else forms_of(old) if old else ("",)
    string: str | tuple[str, ...] = forms[0]
    if plural is not None and len(forms) != catalogue.num_plurals:
        string = forms[:1] * catalogue.num_plurals
    elif plural is not None:
        string = forms
    flags = {"fuzzy"} if old and old.fuzzy and not text else set()
    comments = old.user_comments if old else ()
    identity = name if plural is None else (name, plural)
    catalogue.add(identity, string, flags=flags, user_comments=comments)


def _file(package_dir: Path, locale: str) -> Path:
    return package_dir / "translations" / f"{locale}.po"


def _of_core(package_dir: Path, locale: str) -> set[str]:
    """List what core has translated already, for a package that is not core."""
    if package_dir.resolve() == _CORE.resolve():
        return set()
    return set(read_entries(_file(_CORE, locale), locale))


def _read(file: Path, locale: str) -> dict[str, Message]:
    """Read all entries, the unfinished ones too; a faulty file raises PoFileError."""
    if not file.exists():
        return {}
    with file.open("rb") as stream:
        catalogue = read_po(stream, locale=locale, ignore_obsolete=True, abort_invalid=True)
    return {
        item.id if isinstance(item.id, str) else item.id[0]: item for item in catalogue if item.id
    }


def _plural(item: Message) -> str | None:
    return None if isinstance(item.id, str) else item.id[1]


def _write(file: Path, catalogue: Catalog) -> None:
    """Write a catalogue in one step, and only when something changed."""
    body = io.BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    header = _HEADER.format(locale=catalogue.locale, plurals=catalogue.plural_forms)
    content = (header + "\n" + body.getvalue().decode()).rstrip("\n") + "\n"
    if file.exists() and file.read_text(encoding="utf-8") == content:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".po.new")
    draft.write_text(content, encoding="utf-8")
    draft.replace(file)


def _extract(package_dir: Path) -> Messages:
    """Gather the messages of a package from all its files."""
    messages: Messages = {}
    for file in _files(package_dir):
        for found in _messages_in(file, package_dir):
            name, plural = found if isinstance(found, tuple) else (found, None)
            messages[name] = plural or messages.get(name)
    if package_dir.resolve() == _CORE.resolve():
        messages |= dict.fromkeys(marshmallow_messages())
    return messages


def _files(package_dir: Path) -> Iterator[Path]:
    """Walk through the files of a package that can hold messages."""
    for folder, below, names in os.walk(package_dir):
        below[:] = sorted(name for name in below if name not in _SKIPPED and name[0] != ".")
        yield from (Path(folder) / name for name in sorted(names))


def _messages_in(file: Path, package_dir: Path) -> Iterator[str | tuple[str, str]]:
    """Extract from one file what its kind can hold."""
    if file.name == MANIFEST:
        yield from _manifest_texts(tomllib.loads(file.read_text(encoding="utf-8")))
        return
    options: dict[str, str] = {}
    if file.suffix == ".py":
        method = "python"
    elif file.suffix in _TEMPLATES and "templates" in file.relative_to(package_dir).parts:
        method, options = "jinja2", _JINJA
    else:
        return
    if "commands" in file.parts or file.name == "cli.py":
        yield from _help_in(file)
    with file.open("rb") as stream:
        for _line, found, _comments, _context in extract(method, stream, KEYWORDS, (), options):
            yield found if isinstance(found, str) else (found[0], found[1])


def _help_in(file: Path) -> Iterator[str]:
    """Find what click shows as help: docstrings of commands and groups, and plain texts."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(map(_makes_command, node.decorator_list)):
            yield ast.get_docstring(node) or node.name
        elif isinstance(node, ast.keyword) and (node.arg, type(node.value)) == (
            "help",
            ast.Constant,
        ):
            yield str(ast.literal_eval(node.value))


def _is_text(node: ast.expr) -> bool:
    """Whether an expression is a text as it stands."""
    return isinstance(node, ast.Constant)


def _makes_command(decorator: ast.expr) -> bool:
    """Whether a decorator makes a command that has no help of its own."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    given = decorator.keywords if isinstance(decorator, ast.Call) else []
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in ("command", "group") and all(keyword.arg != "help" for keyword in given)


def _manifest_texts(table: Mapping[str, object]) -> Iterator[str]:
    """Find the titles in a manifest, at any depth."""
    for key, value in table.items():
        if isinstance(value, str) and key in MANIFEST_KEYS:
            yield value
        for inner in value if isinstance(value, list) else [value]:
            if not isinstance(inner, dict):
                continue
            if key == "permissions":
                yield from (text for text in inner.values() if isinstance(text, str))
            else:
                yield from _manifest_texts(inner)
