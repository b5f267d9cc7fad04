"""Trials: planned, proposed, approved as a difference, ended, rolled out."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from core.forms import Form
from core.i18n import _
from core.units.covering import query_of, told_of
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.taking import AboutFilter, ListFilter
from ..schemas.trying import ProposeInput, TrialInput
from ..services import words
from .door import address, blueprint, filled
from .lines import typed_lines
from .taking import asking_units, form_page, units_below

KIND = "<any(start,extend,end,roll_out):kind>"


def trail(work: Work, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the way to a page of trials."""
    return [
        (_("Pilot models"), address(work, "index")),
        (_("Trials"), address(work, "trials")),
        *more,
    ]


ROLLED_OUT = ("roll_out", "approved")


@blueprint.view("/trials", permission=permissions.OVERSEE, accepts=ListFilter())
def trials(work: Work, data: dict[str, Any]) -> Any:
    """List the trials of this unit and of those below it, today's or as of a day."""
    as_of, model = told_of(data), data["model"]
    shown = {"model": model} if model else {}
    rows, following = services.list_trials(work, model=model, as_of=as_of, cursor=data["cursor"])
    here = {**shown, **query_of(as_of)}
    return page(
        "pilots/trials.html",
        title=_("Trials"),
        trail=[(_("Pilot models"), address(work, "index")), (_("Trials"), "")],
        lines=services.trials_then(work, rows, as_of),
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
        shown=shown,
        states=words.TRIALS,
        kinds=words.TRIAL_KINDS,
        following=address(work, "trials", **here, cursor=following) if following else "",
    )


def _form_page(work: Work, found: Any, form: Form | None, model: str = "") -> Any:
    """Show the form of a plan, new or known."""
    models = {c: m for c, m in services.models_at(work).items() if not m.is_counted}
    title = _("Change the plan of the trial") if found else _("Plan a trial")
    back = address(work, "trial", trial_id=found.id) if found else address(work, "trials")
    chosen = models.get(found.model_code if found else model)
    settings = found.settings if found else (chosen.settings if chosen else ())
    first: Any = found or {
        "model_code": model,
        "title": chosen.title if chosen else "",
        "starts_on": work.today,
        "sunset_on": work.today + timedelta(days=182),
    }
    return page(
        "pilots/trial_form.html",
        title=title,
        trail=trail(work, (title, "")),
        back=back,
        settings=typed_lines(
            form, "settings", ("key", "value"), 2, services.as_lines(work, settings)
        ),
        setting_choices=services.setting_choices(work),
        form=asking_units(
            filled(
                form,
                TrialInput(),
                first,
                draft=f"pilots.trial.{found.id if found else 'new'}",
                choices={
                    "model_code": services.titles(models),
                    "unit_ids": units_below(work, chosen.kinds if chosen else None),
                    "guide_id": services.officials(work),
                },
            )
        ),
    )


def facts_in(work: Work, data: dict[str, Any]) -> services.TrialFacts:
    """Return what was typed as a plan."""
    data.pop("revision", None)
    settings = services.typed_settings(work, data.pop("settings"))
    return services.TrialFacts(settings=settings, **data)


@blueprint.view("/trials/new", permission=permissions.DESIGN, accepts=AboutFilter())
def new_trial(work: Work, data: dict[str, Any] | None = None, form: Form | None = None) -> Any:
    """Show the form of a new plan."""
    return _form_page(work, None, form, (data or {}).get("model", ""))


@blueprint.view(
    "/trials/new",
    methods=["POST"],
    permission=permissions.DESIGN,
    accepts=TrialInput(),
    form="new_trial",
)
def plan_trial(work: Work, data: dict[str, Any]) -> Any:
    """Plan a trial; it begins when its difference is approved."""
    made = services.plan_trial(work, facts_in(work, data))
    return redirect_to(
        "pilots.trial",
        trial_id=made.id,
        sentence=_("The plan is saved. Propose its beginning when it is ready."),
    )


@blueprint.view("/trials/<uuid:trial_id>", permission=permissions.SEE)
def trial(work: Work, trial_id: uuid.UUID) -> Any:
    """Show a trial: units, settings, what waits for approval, reviews, decisions."""
    found = services.access_trial(work, trial_id)
    changes = services.list_changes(work, found)
    reviews, _more = services.list_reviews(work, trial_id=found.id, limit=10)
    state = services.state_of(found, work.today)
    model = services.models_in(work).get(found.model_code)
    return page(
        "pilots/trial.html",
        title=found.title,
        trail=trail(work, (found.title, "")),
        trial=found,
        state=state,
        rolled_from=next(
            (one.effective_on for one in changes if (one.kind, one.state) == ROLLED_OUT), None
        ),
        model_title=model.title if model else found.model_code,
        units=services.units_of(work, found),
        parts=_parts(work, found, model),
        settings=_settings(work, found),
        changes=changes,
        open_change=next((one for one in changes if one.state == "proposed"), None),
        reviews=reviews,
        decisions=services.list_decisions(work, trial_id=found.id, limit=10),
        is_own=found.unit_id == work.unit.id,
        next_steps=_steps(state),
        states=words.TRIALS,
        kinds=words.TRIAL_KINDS,
        part_states=words.STATES,
        part_kinds=words.STATE_KINDS,
        change_words=words.CHANGES,
        change_states=words.CHANGE_STATES,
        change_kinds=words.CHANGE_KINDS,
        review_kinds=words.REVIEWS,
        outcomes=words.OUTCOMES,
    )


