"""The JSON API of members, and of the tree with its head counts."""

from __future__ import annotations

import uuid
from typing import Any

from core.errors import Stale
from core.i18n import _
from core.members import permissions, services
from core.members.models import Member
from core.members.schemas import (
    ApiListQuery,
    ConditionInput,
    CorrectionInput,
    EndInput,
    EraseInput,
    LeaveInput,
    MemberInput,
    MemberOutput,
    MergeInput,
    MergeOutput,
    PositionInput,
    ReadmissionInput,
    RecordOutput,
    StatusInput,
    TemporaryInput,
    TransferInput,
    VoidInput,
    born,
)
from core.members.services import Filters
from core.members.showing import (
    after_last_day,
    api_record,
    facts_for_programs,
    shown_lines,
    shown_record,
)
from core.units.api import named
from core.units.choosing import find_unit
from core.units.comparing import known_on
from core.units.schemas import TreeOutput, TreeQuery
from core.web import SIGNED_IN, Answer, PluginBlueprint
from core.work import Work

blueprint = PluginBlueprint("members", is_core=True)
units = PluginBlueprint("units", is_core=True)
SEE, MANAGE, MERGE = permissions.SEE, permissions.MANAGE, permissions.MERGE
NO_REVISION = ("revision",)


@blueprint.api(
    "/", permission=SEE, accepts=ApiListQuery(), answers=MemberOutput(), many=True, anywhere=True
)
def members(work: Work, data: dict[str, Any]) -> Any:
    """List the members of a unit and below it, or of all units one may see, as of a day."""
    found = services.list_members(
        work,
        work.unit,
        as_of=data["as_of"],
        filters=Filters(
            status=data["status"], words=data["q"], group=data["group"], sector=data["sector"]
        ),
        after=data["cursor"] or None,
        limit=data["limit"],
    )
    items = []
    for line in shown_lines(work, found):
        place = line["unit"]
        items.append(api_record(line, place.code if place else "", born(line)))
    return items, found.next


@blueprint.api("/<uuid:member_id>", permission=SEE, answers=RecordOutput())
def member(work: Work, member_id: uuid.UUID) -> Any:
    """Show a record with everything dated; one merged into another shows the other."""
    found = services.read_member(work, member_id)
    if found.merged_into_id is not None:
        found = services.read_member(work, found.merged_into_id)
    return _answer(work, found)


def _answer(work: Work, found: services.MemberRow, status: int = 200) -> Answer:
    """Return a record with its revision as the ETag."""
    place = services.home_of(work, found)
    values = shown_record(work, found, place)
    facts = facts_for_programs(work, services.history_of(work, found), place)
    record = {**api_record(values, place.code, born(values)), "facts": facts}
    return Answer(record, status=status, revision=found.revision)


def _changing(work: Work, member_id: uuid.UUID, revision: int) -> Member:
    """Return a member to change, locked; a revision that is not the current one is stale."""
    found = services.access_member(work, member_id, for_change=True)
    if found.revision != revision:
        raise Stale(_("This revision is not the current one; read the record again."))
    return found


@blueprint.api("/", methods=["POST"], permission=MANAGE, accepts=MemberInput(),
               answers=RecordOutput(), name="register")  # fmt: skip
def register_member(work: Work, data: dict[str, Any]) -> Any:
    """Enter a member whose home is the unit named by `unit`."""
    return _answer(work, services.register_member(work, work.unit, **data), 201)


@blueprint.api("/<uuid:member_id>", methods=["PATCH"], permission=MANAGE, revised=True,
               accepts=CorrectionInput(exclude=NO_REVISION), answers=RecordOutput(),
               name="correct")  # fmt: skip
def correct_member(work: Work, data: dict[str, Any], member_id: uuid.UUID, revision: int) -> Any:
    """Put a record right; only what is named changes."""
    found = _changing(work, member_id, revision)
    return _answer(work, services.correct_member(work, found, **data))


