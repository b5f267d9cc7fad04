"""The head of a body's papers: the line above, the body, its code, its place (`wording`, 8)."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from core.settings import value
from core.units.models import UnitAncestor, UnitVersion
from core.units.places import Place, valid_on, visible
from core.work import Work

# How an organisation is called, and how its committee is.
COMMITTEES = (
    ("Đảng bộ bộ phận", "Đảng ủy bộ phận"),
    ("Đảng bộ tỉnh", "Tỉnh ủy"),
    ("Đảng bộ thành phố", "Thành ủy"),
    ("Đảng bộ huyện", "Huyện ủy"),
    ("Đảng bộ thị xã", "Thị ủy"),
    ("Đảng bộ quận", "Quận ủy"),
    ("Đảng bộ", "Đảng ủy"),
)
# A town's and a city's committee below a province bear another code than a rural district's.
DISTRICT_CODES = {"Đảng bộ thị xã": "ThU", "Đảng bộ thành phố": "ThU", "Đảng bộ quận": "QU"}
TERRITORY = re.compile(
    r"^(?:Đảng (?:bộ|ủy)|Chi bộ) (?:xã|phường|thị trấn|đặc khu|tỉnh|thành phố|huyện|thị xã|quận) "
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the top of a body's papers; its fields are named as those of `Paper`."""

    upper_body: str
    issuing_body: str
    body_code: str
    place: str


class _Named(NamedTuple):
    """A unit as it was called on a day."""

    name: str
    kind: str
    parent_id: uuid.UUID | None


def head_of(work: Work, unit: Place | None = None, day: date | None = None) -> Head:
    """Return the head of a unit's papers as of a day, by the names of that day.

    A branch prints under its organisation, a committee under the organisation above it.
    """
    place = unit or work.unit
    named = _named(work, place, day or work.today)
    own = named[place.id]
    above = named.get(own.parent_id) if own.parent_id else None
    is_branch = own.kind in ("branch", "group")
    issuing = own.name if is_branch else committee_name(own.name)
    upper = ""
    if above is not None and own.parent_id != work.session.info.get("root_id"):
        as_committee = value(work, "core.documents.upper_line", place, day) == "committee"
        upper = committee_name(above.name) if is_branch and as_committee else above.name
    return Head(upper, issuing, body_code(work, place, own, day), _place(work, place, named, day))


def committee_name(name: str) -> str:
    """Return how the committee of an organisation is called; a branch keeps its name."""
    for organisation, committee in COMMITTEES:
        if name.startswith(f"{organisation} ") or name == organisation:
            return committee + name[len(organisation) :]
    return name


def body_code(work: Work, unit: Place, named: _Named | None = None, day: date | None = None) -> str:
    """Return the code of a body in the numbers of its papers, such as CB or ĐU."""
    own = value(work, "core.documents.body_code", unit, day)
    if own:
        return str(own)
    kind, name = (named.kind, named.name) if named else (unit.kind, unit.name)
    if kind == "district":
        for organisation, code in DISTRICT_CODES.items():
            if name.startswith(organisation):
                return code
    codes = value(work, "core.documents.body_codes", unit, day) or {}
    return str(codes.get(kind, codes.get("branch", "CB")))


def _named(work: Work, unit: Place, day: date) -> dict[uuid.UUID, _Named]:
    """Read how the unit and everything above it were called on the day; today's names else."""
    now = work.host.places.by_ids(work.session, unit.path, work.today, work.generation)
    result = {key: _Named(p.name, p.kind, p.parent_id) for key, p in now.items()}
    if day == work.today:
        return result
    version = UnitVersion
    found = work.session.execute(
        sa.select(version.unit_id, version.name, version.kind, version.parent_id)
        .join(UnitAncestor, UnitAncestor.ancestor_id == version.unit_id)
        .where(
            UnitAncestor.unit_id == unit.id,
            valid_on(UnitAncestor, day),
            visible(UnitAncestor, work.generation),
            valid_on(version, day),
            visible(version, work.generation),
        )
    )
    result.update({key: _Named(name, kind, parent) for key, name, kind, parent in found})
    return result


def _place(work: Work, unit: Place, named: dict[uuid.UUID, _Named], day: date | None) -> str:
    """Return the place printed before the day: the nearest territory's own name."""
    given = value(work, "core.documents.place", unit, day)
    if given:
        return str(given)
    step: uuid.UUID | None = unit.id
    while step is not None and step in named:
        own = named[step]
        found = TERRITORY.match(own.name)
        if found and (own.kind in ("commune", "district", "province") or step != unit.id):
            return own.name[found.end() :]
        step = own.parent_id
    return ""
