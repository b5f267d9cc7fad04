"""What is asked of every plugin: the level it has reached, and the first thing that is missing."""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from core import features
from core.authoring.migrating import migration_faults
from core.authoring.reading import docstring_faults, hook_lines, modules_of, type_faults
from core.db import Base
from core.i18n import _
from core.i18n.extraction import missing_translations
from core.manifest import ManifestError, read_manifest
from core.plugin_host import OURS, Plugin, PluginHost
from core.web import PUBLIC, SIGNED_IN

LEVELS = ("refused", "basic", "good", "excellent")
MOST = 5


@dataclass(slots=True)
class PluginVerdict:
    """The level of a plugin, and what is missing for the next one, the first thing first."""

    name: str
    level: str = "refused"
    missing: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the verdict for programs."""
        return {"name": self.name, "level": self.level, "missing": self.missing}


def check_plugin(folder: Path) -> PluginVerdict:
    """Check a plugin in a folder: loaded alone, on an empty database of its own."""
    folder = folder.resolve()
    verdict = PluginVerdict(folder.name)
    try:
        plugin = load_alone(folder)
    except Exception as error:  # noqa: BLE001 - whatever a foreign plugin throws is the answer
        verdict.missing = [_("It does not load: %(reason)s", reason=f"{error}")]
        return verdict
    for level, checks in zip(LEVELS[1:], (BASIC, GOOD, EXCELLENT), strict=True):
        missing = [sentence for check in checks for sentence in list(check(plugin))[:MOST]]
        if missing:
            verdict.missing = missing
            return verdict
        verdict.level = level
    return verdict


def load_alone(folder: Path) -> Plugin:
    """Load one plugin beside the features of core, without any other plugin."""
    manifest = read_manifest(folder / "plugin.toml")
    if manifest.name != folder.name:
        raise ManifestError(f"the folder is called {folder.name}, the plugin {manifest.name}")
    host = PluginHost(ZoneInfo("UTC"), b"", Path(tempfile.gettempdir()), strict=True)
    host.load_core(features.ALL)
    host.load_plugins([] if folder.parent == OURS else [folder.parent], only=[folder.name])
    if folder.name not in host.plugins:
        raise ManifestError("there is no plugin.py")
    return host.plugins[folder.name]


# --- basic: refused otherwise --------------------------------------------------------------------


def tables_of(plugin: Plugin) -> list[sa.Table]:
    """Return the tables whose models the plugin declares."""
    package = f"{plugin.module.__package__}." if plugin.module else ""
    return [
        mapper.local_table
        for mapper in Base.registry.mappers
        if f"{mapper.class_.__module__}.".startswith(package)
        and isinstance(mapper.local_table, sa.Table)
    ]


def own_tables(plugin: Plugin) -> Iterator[str]:
    """Tables have the plugin's prefix, named constraints, foreign keys only to core and self."""
    for table in tables_of(plugin):
        if not table.name.startswith(f"{plugin.name}_"):
            yield _(
                "The table %(name)s must be called %(prefix)s_….",
                name=table.name,
                prefix=plugin.name,
            )
        for key in table.foreign_keys:
            target = key.target_fullname.partition(".")[0]
            if not target.startswith(("core_", f"{plugin.name}_")):
                yield _(
                    "The table %(name)s points to %(other)s, which belongs to another plugin.",
                    name=table.name,
                    other=target,
                )
        if any(constraint.name is None for constraint in table.constraints):
            yield _("The table %(name)s has a constraint without a name.", name=table.name)


def own_routes(plugin: Plugin) -> Iterator[str]:
    """Routes lie under the plugin's name and have a permission that it declares."""
    declared = set(plugin.manifest.permissions if plugin.manifest else ())
    for blueprint in plugin.offered("blueprints"):
        if blueprint.name != plugin.name:
            yield _(
                "A blueprint is called %(name)s; it must be called like the plugin.",
                name=blueprint.name,
            )
        for route in blueprint.routes:
            known = route.permission in declared or route.permission in (PUBLIC, SIGNED_IN)
            if not known and not route.permission.startswith("core:"):
                yield _(
                    "The route %(route)s asks for %(permission)s; plugin.toml does not declare it.",
                    route=route.endpoint,
                    permission=route.permission,
                )


def own_permissions(plugin: Plugin) -> Iterator[str]:
    """Permissions have titles; roles are given only the plugin's own."""
    permissions = dict(plugin.manifest.permissions) if plugin.manifest else {}
    for permission, title in permissions.items():
        if not str(title).strip():
            yield _("The permission %(name)s has no title.", name=permission)
    for role, given in (plugin.offered("roles") or {}).items():
        for permission in set(given) - set(permissions):
            yield _(
                "The role %(role)s is given %(permission)s, which plugin.toml does not declare.",
                role=role,
                permission=permission,
            )


