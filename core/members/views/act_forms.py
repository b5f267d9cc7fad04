"""What the pages of acts share: the member in sight, the form, the state it was filled in for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma
from werkzeug.datastructures import MultiDict

from core.errors import RuleBroken
from core.forms import Form
from core.i18n import _, format_time
from core.members import labels, services
from core.members.models import Member
from core.members.showing import shown_record
from core.units.choosing import Choices, offer
from core.web import PageAnswer, page, redirect_to
from core.work import Work


def act_page(  # noqa: PLR0913 - everything such a page says, by name
    work: Work,
    member: Member,
    form: Form | None,
    schema: ma.Schema,
    *,
    title: str,
    submit: str,
    intro: str = "",
    first: Mapping[str, Any] | None = None,
    choices: Choices | None = None,
    danger: bool = False,
) -> PageAnswer:
    """Show the form of an act below the record it concerns.

    A form that comes back after somebody else's change carries the state of now: what was typed
    is kept, the record above it shows what has changed, and saving again is a choice.
    """
    shown = form or Form(schema, data=dict(first or {}))
    offer(shown, schema, choices or {})
    if isinstance(shown.data, (dict, MultiDict)):
        shown.data["revision"] = str(member.revision)
    place = services.home_of(work, member)
    return page(
        "members/act.html",
        title=title,
        member=shown_record(work, member, place),
        home=place,
        form=shown,
        submit=submit,
        intro=intro,
        danger=danger,
        labels=labels,
        conditions=services.conditions_on(work, [member.id], work.today).get(member.id, []),
    )


def acting(work: Work, member_id: uuid.UUID, data: dict[str, Any]) -> Member:
    """Return the member an act is about, locked; refuse what was filled in for an older state."""
    member = services.access_member(work, member_id, for_change=True)
    revision = data.pop("revision", None)
    if revision is not None and revision != member.revision:
        last = services.acts_on(work, member, limit=1)
        who = last[0].actor if last else _("Somebody")
        moment = (last[0].at if last else work.now).astimezone(work.host.zone)
        raise RuleBroken(
            _(
                "%(who)s changed this record at %(time)s. What you typed is kept: look at the "
                "record above, then save again.",
                who=who,
                time=format_time(moment.timetz().replace(tzinfo=None)),
            )
        )
    return member


def done(work: Work, member: Member, sentence: str, warnings: Sequence[str] = ()) -> Any:
    """Go back to the record with what happened, and what to look at."""
    return redirect_to(
        "members.show",
        member_id=member.id,
        unit=services.home_of(work, member),
        sentence=" ".join([sentence, *warnings]),
        kind="warning" if warnings else "done",
    )
