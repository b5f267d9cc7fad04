"""The JSON API of units: lists, one unit, its past, what is done to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.paging import next_cursor, read_cursor
from core.periods import EVER, OPEN
from core.scope import require
from core.units import acts, permissions
from core.units.choosing import find_unit
from core.units.history import family_of, versions_of
from core.units.places import Place
from core.units.schemas import (
    ConvertInput,
    EstablishInput,
    HistoryOutput,
    RenameInput,
    TransferInput,
    UnitListQuery,
    UnitOutput,
    UnitRecordOutput,
    VoidInput,
)
from core.units.tree import access_unit, list_units
from core.web import SIGNED_IN, Answer, PluginBlueprint
from core.work import Work

blueprint = PluginBlueprint("units", is_core=True)
MANAGE = permissions.MANAGE


@blueprint.api("/", permission=permissions.SEE, accepts=UnitListQuery(), answers=UnitOutput(),
               many=True)  # fmt: skip
def units(work: Work, data: dict[str, Any]) -> Any:
    """List the units of a subtree on a day, in Vietnamese order."""
    size = data["limit"]
    found = list_units(
        work,
        work.unit,
        on=data["as_of"],
        kind=data["kind"] or None,
        depth=data["depth"],
        after=read_cursor(data["cursor"], "b", "k"),
        limit=size + 1,
    )
    return found[:size], next_cursor(found, size, "name_sort", "id") or None


def named(work: Work, code: str, permission: str = permissions.SEE) -> Place:
    """Return the unit an address names, where the actor holds the permission."""
    place = access_unit(work, code)
    require(work, permission, [place.id])
    return place


@blueprint.api("/<code>", permission=SIGNED_IN, answers=UnitRecordOutput())
def unit(work: Work, code: str) -> Any:
    """Show one unit; an ended one says since when, and who took over."""
    return record(work, named(work, code))


def record(work: Work, place: Place) -> dict[str, Any]:
    """Return a unit under the names programs know."""
    above = [place.parent_id] if place.parent_id else []
    parents = work.host.places.by_ids(work.session, above, work.today, work.generation)
    values = {name: getattr(place, name) for name in ("code", "name", "kind", *acts.FACTS)}
    return {
        **values,
        "parent_code": parents[above[0]].code if above and above[0] in parents else None,
        "ended_on": place.ended_on,
        "successors": _relatives(work, place, back=False),
    }


def _relatives(work: Work, place: Place, *, back: bool) -> list[dict[str, Any]]:
    """Return the units next in line, in one direction."""
    return [
        {
            "code": one.place.code,
            "name": one.place.name,
            "on": one.on,
            "share": "{}/{}".format(*one.share) if one.share else None,
            "is_main": one.is_main,
        }
        for one in family_of(work, place, back=back, generations=1)
    ]


@blueprint.api("/<code>/history", permission=SIGNED_IN, answers=HistoryOutput())
def unit_history(work: Work, code: str) -> Any:
    """Show what a unit was, from which units it came, and what became of it."""
    place = named(work, code)
    versions = versions_of(work, place.id)
    above = {one.parent_id for one in versions if one.parent_id}
    parents = work.host.places.by_ids(work.session, above, work.today, work.generation)
    return {
        "versions": [
            {
                "name": one.name,
                "kind": one.kind,
                "sector": one.sector,
                "is_grassroots": one.is_grassroots,
                "parent_code": parents[one.parent_id].code if one.parent_id in parents else None,
                "since": None if one.valid_from == EVER else one.valid_from,
                "until": _last(one.valid_to),
                "decision_no": one.decision_no,
            }
            for one in versions
        ],
        "predecessors": _relatives(work, place, back=True),
        "successors": _relatives(work, place, back=False),
    }


def _last(end: date) -> date | None:
    """Return the last day of a half-open span, or None where it is open."""
    return None if end == OPEN else date.fromordinal(end.toordinal() - 1)


@blueprint.api("/", methods=["POST"], permission=MANAGE, accepts=EstablishInput(),
               answers=UnitRecordOutput(), name="establish")  # fmt: skip
def establish_unit(work: Work, data: dict[str, Any]) -> Any:
    """Establish a unit under the one named by `unit`."""
    return Answer(record(work, acts.establish(work, work.unit, **data)), status=201)


@blueprint.api("/<code>/rename", methods=["POST"], permission=SIGNED_IN, accepts=RenameInput(),
               answers=UnitRecordOutput())  # fmt: skip
def rename_unit(work: Work, data: dict[str, Any], code: str) -> Any:
    """Rename a unit from a day on."""
    acts.rename(work, named(work, code, MANAGE), **data)
    return record(work, access_unit(work, code))


@blueprint.api("/<code>/convert", methods=["POST"], permission=SIGNED_IN, accepts=ConvertInput(),
               answers=UnitRecordOutput())  # fmt: skip
def convert_unit(work: Work, data: dict[str, Any], code: str) -> Any:
    """Make a unit another kind from a day on."""
    acts.convert(work, named(work, code, MANAGE), **data)
    return record(work, access_unit(work, code))


@blueprint.api("/<code>/transfer", methods=["POST"], permission=SIGNED_IN,
               accepts=TransferInput(), answers=UnitRecordOutput())  # fmt: skip
def transfer_unit(work: Work, data: dict[str, Any], code: str) -> Any:
    """Put a unit under another superior from a day on."""
    parent = find_unit(work, data.pop("parent_code"), "parent_code")
    acts.transfer(work, named(work, code, MANAGE), parent, **data)
    return record(work, access_unit(work, code))


@blueprint.api("/<code>/void", methods=["POST"], permission=SIGNED_IN, accepts=VoidInput())
def void_unit(work: Work, data: dict[str, Any], code: str) -> Any:
    """Void a unit made by mistake."""
    acts.void(work, named(work, code, MANAGE), **data)
