"""Reading source without running it: docstrings, annotations, the five lines of a hook."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.i18n import _

LABELS = ("Called", "Returns", "Fails", "Since")
_SKIPPED = {"tests", "migrations", "translations"}


@dataclass(frozen=True, slots=True)
class HookLines:
    """What a hook says of itself."""

    summary: str
    called: str
    returns: str
    fails: str
    since: str


def modules_of(folder: Path) -> Iterator[tuple[str, ast.Module]]:
    """Read the modules of a plugin, tests and migrations left out."""
    for file in sorted(folder.rglob("*.py")):
        name = file.relative_to(folder)
        if not _SKIPPED & set(name.parts[:-1]):
            yield str(name), ast.parse(file.read_text(encoding="utf-8"))


def hook_lines(text: str) -> HookLines | None:
    """Read the five lines of a hook's docstring; None when one is missing or out of order."""
    summary, *parts = re.split(r"^(\w+):\s+", text.strip(), flags=re.MULTILINE)
    texts = [" ".join(part.split()) for part in (summary, *parts[1::2])]
    if tuple(parts[::2]) != LABELS or not all(texts):
        return None
    return HookLines(*texts)


def type_faults(folder: Path) -> Iterator[str]:
    """Name functions that do not say what they take and return."""
    for file, tree in modules_of(folder):
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            untyped = [
                a for a in arguments if a.annotation is None and a.arg not in ("self", "cls")
            ]
            if untyped or node.returns is None:
                yield _("%(file)s: %(name)s has no types.", file=file, name=node.name)


def docstring_faults(folder: Path) -> Iterator[str]:
    """Name modules, classes and functions that do not say what they are for."""
    for file, tree in modules_of(folder):
        if ast.get_docstring(tree) is None:
            yield _("%(file)s does not say what one finds there.", file=file)
        for node in tree.body:
            if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name[0] == "_":
                continue
            if ast.get_docstring(node) is None:
                yield _("%(file)s: %(name)s has no docstring.", file=file, name=node.name)
