"""Which branch is asked for comments: named as people name it, anywhere in the tree."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.checking import missing
from core.i18n import _
from core.names import search_key
from core.units.models import Unit, UnitVersion
from core.units.places import Place, valid_on, visible
from core.work import Work

ASKED_KINDS = ("branch", "group")
SHOWN = 5
"""How many branches of one name are listed to choose from."""


def asked_branch(work: Work, text: str, outside_name: str) -> tuple[Place | None, str]:
    """Return the branch that is asked and its name; no branch where it is asked on paper.

    A code, or a name; behind a comma the unit above it, since many communes have a branch of the
    same name. What a unit is called is no secret: any branch may be found, not only one's own.
    """
    if not text.strip():
        if not outside_name.strip():
            raise missing("unit_code", _("Enter the code of the branch, or its name."))
        return None, outside_name.strip()
    place = _by_code(work, text) or _by_name(work, text)
    if place is None:
        raise missing(
            "unit_code",
            _("There is no branch with this name or code. Where it does not use the system, write"
              " its name in the next field."),
        )  # fmt: skip
    is_here = work.host.is_on(work, "evaluation", place)
    return place if is_here else None, full_name(work, place)


def full_name(work: Work, place: Place) -> str:
    """Return the name of a branch, with the unit above it where that is another than one's own."""
    above_id = place.parent_id
    if above_id is None or above_id == work.unit.parent_id:
        return place.name
    places = work.host.places.by_ids(work.session, [above_id], work.today, work.generation)
    return f"{place.name}, {places[above_id].name}" if above_id in places else place.name


def _by_code(work: Work, text: str) -> Place | None:
    place = work.host.places.by_code(work.session, text.strip(), work.today, work.generation)
    if place is None or not place.is_living or place.kind not in ASKED_KINDS:
        return None
    return place


def _by_name(work: Work, text: str) -> Place | None:
    """Return the one branch with a name; refuse several, telling them apart."""
    name, _comma, above = text.partition(",")
    rows = _named(work, search_key(name), search_key(above))
    exact = [row for row in rows if row.name_search in _spellings(search_key(name))]
    found = exact or rows
    if len(found) > 1:
        listed = "; ".join(f"{row.name}, {row.above} ({row.code})" for row in found[:SHOWN])
        raise missing(
            "unit_code",
            _("Several branches have this name: %(list)s. Add the commune behind a comma, or write"
              " the code.", list=listed),
        )  # fmt: skip
    return _by_code(work, found[0].code) if found else None


def _spellings(folded: str) -> tuple[str, str]:
    return folded, f"chi bo {folded}"


def _named(work: Work, name: str, above: str) -> list[Any]:
    """Return living branches whose name has some words, those called exactly so first."""
    if not name:
        return []
    branch, higher = UnitVersion, sa.orm.aliased(UnitVersion)
    statement = (
        sa.select(Unit.code, branch.name, branch.name_search, higher.name.label("above"))
        .select_from(branch)
        .join(Unit, Unit.id == branch.unit_id)
        .join(higher, higher.unit_id == branch.parent_id)
        .where(
            branch.name_search.contains(name, autoescape=True),
            branch.kind.in_(ASKED_KINDS),
            Unit.voided_at.is_(None),
            *(valid_on(one, work.today) for one in (branch, higher)),
            *(visible(one, work.generation) for one in (branch, higher)),
        )
        .order_by(branch.name_search.not_in(_spellings(name)), higher.name_sort, Unit.code)
        .limit(SHOWN + 1)
    )
    if above:
        statement = statement.where(higher.name_search.contains(above, autoescape=True))
    return list(work.session.execute(statement))
