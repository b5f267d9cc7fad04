"""Tokens of programs: a part of one's own rights, at a unit, for a time; and the JSON of rights."""

from __future__ import annotations

from datetime import date

import pytest

from core.access.models import ApiToken, Grant
from core.access.services.tokens import create_token
from core.errors import Forbidden, InvalidInput, RuleBroken
from core.members.permissions import MANAGE, SEE

UNTIL = date(2026, 12, 31)


@pytest.fixture
def admin(ward, person):
    """Who may make tokens."""
    return person("P", "administrator")


def made(world, account, unit="W", permissions=("core:grant:see", "core:unit:see"), **options):
    with world.work() as work:
        return create_token(
            work,
            account,
            name="bảng tổng hợp",
            permissions=permissions,
            expires_on=options.pop("expires_on", UNTIL),
            unit=world.place(unit, work),
        )


def ask(world, secret, address="/api/v1/access/grants?unit=W", method="GET", **options):
    return world.browser().open(
        address, method=method, headers={"Authorization": f"Bearer {secret}"}, **options
    )


def test_a_token_reads_at_its_unit_and_below_and_nowhere_else(ward, admin):
    secret = made(ward, admin).secret
    assert ask(ward, secret).status_code == 200
    assert ask(ward, secret, "/api/v1/access/grants?unit=B").status_code == 200
    assert ask(ward, secret, "/api/v1/access/grants?unit=V").status_code == 404


def test_a_token_may_only_what_is_listed(ward, admin):
    secret = made(ward, admin, permissions=("core:unit:see",)).secret
    assert ask(ward, secret).status_code == 403


def test_a_token_is_never_wider_than_its_person(ward, person, admin):
    with pytest.raises(InvalidInput) as refused:
        made(ward, person("W", "branch_clerk"), permissions=(MANAGE,))
    assert MANAGE in refused.value.sentence
    token = made(ward, admin)
    with ward.work() as work:
        work.session.query(Grant).update({"valid_to": date(2026, 11, 9)})
        work.touch("access")
    assert ask(ward, token.secret).status_code == 404


def test_a_token_ends_with_its_last_day(ward, admin, later):
    secret = made(ward, admin, expires_on=date(2026, 11, 11)).secret
    later(days=1)
    assert ask(ward, secret).status_code == 200
    later(days=2)
    answer = ask(ward, secret)
    assert answer.status_code == 401
    assert answer.get_json()["code"] == "sign_in_needed"


def test_a_token_ends_with_its_account(ward, person, admin):
    secret = made(ward, admin).secret
    with ward.work() as work:
        work.session.merge(admin).ended_at = work.now
    assert ask(ward, secret).status_code == 401


