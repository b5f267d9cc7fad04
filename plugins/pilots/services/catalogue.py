"""The models of a place: built-in ones, those described above it, those described below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import marshmallow as ma
import sqlalchemy as sa

from core.checking import changes, check_revision, missing, not_here, wanted_text
from core.chunks import chunked
from core.errors import InvalidInput, RuleBroken
from core.i18n import _
from core.names import search_key
from core.scope import switched_on
from core.settings.registry import SettingSpec
from core.settings.values import as_typed, in_words, kind_of, read_typed
from core.units.models import UnitScope
from core.units.places import Place, visible
from core.work import Work

from .. import permissions
from ..models import BUILT_IN, PilotModel
from .guards import clean_lines, note
from .shapes import Key, ModelFacts

DOWNWARDS = "a model is offered to everybody below the unit that described it"
MOST_BELOW = 200
LISTS = ("kinds", "criteria", "inputs", "milestones", "rules", "settings", "indicators")


def facts_of(row: PilotModel) -> ModelFacts:
    """Return a description as facts."""
    lists = {name: tuple(getattr(row, name)) for name in LISTS}
    built_in = BUILT_IN.get(row.code)
    return ModelFacts(
        code=row.code,
        title=row.title,
        purpose=row.purpose,
        legal_basis=row.legal_basis,
        owner=row.owner,
        grassroots_only=row.grassroots_only,
        wanted=row.wanted,
        conditions=row.conditions,
        pass_points=row.pass_points,
        review_months=row.review_months,
        document_no=row.document_no,
        positions=built_in.positions if built_in else None,
        id=row.id,
        unit_id=row.unit_id,
        revision=row.revision,
        **lists,
    )


def models_at(work: Work, unit: Place | None = None) -> dict[str, ModelFacts]:
    """Return the models offered at a place by code: the nearest description of each holds."""
    place = unit or work.unit
    return models_for(work, [place])[place.id]


def models_for(work: Work, places: Sequence[Place]) -> dict[Key, dict[str, ModelFacts]]:
    """Return the models offered at each of many places; a statement for all of them."""
    above = {unit_id for place in places for unit_id in place.path}
    rows: dict[Key, list[ModelFacts]] = {}
    on = switched_on(work, "pilots", PilotModel.unit_id)
    for chunk in chunked(above):
        statement = sa.select(PilotModel).where(PilotModel.unit_id.in_(chunk))
        if on is not None:
            statement = statement.where(on)
        for row in work.session.scalars(statement.execution_options(unscoped=DOWNWARDS)):
            rows.setdefault(row.unit_id, []).append(facts_of(row))
    found = {}
    for place in places:
        offered = dict(BUILT_IN)
        for unit_id in reversed(place.path):
            offered.update({model.code: model for model in rows.get(unit_id, ())})
        found[place.id] = offered
    return found


def models_in(work: Work) -> dict[str, ModelFacts]:
    """Return the models of a place and, of units below it, those of other codes."""
    found = models_at(work)
    rows = work.session.scalars(
        sa.select(PilotModel)
        .join(UnitScope, UnitScope.unit_id == PilotModel.unit_id)
        .where(UnitScope.ancestor_id == work.unit.id, visible(UnitScope, work.generation))
        .order_by(PilotModel.created_at, PilotModel.id)
        .limit(MOST_BELOW)
    )
    for row in rows:
        found.setdefault(row.code, facts_of(row))
    return found


def access_model(work: Work, code: str) -> ModelFacts:
    """Return a model of this place, or of a unit below it, by its code, or NotFound."""
    found = models_in(work).get(code)
    if found is None:
        raise not_here()
    return found


def titles(models: Mapping[str, ModelFacts]) -> list[tuple[str, str]]:
    """Return codes with titles, for a choice."""
    return [(code, model.title) for code, model in models.items()]


def check_eligible(model: ModelFacts, place: Place) -> None:
    """Refuse a unit the model is not made for."""
    if model.is_counted:
        raise RuleBroken(_("This model is counted from posts; nobody registers for it."))
    if not is_eligible(model, place):
        raise RuleBroken(
            _(
                "The model “%(model)s” is not made for %(unit)s. Choose another model.",
                model=model.title,
                unit=place.name,
            )
        )


def is_eligible(model: ModelFacts, place: Place) -> bool:
    """Whether a model is made for a unit of this kind."""
    return place.kind in model.kinds and (place.is_grassroots or not model.grassroots_only)


def save_model(work: Work, facts: ModelFacts, *, revision: int | None = None) -> PilotModel:
    """Describe a model for this unit and everybody below: a new one, or one's own wording."""
    values = _clean(work, facts)
    row = work.session.scalar(
        sa.select(PilotModel).where(
            PilotModel.unit_id == work.unit.id, PilotModel.code == facts.code
        )
    )
    if row is not None:
        check_revision(row, revision)
        before, after = changes(row, values)
        if after:
            note(
                work, "model_changed", row, row.title, permissions.DESIGN,
                before=before, after=after,
            )  # fmt: skip
        return row
    row = PilotModel(
        unit_id=work.unit.id,
        code=facts.code,
        created_at=work.now,
        created_by=work.actor.label[:300],
        **values,
    )
    work.session.add(row)
    work.session.flush()
    note(work, "model_described", row, row.title, permissions.DESIGN, after={"code": row.code})
    return row


