"""The JSON API of members."""

from __future__ import annotations

from datetime import date

import pytest

from core.access.models import Grant
from core.members.models import Member
from core.periods import EVER, OPEN
from core.testing import World


@pytest.fixture
def secretary(ward: World):
    """A secretary's browser, used as a program."""
    return ward.browser(ward.account("branch_secretary", "A"))


def record(browser, member, unit="A"):
    found = browser.get(f"/api/v1/members/{member.id}?unit={unit}")
    return found.get_json(), found.headers.get("ETag")


def act(browser, member, name, body, etag, unit="A", method="POST"):
    tail = f"/{name}" if name else ""
    return browser.send(
        method,
        f"/api/v1/members/{member.id}{tail}?unit={unit}",
        json=body,
        headers={"If-Match": etag} if etag else {},
    )


def test_the_list_is_paged_narrowed_and_dated(ward: World, secretary):
    for name in ("Trần Văn Đức", "Lê Thị Ánh", "Nguyễn Văn An"):
        ward.member("A", name, birth_date=date(1960, 5, 19))
    first = secretary.get("/api/v1/members?unit=A&limit=2").get_json()
    assert [item["given_name"] for item in first["items"]] == ["An", "Ánh"]
    rest = secretary.get(f"/api/v1/members?unit=A&limit=2&cursor={first['next']}").get_json()
    assert ([item["given_name"] for item in rest["items"]], rest["next"]) == (["Đức"], None)
    assert first["items"][0]["birth_date"] == "1960-05-19"
    assert secretary.get("/api/v1/members?unit=A&q=duc&status=official").get_json()["items"]
    assert secretary.get("/api/v1/members?unit=A&as_of=2019-01-01").get_json()["items"] == []


def test_a_query_that_cannot_be_read_is_a_problem(ward: World, secretary):
    for query in ("limit=0", "limit=201", "sort=age", "as_of=x", "cursor=x!", "colour=red"):
        answer = secretary.get(f"/api/v1/members?unit=A&{query}")
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), query
    assert secretary.get("/api/v1/members?unit=C").status_code == 404
    assert ward.browser().get("/api/v1/members?unit=A").status_code == 401


def test_fields_of_a_class_that_is_not_held_are_null_and_named(ward: World):
    member = ward.member("A", birth_date=date(1960, 5, 19), phone="0912")
    committee = ward.browser(ward.account("branch_committee", "A"))
    found, _etag = record(committee, member)
    assert (found["birth_date"], found["card_no"], found["phone"]) == (None, None, "0912")
    assert found["hidden"] == ["birth", "card"]
    assert {fact["sort"] for fact in found["facts"]} == {"home"}
    listed = committee.get("/api/v1/members?unit=A").get_json()["items"][0]
    assert (listed["card_no"], listed["hidden"]) == (None, ["birth", "card"])


def test_a_member_is_entered_and_read_back(ward: World, secretary):
    body = {"full_name": "Phạm Văn Ba", "birth_date": "1950", "admitted_on": "1975-02-03",
            "official_on": "1976-02-03", "card_no": "12.345.678"}  # fmt: skip
    made = secretary.send("POST", "/api/v1/members?unit=A", json=body)
    assert made.status_code == 201
    value = made.get_json()
    assert (value["birth_date"], value["card_no"], value["status"]) == (
        "1950",
        "12345678",
        "official",
    )
    again = secretary.send("POST", "/api/v1/members?unit=A", json={**body, "full_name": "X Y"})
    assert (again.status_code, list(again.get_json()["fields"])) == (422, ["card_no"])
    assert ward.rows(Member) == 1


def test_bad_bodies_change_nothing(ward: World, secretary):
    for body in (
        {},
        {"full_name": 5},
        {"full_name": "A" * 1_000_000},
        {"full_name": "Lê Hoa", "status": "official"},
        {"full_name": "Lê Hoa", "birth_date": ["1950"]},
        {"full_name": "Lê Hoa", "email": "x"},
        {"full_name": "Lê Hoa", "admitted_on": "31/02/1990"},
        {"full_name": "\u0000"},
    ):
        sent = secretary.send("POST", "/api/v1/members?unit=A", json=body)
        assert 400 <= sent.status_code < 500, body
    assert ward.rows(Member) == 0


def test_writes_say_which_revision_they_know(ward: World, secretary):
    member = ward.member("A")
    _found, etag = record(secretary, member)
    assert act(secretary, member, "", {"phone": "1"}, None, method="PATCH").status_code == 428
    done = act(secretary, member, "", {"phone": "0912"}, etag, method="PATCH")
    assert (done.status_code, done.get_json()["phone"]) == (200, "0912")
    stale = act(secretary, member, "", {"phone": "0913"}, etag, method="PATCH")
    assert stale.status_code == 412
    assert record(secretary, member)[0]["phone"] == "0912"