@pytest.mark.parametrize(
    ("permissions", "expires_on"),
    [
        ((), UNTIL),
        (("core:nothing:do",), UNTIL),
        (("core:unit:see",), date(2026, 11, 9)),
        (("core:unit:see",), date(2028, 11, 9)),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(ward, admin, permissions, expires_on):
    with pytest.raises(InvalidInput):
        made(ward, admin, permissions=permissions, expires_on=expires_on)
    assert ward.rows(ApiToken) == 0


def test_an_ended_account_gets_no_token(ward, person):
    with pytest.raises(RuleBroken):
        made(ward, person("P", "administrator", ended_at=ward.now))


def test_tokens_are_made_and_ended_through_the_api(ward, admin, acts, told):
    browser = ward.browser(admin)
    body = {
        "name": "bảng tổng hợp",
        "permissions": ["core:grant:see"],
        "expires_on": "2026-12-31",
    }
    answer = browser.send("POST", "/api/v1/access/tokens?unit=W", json=body)
    assert answer.status_code == 201
    token = answer.get_json()
    assert ask(ward, token["secret"]).status_code == 200
    listed = browser.get("/api/v1/access/tokens?unit=W").get_json()["items"]
    assert [one["id"] for one in listed] == [token["id"]]
    assert "secret" not in listed[0]
    assert token["secret"] not in told()
    address = f"/api/v1/access/tokens/{token['id']}"
    assert browser.send("DELETE", f"{address}?unit=B").status_code == 404
    assert browser.send("DELETE", f"{address}?unit=W").status_code == 204
    assert ask(ward, token["secret"]).status_code == 401
    assert acts() == ["access.token_made", "access.token_ended"]
    for wrong in ({**body, "permissions": []}, {**body, "name": 1}, {**body, "more": 1}, []):
        refused = browser.send("POST", "/api/v1/access/tokens?unit=W", json=wrong)
        assert refused.status_code == 422, wrong


def test_a_token_makes_no_tokens_and_ends_no_sessions(ward, admin):
    secret = made(ward, admin, permissions=("core:token:manage",)).secret
    body = {"name": "x", "permissions": ["core:token:manage"], "expires_on": "2026-12-31"}
    answer = ask(ward, secret, "/api/v1/access/tokens?unit=W", "POST", json=body)
    assert answer.status_code == 403
    assert ask(ward, secret, "/api/v1/access/sessions").status_code == 403


def test_a_token_is_made_for_oneself(ward, person, admin):
    with pytest.raises(Forbidden), ward.work(admin, "W") as work:
        create_token(work, person("W"), name="x", permissions=["core:unit:see"], expires_on=UNTIL)


def test_the_page_shows_the_secret_once(ward, admin):
    browser = ward.browser(admin)
    page = browser.submit(
        "/u/W/access/tokens",
        {"name": "bảng tổng hợp", "permissions": ["core:unit:see"], "expires_on": "31/12/2026"},
    )
    assert page.status_code == 200
    secret = page.text.split("data-copy-source>")[1].split("<")[0]
    assert secret.startswith("hn_")
    page = browser.get("/u/W/access/tokens").text
    assert "bảng tổng hợp" in page
    assert secret not in page
    refused = browser.submit(
        "/u/W/access/tokens",
        {"name": "x", "permissions": ["core:unit:see"], "expires_on": "01/01/2020"},
    )
    assert refused.status_code == 422


def test_only_who_may_make_tokens_sees_them(ward, person):
    browser = ward.browser(person("W", "commune_staff"))
    assert browser.get("/u/W/access/tokens").status_code == 403
    assert browser.get("/api/v1/access/tokens?unit=W").status_code == 403


def test_rights_are_listed_and_explained_as_json(ward, person):
    person("B", "branch_clerk", username="nguoi.ghi")
    browser = ward.browser(person("W", "commune_staff"))
    items = browser.get("/api/v1/access/grants?unit=B").get_json()["items"]
    assert [(one["account"], one["role"], one["source"]) for one in items] == [
        ("nguoi.ghi", "branch_clerk", "grant")
    ]
    address = "/api/v1/access/grants/explain?unit=B&account=nguoi.ghi&permission="
    allowed = browser.get(address + SEE).get_json()
    refused = browser.get(address + MANAGE).get_json()
    assert (allowed["allowed"], refused["allowed"]) == (True, False)
    assert refused["unit"] == "B"
    assert refused["reasons"]
    assert browser.get(address + "core:no:thing").status_code == 422
    assert browser.get("/api/v1/access/grants/explain?unit=B").status_code == 422


def test_the_list_of_rights_goes_on(ward, person):
    for _number in range(3):
        person("B", "branch_clerk")
    browser = ward.browser(person("W", "commune_staff"))
    first = browser.get("/api/v1/access/grants?unit=B&limit=2").get_json()
    second = browser.get(f"/api/v1/access/grants?unit=B&limit=2&cursor={first['next']}").get_json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)
    assert browser.get("/api/v1/access/grants?unit=B&limit=0").status_code == 422
    assert browser.get("/api/v1/access/grants?unit=B&cursor=x").status_code == 422
