"""Plans by API: the whole way of a plan, and what each step refuses."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from core.restructuring.models import Plan
from core.testing import TODAY, World

Tree = Callable[[date], dict[str, str]]
HOME = "/api/v1/restructuring"
FRAME = {"decision_no": "5-QĐ/ĐU", "decision_date": "2026-11-01", "on": str(TODAY)}
MERGER = {"operation": "merge_into", "unit_code": "W1B1", "target_code": "W1B2"}
FILE = "operation,unit_code,target_code,name\nrename,W1B1,,Chi bộ Một\nmerge_into,W1B2,W1B1,\n"
DIVIDED = [
    {"operation": "divide", "unit_code": "W1B1", "target_code": code, "name": f"Chi bộ {code}",
     "share": "1/2", "main_successor": code == "X1"}
    for code in ("X1", "X2")
]  # fmt: skip


def sent(text: str | bytes, name: str) -> dict[str, str]:
    """Return a file as a program sends it."""
    body = text.encode() if isinstance(text, str) else text
    return {"filename": name, "base64": base64.b64encode(body).decode()}


class Program:
    """A program that acts for somebody at a unit, and remembers the revision it read last."""

    def __init__(self, world: World, role: str, unit: str) -> None:
        self.browser = world.browser(world.account(role, unit))
        self.unit, self.revision = unit, ""

    def ask(self, method: str, path: str = "/", json: Any = None, *, match: str = "") -> Any:
        """Send a request; return the answer, whose ETag is remembered."""
        headers = {"If-Match": match or self.revision} if method != "GET" else {}
        address = f"{HOME}{path}{'&' if '?' in path else '?'}unit={self.unit}"
        if method == "GET":
            answer = self.browser.get(address)
        else:
            answer = self.browser.send(method, address, json={} if json is None else json,
                                       headers=headers)  # fmt: skip
        self.revision = answer.headers.get("ETag", self.revision)
        return answer

    def draft(self, *operations: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Draft a plan and return it."""
        answer = self.ask("POST", "/", {**FRAME, "operations": operations, **more})
        assert answer.status_code == 201, answer.text
        plan: dict[str, Any] = answer.json
        return plan


@pytest.fixture
def staff(town: World) -> Program:
    """A program of a commune's office: drafts, does not approve."""
    return Program(town, "commune_staff", "W1")


@pytest.fixture
def leader(town: World) -> Program:
    """A program of whoever leads the commune's committee: approves and applies."""
    return Program(town, "committee_leader", "W1")


def test_a_plan_goes_its_whole_way_by_programs(
    town: World, staff: Program, leader: Program, tree: Tree
) -> None:
    plan = staff.draft(MERGER)
    assert (plan["state"], plan["problems"]) == ("draft", [])
    assert plan["impact"]["new_homes"] == 2
    assert [one["unit"]["code"] for one in plan["changes"]] == ["W1B1"]
    assert plan["flows"][0]["people"] == 2
    assert plan["may"]["approve"] is False
    path = f"/{plan['id']}"
    assert staff.ask("POST", f"{path}/submit").json["state"] == "checked"
    leader.ask("GET", path)
    assert leader.ask("POST", f"{path}/approve").json["state"] == "approved"
    applied = leader.ask("POST", f"{path}/apply").json
    assert applied["state"] == "applied"
    assert [one["step"] for one in applied["course"]] == [
        "created", "submitted", "approved", "applied",
    ]  # fmt: skip
    assert "W1B1" not in tree(TODAY)
    assert leader.ask("GET", f"{path}/obstacles").json == {"items": [], "next": None}
    leader.ask("GET", path)
    back = leader.ask("POST", f"{path}/revert", {"reason": "nhầm"}).json
    assert (back["state"], back["revert_reason"]) == ("reverted", "nhầm")
    assert "W1B1" in tree(TODAY)
    listed = staff.ask("GET", "/?state=reverted").json
    assert [one["id"] for one in listed["items"]] == [plan["id"]]
    assert staff.ask("GET", "/?state=draft").json["items"] == []


def test_what_was_read_can_be_sent_again_and_a_file_says_the_same(
    town: World, staff: Program
) -> None:
    plan = staff.ask("POST", "/", {**FRAME, "file": sent(FILE, "sap-xep.csv")}).json
    names = ("operations", "units", "members", "posts", "decision_no", "title", "unassigned")
    body = {name: plan[name] for name in names} | {"on": plan["effective_on"]}
    again = staff.ask("PUT", f"/{plan['id']}", body).json
    assert again["operations"] == plan["operations"]
    assert again["changes"] == plan["changes"]
    body["operations"] = [*body["operations"], {**MERGER, "operation": "abolish"}]
    assert staff.ask("PUT", f"/{plan['id']}", body).status_code == 422


