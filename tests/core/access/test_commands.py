"""`hatnhan user`, `grant`, `token`: what they print, and with which code they end."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from core.access.models import Account
from core.cli import Context
from core.commands.accounts import grant, token, user
from core.i18n import use_locale

SEE = "core:member:see"


@pytest.fixture
def run(ward):
    """Run a command against the test's database; JSON where asked."""

    def call(command, *arguments, code=0):
        context = Context()
        context._system = ward.system
        with use_locale("vi"):
            result = CliRunner().invoke(command, [str(one) for one in arguments], obj=context)
        assert result.exit_code == code, result.output
        if code == 0 and "--json" in arguments:
            return json.loads(result.stdout)
        return result

    return call


def test_an_account_is_made_with_a_role_and_its_first_password_printed(ward, run, signing_in, acts):
    made = run(
        user,
        "create",
        "Hoa.NguyenThi",
        "--name",
        "Nguyễn Thị Hòa",
        "--role",
        "branch_secretary",
        "--unit",
        "B",
        "--json",
    )
    assert made["username"] == "hoa.nguyenthi"
    assert signing_in("hoa.nguyenthi", made["password"]).status_code == 303
    assert acts()[:2] == ["access.account_made", "access.granted"]
    listed = run(grant, "list", "--user", "hoa.nguyenthi", "--json")
    assert [(one["role"], one["unit"], one["from"], one["to"]) for one in listed] == [
        ("branch_secretary", "B", "2026-11-10", None)
    ]


def test_an_account_is_made_for_a_member_by_the_number_of_the_card(ward, run):
    member = ward.member("B", "Trần Văn Đức", card_no="12345678")
    made = run(user, "create", "duc.tran", "--member", "12345678", "--json")
    assert (made["name"], made["unit"]) == ("Trần Văn Đức", "B")
    with ward.work(writing=False) as work:
        assert work.session.query(Account).one().member_id == member.id
    run(user, "create", "duc.tran2", "--member", "12345678", code=1)
    run(user, "create", "duc.tran3", "--member", "999", code=1)


def test_wrong_usage_and_refusals_end_differently(ward, run):
    run(user, "create", "ai.do", code=2)
    run(user, "create", "ai.do", "--name", "Ai", "--role", "member", code=2)
    run(user, "create", code=2)
    refused = run(user, "create", "ai", "--name", "Ai", code=1)
    assert "3 đến 60 ký tự" in refused.stderr
    assert refused.stdout == ""
    run(user, "create", "ai.do", "--name", "Ai", "--role", "emperor", "--unit", "B", code=1)
    assert ward.rows(Account) == 0


def test_a_role_is_given_listed_and_ended(ward, run, person):
    account = person("B")
    made = run(
        grant,
        "add",
        account.username,
        "branch_clerk",
        "--unit",
        "B",
        "--from",
        "01/11/2026",
        "--to",
        "2026-12-31",
        "--only-unit",
        "--json",
    )
    (line,) = run(grant, "list", "--unit", "B", "--json")
    assert line["id"] == made["id"]
    assert (line["from"], line["to"], line["with_subtree"]) == ("2026-11-01", "2026-12-31", False)
    run(grant, "end", made["id"])
    assert run(grant, "list", "--unit", "B", "--json") == []
    run(grant, "end", made["id"], code=1)
    run(grant, "end", "not-a-key", code=2)
    run(grant, "add", "khong.co", "branch_clerk", "--unit", "B", code=1)
    run(grant, "add", account.username, "branch_clerk", "--unit", "Z", code=1)
    run(grant, "add", account.username, "branch_clerk", "--unit", "B", "--to", "x", code=2)


def test_rights_of_positions_are_listed_at_the_unit(ward, run):
    ward.position(ward.member("B", "Nguyễn Văn Bí"), "secretary", "B")
    (line,) = run(grant, "list", "--unit", "B", "--json")
    assert (line["source"], line["position"], line["account"]) == ("position", "secretary", None)


def test_it_is_explained_why_and_why_not(ward, run, person):
    account = person("B", "branch_clerk")
    yes = run(grant, "explain", account.username, SEE, "--unit", "B", "--json")
    no = run(grant, "explain", account.username, SEE, "--unit", "C", "--json")
    assert (yes["allowed"], no["allowed"]) == (True, False)
    text = run(grant, "explain", account.username, SEE, "--unit", "C").stdout
    assert text.startswith("Chưa được phép.")
    run(grant, "explain", account.username, "core:no:thing", "--unit", "B", code=1)
    run(grant, "explain", account.username, SEE, code=2)


def test_a_token_is_made_and_ended(ward, run, person):
    account = person("W", "commune_staff")
    made = run(
        token,
        "create",
        "--user",
        account.username,
        "--unit",
        "B",
        "--permission",
        "core:grant:see",
        "--permission",
        SEE,
        "--expires",
        "31/12/2026",
        "--json",
    )
    headers = {"Authorization": f"Bearer {made['secret']}"}
    browser = ward.browser()
    assert browser.get("/api/v1/access/grants?unit=B", headers=headers).status_code == 200
    run(token, "end", made["id"])
    assert browser.get("/api/v1/access/grants?unit=B", headers=headers).status_code == 401
    run(
        token,
        "create",
        "--user",
        account.username,
        "--unit",
        "B",
        "--permission",
        "core:system:see",
        "--expires",
        "31/12/2026",
        code=1,
    )


def test_a_reset_code_is_printed_and_an_account_ended_and_opened(ward, run, person, fresh):
    account = person("B")
    code = run(user, "reset", account.username, "--json")["code"]
    data = {"username": account.username, "code": code, "password": "hoa sen nở đỏ"}
    answer = ward.browser().submit("/reset", {**data, "again": "hoa sen nở đỏ"})
    assert answer.status_code == 303
    run(user, "end", account.username)
    assert fresh(account).ended_at is not None
    run(user, "end", account.username, code=1)
    run(user, "reopen", account.username)
    assert fresh(account).ended_at is None
