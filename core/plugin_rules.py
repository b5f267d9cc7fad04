"""What a plugin may offer: only things under its own name; and undoing what a broken one began."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import configure_mappers

from core.db import Base
from core.manifest import ManifestError
from core.web import PluginBlueprint

if TYPE_CHECKING:
    from core.plugin_host import Plugin


def check_offers(plugin: Plugin) -> None:
    """Refuse a plugin that reaches under another's name, before anything of it is used."""
    if plugin.is_core:
        return
    start = f"{plugin.name}."
    for kind, keys in (
        ("setting", [spec.key for spec in plugin.offered("settings")]),
        ("indicator", [one.key for one in plugin.offered("indicators")]),
        ("job", [one.name for one in plugin.offered("jobs")]),
    ):
        strange = [key for key in keys if not key.startswith(start)]
        if strange:
            raise ManifestError(f"the {kind} {strange[0]} must begin with {start}")
    for blueprint in plugin.offered("blueprints"):
        _check_blueprint(plugin.name, blueprint)
    _check_tables(plugin)


def _check_blueprint(name: str, blueprint: Any) -> None:
    """Refuse pages outside the plugin's own place; they would escape its switch."""
    if not isinstance(blueprint, PluginBlueprint):
        raise ManifestError(f"{blueprint!r} is no PluginBlueprint")
    if blueprint.name != name or blueprint.is_core:
        raise ManifestError(f"the blueprint {blueprint.name} must be called {name}")


def _check_tables(plugin: Plugin) -> None:
    """Refuse models that cannot be mapped, tables or keys that reach under another's name."""
    configure_mappers()
    for table in tables_of(plugin):
        if not table.name.startswith(f"{plugin.name}_"):
            raise ManifestError(f"the table {table.name} must be called {plugin.name}_…")
        for key in table.foreign_keys:
            target = key.target_fullname.partition(".")[0]
            if not target.startswith(("core_", f"{plugin.name}_")):
                raise ManifestError(f"the table {table.name} points to {target} of another plugin")


def tables_of(plugin: Plugin) -> list[sa.Table]:
    """Return the tables whose models the plugin declares."""
    package = plugin.module.__package__ if plugin.module else None
    return [
        mapper.local_table
        for mapper in Base.registry.mappers
        if package
        and mapper.class_.__module__.startswith(f"{package}.")
        and isinstance(mapper.local_table, sa.Table)
    ]


def forget_models(package: str) -> None:
    """Take the models of a plugin that did not load out of the mapping.

    One class that cannot be mapped would stop every query of the process. SQLAlchemy can forget
    a whole registry only, so this reaches inside; a test keeps it true.
    """
    registry = Base.registry
    for mapper in registry.mappers:
        if mapper.class_.__module__.startswith(f"{package}."):
            manager = mapper.class_manager
            registry._dispose_manager_and_mapper(manager)  # noqa: SLF001 - see above
            registry._managers.pop(manager, None)  # noqa: SLF001 - see above
            if isinstance(mapper.local_table, sa.Table):
                Base.metadata.remove(mapper.local_table)
    for name in [one for one in sys.modules if f"{one}.".startswith(f"{package}.")]:
        del sys.modules[name]