@blueprint.api("/<uuid:member_id>/status", methods=["POST"], permission=MANAGE, revised=True,
               accepts=StatusInput(exclude=NO_REVISION), answers=RecordOutput())  # fmt: skip
def change_status(work: Work, data: dict[str, Any], member_id: uuid.UUID, revision: int) -> Any:
    """Recognise a member, or begin or end an exemption."""
    found = _changing(work, member_id, revision)
    return _answer(work, services.change_status(work, found, **data))


@blueprint.api("/<uuid:member_id>/leave", methods=["POST"], permission=MANAGE, revised=True,
               accepts=LeaveInput(exclude=NO_REVISION), answers=RecordOutput())  # fmt: skip
def leave(work: Work, data: dict[str, Any], member_id: uuid.UUID, revision: int) -> Any:
    """Enter an exit."""
    found = _changing(work, member_id, revision)
    return _answer(work, services.leave(work, found, **data))


@blueprint.api("/<uuid:member_id>/readmit", methods=["POST"], permission=MANAGE, revised=True,
               accepts=ReadmissionInput(exclude=NO_REVISION), answers=RecordOutput())  # fmt: skip
def readmit(work: Work, data: dict[str, Any], member_id: uuid.UUID, revision: int) -> Any:
    """Take somebody in again."""
    found = _changing(work, member_id, revision)
    unit = find_unit(work, data.pop("unit_code"))
    return _answer(work, services.readmit(work, found, unit, **data))


@blueprint.api("/<uuid:member_id>/transfer", methods=["POST"], permission=MANAGE, revised=True,
               accepts=TransferInput(exclude=NO_REVISION), answers=RecordOutput())  # fmt: skip
def transfer(work: Work, data: dict[str, Any], member_id: uuid.UUID, revision: int) -> Any:
    """Transfer a member to another branch."""
    found = _changing(work, member_id, revision)
    unit = find_unit(work, data.pop("unit_code"))
    return _answer(work, services.transfer_home(work, found, unit, **data))


@blueprint.api("/<uuid:member_id>/temporary", methods=["POST"], permission=MANAGE, revised=True,
               accepts=TemporaryInput(exclude=NO_REVISION), answers=RecordOutput())  # fmt: skip
def temporary(work: Work, data: dict[str, Any], member_id: uuid.UUID, revision: int) -> Any:
    """Begin a stay in another branch; `until` is its last day."""
    found = _changing(work, member_id, revision)
    host = find_unit(work, data.pop("unit_code"))
    data["until"] = after_last_day(data["until"])
    return _answer(work, services.start_temporary(work, found, host, **data))


@blueprint.api("/<uuid:member_id>/temporary/end", methods=["POST"], permission=MANAGE,
               revised=True, accepts=EndInput(exclude=NO_REVISION),
               answers=RecordOutput())  # fmt: skip
def end_temporary(work: Work, data: dict[str, Any], member_id: uuid.UUID, revision: int) -> Any:
    """End a stay in another branch; `on` is the first day back home."""
    found = _changing(work, member_id, revision)
    return _answer(work, services.end_temporary(work, found, day=data["on"]))


@blueprint.api("/<uuid:member_id>/positions", methods=["POST"], permission=MANAGE, revised=True,
               accepts=PositionInput(exclude=NO_REVISION), answers=RecordOutput())  # fmt: skip
def give_position(work: Work, data: dict[str, Any], member_id: uuid.UUID, revision: int) -> Any:
    """Give a position; `until` is its last day."""
    found = _changing(work, member_id, revision)
    unit = find_unit(work, data.pop("unit_code"))
    data["until"] = after_last_day(data["until"])
    services.give_position(work, found, unit, **data)
    return _answer(work, services.access_member(work, member_id, fresh=True), 201)


@blueprint.api("/<uuid:member_id>/positions/<uuid:post_id>/end", methods=["POST"],
               permission=MANAGE, revised=True, accepts=EndInput(exclude=NO_REVISION),
               answers=RecordOutput())  # fmt: skip
