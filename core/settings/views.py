"""Pages of settings: what holds here and why, give a value, follow the unit above."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.forms import Form, FormSchema
from core.i18n import LazyText, _, _n, format_day, lazy
from core.settings import services
from core.settings.explaining import Reason, explain_on, list_reasons, reach_of
from core.settings.permissions import MANAGE, SEE
from core.settings.schemas import AsOfInput, GivenInput, GivenLine, InheritInput, ListInput
from core.settings.values import as_typed, in_words, kind_of, read_typed, typed_choices
from core.units.places import Place
from core.web import PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("settings", is_core=True)
GROUPS: dict[str, LazyText] = {
    "core.access": lazy("Sign-in and rights"),
    "core.documents": lazy("Papers"),
    "core.exchange": lazy("Import and export"),
    "core.members": lazy("Members"),
    "core.notices": lazy("Notices"),
    "core.jobs": lazy("Background work"),
    "core.units": lazy("Units"),
    "core": lazy("General"),
}


def group_title(work: Work, group: str) -> str:
    """Return how the settings of a module or a feature are called together."""
    plugin = work.host.plugins.get(group)
    if plugin is not None and plugin.manifest is not None:
        return str(lazy(plugin.manifest.title))
    return str(GROUPS.get(group, GROUPS["core"]))


def why(reason: Reason) -> str:
    """Say in one sentence why a setting has its value."""
    value, given = in_words(reason.spec, reason.found.value), reason.found.given
    if given is None or reason.source is None:
        if reason.default.source:
            return _("%(value)s, by %(document)s", value=value, document=reason.default.source)
        return _("%(value)s, as the system comes", value=value)
    words = {
        "value": value,
        "document": given.document_no,
        "unit": reason.source.name,
        "day": format_day(given.valid_from),
    }
    if given.document_no:
        return _("%(value)s, by %(document)s, set at %(unit)s from %(day)s", **words)
    return _("%(value)s, set at %(unit)s from %(day)s", **words)


def grouped(work: Work, reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Put settings together by module, each with what its line shows."""
    groups: dict[str, dict[str, Any]] = {}
    for reason in reasons:
        key = reason.spec.group or reason.spec.key.rpartition(".")[0]
        group = groups.setdefault(key, {"title": group_title(work, key), "lines": []})
        group["lines"].append(
            {
                "key": reason.spec.key,
                "title": reason.spec.title,
                "value": in_words(reason.spec, reason.found.value),
                "why": why(reason),
                "state": state_of(reason),
            }
        )
    return sorted(groups.values(), key=lambda group: str(group["title"]))


def state_of(reason: Reason) -> tuple[str, str]:
    """Return the kind of colour and the word for where a value comes from."""
    if reason.is_locked_above and reason.source:
        return "warn", _("Locked by %(unit)s", unit=reason.source.name)
    if reason.is_own:
        return "info", _("Set here, locked") if reason.found.is_locked else _("Set here")
    if reason.source is not None:
        return "none", _("Follows %(unit)s", unit=reason.source.name)
    if reason.default.source:
        return "none", _("By %(document)s", document=reason.default.source)
    return "none", _("As the system comes")


@blueprint.view("/", permission=SEE, accepts=ListInput())
def index(work: Work, data: dict[str, Any]) -> Any:
    """Show the settings of a unit by module, with value and source."""
    reasons = list_reasons(work, work.unit, services.find_specs(work, data["q"]))
    return page(
        "settings/index.html",
        title=_("Settings"),
        groups=grouped(work, reasons),
        query=data["q"],
    )


