"""Two branches made one by a commune officer: a plain form in place of a plan's many words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.documents.models import DocumentCounter
from core.errors import InvalidInput
from core.i18n import _
from core.members.models import Affiliation, Member
from core.members.services.reading import posts
from core.restructuring.models import Plan
from core.restructuring.operations import Link, Operation
from core.restructuring.permissions import MERGE
from core.restructuring.services.drafting import Draft, draft_plan
from core.restructuring.services.examining import Examination
from core.restructuring.services.people import Posting
from core.units.models import UnitKind
from core.units.places import Place, valid_on
from core.work import Work


@dataclass(frozen=True)
class Merger:
    """What the form says: which branch ends in which, from when, by which decision, who leads."""

    ending: Place
    staying: Place
    on: date
    decision_no: str
    decision_date: date | None = None
    name: str = ""
    secretary_id: uuid.UUID | None = None
    deputy_id: uuid.UUID | None = None


@dataclass
class Side:
    """One of the two branches, as the form shows it."""

    place: Place
    members: int = 0
    posts: list[Any] = field(default_factory=list)
    series: list[tuple[str, int]] = field(default_factory=list)
    open: list[tuple[str, int]] = field(default_factory=list)


def merge_branches(work: Work, merger: Merger) -> tuple[Plan, Examination]:
    """Draft the plan of a merger; what stands in its way is kept with it.

    Who takes up a post the form does not name stays as it is in the branch that goes on.
    """
    if merger.ending.id == merger.staying.id:
        sentence = _("A unit cannot be merged into itself. Choose another one.")
        raise InvalidInput(sentence, fields={"staying_code": [sentence]})
    _check_holders(work, merger)
    staying = merger.staying.code
    operations = [Operation("merge_into", links=(Link(merger.ending.code, staying),))]
    if merger.name and merger.name != merger.staying.name:
        operations.append(Operation("rename", staying, changes={"name": merger.name}))
    chosen = (("secretary", merger.secretary_id), ("deputy_secretary", merger.deputy_id))
    draft = Draft(
        on=merger.on,
        operations=operations,
        title=_("Merging %(one)s into %(two)s", one=merger.ending.name, two=merger.staying.name),
        decision_no=merger.decision_no,
        decision_date=merger.decision_date,
        postings=[Posting(who, staying, position) for position, who in chosen if who],
    )
    return draft_plan(work, draft, permission=MERGE)


def _check_holders(work: Work, merger: Merger) -> None:
    """Refuse units that have no members of their own, such as organisations of branches."""
    holders = set(work.session.scalars(sa.select(UnitKind.key).where(UnitKind.holds_members)))
    pairs = (("ending_code", merger.ending), ("staying_code", merger.staying))
    for name, place in pairs:
        if place.kind not in holders:
            sentence = _("%(unit)s holds no members of its own; choose a branch.", unit=place.name)
            raise InvalidInput(sentence, fields={name: [sentence]})


def side_of(work: Work, place: Place, opened: Iterable[Any]) -> Side:
    """Return who and what is in a branch today: members, posts, series of papers, open work."""
    series = work.session.execute(
        sa.select(DocumentCounter.kind_code, DocumentCounter.last)
        .where(DocumentCounter.unit_id == place.id, DocumentCounter.last > 0)
        .order_by(DocumentCounter.kind_code, DocumentCounter.term_from.desc())
    )
    return Side(
        place,
        len(people_of(work, [place])),
        posts(work, work.today, unit_ids=[place.id]),
        [(code, number) for code, number in series],
        [(str(one.title), one.count) for one in opened if one.unit_id == place.id],
    )


def people_of(work: Work, places: Iterable[Place]) -> list[tuple[uuid.UUID, str]]:
    """Return the members at home in branches today, in Vietnamese order: key and name."""
    rows = work.session.execute(
        sa.select(Member.id, Member.full_name)
        .join(Affiliation, Affiliation.member_id == Member.id)
        .where(
            Affiliation.unit_id.in_([place.id for place in places]),
            Affiliation.kind == "home",
            valid_on(Affiliation, work.today),
            Member.voided_at.is_(None),
        )
        .order_by(Member.sort_key)
    )
    return [(member_id, name) for member_id, name in rows]