def test_who_is_divided_is_asked_about_by_rows_and_nobody_is_left_out(
    town: World, staff: Program
) -> None:
    path = f"/{staff.draft(*DIVIDED)['id']}"
    plan = staff.ask("GET", path).json
    assert [(one["unit"]["code"], one["left"]) for one in plan["asked"]] == [("W1B1", 2)]
    assert staff.ask("POST", f"{path}/submit").status_code == 409
    asked = staff.ask("GET", f"{path}/asked/W1B1").json
    assert {one["code"] for one in asked["targets"]} == {"X1", "X2"}
    rows = [{"member_id": one["id"], "new_unit_code": "X2"} for one in asked["members"]]
    staff.ask("GET", path)
    stranger = [{**rows[0], "new_unit_code": "W2B1"}]
    assert staff.ask("POST", f"{path}/asked/W1B1", {"members": stranger}).status_code == 409
    nobody = [{**rows[0], "member_id": "01977777-0000-7000-8000-000000000000"}]
    assert staff.ask("POST", f"{path}/asked/W1B1", {"members": nobody}).status_code == 409
    answer = staff.ask("POST", f"{path}/asked/W1B1", {"members": rows})
    assert [one["left"] for one in answer.json["asked"]] == [0]
    assert staff.ask("POST", f"{path}/submit").json["state"] == "checked"
    assert staff.ask("GET", f"{path}/asked/W1B2").status_code == 404


def test_a_write_names_the_revision_it_knows(staff: Program) -> None:
    path = f"/{staff.draft(MERGER)['id']}"
    known = staff.revision
    body = {**FRAME, "operations": [MERGER]}
    assert staff.ask("PUT", path, body, match=known).status_code == 200
    assert staff.ask("PUT", path, body, match=known).status_code == 412
    address = f"{HOME}{path}/submit?unit=W1"
    assert staff.browser.send("POST", address, json={}).status_code == 428


def test_each_step_is_for_whoever_may_and_in_its_turn(
    town: World, staff: Program, leader: Program
) -> None:
    path = f"/{staff.draft(MERGER)['id']}"
    for act in ("approve", "apply"):
        assert staff.ask("POST", f"{path}/{act}").status_code == 403
    assert leader.ask("POST", "/", {**FRAME, "operations": [MERGER]}).status_code == 403
    leader.ask("GET", path)
    for act in ("approve", "apply"):
        assert leader.ask("POST", f"{path}/{act}").status_code == 409
    assert leader.ask("POST", f"{path}/revert", {"reason": "x"}).status_code == 409
    assert leader.ask("POST", f"{path}/revert", {"reason": ""}).status_code == 422
    other = Program(town, "committee_leader", "W2")
    assert other.ask("GET", path).status_code == 404
    assert other.ask("GET").json["items"] == []
    stranger = {**MERGER, "target_code": "W2B1"}
    answer = staff.ask("POST", "/", {**FRAME, "operations": [stranger]})
    assert answer.status_code in (403, 404)


def test_rows_that_say_nothing_are_refused_with_their_number(town: World, staff: Program) -> None:
    wrong: list[dict[str, Any]] = [
        {"operations": [{"operation": "transfer", "unit_code": "W1B1"}]},
        {"operations": [{**MERGER, "share": "3/2"}]},
        {"operations": [MERGER], "file": sent(FILE, "sap-xep.csv")},
        {"file": sent(b"\x00\x01", "sap-xep.xlsx")},
        {"operations": [MERGER], "posts": [{"member_id": "01977777-0000-7000-8000-000000000000",
                                            "unit_code": "W1B2", "position": "secretary"}]},
    ]  # fmt: skip
    for body in wrong:
        answer = staff.ask("POST", "/", FRAME | body)
        assert answer.status_code == 422, (body, answer.text)
        assert answer.json["fields"]
    first = staff.ask("POST", "/", FRAME | wrong[0]).json["fields"]["operations"][0]
    assert re.match(r"Dòng 1: ", first)
    assert town.rows(Plan) == 0


def test_a_kind_that_does_not_exist_stands_in_the_way(staff: Program) -> None:
    new = {"operation": "establish", "unit_code": "N1", "name": "Chi bộ Mới", "parent_code": "W1"}
    plan = staff.draft({**new, "kind": "cell"})
    assert "cell" in plan["problems"][0]


def test_a_plan_is_cancelled_before_it_is_approved_and_stays_to_be_read(
    town: World, staff: Program, leader: Program
) -> None:
    path = f"/{staff.draft(MERGER)['id']}"
    staff.ask("POST", f"{path}/submit")
    leader.ask("GET", path)
    assert leader.ask("POST", f"{path}/cancel").status_code == 403
    assert leader.ask("POST", f"{path}/approve").status_code == 200
    staff.ask("GET", path)
    assert staff.ask("POST", f"{path}/cancel").status_code == 409
    leader.ask("POST", f"{path}/send-back", {"reason": "bổ sung"})
    staff.ask("GET", path)
    assert staff.ask("POST", f"{path}/cancel").json["state"] == "cancelled"
    for act in ("submit", "cancel", "check"):
        assert staff.ask("POST", f"{path}/{act}").status_code == 409
    body = {**FRAME, "operations": [MERGER]}
    assert staff.ask("PUT", path, body).status_code == 409


def test_two_branches_are_merged_in_one_request(staff: Program) -> None:
    body = {"ending_code": "W1B1", "staying_code": "W1B2", "decision_no": "7", "on": str(TODAY)}
    answer = staff.ask("POST", "/merge", body)
    assert (answer.status_code, answer.json["state"]) == (201, "checked")
    same = staff.ask("POST", "/merge", {**body, "staying_code": "W1B1"})
    assert same.status_code == 422