def test_every_act_is_a_resource_below_the_member(ward: World):
    browser = ward.browser(ward.account("commune_staff", "W1"))
    member = ward.member("A", status="probationary", since=date(2025, 1, 1))
    steps = [
        ("status", {"status": "official", "on": "2026-01-01"}, 200),
        ("positions", {"position": "staff", "unit_code": "A", "since": "2026-02-01"}, 201),
        ("conditions", {"kind": "excused", "since": "2026-02-01", "until": "2026-03-31"}, 201),
        ("temporary", {"unit_code": "B", "since": "2026-04-01"}, 200),
        ("temporary/end", {"on": "2026-05-01"}, 200),
        ("transfer", {"unit_code": "B", "since": "2026-06-01"}, 200),
        ("leave", {"reason": "moved", "on": "2026-07-01"}, 200),
        ("readmit", {"unit_code": "A", "on": "2026-08-01", "decision_no": "1-GT"}, 200),
    ]
    unit = "W1"
    for name, body, status in steps:
        _found, etag = record(browser, member, unit)
        sent = act(browser, member, name, body, etag, unit)
        assert sent.status_code == status, (name, sent.get_json())
    found, etag = record(browser, member, unit)
    sorts = sorted({fact["sort"] for fact in found["facts"]})
    assert sorts == ["condition", "home", "position", "status", "temporary"]
    excused = next(fact for fact in found["facts"] if fact["sort"] == "condition")
    assert (excused["since"], excused["until"]) == ("2026-02-01", "2026-03-31")
    assert found["unit_code"] == "A"
    assert act(browser, member, "void", {"reason": "Nhầm"}, etag, unit).status_code == 204
    assert browser.get(f"/api/v1/members/{member.id}?unit=W1").status_code == 404


def test_ends_of_positions_and_conditions(ward: World):
    browser = ward.browser(ward.account("commune_staff", "W1"))
    member = ward.member("A")
    for name, body in (
        ("positions", {"position": "staff", "unit_code": "A", "since": "2026-02-01"}),
        ("conditions", {"kind": "excused", "since": "2026-02-01"}),
    ):
        found, etag = record(browser, member)
        made = act(browser, member, name, body, etag).get_json()
        known = {fact["id"] for fact in found["facts"]}
        key = next(fact["id"] for fact in made["facts"] if fact["id"] not in known)
        _found, etag = record(browser, member)
        sent = act(browser, member, f"{name}/{key}/end", {"on": "2026-10-01"}, etag)
        ended = next(fact for fact in sent.get_json()["facts"] if fact["until"] == "2026-09-30")
        assert ended["sort"] in ("position", "condition")


def test_records_are_merged_and_taken_apart(ward: World):
    browser = ward.browser(ward.account("commune_staff", "W1"))
    one, two = ward.member("A"), ward.member("B")
    body = {"kept_id": str(one.id), "merged_id": str(two.id)}
    made = browser.send("POST", "/api/v1/members/merges?unit=W1", json=body)
    assert made.status_code == 201
    assert record(browser, two, "W1")[0]["id"] == str(one.id)
    address = f"/api/v1/members/merges/{made.get_json()['id']}/undo?unit=W1"
    assert browser.send("POST", address).get_json()["undone_at"]
    assert browser.send("POST", address).status_code == 409
    secretary = ward.browser(ward.account("branch_secretary", "A"))
    assert secretary.send("POST", "/api/v1/members/merges?unit=A", json=body).status_code == 403


def test_without_a_unit_the_list_shows_all_that_somebody_may_see(ward: World):
    for code, name in (("A", "Trần Thị An"), ("C", "Lê Văn Cảnh")):
        ward.member(code, name)
    secretary = ward.account("branch_secretary", "A")
    with ward.work() as work:
        work.session.add(
            Grant(
                account_id=secretary.id,
                role="branch_secretary",
                unit_id=ward.place("C", work).id,
                valid_from=EVER,
                valid_to=OPEN,
                made_by="test",
                made_at=work.now,
            )
        )
        work.touch("access")
    ward.member("B", "Võ Thị Khuất")
    found = ward.browser(secretary).get("/api/v1/members").get_json()
    assert [one["full_name"] for one in found["items"]] == ["Trần Thị An", "Lê Văn Cảnh"]
    assert ward.browser(secretary).get("/api/v1/members?unit=B").status_code == 404
    nobody = ward.account("member", "A")
    assert ward.browser(nobody).get("/api/v1/members").status_code in (403, 404)
