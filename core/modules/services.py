"""What can be done with modules at a place: see where they are on and why, switch them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import NotFound, RuleBroken
from core.i18n import _, _n, format_day, lazy
from core.plugin_host import Plugin, switch_key
from core.settings.explaining import Reason, explain_on, path_on, reach_of
from core.settings.resolving import Explanation, current
from core.settings.services import give_setting, inherit_setting
from core.units.places import Place
from core.units.tree import UnitLine, list_children
from core.work import Work


@dataclass(frozen=True, slots=True)
class ModuleState:
    """Whether a module is on at a place, where that comes from, and what is wrong with it."""

    name: str
    title: str
    is_on: bool
    is_own: bool
    is_locked: bool
    is_locked_above: bool
    source: str
    since: date | None
    problem: str


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """A unit with the state of every module there."""

    code: str
    name: str
    states: Sequence[ModuleState]

    @property
    def decides(self) -> bool:
        """Whether anything about a module is decided at this unit itself."""
        return any(state.is_own for state in self.states)


def title_of(plugin: Plugin) -> str:
    """Return how a module is called; a broken one by its name."""
    return str(lazy(plugin.manifest.title)) if plugin.manifest else plugin.name


def access_module(work: Work, name: str) -> Plugin:
    """Return a module, a broken one too; features of core are none."""
    plugin = work.host.plugins.get(name)
    if plugin is None or plugin.is_core:
        raise NotFound(_("There is no module %(name)s.", name=name))
    return plugin


def list_modules(work: Work) -> list[Plugin]:
    """List the modules of this installation by title, broken ones too."""
    return sorted(work.host.foreign(), key=title_of)


def state_of(
    work: Work,
    plugin: Plugin,
    unit: Place | UnitLine,
    on: date | None = None,
    above: Sequence[uuid.UUID] | None = None,
) -> ModuleState:
    """Say whether a module is on at a unit, today or on a day; no statement when warm.

    `above` is the path of the work's unit on that day, itself first.
    """
    day, here = on or work.today, above or work.unit.path
    path = (unit.id, *here) if unit.id != here[0] else here
    if above is None and isinstance(unit, Place):
        path = unit.path
    spec = work.host.settings.get(switch_key(plugin.name))
    if spec is None:
        found = Explanation(switch_key(plugin.name), False, None, None)
    else:
        found = current(work).resolve(spec, path, day, work.generation)
    own = found.source_unit_id == path[0]
    source = ""
    if found.source_unit_id is not None and not own:
        places = work.host.places.by_ids(work.session, path, work.today, work.generation)
        source = places[found.source_unit_id].name
    return ModuleState(
        plugin.name,
        title_of(plugin),
        bool(found.value) and plugin.is_sound,
        own,
        found.is_locked,
        found.is_locked and not own,
        source,
        found.given.valid_from if found.given else None,
        plugin.problem,
    )


def states_of(work: Work, on: date | None = None) -> list[ModuleState]:
    """Return the state of every module at the work's unit, today or on a day."""
    above = path_on(work, work.unit, on) if on is not None else None
    return [state_of(work, plugin, work.unit, on, above) for plugin in list_modules(work)]


def table_of(work: Work, on: date | None = None) -> tuple[list[Plugin], list[ModuleLine]]:
    """Return every module, and its state at the unit and at each unit directly under it."""
    modules, above = list_modules(work), path_on(work, work.unit, on) if on is not None else None
    units: list[Place | UnitLine] = [work.unit, *list_children(work, work.unit, on)]
    lines = [
        ModuleLine(
            unit.code, unit.name, [state_of(work, plugin, unit, on, above) for plugin in modules]
        )
        for unit in units
    ]
    return modules, lines


def explain_module(work: Work, name: str, unit: Place, on: date | None = None) -> Reason:
    """Say why a module is on or off at a unit on a day, in the tree of that day."""
    plugin = access_module(work, name)
    if work.host.settings.get(switch_key(name)) is None:
        raise RuleBroken(
            _(
                "The module %(name)s could not be loaded: %(reason)s",
                name=name,
                reason=plugin.problem,
            )
        )
    return explain_on(work, switch_key(name), unit, on)


def switch_module(
    work: Work,
    name: str,
    state: str,
    *,
    unit: Place | None = None,
    since: date | None = None,
    locked: bool = False,
    document_no: str = "",
) -> None:
    """Switch a module `on` or `off` at a place from a day on, or let it `inherit` again.

    The data of a module that is switched off stay; a module that is broken cannot be switched on.
    """
    plugin = access_module(work, name)
    if state == "on" and not plugin.is_sound:
        raise RuleBroken(
            _("The module %(name)s is out of order: %(reason)s", name=name, reason=plugin.problem)
        )
    key, place = switch_key(name), unit or work.unit
    if not place.is_living:
        raise RuleBroken(_("This unit has ended; switch modules at its successor."))
    if state == "inherit":
        inherit_setting(work, key=key, unit=place, on=since, document_no=document_no)
        return
    give_setting(
        work,
        key=key,
        value=state == "on",
        unit=place,
        on=since,
        locked=locked,
        document_no=document_no,
    )


def preview(work: Work, plugin: Plugin, unit: Place, *, on: bool) -> str:
    """Say what switching a module at a place would do, with the number of branches."""
    reach = reach_of(work, switch_key(plugin.name), unit)
    names = {"module": title_of(plugin), "unit": unit.name}
    if on:
        sentence = _n(
            "Switch “%(module)s” on at %(unit)s: %(n)s branch gets it, with what was kept before.",
            "Switch “%(module)s” on at %(unit)s: %(n)s branches get it, with what was kept before.",
            reach.branches,
            **names,
        )
    else:
        sentence = _n(
            "Switch “%(module)s” off at %(unit)s: %(n)s branch does not see it any more, "
            "data are kept, and are all there when it is switched on again.",
            "Switch “%(module)s” off at %(unit)s: %(n)s branches do not see it any more, "
            "data are kept, and are all there when it is switched on again.",
            reach.branches,
            **names,
        )
    if not reach.own:
        return sentence
    kept = _n(
        "%(n)s unit below has decided for itself and stays as it is, unless this is locked.",
        "%(n)s units below have decided for themselves and stay so, unless this is locked.",
        reach.own,
    )
    return f"{sentence} {kept}"


def state_words(state: ModuleState) -> tuple[str, str]:
    """Return the colour and the words of a state, for a chip."""
    if state.problem:
        return "late", _("Out of order")
    return ("good", _("On")) if state.is_on else ("none", _("Off"))


def source_words(state: ModuleState) -> str:
    """Say shortly where a state comes from."""
    if state.is_own:
        text = _("switched here")
        return _("%(text)s, locked", text=text) if state.is_locked else text
    if state.is_locked_above:
        return _("locked from %(unit)s", unit=state.source)
    if state.source:
        return _("by %(unit)s", unit=state.source)
    return _("as the system comes")


def why(reason: Reason) -> str:
    """Say in one sentence why a module is on or off."""
    word = _("On") if reason.found.value else _("Off")
    given = reason.found.given
    if given is None or reason.source is None:
        return _("%(value)s, as the system comes", value=word)
    words = {
        "value": word,
        "unit": reason.source.name,
        "day": format_day(given.valid_from),
        "document": given.document_no,
    }
    if given.document_no:
        return _("%(value)s, by %(document)s, set at %(unit)s from %(day)s", **words)
    return _("%(value)s, set at %(unit)s from %(day)s", **words)
