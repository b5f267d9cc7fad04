"""What core itself has open follows its unit: counted the same before and after, with somebody."""

from __future__ import annotations

from datetime import date, timedelta

from core.documents.services import reserve_number
from core.members.models import CorrectionRequest, MemberCondition
from core.periods import OPEN
from core.restructuring.operations import Link, Operation
from core.restructuring.services import Draft, draft_plan, open_in
from core.testing import TODAY, World
from tests.core.restructuring.test_applying import draft, enact, revert

MERGE = Operation("merge_into", links=(Link("W1B1", "W1B2"),))
RENAME = Operation("rename", "W1B1", changes={"name": "Chi bộ Khác"})


def opened(town: World) -> dict[str, dict[str, int]]:
    """Return what core has open in the two branches: kind → code → number."""
    with town.work(writing=False) as work:
        places = [town.place(code, work) for code in ("W1B1", "W1B2")]
        codes = {place.id: place.code for place in places}
        found: dict[str, dict[str, int]] = {}
        for one in open_in(work, places):
            found.setdefault(one.kind, {})[codes[one.unit_id]] = one.count
        return found


def test_requests_contacts_drafts_and_plans_go_to_whoever_takes_over(town: World) -> None:
    member = town.member("W1B1", "Lê Văn Xa")
    with town.work(unit="W1B1") as work:
        asked = {"wanted": {"phone": "0912345678"}, "made_at": work.now, "due_on": work.today}
        away = {"kind": "away", "valid_from": date(2026, 1, 1), "valid_to": OPEN}
        contact = MemberCondition(member_id=member.id, next_contact_on=work.today, **away)
        work.session.add_all([contact, CorrectionRequest(member_id=member.id, **asked)])
        reserve_number(work, kind="resolution", subject="Chưa có nội dung")
    with town.work(unit="W1B1") as work:
        draft_plan(work, Draft(TODAY + timedelta(days=9), [RENAME], decision_no="9"))
    kinds = ("members.contacts", "members.corrections", "documents.drafts", "restructuring.plans")
    assert opened(town) == {kind: {"W1B1": 1} for kind in kinds}
    plan = enact(town, draft(town, MERGE, on=TODAY))
    listed = {line["what"]: line["to"][0] for line in plan.checks["picture"]["open"]}
    assert set(listed.values()) == {"W1B2"}
    assert len(listed) == len(kinds)
    assert opened(town) == {kind: {"W1B2": 1} for kind in kinds}
    revert(town, plan)
    assert opened(town) == {kind: {"W1B1": 1} for kind in kinds}


def test_a_plan_is_no_open_work_of_its_own(town: World) -> None:
    with town.work(unit="W1B1") as work:
        end = Operation("dissolve", "W1B1", (Link("W1B1", "W1B2"),), reason="ít đảng viên")
        _plan, found = draft_plan(work, Draft(TODAY, [end], decision_no="9"))
        assert found.open_work == []
