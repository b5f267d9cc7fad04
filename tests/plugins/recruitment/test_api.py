"""JSON: the same verbs for programs, with revisions and problems."""

from __future__ import annotations

import pytest

API = "/api/v1/recruitment"
BODY = {
    "full_name": "Hồ Thị Kim Ngân",
    "birth_date": "2001-03-15",
    "education": "university",
    "groups": ["women"],
    "entered_on": "2026-01-05",
}


@pytest.fixture
def program(ward):
    return ward.world.browser(ward.commune)


def made(program, **changes):
    answer = program.send("POST", f"{API}/dossiers?unit=B1", {**BODY, **changes})
    assert answer.status_code == 201, answer.text
    return answer


def write(program, method, path, json, etag):
    return program.send(method, f"{API}{path}?unit=B1", json, headers={"If-Match": etag})


def test_a_program_enters_and_reads_a_dossier(program) -> None:
    answer = made(program)
    key = answer.json["candidate"]["id"]
    read = program.get(f"{API}/dossiers/{key}?unit=B1")
    assert read.json["candidate"]["full_name"] == BODY["full_name"]
    assert [one["step"] for one in read.json["missing"]] == ["pool"]
    assert {one["key"] for one in read.json["checks"]} >= {"least_age", "education"}


def test_papers_and_stages_go_on_with_the_revision(program) -> None:
    answer = made(program)
    key = answer.json["candidate"]["id"]
    answer = write(
        program,
        "PUT",
        f"/dossiers/{key}/papers/pool",
        {"dated_on": "2026-11-10"},
        answer.headers["ETag"],
    )
    assert answer.status_code == 200, answer.text
    answer = write(program, "POST", f"/dossiers/{key}/advance", {}, answer.headers["ETag"])
    assert answer.json["candidate"]["stage"] == "class"


def test_a_write_without_a_revision_or_with_an_old_one_is_refused(program) -> None:
    answer = made(program)
    key = answer.json["candidate"]["id"]
    path = f"{API}/dossiers/{key}/advance?unit=B1"
    assert program.send("POST", path, {}).status_code == 428
    assert program.send("POST", path, {}, headers={"If-Match": '"999"'}).status_code == 412


def test_a_refusal_is_a_problem_with_its_fields(program) -> None:
    answer = program.send("POST", f"{API}/dossiers?unit=B1", {**BODY, "full_name": ""})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert "full_name" in answer.json["fields"]


def test_the_list_reaches_the_branches_below(program) -> None:
    made(program)
    answer = program.get(f"{API}/dossiers?unit=W")
    assert [one["unit_code"] for one in answer.json["items"]] == ["B1"]
    assert answer.json["next"] is None


def test_targets_are_set_listed_and_taken_back(ward, program) -> None:
    body = {
        "unit_id": str(ward.world.place("B1").id),
        "period_from": "2026-01-01",
        "period_to": "2026-12-31",
        "target": 3,
    }
    answer = program.send("POST", f"{API}/targets?unit=W", body)
    assert answer.status_code == 201, answer.text
    again = program.send("POST", f"{API}/targets?unit=W", {**body, "target": 4})
    assert again.json["id"] == answer.json["id"]
    [one] = program.get(f"{API}/targets?unit=W").json["items"]
    assert one["target"] == 4
    path = f"{API}/targets/{one['id']}?unit=W"
    gone = program.send("DELETE", path, headers={"If-Match": again.headers["ETag"]})
    assert gone.status_code == 200, gone.text
    assert program.get(f"{API}/targets?unit=W").json["items"] == []


def test_a_secretary_decides_nothing_for_the_committee(ward, program) -> None:
    key = made(program).json["candidate"]["id"]
    secretary = ward.world.browser(ward.secretary)
    body = {"decision_no": "1", "decided_on": "2026-11-10", "received_on": "2026-11-10"}
    answer = write(secretary, "POST", f"/dossiers/{key}/decision", body, '"1"')
    assert answer.status_code == 403
