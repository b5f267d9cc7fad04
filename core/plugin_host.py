"""Finding, checking, ordering, loading and quarantining plugins; hooks filtered by place."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import marshmallow as ma
import pluggy

from core import hookspecs
from core.db import is_passing
from core.errors import DomainError, PluginFailed
from core.hooks import PROJECT
from core.i18n import _, lazy
from core.manifest import Manifest, ManifestError, read_manifest
from core.plugin_rules import check_offers, forget_models
from core.settings.registry import Default, SettingRegistry, SettingSpec
from core.settings.resolving import SettingSnapshot, explain
from core.units.places import Place, PlaceCache
from core.work import Work

log = logging.getLogger("hatnhan.plugins")
GROUP = "hatnhan.plugins"
OURS = Path(__file__).resolve().parent.parent / "plugins"


@dataclass(slots=True)
class Plugin:
    """One plugin: where it is, what it says of itself, its code, and what is wrong with it."""

    name: str
    folder: Path
    manifest: Manifest | None = None
    module: ModuleType | None = None
    problem: str = ""
    is_core: bool = False
    is_ours: bool = False
    calls: int = 0
    seconds: float = 0.0

    @property
    def is_sound(self) -> bool:
        """Whether the plugin is loaded and not quarantined."""
        return self.module is not None and not self.problem

    def offered(self, attribute: str) -> Any:
        """Return what the plugin's module offers under a name, or an empty tuple."""
        return getattr(self.module, attribute, ()) if self.module is not None else ()


def switch_key(name: str) -> str:
    """Return the key of the setting that switches a plugin on or off at a place."""
    return f"{name}.enabled"


def switch_spec(plugin: Plugin) -> SettingSpec:
    """Return a plugin's switch: ours are on at the root, a folder's off, until switched."""
    on = plugin.is_ours or bool(plugin.manifest and plugin.manifest.on_at_root)
    return SettingSpec(
        key=switch_key(plugin.name),
        title=lazy("Module is on"),
        field=ma.fields.Boolean(required=True),
        defaults=(Default(on),),
        in_sql=True,
        group=plugin.name,
    )


