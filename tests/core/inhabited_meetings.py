"""The meetings of the inhabited world: one closed, one being held, one prepared."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.db import new_key
from core.testing import NOON
from core.work import Work
from plugins.meetings.models import (
    AgendaItem,
    Meeting,
    OversightAssignment,
    Resolution,
    Task,
    Visitor,
    Vote,
)
from plugins.meetings.services import (
    PointFacts,
    TaskFacts,
    add_visitor,
    adopt_minutes,
    assign_official,
    chase,
    conclude_item,
    confirm_as_chair,
    confirm_as_clerk,
    draft_material,
    end_meeting,
    give_task,
    list_items,
    lock_minutes,
    make_resolution,
    publish_material,
)
from tests.plugins.meetings.builders import EVENING, Branch, ballot, resolution

HERE = "B1"
ABOVE = "W"


def oversight(place: Any, work: Work, many: int) -> None:
    """Let the ward follow its branches, and publish material."""
    above = work.at(place.world.place(ABOVE, work))
    official = place.branch.people[0]
    ids = [place.world.place(f"B{n}", work).id for n in (*range(2, many + 2),)]
    ids.append(work.unit.id)
    assign_official(above, unit_ids=ids, official_id=official.id)
    chase(above, ids, date(2026, 10, 1), channel="phone")
    for number in range(many):
        material = draft_material(
            above,
            for_month=date(2026, 11, 1),
            title=f"Tài liệu {number}",
            points=[
                {"title": f"Chuyên đề {n}", "minutes": 20, "text": ""} for n in range(min(many, 20))
            ],
            opens_on=work.today,
        )
        publish_material(above, material)
    place.keep(work, material_id=material.id, unit_id=work.unit.id)
    place.pick(work, assignment_id=(OversightAssignment, {"unit_id": work.unit.id}))


def meetings(place: Any, many: int) -> None:
    """Leave a closed meeting, one that is being held, and one that is prepared."""
    branch, world = place.branch, place.world
    month = {"for_month": date(2026, 10, 1), "is_thematic": True, "theme": "Chuyên đề quý"}
    planned = {"for_month": date(2026, 12, 1), "starts_at": EVENING + timedelta(days=20)}
    planned["ends_at"] = planned["starts_at"] + timedelta(minutes=100)
    for ago, make, facts in ((30, _held, month), (0, _held, {}), (0, Branch.planned, planned)):
        branch.later(days=(NOON - world.now).days - ago)
        with branch.work(place.master) as work:
            meeting = make(branch, work, **facts)
            if make is _held:
                _decide(place, work, meeting, many)
            if facts is month:
                _lock(work, meeting)
                _more(work, meeting, many)
            _agenda(work, meeting, many)
            place.scenes.append(_scene(work, meeting))
    branch.later(days=(NOON - world.now).days)


def _held(branch: Branch, work: Work, **facts: Any) -> Meeting:
    meeting = branch.opened(work, **facts)
    branch.all_present(work, meeting)
    return meeting


def _agenda(work: Work, meeting: Meeting, many: int) -> None:
    facts = {"meeting_id": meeting.id, "minutes": 10}
    work.session.add_all(
        [AgendaItem(order=50 + n, title=f"Nội dung {n}", **facts) for n in range(many)]
    )


def _decide(place: Any, work: Work, meeting: Meeting, many: int) -> None:
    """Guests, votes, resolutions with points that are tasks."""
    owners = [member.id for member in place.branch.people[:3]]
    present = ballot(in_favour=meeting.entitled_present, present=meeting.entitled_present)
    for number in range(many):
        add_visitor(work, meeting, name=f"Khách {number}")
        due = work.today + timedelta(days=number - 3)
        point = PointFacts(f"Việc {number}", owners[number % 3], max(due, work.today))
        facts = resolution(title=f"Nghị quyết {number}", points=(point,), vote=present)
        make_resolution(work, meeting, None, facts)
    mine = TaskFacts("Việc của tôi", place.branch.people[3].id, work.today)
    give_task(work, mine, meeting=meeting)


def _lock(work: Work, meeting: Meeting) -> None:
    for item in list_items(work, meeting):
        conclude_item(work, meeting, item, conclusion="Chi bộ thống nhất.")
    end_meeting(work, meeting)
    present = meeting.entitled_present
    adopt_minutes(work, meeting, in_favour=present, present=present)
    confirm_as_clerk(work, meeting)
    confirm_as_chair(work, meeting)
    lock_minutes(work, meeting)


def _more(work: Work, meeting: Meeting, many: int) -> None:
    """Add meetings of other kinds that day: rows like this one."""
    work.session.flush()
    table = Meeting.__table__
    row = dict(
        work.session.execute(sa.select(table).where(table.c.id == meeting.id)).mappings().one()
    )
    row |= {"kind": "extra", "is_regular": False, "is_thematic": False, "title": "Họp thêm"}
    work.session.execute(sa.insert(table), [{**row, "id": new_key()} for _n in range(many)])


def _scene(work: Work, meeting: Meeting) -> dict[str, str]:
    """Return the examples that belong to one meeting."""
    work.session.flush()
    scene = {"meeting_id": str(meeting.id)}
    models = {"item_id": AgendaItem, "vote_id": Vote, "visitor_id": Visitor}
    for name, model in {**models, "resolution_id": Resolution, "task_id": Task}.items():
        statement = sa.select(model.id).where(model.meeting_id == meeting.id)
        statement = statement.order_by(model.id.desc()).limit(1)
        key = work.session.scalar(statement.execution_options(unscoped="test"))
        if key is not None:
            scene[name] = str(key)
    return scene
