"""Pages of modules: the tree with the state of each, one module at one place, switching it."""

from __future__ import annotations

from typing import Any

from core.forms import Form
from core.i18n import _, format_day
from core.modules import services
from core.modules.schemas import AsOfInput, SwitchInput
from core.settings.explaining import Reason
from core.settings.permissions import SEE, SWITCH
from core.web import PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("modules", is_core=True)


@blueprint.view("/", permission=SEE, accepts=AsOfInput())
def index(work: Work, data: dict[str, Any]) -> Any:
    """Show every module at the unit, and what units directly under it decided themselves.

    Today or on a day; those that only follow are named, or a ward's page had hundreds of states.
    """
    modules, lines = services.table_of(work, data["as_of"])
    own = [lines[0], *(line for line in lines[1:] if line.decides)]
    shown = [
        {
            "code": line.code,
            "name": line.name,
            "states": [
                {
                    "name": state.name,
                    "chip": services.state_words(state),
                    "source": services.source_words(state),
                }
                for state in line.states
            ],
        }
        for line in own
    ]
    return page(
        "modules/index.html",
        title=_("Modules by unit"),
        modules=[(plugin.name, services.title_of(plugin)) for plugin in modules],
        lines=shown,
        following=[line for line in lines[1:] if not line.decides],
        as_of=data["as_of"],
        broken=[(services.title_of(p), p.problem) for p in modules if p.problem],
    )


@blueprint.view("/<string:name>", permission=SEE, accepts=AsOfInput())
def show(
    work: Work, data: dict[str, Any] | None = None, *, name: str, form: Form | None = None
) -> Any:
    """Show a module at a unit: whether it is on, why, what it is, and the buttons to switch it."""
    plugin = services.access_module(work, name)
    as_of = data["as_of"] if data else None
    state = services.state_of(work, plugin, work.unit)
    reason = None if plugin.problem else services.explain_module(work, name, work.unit, as_of)
    changeable = as_of is None and work.unit.is_living and not state.is_locked_above
    return page(
        "modules/show.html",
        title=services.title_of(plugin),
        plugin=plugin,
        description=str(_(plugin.manifest.description))
        if plugin.manifest and plugin.manifest.description
        else "",
        state=state,
        shown=services.state_words(state),
        why=services.why(reason) if reason else "",
        steps=steps_of(reason) if reason else [],
        form=(form or Form(SwitchInput())) if changeable and not plugin.problem else None,
        preview=services.preview(work, plugin, work.unit, on=not state.is_on)
        if changeable and not plugin.problem
        else "",
        as_of=as_of,
        trail=[
            (_("Modules by unit"), f"/u/{work.unit.code}/modules/"),
            (services.title_of(plugin), ""),
        ],
    )


def steps_of(reason: Reason) -> list[tuple[str, str, str, str]]:
    """Return the way down from the root for the page."""
    found = []
    for step in reason.steps:
        if step.given is None:
            found.append((step.place.name, _("follows the unit above"), "", ""))
            continue
        word = _("On") if step.given.value else _("Off")
        text = _("%(value)s, locked", value=word) if step.given.locked else word
        parts = (
            _("from %(day)s", day=format_day(step.given.valid_from)),
            step.given.document_no,
            step.given.set_by,
        )
        small = " · ".join(part for part in parts if part)
        found.append((step.place.name, f"{text} ({small})", "", "good" if step.is_chosen else ""))
    return found


@blueprint.view(
    "/<string:name>", permission=SWITCH, methods=["POST"], accepts=SwitchInput(), form="show"
)
def switch(work: Work, data: dict[str, Any], *, name: str) -> Any:
    """Switch a module on or off at this unit from a day on, or let it follow the unit above."""
    state = data.pop("state")
    services.switch_module(work, name, state, **data)
    sentences = {
        "on": _("Switched on."),
        "off": _("Switched off. The data are kept."),
        "inherit": _("It follows the unit above now."),
    }
    return redirect_to("modules.show", name=name, sentence=sentences[state])