@dataclass(slots=True)
class UnitHooks:
    """The hooks of the plugins enabled in a unit; each implementation is handed the work."""

    host: PluginHost
    work: Work
    everywhere: bool = False

    @property
    def of_all(self) -> UnitHooks:
        """The hooks of all plugins, on in this unit or not: what an off one keeps is kept still."""
        return replace(self, everywhere=True)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return the caller of one hook, told apart by its name."""
        kind = self.host.kind_of(name)

        def call(**arguments: Any) -> Any:
            return self.host.call(self, name, kind, arguments)

        return call


@dataclass
class PluginHost:
    """All plugins of this process, and what core and they declare: settings, hooks, figures."""

    zone: ZoneInfo
    ledger_key: bytes
    spool_folder: Path
    strict: bool = False
    plugins: dict[str, Plugin] = field(default_factory=dict)
    settings: SettingRegistry = field(default_factory=SettingRegistry)
    snapshot: SettingSnapshot = field(default_factory=SettingSnapshot)
    places: PlaceCache = field(default_factory=PlaceCache)
    registries: dict[str, Any] = field(default_factory=dict)
    endpoints: frozenset[str] = frozenset()
    _manager: pluggy.PluginManager = field(init=False)
    _enabled: dict[tuple[Any, ...], frozenset[str]] = field(default_factory=dict)
    on_quarantine: list[Callable[[Plugin], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take in the hook specifications of core."""
        self._manager = pluggy.PluginManager(PROJECT)
        for occasion in hookspecs.ALL:
            self._manager.add_hookspecs(occasion)

    # --- loading -------------------------------------------------------------------------------

    def load_core(self, features: Iterable[ModuleType]) -> None:
        """Register the features of core, which use the hooks as any plugin does."""
        for module in features:
            name = module.__name__.split(".")[-2]
            plugin = Plugin(name, Path(str(module.__file__)).parent, module=module, is_core=True)
            self.plugins[name] = plugin
            self.settings.add(plugin.offered("settings"))
        for name in sorted(self.plugins, reverse=True):
            self._manager.register(self.plugins[name].module, name=name)

    def load_plugins(
        self, folders: Iterable[Path] = (), *, only: Iterable[str] | None = None
    ) -> None:
        """Find, check and load every plugin; a broken one is quarantined and the rest start."""
        found = find_plugins(folders)
        wanted = None if only is None else set(only)
        for name in sorted(found, reverse=True):
            if wanted is None or name in wanted:
                self._load(found[name])
        self._check_pending()

    def _check_pending(self) -> None:
        """Quarantine plugins that implement a hook nobody has specified, most likely misspelt."""
        for name, caller in list(vars(self._manager.hook).items()):
            if getattr(caller, "spec", None) is not None or name.startswith("_"):
                continue
            for implementation in caller.get_hookimpls():
                if not implementation.optionalhook:
                    self.refuse(implementation.plugin_name, f"there is no hook {name}")

    def refuse(self, name: str, reason: str) -> None:
        """Quarantine a plugin while the process starts; strictly, do not start at all."""
        if self.strict or self.plugins[name].is_core:
            raise ManifestError(f"{name}: {reason}")
        self.quarantine(name, reason)

    def _load(self, plugin: Plugin) -> None:
        """Load one plugin in its own `try`."""
        self.plugins[plugin.name] = plugin
        is_new = package_of(plugin) not in sys.modules
        try:
            plugin.manifest = manifest_of(plugin)
            plugin.module = import_plugin(plugin)
            hookspec_module = sys.modules.get(f"{plugin.module.__package__}.hookspecs")
            if hookspec_module is not None:
                self._manager.add_hookspecs(hookspec_module)
            check_offers(plugin)
            self.settings.add([switch_spec(plugin), *plugin.offered("settings")])
            self._manager.register(plugin.module, name=plugin.name)
        except Exception as error:
            if self.strict:
                raise
            if is_new:
                forget_models(package_of(plugin))
            self.quarantine(plugin.name, f"{type(error).__name__}: {error}")

    def quarantine(self, name: str, reason: str) -> None:
        """Take a plugin out of service; its data stay, an administrator sees why."""
        plugin = self.plugins[name]
        if plugin.is_core:
            return
        plugin.problem = reason
        if self._manager.get_plugin(name) is not None:
            self._manager.unregister(name=name)
        self._enabled.clear()
        log.error("plugin %s is quarantined: %s", name, reason)
        for listener in self.on_quarantine:
            listener(plugin)

    def sound(self) -> list[Plugin]:
        """Return the features of core and the loaded plugins, in alphabetical order."""
        return [self.plugins[name] for name in sorted(self.plugins) if self.plugins[name].is_sound]

    def foreign(self) -> list[Plugin]:
        """Return all plugins that are not features of core, quarantined ones too."""
        return [self.plugins[n] for n in sorted(self.plugins) if not self.plugins[n].is_core]

    # --- where a plugin is on ------------------------------------------------------------------

    def is_on(
        self, work: Work, name: str, unit: Place | None = None, on: date | None = None
    ) -> bool:
        """Whether a plugin is loaded and enabled at a place on a day."""
        plugin = self.plugins.get(name)
        if plugin is None or not plugin.is_sound:
            return False
        return plugin.is_core or bool(explain(work, switch_key(name), unit, on).value)

    def enabled(self, work: Work) -> frozenset[str]:
        """Return the names of all plugins that are on in the work's unit today."""
        if "settings" in work.session.info or "tree_generation" in work.session.info:
            return frozenset(name for name in self.plugins if self.is_on(work, name))
        epochs = work.session.info["epochs"]
        key = (work.unit.id, work.today, epochs["settings"], epochs["tree"])
        found = self._enabled.get(key)
        if found is None:
            if len(self._enabled) > 20_000:
                self._enabled.clear()
            found = frozenset(name for name in self.plugins if self.is_on(work, name))
            self._enabled[key] = found
        return found

    def forget(self) -> None:
        """Forget everything remembered about the database."""
        self._enabled.clear()
        self.snapshot.forget()
        self.places.forget()

    # --- hooks ---------------------------------------------------------------------------------

    def hooks(self, work: Work) -> UnitHooks:
        """Return the hooks of the plugins enabled in the work's unit."""
        return UnitHooks(self, work)

    def kind_of(self, name: str) -> str:
        """Tell an offer, an objection and a notice apart."""
        if name.startswith("check_"):
            return "objection"
        caller = getattr(self._manager.hook, name, None)
        if caller is None or caller.spec is None:
            raise AttributeError(f"there is no hook {name}")
        returns = caller.spec.function.__annotations__.get("return")
        return "notice" if returns in (None, "None") else "offer"

    def call(self, hooks: UnitHooks, name: str, kind: str, arguments: Mapping[str, Any]) -> Any:
        """Ask each enabled implementation in alphabetical order of the plugins."""
        enabled = None if hooks.everywhere else self.enabled(hooks.work)
        results: list[Any] = []
        for implementation in reversed(getattr(self._manager.hook, name).get_hookimpls()):
            plugin = self.plugins[implementation.plugin_name]
            if enabled is not None and plugin.name not in enabled:
                continue
            given = {"work": hooks.work, **arguments}
            wanted = {key: given[key] for key in implementation.argnames}
            began = time.perf_counter()
            try:
                result = implementation.function(**wanted)
            except DomainError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a plugin raises, core goes on
                self._failed(plugin, name, error)
                continue
            finally:
                plugin.calls += 1
                plugin.seconds += time.perf_counter() - began
            if kind == "offer" and result:
                self._check_offer(plugin, name, result)
                results.append((plugin.name, result))
        if kind != "offer":
            return None
        if name == "personal_data":
            return dict(results)
        return [item for _plugin, items in results for item in items]

    def _check_offer(self, plugin: Plugin, hook: str, result: Any) -> None:
        """Refuse an offer of the wrong kind; the page would fail where nobody knows whose it is."""
        wanted = str(getattr(self._manager.hook, hook).spec.function.__annotations__["return"])
        good = isinstance(result, Mapping if wanted.startswith("Mapping") else (list, tuple))
        if good and wanted.startswith("list["):
            item = wanted.removeprefix("list[").removesuffix("]").partition("[")[0]
            good = all(item in {one.__name__ for one in type(part).__mro__} for part in result)
        if not good:
            self._failed(plugin, hook, TypeError(f"{hook} must return {wanted}"))
        named = {getattr(part, "endpoint", "") for part in result} - {""}
        unknown = named - self.endpoints if self.endpoints else None
        if unknown:
            self._failed(plugin, hook, LookupError(f"{hook} leads to {min(unknown)}: no such page"))

    def _failed(self, plugin: Plugin, hook: str, error: Exception) -> None:
        """Let faults of core and of a busy database travel; a plugin's become one that names it."""
        if plugin.is_core or is_passing(error):
            raise error
        log.error("plugin %s failed in %s", plugin.name, hook, exc_info=error)
        raise PluginFailed(
            plugin.name, _("The module %(name)s is out of order.", name=plugin.name)
        ) from error


