"""Rights that go on: chosen by whoever approves, given with the plan, taken back with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core.access.models import Grant
from core.errors import DomainError
from core.ledger.models import LedgerRow
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.services import (
    access_plan,
    apply_plan,
    approve_plan,
    change_plan,
    chosen,
    examine_plan,
    revert_plan,
    send_back_plan,
    submit_plan,
)
from core.restructuring.services.drafting import draft_of
from core.testing import TODAY, World
from tests.core.restructuring.test_api import Program
from tests.core.restructuring.test_applying import MERGE, draft
from tests.core.restructuring.test_pages import merger, the_plan, words

Sums = Callable[[], dict[str, str]]
DIVIDE = Operation(
    "divide",
    links=(Link("W1B1", "X1", None), Link("W1B1", "X2", None, is_main=False)),
    new=(NewUnit("X1", "Chi bộ X1"), NewUnit("X2", "Chi bộ X2")),
)


def grants_at(world: World, code: str) -> list[Grant]:
    """Return the rights that are held at a unit."""
    with world.work(writing=False) as work:
        where = (Grant.unit_id == world.place(code, work).id, Grant.ended_at.is_(None))
        return list(work.session.scalars(sa.select(Grant).where(*where)))


def submitted(world: World, *operations: Operation, **more: Any) -> uuid.UUID:
    """Draft and submit a plan as the operator; return its key."""
    plan = draft(world, *operations, on=TODAY, **more)
    with world.work() as work:
        submit_plan(work, access_plan(work, plan.id))
    return plan.id


def enact(world: World, key: uuid.UUID, *rights: uuid.UUID) -> None:
    """Approve a plan with these rights, and apply it."""
    with world.work() as work:
        apply_plan(work, approve_plan(work, access_plan(work, key), rights=rights))


def test_exactly_what_was_ticked_is_given_and_taken_back_with_the_plan(
    town: World, checksums: Sums
) -> None:
    one, other = (town.account("commune_staff", "W1B1") for _n in range(2))
    (ticked,) = (g for g in grants_at(town, "W1B1") if g.account_id == one.id)
    before = checksums()
    key = submitted(town, MERGE)
    enact(town, key, ticked.id)
    assert grants_at(town, "W1B1") == []
    (given,) = grants_at(town, "W1B2")
    assert (given.account_id, given.role, given.document_no) == (one.id, ticked.role, "1-QĐ/TU")
    assert (given.valid_from, given.valid_to) == (TODAY, ticked.valid_to)
    with town.work(writing=False) as work:
        acts = work.session.scalars(sa.select(LedgerRow).where(LedgerRow.about_id == given.id))
        assert [act.action for act in acts] == ["access.granted"]
    assert not town.principal(other).sees(town.place("W1B2"))
    with town.work() as work:
        revert_plan(work, access_plan(work, key), reason="nhầm")
    assert {name for name, sum_ in checksums().items() if sum_ != before[name]} == set()


def test_nothing_is_given_where_nothing_was_ticked(town: World) -> None:
    town.account("commune_staff", "W1B1")
    enact(town, submitted(town, MERGE))
    assert grants_at(town, "W1B2") == []


def test_of_a_divided_unit_a_right_goes_on_at_the_main_successor_only(town: World) -> None:
    town.account("commune_staff", "W1B1")
    (right,) = grants_at(town, "W1B1")
    enact(town, submitted(town, DIVIDE, unassigned="main"), right.id)
    assert (len(grants_at(town, "X1")), len(grants_at(town, "X2"))) == (1, 0)


def test_what_is_held_already_and_what_ended_meanwhile_is_not_given_twice(town: World) -> None:
    account = town.account("commune_staff", "W1B1")
    town.account("commune_staff", "W1B1")
    first, second = sorted(grants_at(town, "W1B1"), key=lambda g: g.account_id != account.id)
    with town.work() as work:
        values = {name: getattr(first, name) for name in ("account_id", "role", "valid_from",
                  "valid_to", "made_by", "made_at")}  # fmt: skip
        work.session.add(Grant(**values, unit_id=town.place("W1B2", work).id))
    key = submitted(town, MERGE)
    with town.work() as work:
        approve_plan(work, access_plan(work, key), rights={first.id, second.id})
        work.session.execute(
            sa.update(Grant).where(Grant.id == second.id).values(ended_at=work.now)
        )
    with town.work() as work:
        apply_plan(work, access_plan(work, key))
    assert len(grants_at(town, "W1B2")) == 1


def test_nobody_gives_themselves_a_right_or_one_that_gives_rights(town: World) -> None:
    leader = town.account("committee_leader", "W1")
    town.account("administrator", "W1")
    with town.work() as work:
        at = {code: town.place(code, work).id for code in ("W1", "W2")}
        since = {"valid_from": date(2026, 1, 1), "made_by": "–", "made_at": work.now}
        work.session.add(Grant(account_id=leader.id, role="committee_leader", unit_id=at["W2"],
                               valid_to=TODAY + timedelta(days=90), **since))  # fmt: skip
    own, power = sorted(grants_at(town, "W1"), key=lambda one: one.account_id != leader.id)
    key = submitted(town, Operation("merge_into", links=(Link("W1", "W2"),)))
    with town.work() as work:
        access_plan(work, key).unit_id = at["W1"]
    for right, said in (
        (own.id, "Không ai tự cấp quyền"),
        (power.id, "cấp quyền cho người khác"),
        (uuid.uuid4(), "Danh sách quyền"),
    ):
        with pytest.raises(DomainError) as told, town.work(leader, "W1") as work:
            approve_plan(work, access_plan(work, key), rights={right})
        assert said in told.value.sentence
    above = town.account("committee_leader", "P")
    with town.work(above, "P") as work:
        approve_plan(work, access_plan(work, key), rights={own.id, power.id})


def test_what_was_chosen_is_gone_when_the_plan_is_changed_or_sent_back(town: World) -> None:
    town.account("commune_staff", "W1B1")
    (right,) = grants_at(town, "W1B1")
    key = submitted(town, MERGE)
    with town.work() as work:
        plan = approve_plan(work, access_plan(work, key), rights=[right.id])
        examine_plan(work, plan)
        assert chosen(plan) == {right.id}, "checking again keeps it"
        send_back_plan(work, plan, reason="xem lại")
        assert chosen(plan) == set()
        submit_plan(work, plan)
        plan.checks = {**plan.checks, "given": [right.id.hex]}
        change_plan(work, plan, draft_of(work, plan))
        assert chosen(plan) == set()


def test_the_page_offers_boxes_and_none_is_ticked(town: World) -> None:
    town.account("commune_staff", "W1B1")
    (right,) = grants_at(town, "W1B1")
    staff = town.browser(town.account("commune_staff", "W1"))
    leader = town.browser(town.account("committee_leader", "W1"))
    staff.submit("/u/W1/restructuring/merge", merger())
    plan = the_plan(town)
    address = f"/u/W1/restructuring/{plan.id}"
    page = leader.get(address).text
    assert f'name="rights" value="{right.id.hex}">' in page  # and not checked
    told = {"revision": plan.revision, "rights": [str(right.id)]}
    assert leader.submit(f"{address}/approve", told).status_code == 303
    assert "sẽ cấp" in words(leader.get(address))
    leader.submit(f"{address}/apply")
    assert "đã cấp" in words(leader.get(address))
    assert len(grants_at(town, "W1B2")) == 1


def test_the_roles_of_all_members_are_ticked_at_once(town: World) -> None:
    town.account("member", "W1B1")
    town.account("commune_staff", "W1B1")
    key = submitted(town, MERGE)
    page = town.browser(town.account("committee_leader", "ROOT")).get(
        f"/u/ROOT/restructuring/{key}"
    )
    assert page.text.count('name="members"') == page.text.count('name="rights"') == 1
    with town.work() as work:
        apply_plan(work, approve_plan(work, access_plan(work, key), rights=[], members=True))
    assert [one.role for one in grants_at(town, "W1B2")] == ["member"]


def test_a_program_chooses_and_sees_what_is_given(town: World) -> None:
    town.account("commune_staff", "W1B1")
    (right,) = grants_at(town, "W1B1")
    staff, leader = Program(town, "commune_staff", "W1"), Program(town, "committee_leader", "W1")
    made = staff.ask("POST", "/merge", {"ending_code": "W1B1", "staying_code": "W1B2",
                     "decision_no": "1-QĐ/ĐU", "on": str(TODAY)})  # fmt: skip
    assert made.status_code == 201, made.text
    plan = made.json
    path = f"/{plan['id']}"
    assert [(r["grant"], r["given"]) for r in plan["ending_rights"]] == [(str(right.id), False)]
    body = {"grants": [str(right.id)]}
    assert staff.ask("POST", f"{path}/rights", body).status_code == 403
    leader.ask("GET", path)
    assert leader.ask("POST", f"{path}/rights", body, match='"99"').status_code == 412
    assert leader.ask("POST", f"{path}/rights", {"grants": [str(uuid.uuid4())]}).status_code == 409
    chosen_now = leader.ask("POST", f"{path}/rights", body).json["ending_rights"]
    assert [one["given"] for one in chosen_now] == [True]
    assert leader.ask("POST", f"{path}/approve").status_code == 200
    assert leader.ask("POST", f"{path}/apply").json["state"] == "applied"
    assert len(grants_at(town, "W1B2")) == 1
