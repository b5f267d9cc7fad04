"""Lists of members: today's and a past day's, guests, who is to be contacted, for printing."""

from __future__ import annotations

import uuid
from typing import Any

from core import ledger
from core.access.fields import seen
from core.i18n import _
from core.members import labels, permissions, services
from core.members.schemas import ListQuery
from core.members.services import Filters
from core.members.settings import TEMPORARY_COUNTED
from core.members.showing import shown_lines
from core.settings import value
from core.web import PluginBlueprint, page
from core.work import Work

blueprint = PluginBlueprint("members", is_core=True)
PAGE = 50
PRINTED = 200


def _filters(data: dict[str, Any]) -> Filters:
    return Filters(
        status=data["status"], words=data["q"], group=data["group"], sector=data["sector"]
    )


@blueprint.view("/", permission=permissions.SEE, accepts=ListQuery())
def members(work: Work, data: dict[str, Any]) -> Any:
    """List the members of a unit and everything below it."""
    day = data["as_of"] or work.today
    found = services.list_members(
        work,
        work.unit,
        as_of=day,
        filters=_filters(data),
        after=data["cursor"] or None,
        limit=PAGE,
    )
    ids = [line.id for line in found.lines]
    is_past = day != work.today
    return page(
        "members/members.html",
        title=_("Members"),
        as_of=day if is_past else None,
        lines=shown_lines(work, found),
        next=found.next,
        data=data,
        day=day,
        counts=services.head_counts(work, work.unit, day).get(work.unit.id, services.NONE),
        posts=_by_member(services.posts(work, day, member_ids=ids)) if ids else {},
        conditions=services.conditions_on(work, ids, day) if ids and not is_past else {},
        labels=labels,
        is_branch=work.unit.kind == "branch",
        sees_standing="standing" in seen(work, work.unit),
        guests=_guests(work, data),
    )


def _guests(work: Work, data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the guests below a branch's own list, where the setting wants them there."""
    plain = not (data["q"] or data["status"] or data["group"] or data["cursor"])
    if not plain or work.unit.kind != "branch" or not value(work, TEMPORARY_COUNTED):
        return []
    found = services.list_members(
        work, work.unit, as_of=data["as_of"], filters=Filters(group="temporary"), limit=PAGE
    )
    return shown_lines(work, found)


def _by_member(posts: list[services.Post]) -> dict[uuid.UUID, list[services.Post]]:
    """Group positions by who holds them."""
    held: dict[uuid.UUID, list[services.Post]] = {}
    for post in posts:
        held.setdefault(post.member_id, []).append(post)
    return held


@blueprint.view("/print", permission=permissions.SEE, accepts=ListQuery())
def printed(work: Work, data: dict[str, Any]) -> Any:
    """Show a list to print, with numbers, without anything to press."""
    day = data["as_of"] or work.today
    found = services.list_members(
        work,
        work.unit,
        as_of=day,
        filters=_filters(data),
        after=data["cursor"] or None,
        limit=PRINTED,
    )
    return page(
        "members/printed.html",
        title=_("List of members"),
        lines=shown_lines(work, found),
        next=found.next,
        day=day,
        data=data,
        labels=labels,
        is_branch=work.unit.kind == "branch",
        counts=services.head_counts(work, work.unit, day).get(work.unit.id, services.NONE),
    )


@blueprint.view("/contacts", permission=permissions.SEE)
def contacts(work: Work) -> Any:
    """List who is away, and by which day the branch gets in touch again."""
    found = services.contacts_due(work) if "standing" in seen(work, work.unit) else []
    ledger.saw(work, "member", [one.member_id for one in found], seen(work, work.unit, {"contact"}))
    places = work.host.places.by_ids(
        work.session, {one.unit_id for one in found}, work.today, work.generation
    )
    return page(
        "members/contacts.html",
        title=_("Away for work"),
        contacts=found,
        places=places,
        sees_phone="contact" in seen(work, work.unit),
    )
