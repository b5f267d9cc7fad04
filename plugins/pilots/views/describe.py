"""Describing a model: a new one, or one's own wording of one from above."""

from __future__ import annotations

from typing import Any

from core.errors import InvalidInput
from core.forms import Form
from core.i18n import _
from core.names import search_key
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.describing import ModelInput
from .door import address, blueprint, filled, lines_in
from .lines import typed_lines

BLANK = 2


def facts_in(work: Work, data: dict[str, Any], code: str = "") -> services.ModelFacts:
    """Return what was sent as a model."""
    data.pop("revision", None)
    title = data.pop("title")
    asked = data.pop("code")
    found = code or asked or "_".join(search_key(title).split())[:40] or "model"
    criteria = _criteria(data.pop("criteria"))
    milestones = [one for one in data.pop("milestones") if one["title"]]
    settings = services.typed_settings(work, data.pop("settings"))
    if not code and found in services.models_at(work):
        sentence = _("There is a model with this code already. Open it and change its wording.")
        raise InvalidInput(sentence, fields={"code": [sentence]})
    return services.ModelFacts(
        code=found,
        title=title,
        kinds=tuple(data.pop("kinds")),
        criteria=tuple(criteria),
        milestones=tuple(milestones),
        settings=tuple(settings),
        inputs=tuple(lines_in(data.pop("inputs"))),
        rules=tuple(lines_in(data.pop("rules"))),
        indicators=tuple(data.pop("indicators")),
        **data,
    )


def _criteria(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return criteria with a key each; lines without a title are left out."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        if line["title"]:
            found.append(
                {
                    "key": line["key"] or f"c{number}",
                    "title": line["title"],
                    "points": line["points"],
                    "must": line["must"] == "yes",
                }
            )
    return found


def _form_page(work: Work, model: services.ModelFacts | None, form: Form | None) -> Any:
    title = _("Change the wording of a model") if model else _("New model")
    back = address(work, "model", code=model.code) if model else address(work, "index")
    criteria = [
        {**one, "must": "yes" if one.get("must") else "no"}
        for one in (model.criteria if model else ())
    ]
    return page(
        "pilots/model_form.html",
        title=title,
        trail=[(_("Pilot models"), address(work, "index")), (title, "")],
        back=back,
        is_new=model is None,
        criteria=typed_lines(form, "criteria", ("key", "title", "points", "must"), BLANK, criteria),
        milestones=typed_lines(
            form, "milestones", ("title", "months"), BLANK, model.milestones if model else ()
        ),
        settings=typed_lines(
            form,
            "settings",
            ("key", "value"),
            BLANK,
            services.as_lines(work, model.settings) if model else (),
        ),
        setting_choices=services.setting_choices(work),
        form=filled(
            form,
            ModelInput(),
            _first(model),
            draft=f"pilots.model.{model.code if model else 'new'}",
            choices={
                "kinds": list(services.kind_titles(work).items()),
                "indicators": services.offered(work),
            },
        ),
    )


def _first(model: services.ModelFacts | None) -> dict[str, Any]:
    """Return the first values of the form."""
    if model is None:
        return {"kinds": ["branch"]}
    names = ("code", "title", "purpose", "legal_basis", "document_no", "owner", "grassroots_only",
             "wanted", "conditions", "review_months", "pass_points")  # fmt: skip
    return {
        **{name: getattr(model, name) for name in names},
        "kinds": list(model.kinds),
        "indicators": list(model.indicators),
        "inputs": "\n".join(model.inputs),
        "rules": "\n".join(model.rules),
        "revision": model.revision or None,
    }


@blueprint.view("/new-model", permission=permissions.DESIGN)
def new_model(work: Work, form: Form | None = None) -> Any:
    """Show the form of a new model."""
    return _form_page(work, None, form)


@blueprint.view(
    "/new-model",
    methods=["POST"],
    permission=permissions.DESIGN,
    accepts=ModelInput(),
    form="new_model",
)
def describe_model(work: Work, data: dict[str, Any]) -> Any:
    """Describe a new model."""
    made = services.save_model(work, facts_in(work, data))
    return redirect_to("pilots.model", code=made.code, sentence=_("The model is saved."))


@blueprint.view("/models/<code>/edit", permission=permissions.DESIGN)
def edit_model(work: Work, code: str, form: Form | None = None) -> Any:
    """Show the form of one's own wording of a model."""
    found = services.own_wording(services.access_model(work, code), work)
    return _form_page(work, found, form)


@blueprint.view(
    "/models/<code>/edit",
    methods=["POST"],
    permission=permissions.DESIGN,
    accepts=ModelInput(),
    form="edit_model",
)
def change_model(work: Work, data: dict[str, Any], code: str) -> Any:
    """Save one's own wording of a model, for this unit and everybody below."""
    services.access_model(work, code)
    revision = data["revision"]
    services.save_model(work, facts_in(work, data, code), revision=revision)
    return redirect_to("pilots.model", code=code, sentence=_("The model is saved."))
