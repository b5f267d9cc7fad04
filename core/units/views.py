"""Pages of units: what is done to one, and its past. Those that show people are with members."""

from __future__ import annotations

from typing import Any

from core.forms import Form
from core.i18n import _
from core.periods import EVER
from core.units import acts, permissions
from core.units.choosing import find_unit, offer, unit_choices
from core.units.history import changes_of, family_of, kind_titles, kinds_under, versions_of
from core.units.labels import OPERATION, SECTOR
from core.units.schemas import (
    ConvertInput,
    CorrectInput,
    EstablishInput,
    RenameInput,
    TransferInput,
    VersionQuery,
    VoidInput,
)
from core.web import PageAnswer, PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("units", is_core=True)
MANAGE = permissions.MANAGE
CONVERTED = ("is_grassroots", "has_delegated_powers", "has_seal", "term_months")


def _act(work: Work, form: Form, title: str, submit: str, intro: str = "") -> PageAnswer:
    """Show the form of an act on this unit."""
    return page("units/act.html", title=title, form=form, submit=submit, intro=intro)


def _kinds(work: Work, above: str) -> list[tuple[str, str]]:
    """Return the kinds that may stand under a kind, as choices."""
    allowed = set(kinds_under(work, above))
    return [(key, title) for key, title in kind_titles(work).items() if key in allowed]


def _parent_kind(work: Work) -> str:
    """Return the kind of the unit above this one."""
    ids = [work.unit.parent_id] if work.unit.parent_id else []
    above = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    return above[ids[0]].kind if ids and ids[0] in above else "party_org"


@blueprint.view("/history", permission=permissions.SEE)
def history(work: Work) -> Any:
    """Show what a unit was, from which units it came, and what was done to it."""
    versions = versions_of(work, work.unit.id)
    parents = {version.parent_id for version in versions if version.parent_id}
    return page(
        "units/history.html",
        title=_("History of the unit"),
        versions=list(enumerate(versions)),
        parents=work.host.places.by_ids(work.session, parents, work.today, work.generation),
        before=family_of(work, work.unit, back=True),
        after=family_of(work, work.unit, back=False),
        changes=changes_of(work, work.unit.id),
        kinds=kind_titles(work),
        sectors=SECTOR,
        operations=OPERATION,
        ever=EVER,
        sees=work.actor.sees,
    )


@blueprint.view("/establish", permission=MANAGE)
def establish(work: Work, *, form: Form | None = None) -> Any:
    """Show the form to establish a unit under this one."""
    shown = form or Form(EstablishInput(), data={"code": acts.proposed_code(work, work.unit)})
    shown.choices = {"kind": _kinds(work, work.unit.kind)}
    return _act(
        work,
        shown,
        _("Establish a unit"),
        _("Establish the unit"),
        _("Under %(unit)s.", unit=work.unit.name),
    )


@blueprint.view("/establish", methods=["POST"], permission=MANAGE,
                accepts=EstablishInput(), form="establish")  # fmt: skip
def establish_post(work: Work, data: dict[str, Any]) -> Any:
    """Establish a unit under this one."""
    made = acts.establish(work, work.unit, **data)
    return redirect_to(
        "units.overview", unit=made.code, sentence=_("Established: %(name)s.", name=made.name)
    )


@blueprint.view("/rename", permission=MANAGE)
def rename(work: Work, *, form: Form | None = None) -> Any:
    """Show the form to rename this unit."""
    shown = form or Form(RenameInput(), data={"name": work.unit.name})
    return _act(work, shown, _("Rename the unit"), _("Save the new name"))


@blueprint.view("/rename", methods=["POST"], permission=MANAGE, accepts=RenameInput(),
                form="rename")  # fmt: skip
def rename_post(work: Work, data: dict[str, Any]) -> Any:
    """Rename this unit."""
    acts.rename(work, work.unit, **data)
    return redirect_to("units.history", sentence=_("The new name was saved."))