def find_plugins(folders: Iterable[Path]) -> dict[str, Plugin]:
    """Find plugins by entry point, in `plugins/`, and in the folders given."""
    found: dict[str, Plugin] = {}
    for entry in entry_points(group=GROUP):
        package = entry.value.rpartition(".")[0]
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin:
            folder = Path(spec.origin).parent
            found[entry.name] = Plugin(entry.name, folder, is_ours=folder.parent == OURS)
    for place in (OURS, *folders):
        for file in sorted(place.glob("*/plugin.py")):
            name, folder = file.parent.name, file.parent
            other = found.get(name)
            if other is not None and other.folder.resolve() != folder.resolve():
                clash = f"two plugins are called {name}: {other.folder} and {folder}"
                if other.is_ours:
                    # Which came first is known: ours goes on, the newcomer is refused.
                    found[f"{name}@{place.name}"] = Plugin(
                        f"{name}@{place.name}", folder, problem=clash
                    )
                else:
                    other.problem = clash
            elif other is None:
                found[name] = Plugin(name, folder, is_ours=place == OURS)
    return {n: p for n, p in found.items() if p.problem or (p.folder / "plugin.py").is_file()}


def package_of(plugin: Plugin) -> str:
    """Return the package a plugin is imported as."""
    if plugin.folder.parent == OURS:
        return f"plugins.{plugin.name}"
    for entry in entry_points(group=GROUP):
        if entry.name == plugin.name:
            return entry.value.rpartition(".")[0]
    return f"local_plugins.{plugin.name}"


def manifest_of(plugin: Plugin) -> Manifest:
    """Read a plugin's manifest; a plugin whose name is taken twice has none that counts."""
    if plugin.problem:
        raise ManifestError(plugin.problem)
    return read_manifest(plugin.folder / "plugin.toml")


def import_plugin(plugin: Plugin) -> ModuleType:
    """Import a plugin's `plugin.py`; one from a folder becomes `local_plugins.<name>`."""
    local = package_of(plugin)
    if not local.startswith("local_plugins."):
        return importlib.import_module(f"{local}.plugin")
    if "local_plugins" not in sys.modules:
        package = ModuleType("local_plugins")
        package.__path__ = []
        sys.modules["local_plugins"] = package
    known = sys.modules.get(local)
    if known is not None and list(known.__path__) != [str(plugin.folder)]:
        raise ManifestError(f"another plugin called {plugin.name} was loaded from {known.__path__}")
    if known is None:
        spec = importlib.util.spec_from_file_location(
            local, plugin.folder / "__init__.py", submodule_search_locations=[str(plugin.folder)]
        )
        if spec is None or spec.loader is None:
            raise ManifestError(f"{plugin.folder} has no __init__.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[local] = module
        spec.loader.exec_module(module)
    return importlib.import_module(f"{local}.plugin")
