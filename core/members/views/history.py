"""Positions, what holds for a time, and putting entries of the history right."""

from __future__ import annotations

import uuid
from typing import Any

from core.forms import Form
from core.i18n import _
from core.members import permissions, services
from core.members.schemas import (
    ConditionInput,
    ContactInput,
    EndInput,
    FactInput,
    PositionInput,
    Revision,
)
from core.members.showing import after_last_day, entries_of, last_day
from core.members.views.act_forms import act_page, acting, done
from core.units.choosing import find_unit, unit_choices
from core.web import PluginBlueprint
from core.work import Work

blueprint = PluginBlueprint("members", is_core=True)
MANAGE = permissions.MANAGE


@blueprint.view("/<uuid:member_id>/positions/new", permission=MANAGE)
def new_position(work: Work, member_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show the form to give a position."""
    kinds = [(kind.key, kind.title) for kind in services.position_kinds(work)]
    return act_page(
        work,
        services.access_member(work, member_id),
        form,
        PositionInput(),
        title=_("Give a position"),
        submit=_("Save the position"),
        first={"unit_code": work.unit.code},
        choices={
            "position": kinds,
            "unit_code": unit_choices(work, MANAGE),
        },
    )


@blueprint.view("/<uuid:member_id>/positions/new", methods=["POST"], permission=MANAGE,
                accepts=PositionInput(), form="new_position")  # fmt: skip
def new_position_post(work: Work, data: dict[str, Any], member_id: uuid.UUID) -> Any:
    """Give a position."""
    unit = find_unit(work, data.pop("unit_code"))
    data["until"] = after_last_day(data["until"])
    member = acting(work, member_id, data)
    given = services.give_position(work, member, unit, **data)
    return done(work, member, _("The position was saved."), given.warnings)


@blueprint.view("/<uuid:member_id>/positions/<uuid:post_id>/end", permission=MANAGE)
def end_position(
    work: Work, member_id: uuid.UUID, post_id: uuid.UUID, *, form: Form | None = None
) -> Any:
    """Show the form to end a position."""
    member = services.access_member(work, member_id)
    services.access_fact(work, member, "position", post_id)
    return act_page(
        work,
        member,
        form,
        EndInput(),
        title=_("End a position"),
        submit=_("End the position"),
        intro=_said(work, member_id, post_id),
    )


@blueprint.view("/<uuid:member_id>/positions/<uuid:post_id>/end", methods=["POST"],
                permission=MANAGE, accepts=EndInput(), form="end_position")  # fmt: skip
def end_position_post(
    work: Work, data: dict[str, Any], member_id: uuid.UUID, post_id: uuid.UUID
) -> Any:
    """End a position."""
    member = acting(work, member_id, data)
    services.end_position(work, member, post_id, day=data["on"])
    return done(work, member, _("The position has ended."))


@blueprint.view("/<uuid:member_id>/conditions/new", permission=MANAGE)
def new_condition(work: Work, member_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show the form for being away, suspended or excused."""
    return act_page(
        work,
        services.access_member(work, member_id),
        form,
        ConditionInput(),
        title=_("Away, suspended or excused"),
        submit=_("Save for that time"),
        intro=_("No reason of health and no place is kept."),
    )


@blueprint.view("/<uuid:member_id>/conditions/new", methods=["POST"], permission=MANAGE,
                accepts=ConditionInput(), form="new_condition")  # fmt: skip
def new_condition_post(work: Work, data: dict[str, Any], member_id: uuid.UUID) -> Any:
    """Say that a member is away, suspended or excused."""
    data["until"] = after_last_day(data["until"])
    member = acting(work, member_id, data)
    services.set_condition(work, member, **data)
    return done(work, member, _("Saved for that time."))


@blueprint.view("/<uuid:member_id>/conditions/<uuid:condition_id>/contact", permission=MANAGE)
def contact(
    work: Work, member_id: uuid.UUID, condition_id: uuid.UUID, *, form: Form | None = None
) -> Any:
    """Show the form to note that the branch has been in touch."""
    member = services.access_member(work, member_id)
    services.access_condition(work, member, condition_id)
    return act_page(
        work,
        member,
        form,
        ContactInput(),
        title=_("Has been contacted"),
        submit=_("Save the contact"),
        intro=_("Only the next day is kept, not what was said."),
    )


@blueprint.view("/<uuid:member_id>/conditions/<uuid:condition_id>/contact", methods=["POST"],
                permission=MANAGE, accepts=ContactInput(), form="contact")  # fmt: skip
def contact_post(
    work: Work, data: dict[str, Any], member_id: uuid.UUID, condition_id: uuid.UUID
) -> Any:
    """Note that the branch has been in touch, and by when it will be again."""
    member = acting(work, member_id, data)
    condition = services.access_condition(work, member, condition_id)
    services.note_contact(work, member, condition, **data)
    return done(work, member, _("The contact was noted."))


@blueprint.view("/<uuid:member_id>/conditions/<uuid:condition_id>/end", permission=MANAGE)
def end_condition(
    work: Work, member_id: uuid.UUID, condition_id: uuid.UUID, *, form: Form | None = None
) -> Any:
    """Show the form to end what held for a time."""
    member = services.access_member(work, member_id)
    services.access_condition(work, member, condition_id)
    return act_page(
        work,
        member,
        form,
        EndInput(),
        title=_("Takes part again"),
        submit=_("Save the end"),
    )


@blueprint.view("/<uuid:member_id>/conditions/<uuid:condition_id>/end", methods=["POST"],
                permission=MANAGE, accepts=EndInput(), form="end_condition")  # fmt: skip
def end_condition_post(
    work: Work, data: dict[str, Any], member_id: uuid.UUID, condition_id: uuid.UUID
) -> Any:
    """End what held for a time."""
    member = acting(work, member_id, data)
    condition = services.access_condition(work, member, condition_id)
    services.clear_condition(work, member, condition, day=data["on"])
    return done(work, member, _("It has ended."))


@blueprint.view("/<uuid:member_id>/facts/<sort>/<uuid:fact_id>", permission=MANAGE)
def fact(
    work: Work, member_id: uuid.UUID, sort: str, fact_id: uuid.UUID, *, form: Form | None = None
) -> Any:
    """Show the form to put right the days of an entry of the history."""
    member = services.access_member(work, member_id)
    _fact, _held, span = services.access_fact(work, member, sort, fact_id)
    first = {
        "valid_from": span.valid_from,
        "until": last_day(span.valid_to),
        "decision_no": getattr(span, "decision_no", ""),
    }
    shown = act_page(
        work,
        member,
        form,
        FactInput(),
        title=_("Put an entry right"),
        submit=_("Save the entry"),
        intro=_said(work, member_id, fact_id),
        first=first,
    )
    shown.values["drop"] = (sort, fact_id)  # type: ignore[index]  # a page's values
    return shown


@blueprint.view("/<uuid:member_id>/facts/<sort>/<uuid:fact_id>", methods=["POST"],
                permission=MANAGE, accepts=FactInput(), form="fact")  # fmt: skip
def fact_post(
    work: Work, data: dict[str, Any], member_id: uuid.UUID, sort: str, fact_id: uuid.UUID
) -> Any:
    """Put right the days of an entry."""
    member = acting(work, member_id, data)
    data["valid_to"] = after_last_day(data.pop("until"))
    member = services.correct_fact(work, member, sort, fact_id, **data)
    return done(work, member, _("The entry was put right."))


@blueprint.view("/<uuid:member_id>/facts/<sort>/<uuid:fact_id>/drop", methods=["POST"],
                permission=MANAGE, accepts=Revision(), form="fact")  # fmt: skip
def drop_fact(
    work: Work, data: dict[str, Any], member_id: uuid.UUID, sort: str, fact_id: uuid.UUID
) -> Any:
    """Take an entry made by mistake out of the history."""
    member = services.drop_fact(work, acting(work, member_id, data), sort, fact_id)
    return done(work, member, _("The entry was taken out."))


def _said(work: Work, member_id: uuid.UUID, key: uuid.UUID) -> str:
    """Return an entry of the history in words."""
    member = services.access_member(work, member_id)
    entries = entries_of(
        work, services.history_of(work, member), services.position_kinds(work), standing=True
    )
    return next((entry.text for entry in entries if entry.key == key), "")