@blueprint.view("/convert", permission=MANAGE)
def convert(work: Work, *, form: Form | None = None) -> Any:
    """Show the form to make this unit another kind."""
    first = {name: getattr(work.unit, name) for name in ("kind", *CONVERTED)}
    shown = form or Form(ConvertInput(), data=first)
    shown.choices = {"kind": _kinds(work, _parent_kind(work))}
    return _act(work, shown, _("Make it another kind"), _("Save the kind"))


@blueprint.view("/convert", methods=["POST"], permission=MANAGE, accepts=ConvertInput(),
                form="convert")  # fmt: skip
def convert_post(work: Work, data: dict[str, Any]) -> Any:
    """Make this unit another kind."""
    acts.convert(work, work.unit, **data)
    return redirect_to("units.history", sentence=_("The kind was saved."))


@blueprint.view("/transfer", permission=MANAGE)
def transfer(work: Work, *, form: Form | None = None) -> Any:
    """Show the form to put this unit under another superior."""
    schema = TransferInput()
    offered = [one for one in unit_choices(work, MANAGE) if one[0] != work.unit.code]
    return _act(
        work,
        offer(form or Form(schema), schema, {"parent_code": offered}),
        _("Place under another superior"),
        _("Save the new superior"),
        _("Everything below it goes along."),
    )


@blueprint.view("/transfer", methods=["POST"], permission=MANAGE, accepts=TransferInput(),
                form="transfer")  # fmt: skip
def transfer_post(work: Work, data: dict[str, Any]) -> Any:
    """Put this unit under another superior."""
    parent = find_unit(work, data.pop("parent_code"), "parent_code")
    acts.transfer(work, work.unit, parent, **data)
    return redirect_to(
        "units.history", sentence=_("It stands under %(unit)s now.", unit=parent.name)
    )


@blueprint.view("/correct", permission=MANAGE, accepts=VersionQuery())
def correct(work: Work, data: dict[str, Any]) -> Any:
    """Show the form to put right one version of this unit."""
    versions = versions_of(work, work.unit.id)
    number = data["number"]
    if number is None or number >= len(versions):
        return redirect_to("units.history")
    one = versions[number]
    first = {name: getattr(one, name) for name in CORRECTED}
    first["valid_from"] = None if one.valid_from == EVER else one.valid_from
    return _correcting(work, Form(CorrectInput(), data={**first, "number": number}))


CORRECTED = ("name", "kind", *acts.FACTS)


@blueprint.view("/correct/again", permission=MANAGE)
def correct_again(work: Work, *, form: Form | None = None) -> Any:
    """Show the form again after a refusal."""
    return _correcting(work, form) if form is not None else redirect_to("units.history")


def _correcting(work: Work, form: Form) -> PageAnswer:
    form.choices = {"kind": list(kind_titles(work).items())}
    return _act(
        work,
        form,
        _("Put an entry right"),
        _("Save the correction"),
        _("For typing mistakes. What really changed is entered with its decision and day."),
    )


@blueprint.view("/correct", methods=["POST"], permission=MANAGE, accepts=CorrectInput(),
                form="correct_again", name="correct_post")  # fmt: skip
def correct_post(work: Work, data: dict[str, Any]) -> Any:
    """Put right one version of this unit."""
    acts.correct(work, work.unit, **data)
    return redirect_to("units.history", sentence=_("The entry was put right."))


@blueprint.view("/void", permission=MANAGE)
def void(work: Work, *, form: Form | None = None) -> Any:
    """Show the form to void a unit made by mistake."""
    return _act(
        work,
        form or Form(VoidInput()),
        _("Void a unit made by mistake"),
        _("Void this unit"),
        _("Only for a unit that should never have been made. Its code is not used again."),
    )


@blueprint.view("/void", methods=["POST"], permission=MANAGE, accepts=VoidInput(), form="void")
def void_post(work: Work, data: dict[str, Any]) -> Any:
    """Void this unit."""
    above = work.unit.parent_id
    parents = work.host.places.by_ids(
        work.session, [above] if above else [], work.today, work.generation
    )
    code = parents[above].code if above in parents else ""
    acts.void(work, work.unit, **data)
    return redirect_to(
        "units.overview" if code else "core.my_work",
        **({"unit": code} if code else {}),
        sentence=_("The unit was voided."),
    )