def own_keys(plugin: Plugin) -> Iterator[str]:
    """Settings, figures and jobs begin with the plugin's name."""
    keys = [spec.key for spec in plugin.offered("settings")]
    keys += [indicator.key for indicator in plugin.offered("indicators")]
    keys += [job.name for job in plugin.offered("jobs")]
    for key in keys:
        if not key.startswith(f"{plugin.name}."):
            yield _("%(key)s must begin with %(name)s.", key=key, name=f"{plugin.name}.")


def own_files(plugin: Plugin) -> Iterator[str]:
    """Templates and static files lie under the plugin's name."""
    for kind in ("templates", "static"):
        for item in sorted((plugin.folder / kind).glob("*")):
            if item.name != plugin.name:
                yield _(
                    "Move %(path)s below %(folder)s.",
                    path=f"{kind}/{item.name}",
                    folder=f"{kind}/{plugin.name}/",
                )


def alone(plugin: Plugin) -> Iterator[str]:
    """No other plugin is imported."""
    for file, tree in modules_of(plugin.folder):
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            if any(re.match(r"(plugins|local_plugins)(\.|$)", name) for name in names):
                yield _(
                    "%(file)s imports another plugin; use hooks, or import itself relatively.",
                    file=file,
                )


def migrations(plugin: Plugin) -> Iterator[str]:
    """Migrations reach the models and lead back."""
    yield from migration_faults(plugin, tables_of(plugin))


def readme(plugin: Plugin) -> Iterator[str]:
    """The README says how the plugin is removed."""
    file = plugin.folder / "README.md"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    if not re.search(r"^#+ .*(removal|remove|gỡ bỏ)", text, re.IGNORECASE | re.MULTILINE):
        yield _("README.md has no section about removal.")


# --- good ----------------------------------------------------------------------------------------


def tested(plugin: Plugin) -> Iterator[str]:
    """There are tests, in the plugin's folder or in the mirror of the tree."""
    mirror = OURS.parent / "tests" / "plugins" / plugin.name
    if not any(list(place.rglob("test_*.py")) for place in (plugin.folder / "tests", mirror)):
        yield _("There are no tests (tests/test_….py).")


def translated(plugin: Plugin) -> Iterator[str]:
    """Everything people read has its Vietnamese."""
    for text in missing_translations(plugin.folder)["vi"]:
        yield _("Without Vietnamese: “%(text)s”.", text=text)


def recorded(plugin: Plugin) -> Iterator[str]:
    """Acts are told to the ledger."""
    writes = any(
        route.writes for blueprint in plugin.offered("blueprints") for route in blueprint.routes
    )
    calls = any(
        isinstance(node, ast.Attribute) and node.attr == "record"
        for _file, tree in modules_of(plugin.folder)
        for node in ast.walk(tree)
    )
    if writes and not calls:
        yield _("Nothing is told to the ledger (ledger.record).")


def personal(plugin: Plugin) -> Iterator[str]:
    """What is kept of a person is handed over and erased."""
    about_people = any(
        key.target_fullname.startswith("core_member.")
        for table in tables_of(plugin)
        for key in table.foreign_keys
    )
    for hook in ("personal_data", "personal_data_erased", "members_merged"):
        if about_people and not plugin.offered(hook):
            yield _("Data of members are kept, but the hook %(hook)s is not there.", hook=hook)


# --- excellent -----------------------------------------------------------------------------------


def typed(plugin: Plugin) -> Iterator[str]:
    """Every function says what it takes and returns, and why it is there."""
    yield from type_faults(plugin.folder)
    yield from docstring_faults(plugin.folder)


def documented(plugin: Plugin) -> Iterator[str]:
    """Hooks of its own have their five lines."""
    file = plugin.folder / "hookspecs.py"
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else ast.Module([], [])
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and hook_lines(ast.get_docstring(node) or "") is None:
            yield _("The hook %(hook)s lacks its five lines.", hook=node.name)


def figures(plugin: Plugin) -> Iterator[str]:
    """Figures are offered to reports."""
    if tables_of(plugin) and not plugin.offered("indicators"):
        yield _("No figures are offered (indicators).")


Check = Callable[[Plugin], Iterator[str]]
BASIC: tuple[Check, ...] = (
    own_tables,
    own_routes,
    own_permissions,
    own_keys,
    own_files,
    alone,
    migrations,
    readme,
)
GOOD: tuple[Check, ...] = (tested, translated, recorded, personal)
EXCELLENT: tuple[Check, ...] = (typed, documented, figures)

__all__ = ["LEVELS", "PluginVerdict", "check_plugin", "tables_of"]
