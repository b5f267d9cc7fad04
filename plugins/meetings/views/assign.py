"""Who follows which branch for the committee above."""

from __future__ import annotations

import uuid
from itertools import groupby
from typing import Any

from core.errors import RuleBroken
from core.forms import Form
from core.i18n import _, _n
from core.members.services.reading import posts
from core.units.covering import AsOfQuery, told_of
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.oversee import AssignmentInput
from .door import blueprint
from .frame import address, filled


@blueprint.view("/assignments", permission=permissions.OVERSEE, accepts=AsOfQuery())
def assignments(work: Work, data: dict[str, Any]) -> Any:
    """Show who follows which branch, and the branches that nobody follows."""
    as_of = told_of(data)
    found = services.list_assignments(work, as_of)
    free, count = services.unfollowed_branches(work, as_of)
    return page(
        "meetings/assignments.html",
        title=_("Who follows which branch"),
        trail=[
            (_("The month's meetings"), address(work, "month")),
            (_("Who follows which branch"), ""),
        ],
        people=[(name, role, list(rows)) for (name, role, _key), rows in groupby(found, key=_who)],
        most=services.MOST_SHOWN,
        has_more=len(found) == services.MOST_SHOWN,
        free=free,
        free_count=count,
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
    )


def _who(row: tuple[Any, Any]) -> tuple[str, str, Any]:
    """Return whom a line of the list is about."""
    return row[0].official_name, row[0].role, row[0].official_id


def branches(work: Work) -> list[tuple[str, str]]:
    """Return the branches below this unit today, as choices; refused where there are too many."""
    most = services.MOST_SHOWN
    found = services.branches_below(work, most + 1)
    if len(found) > most:
        raise RuleBroken(
            _(
                "There are more than %(n)s branches below this unit. Open the unit directly above "
                "the branches and assign there.",
                n=most,
            )
        )
    return [(str(unit_id), name) for unit_id, name in found]


def officials(work: Work) -> list[tuple[str, str]]:
    """Return the comrades with a post in this unit, the highest first, each once."""
    found: dict[str, str] = {}
    for post in posts(work, work.today, unit_ids=[work.unit.id]):
        found.setdefault(str(post.member_id), f"{post.full_name}, {post.title}")
    return list(found.items())


@blueprint.view("/assignments/new", permission=permissions.ASSIGN)
def new_assignment(work: Work, form: Form | None = None) -> Any:
    """Show the form that assigns an official to branches."""
    title = _("Assign an official")
    back = address(work, "assignments")
    return page(
        "meetings/assignment_form.html",
        title=title,
        trail=[(_("Who follows which branch"), back), (title, "")],
        back=back,
        form=filled(
            form,
            AssignmentInput(),
            {"min_visits": 1, "valid_from": work.today},
            draft=f"meetings.assign.{work.unit.code}",
            choices={
                "official_id": officials(work),
                "unit_ids": branches(work),
            },
            also={"unit": "unit_ids"},
        ),
    )


@blueprint.view(
    "/assignments/new",
    methods=["POST"],
    permission=permissions.ASSIGN,
    accepts=AssignmentInput(),
    form="new_assignment",
)
def assign(work: Work, data: dict[str, Any]) -> Any:
    """Assign an official to branches."""
    made = services.assign_official(work, **data)
    sentence = _n("Assigned to %(n)s branch.", "Assigned to %(n)s branches.", len(made))
    return redirect_to("meetings.assignments", sentence=sentence)


@blueprint.view(
    "/assignments/<uuid:assignment_id>/end", methods=["POST"], permission=permissions.ASSIGN
)
def end_assignment(work: Work, assignment_id: uuid.UUID) -> Any:
    """End an assignment from today on."""
    services.end_assignment(work, assignment_id)
    return redirect_to("meetings.assignments", sentence=_("The assignment is ended."))
