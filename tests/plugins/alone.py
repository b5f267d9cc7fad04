"""A world in which one plugin is there and the others are not, as when their folders are gone."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

from core import features
from core.app import create_app
from core.plugin_host import OURS, PluginHost
from tests.environment.settling import Fresh

NAMES = ("evaluation", "meetings", "pilots", "recruitment")


def alone(found: Fresh, name: str) -> Fresh:
    """Return the world with a host, and pages, that know no other plugin."""
    world = found.world
    whole = world.system.host
    host = PluginHost(whole.zone, whole.ledger_key, whole.spool_folder, strict=True)
    host.load_core(features.ALL)
    host.load_plugins(only=[name])
    opener = replace(world.system.opener, host=host, constraints={}, watchers=[])
    for plugin in host.sound():
        opener.constraints.update(plugin.offered("constraints") or {})
        opener.watchers.extend(plugin.offered("watchers"))
        for prepare in plugin.offered("preparations"):
            prepare(host)
    system = replace(world.system, host=host, opener=opener)
    assert [plugin.name for plugin in host.foreign()] == [name]
    world = replace(world, system=system, app=create_app(system=system))
    return Fresh(world, replace(found.things, world=world))


def named_by(name: str) -> set[str]:
    """Return which other plugins the code of a plugin imports; there should be none."""
    found = set()
    for file in sorted((OURS / name).rglob("*.py")):
        found |= {part for part in _imported(file) if part in NAMES and part != name}
    return found


def _imported(file: Path) -> set[str]:
    """Return the plugins a file imports by their full name."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {line.split(".")[1] for line in found if line.startswith("plugins.")}
