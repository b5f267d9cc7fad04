"""The page of all hooks, printed from their specifications and from who uses them."""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from core import features, hookspecs
from core.authoring.reading import HookLines, hook_lines
from core.authoring.scaffold import EXAMPLES
from core.plugin_host import PluginHost

HOOKS = Path(__file__).resolve().parent.parent / "HOOKS.md"
HEAD = """\
# Hooks: what plugins may do

Printed by `hatnhan docs hooks` from the specifications; a test fails when this page differs.
Every hook is called for the plugins that are on in the unit of the work, in alphabetical order,
and is handed the work by itself; name only the arguments you need. An *offer* returns a list, an
*objection* (`check_…`) raises `RuleBroken` to object, a *notice* returns nothing.
"""


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook as the page shows it."""

    name: str
    occasion: str
    signature: str
    kind: str
    lines: HookLines | None
    users: tuple[str, ...]


def list_hooks() -> list[Hook]:
    """List the hooks of core and of our plugins with everybody who uses them."""
    host = PluginHost(ZoneInfo("UTC"), b"", Path(tempfile.gettempdir()), strict=True)
    host.load_core(features.ALL)
    host.load_plugins([place.parent for place in EXAMPLES[:1] if place.is_dir()])
    hooks = [hook for module in hookspecs.ALL for hook in _hooks_of(host, module)]
    for plugin in host.foreign():
        own = getattr(plugin.module, "hookspecs", None)
        hooks.extend(_hooks_of(host, own) if isinstance(own, ModuleType) else ())
    return hooks


def _hooks_of(host: PluginHost, module: ModuleType) -> Iterable[Hook]:
    """Read the hooks of one occasion in the order in which they are written."""
    for name, function in vars(module).items():
        if inspect.isfunction(function) and function.__module__ == module.__name__:
            yield Hook(
                name,
                module.__name__.rpartition(".")[2],
                _signature(function),
                host.kind_of(name),
                hook_lines(inspect.getdoc(function) or ""),
                users_of(host, name),
            )


def users_of(host: PluginHost, name: str) -> tuple[str, ...]:
    """Return the features and plugins that implement a hook, in alphabetical order."""
    plugins = [plugin for plugin in host.sound() if plugin.offered(name)]
    return tuple(
        f"core.{plugin.name}" if plugin.is_core else plugin.name
        for plugin in plugins
        if hasattr(plugin.offered(name), "hatnhan_impl")
    )


def _signature(function: Any) -> str:
    """Write the arguments with their types."""
    found = inspect.signature(function)
    parts = [f"{name}: {one.annotation}" for name, one in found.parameters.items()]
    returns = "" if found.return_annotation in (None, "None") else f" -> {found.return_annotation}"
    return f"{function.__name__}({', '.join(parts)}){returns}"


def hooks_page() -> str:
    """Return the page of all hooks."""
    parts, occasion = [HEAD], ""
    for hook in list_hooks():
        if hook.occasion != occasion:
            occasion = hook.occasion
            parts.append(f"\n## {occasion.capitalize()}\n")
        lines = hook.lines or HookLines("", "", "", "", "")
        parts.append(
            f"\n### `{hook.name}` ({hook.kind})\n\n"
            f"```python\n{hook.signature}\n```\n\n"
            f"{lines.summary}\n\n"
            f"* Called: {lines.called}\n* Returns: {lines.returns}\n* Fails: {lines.fails}\n"
            f"* Since: {lines.since}\n* Used by: {', '.join(hook.users) or 'nobody'}\n"
        )
    return "".join(parts)