def _parts(work: Work, found: Any, model: Any) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Return the parts of a trial's units, each with how far it is by its milestones."""
    lines = services.parts_of_trial(work, found)
    if model is None:
        return [(line, []) for line in lines]
    reached = services.milestones_by_unit(work, [line.registration for line in lines], model)
    return [
        (line, services.progress_chips(reached[line.id], services.last_day(line, work.today)))
        for line in lines
    ]


def _steps(state: str) -> list[tuple[str, str]]:
    """Return the steps that may be proposed now."""
    keys = {"planned": ("start",), "running": ("extend", "end", "roll_out"), "ended": ("roll_out",)}
    return [(key, str(words.CHANGES[key])) for key in keys.get(state, ())]


def _settings(work: Work, found: Any) -> list[tuple[str, str]]:
    """Return the settings of a trial with their values in words."""
    return services.spoken_settings(work, found.settings)


@blueprint.view("/trials/<uuid:trial_id>/edit", permission=permissions.DESIGN)
def edit_trial(work: Work, trial_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of a plan that has not begun."""
    return _form_page(work, services.own_trial(work, trial_id), form)


@blueprint.view(
    "/trials/<uuid:trial_id>/edit",
    methods=["POST"],
    permission=permissions.DESIGN,
    accepts=TrialInput(),
    form="edit_trial",
)
def change_trial(work: Work, data: dict[str, Any], trial_id: uuid.UUID) -> Any:
    """Change a plan that has not begun."""
    found = services.own_trial(work, trial_id, revision=data["revision"])
    services.change_trial(work, found, facts_in(work, data))
    return redirect_to("pilots.trial", trial_id=found.id, sentence=_("The plan is saved."))


@blueprint.view(f"/trials/<uuid:trial_id>/propose/{KIND}", permission=permissions.DESIGN)
def propose(work: Work, trial_id: uuid.UUID, kind: str, form: Form | None = None) -> Any:
    """Show the form of a step that is proposed."""
    found = services.own_trial(work, trial_id)
    shown = filled(form, ProposeInput(), {"document_no": found.document_no, "on": work.today})
    fields = {
        "start": ["document_no"],
        "extend": ["sunset_on", "document_no"],
        "end": ["on", "document_no"],
        "roll_out": ["on", "document_no"],
    }[kind]
    return form_page(
        work,
        str(words.CHANGES[kind]),
        shown,
        _("See what would change"),
        address(work, "trial", trial_id=found.id),
        fields=fields,
        intro=_("Nothing changes yet: the next page shows every setting before somebody approves."),
    )


@blueprint.view(
    f"/trials/<uuid:trial_id>/propose/{KIND}",
    methods=["POST"],
    permission=permissions.DESIGN,
    accepts=ProposeInput(),
    form="propose",
)
def do_propose(work: Work, data: dict[str, Any], trial_id: uuid.UUID, kind: str) -> Any:
    """Propose a step of a trial."""
    found = services.own_trial(work, trial_id)
    made = services.propose_change(work, found, kind=kind, **data)
    return redirect_to("pilots.change", change_id=made.id)


@blueprint.view("/changes/<uuid:change_id>", permission=permissions.SEE)
def change(work: Work, change_id: uuid.UUID) -> Any:
    """Show a difference of settings, line by line, before anybody approves it."""
    found = services.access_change(work, change_id)
    trial = services.access_trial(work, found.trial_id)
    lines = services.shown_lines(work, found)
    return page(
        "pilots/change.html",
        title=str(words.CHANGES[found.kind]),
        trail=trail(
            work,
            (trial.title, address(work, "trial", trial_id=trial.id)),
            (str(words.CHANGES[found.kind]), ""),
        ),
        change=found,
        trial=trial,
        lines=lines,
        groups=services.grouped_lines(lines),
        obstacles=sum(bool(line.obstacle) for line in lines),
        units=len({line.unit_code for line in lines}),
        is_own=found.unit_id == work.unit.id,
        may_write=services.may_write(work, found),
        state=words.CHANGE_STATES[found.state],
        kind=words.CHANGE_KINDS[found.state],
    )


@blueprint.view(
    "/changes/<uuid:change_id>/approve", methods=["POST"], permission=permissions.APPROVE
)
def approve(work: Work, change_id: uuid.UUID) -> Any:
    """Approve a difference and write it."""
    found = services.access_change(work, change_id)
    trial = services.own_trial(work, found.trial_id)
    services.approve_change(work, trial, found)
    return redirect_to(
        "pilots.trial", trial_id=trial.id, sentence=_("Approved; the settings are written.")
    )


@blueprint.view(
    "/changes/<uuid:change_id>/withdraw", methods=["POST"], permission=permissions.DESIGN
)
def withdraw(work: Work, change_id: uuid.UUID) -> Any:
    """Take a proposal back."""
    found = services.access_change(work, change_id)
    services.withdraw_change(work, found)
    return redirect_to(
        "pilots.trial", trial_id=found.trial_id, sentence=_("Taken back; nothing was changed.")
    )