def _clean(work: Work, facts: ModelFacts) -> dict[str, Any]:
    """Return the columns of a description; refuse what cannot be used."""
    title = wanted_text(facts.title, "title", _("The model has no title yet."))
    if not facts.kinds:
        raise missing("kinds", _("Choose for which kinds of units the model is."))
    criteria = [dict(one) for one in facts.criteria]
    most = sum(int(one["points"]) for one in criteria)
    if facts.pass_points > most:
        raise missing("pass_points", _("The criteria together have only %(n)s points.", n=most))
    return {
        "title": title,
        "search": search_key(title)[:300],
        "purpose": facts.purpose,
        "legal_basis": facts.legal_basis,
        "owner": facts.owner or work.unit.name,
        "kinds": list(facts.kinds),
        "grassroots_only": facts.grassroots_only,
        "wanted": facts.wanted,
        "conditions": facts.conditions,
        "criteria": criteria,
        "pass_points": facts.pass_points,
        "inputs": clean_lines(facts.inputs),
        "milestones": [dict(one) for one in facts.milestones],
        "rules": clean_lines(facts.rules),
        "settings": checked_settings(work, facts.settings),
        "indicators": list(facts.indicators),
        "review_months": facts.review_months,
        "document_no": facts.document_no,
    }


def checked_settings(work: Work, wanted: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return settings with values that fit; refuse unknown keys, doubles and values."""
    found: dict[str, dict[str, Any]] = {}
    for one in wanted:
        key = str(one["key"])
        spec = work.host.settings.get(key)
        if spec is None:
            raise missing("settings", _("There is no setting %(key)s.", key=key))
        try:
            value = spec.field.deserialize(one["value"])
        except ma.ValidationError as error:
            raise missing(
                "settings", _("This value does not fit “%(title)s”.", title=spec.title)
            ) from error
        found[key] = {"key": key, "value": spec.field.serialize("value", {"value": value})}
    return list(found.values())


def own_wording(model: ModelFacts, work: Work) -> ModelFacts:
    """Return a model as the beginning of this unit's own wording of it."""
    return model if model.unit_id == work.unit.id else replace(model, id=None, revision=0)


def typed_settings(work: Work, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return settings whose values were typed by a person; refuse what cannot be read."""
    found = []
    for line in lines:
        if not line.get("key"):
            continue
        spec = work.host.settings.get(str(line["key"]))
        if spec is None:
            raise missing("settings", _("There is no setting %(key)s.", key=line["key"]))
        try:
            value = read_typed(spec, str(line.get("value", "")))
        except InvalidInput as error:
            raise missing("settings", f"{spec.title}: {error.sentence}") from error
        found.append({"key": spec.key, "value": value})
    return found


def setting_choices(work: Work) -> list[tuple[str, str]]:
    """Return the settings a trial may give, with their titles, for a choice."""
    found = []
    for spec in work.host.settings:
        if kind_of(spec) == "structure":
            continue
        title = str(spec.title)
        name = spec.key.removesuffix(".enabled")
        plugin = work.host.plugins.get(name)
        if spec.key.endswith(".enabled") and plugin is not None and plugin.manifest is not None:
            title = _("Module “%(name)s” is on", name=_(plugin.manifest.title))
        found.append((spec.key, f"{title} ({spec.key})"))
    return sorted(found, key=lambda one: one[1])


def as_lines(work: Work, settings: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return settings as lines of a form."""
    found = []
    for one in settings:
        spec = work.host.settings.get(str(one["key"]))
        found.append({"key": str(one["key"]), "value": _as_line(spec, one["value"])})
    return found


def _as_line(spec: SettingSpec | None, value: Any) -> str:
    """Write a value as people would type it: on and off in words."""
    if spec is None:
        return str(value)
    return in_words(spec, value).lower() if kind_of(spec) == "switch" else as_typed(spec, value)