def end_position(
    work: Work, data: dict[str, Any], member_id: uuid.UUID, post_id: uuid.UUID, revision: int
) -> Any:
    """End a position; `on` is the first day on which it is no longer held."""
    found = _changing(work, member_id, revision)
    services.end_position(work, found, post_id, day=data["on"])
    return _answer(work, services.access_member(work, member_id, fresh=True))


@blueprint.api("/<uuid:member_id>/conditions", methods=["POST"], permission=MANAGE, revised=True,
               accepts=ConditionInput(exclude=NO_REVISION), answers=RecordOutput())  # fmt: skip
def set_condition(work: Work, data: dict[str, Any], member_id: uuid.UUID, revision: int) -> Any:
    """Say that a member is away, suspended or excused; `until` is the last day."""
    found = _changing(work, member_id, revision)
    data["until"] = after_last_day(data["until"])
    services.set_condition(work, found, **data)
    return _answer(work, services.access_member(work, member_id, fresh=True), 201)


@blueprint.api("/<uuid:member_id>/conditions/<uuid:condition_id>/end", methods=["POST"],
               permission=MANAGE, revised=True, accepts=EndInput(exclude=NO_REVISION),
               answers=RecordOutput())  # fmt: skip
def end_condition(
    work: Work, data: dict[str, Any], member_id: uuid.UUID, condition_id: uuid.UUID, revision: int
) -> Any:
    """End what held for a time; `on` is the first day on which it no longer holds."""
    found = _changing(work, member_id, revision)
    condition = services.access_condition(work, found, condition_id)
    services.clear_condition(work, found, condition, day=data["on"])
    return _answer(work, services.access_member(work, member_id, fresh=True))


@blueprint.api("/<uuid:member_id>/void", methods=["POST"], permission=MANAGE, revised=True,
               accepts=VoidInput(exclude=NO_REVISION))  # fmt: skip
def void_member(work: Work, data: dict[str, Any], member_id: uuid.UUID, revision: int) -> Any:
    """Void a record made by mistake."""
    services.void_member(work, _changing(work, member_id, revision), **data)


@blueprint.api("/<uuid:member_id>/erase", methods=["POST"], permission=permissions.ERASE,
               revised=True, accepts=EraseInput(exclude=NO_REVISION))  # fmt: skip
def erase_member(work: Work, data: dict[str, Any], member_id: uuid.UUID, revision: int) -> Any:
    """Erase what is kept of somebody who has left, under a decision."""
    services.erase_member(work, _changing(work, member_id, revision), **data)


@blueprint.api("/merges", methods=["POST"], permission=MERGE, accepts=MergeInput(),
               answers=MergeOutput())  # fmt: skip
def merge(work: Work, data: dict[str, Any]) -> Any:
    """Make two records of one person one."""
    kept = services.access_member(work, data["kept_id"], for_change=True)
    merged = services.access_member(work, data["merged_id"], for_change=True)
    fields = dict.fromkeys(data["fields_from_merged"], "merged")
    made = services.merge_members(work, kept, merged, facts_from=data["facts_from"], fields=fields)
    return Answer(made, status=201)


@blueprint.api("/merges/<uuid:merge_id>/undo", methods=["POST"], permission=MERGE,
               answers=MergeOutput())  # fmt: skip
def undo_merge(work: Work, merge_id: uuid.UUID) -> Any:
    """Take a merge back exactly."""
    return services.undo_merge(work, merge_id)


@units.api("/<code>/tree", permission=SIGNED_IN, accepts=TreeQuery(), answers=TreeOutput())
def tree(work: Work, data: dict[str, Any], code: str) -> Any:
    """Show what stands under a unit on a day, counted, or as it was known on a past day."""
    day, generation = data["as_of"] or work.today, known_on(work, data["known_on"])
    found = services.counted_tree(work, named(work, code), day, generation=generation)
    return found.as_json() if found is not None else None