@blueprint.view("/<string:key>", permission=SEE, accepts=AsOfInput())
def show(
    work: Work, data: dict[str, Any] | None = None, *, key: str, form: Form | None = None
) -> Any:
    """Show a setting at a unit: why its value holds, what was given before, a form to change it."""
    as_of = data["as_of"] if data else None
    reason = explain_on(work, key, work.unit, as_of)
    changeable = (
        as_of is None
        and work.unit.is_living
        and not reason.is_locked_above
        and not services.is_switch(key)
    )
    return page(
        "settings/show.html",
        title=str(reason.spec.title),
        reason=reason,
        value=in_words(reason.spec, reason.found.value),
        whole=as_typed(reason.spec, reason.found.value)
        if kind_of(reason.spec) == "structure"
        else "",
        why=why(reason),
        state=state_of(reason),
        steps=steps_of(reason),
        history=history_of(work, reason),
        form=_form(reason, form) if changeable else None,
        touched=touched_sentence(work, key, work.unit) if changeable else "",
        as_of=as_of,
        trail=[(_("Settings"), f"/u/{work.unit.code}/settings/"), (str(reason.spec.title), "")],
    )


def _form(reason: Reason, typed: Form | None) -> Form:
    """Return the form of a value, filled with what holds or with what was typed."""
    spec = reason.spec
    schema: FormSchema = GivenInput() if kind_of(spec) == "structure" else GivenLine()
    form = Form(schema, data={"value": as_typed(spec, reason.found.value), "locked": False})
    if typed is not None:
        form.data, form.errors_by_field = typed.data, typed.errors_by_field
        form.sentence, form.told = typed.sentence, typed.told
    choices = typed_choices(spec)
    if choices:
        form.choices["value"] = choices
    return form


def steps_of(reason: Reason) -> list[tuple[str, str, str, str]]:
    """Return the way down from the root for the page: unit, what was given, small print, kind."""
    found = []
    for step in reason.steps:
        if step.given is None:
            found.append((step.place.name, _("follows the unit above"), "", ""))
            continue
        words = in_words(reason.spec, step.given.value)
        text = _("%(value)s, locked", value=words) if step.given.locked else words
        small = " · ".join(
            part
            for part in (
                _("from %(day)s", day=format_day(step.given.valid_from)),
                step.given.document_no,
                step.given.set_by,
            )
            if part
        )
        found.append((step.place.name, text, small, "good" if step.is_chosen else ""))
    return found


def history_of(work: Work, reason: Reason) -> list[dict[str, Any]]:
    """Return what was given at this unit, newest first."""
    return [
        {
            "value": _("Follows the unit above")
            if row.inherits
            else in_words(reason.spec, row.value),
            "from": row.valid_from,
            "locked": row.locked,
            "document": row.document_no,
            "by": row.set_by,
            "at": row.set_at,
            "withdrawn": row.withdrawn_at is not None,
        }
        for row in services.history(work, reason.spec.key, work.unit)
    ]


def touched_sentence(work: Work, key: str, unit: Place) -> str:
    """Say how many units a change would touch."""
    reach = reach_of(work, key, unit)
    text = _n(
        "A change here holds for %(n)s unit.", "A change here holds for %(n)s units.", reach.units
    )
    if not reach.own:
        return text
    kept = _n(
        "%(n)s unit below has a value of its own and keeps it, unless this one is locked.",
        "%(n)s units below have values of their own and keep them, unless this one is locked.",
        reach.own,
    )
    return f"{text} {kept}"


@blueprint.view(
    "/<string:key>", permission=MANAGE, methods=["POST"], accepts=GivenInput(), form="show"
)
def give(work: Work, data: dict[str, Any], *, key: str) -> Any:
    """Give a setting a value at this unit from a day on."""
    services.refuse_switch(key)
    value = read_typed(services.spec_of(work, key), data.pop("value"))
    services.give_setting(work, key=key, value=value, **data)
    return redirect_to("settings.show", key=key, sentence=_("Saved."))


@blueprint.view(
    "/<string:key>/inherit",
    permission=MANAGE,
    methods=["POST"],
    accepts=InheritInput(),
    form="show",
)
def inherit(work: Work, data: dict[str, Any], *, key: str) -> Any:
    """Let a setting follow the unit above from a day on."""
    services.refuse_switch(key)
    services.inherit_setting(work, key=key, **data)
    return redirect_to("settings.show", key=key, sentence=_("It follows the unit above now."))
