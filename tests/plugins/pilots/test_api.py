"""The JSON API: a unit's way, a trial, a model, refusals as problems."""

from __future__ import annotations

import pytest

from tests.plugins.pilots.town import KEY


class Program:
    """A signed-in program at one unit that remembers the last revision."""

    def __init__(self, town, account, unit):
        self.browser, self.unit, self.etag = town.world.browser(account), unit, None

    def __call__(self, method, path, json=None, *, expect=200, query=""):
        headers = {"If-Match": self.etag} if self.etag else {}
        body = {} if json is None and method in ("POST", "PUT") else json
        address = f"/api/v1/pilots{path}?unit={self.unit}{query}"
        answer = self.browser.send(method, address, json=body, headers=headers)
        assert answer.status_code == expect, answer.get_data(as_text=True)
        if "ETag" in answer.headers:
            self.etag = answer.headers["ETag"].strip('"')
        return answer.get_json(silent=True)


@pytest.fixture
def branch(town):
    """The secretary's program."""
    return Program(town, town.secretary, "B1")


@pytest.fixture
def ward(town):
    """The ward's program."""
    return Program(town, town.staff, "W")


VOTE = {"vote_entitled": 10, "vote_present": 9, "vote_in_favour": 8}
POINTS = [
    {"key": "tasks", "points": 28},
    {"key": "meetings", "points": 22},
    {"key": "unity", "points": 18},
    {"key": "people", "points": 22},
]


def test_a_program_registers_scores_and_recognises(branch, ward) -> None:
    made = branch("POST", "/registrations", {"model_code": "four_good_branch", **VOTE}, expect=201)
    path = f"/registrations/{made['id']}"
    ward("POST", f"{path}/inputs", {"title": "Máy in"}, expect=201)
    assert ward("GET", f"{path}/inputs")["items"][0]["title"] == "Máy in"
    assert branch("POST", f"{path}/score", {"points": POINTS, **VOTE})["self_points"] == 90
    branch.etag = "1"
    branch("POST", f"{path}/score", {"points": POINTS, **VOTE}, expect=412)
    branch.etag = None
    branch("POST", f"{path}/score", {"points": POINTS, **VOTE}, expect=428)
    ward("GET", path)
    ward("POST", f"{path}/refuse", {"reason": "Chưa đủ"})
    found = ward("POST", f"{path}/recognise", {"decision_no": "25-QĐ/ĐU"})
    assert found["recognition_points"] == 90
    assert ward("POST", f"{path}/issue")["document_id"]
    assert ward("POST", f"{path}/end", {"outcome": "completed"})["outcome"] == "completed"
    listed = ward("GET", "/registrations", query="&model=four_good_branch&state=ended")
    assert [one["id"] for one in listed["items"]] == [made["id"]]
    problem = branch("POST", "/registrations", {"model_code": "four_good_branch"}, expect=422)
    assert "in_favour" in problem["fields"]


def test_a_program_plans_proposes_and_reads_a_comparison(ward, town) -> None:
    admin = Program(town, town.admin, "W")
    plan = {
        "model_code": "online_meetings",
        "title": "Đợt một",
        "starts_on": "2026-11-10",
        "sunset_on": "2027-02-10",
        "unit_ids": [str(town.key("B1"))],
        "settings": [{"key": KEY, "value": 3}],
    }
    made = ward("POST", "/trials", plan, expect=201)
    path = f"/trials/{made['id']}"
    ward("PUT", path, {**plan, "title": "Đợt hai"})
    change = ward("POST", f"{path}/changes", {"kind": "start"}, expect=201)
    assert [line["after"] for line in change["lines"]] == [3, 6]
    admin("GET", f"/changes/{change['id']}")
    assert admin("POST", f"/changes/{change['id']}/approve")["state"] == "approved"
    assert len(ward("GET", f"{path}/changes")["items"]) == 1
    assert ward("GET", path)["state"] == "running"
    chosen = {"indicators": ["members.count"], "before": "2026-Q3", "after": "2026-Q4"}
    ward("PUT", f"{path}/comparison", chosen)
    [effect] = ward("GET", f"{path}/comparison")["effects"]
    assert effect["estimate"]["pilot_units"] == 1
    ward("GET", path)
    again = ward("POST", f"{path}/changes", {"kind": "end"}, expect=201)
    ward.etag = str(again["revision"])
    ward("POST", f"/changes/{again['id']}/withdraw")
    assert [one["title"] for one in ward("GET", "/trials")["items"]] == ["Đợt hai"]


def test_a_program_describes_models_reviews_and_decides(ward, town) -> None:
    model = {
        "title": "Chi bộ số",
        "kinds": ["branch"],
        "criteria": [{"title": "Một", "points": 10, "must": "yes"}],
        "pass_points": 5,
    }
    assert ward("PUT", "/models/digital", model)["criteria"][0]["key"] == "c1"
    assert "digital" in [one["code"] for one in ward("GET", "/models")["items"]]
    assert ward("GET", "/models/digital")["pass_points"] == 5
    units = [str(town.key("B3"))]
    assert ward("POST", "/selections", {"model_code": "digital", "unit_ids": units})["count"] == 1
    reach = ward("GET", "/models/digital/reach", query="&year=2026")["items"]
    assert sum(one["registered"] for one in reach) == 1
    review = {
        "kind": "final",
        "covers_from": "2026-01-01",
        "covers_to": "2026-11-01",
        "reviewed_on": "2026-11-05",
        "results": "Tốt",
    }
    made = ward("POST", "/reviews", {**review, "model_code": "digital"}, expect=201)
    ward("PUT", f"/reviews/{made['id']}", {**review, "proposals": "a\nb"})
    assert ward("POST", f"/reviews/{made['id']}/send")["proposals"] == ["a", "b"]
    assert ward("GET", f"/reviews/{made['id']}")["sent_at"]
    assert len(ward("GET", "/reviews", query="&model=digital")["items"]) == 1
    decision = {
        "model_code": "digital",
        "outcome": "stop",
        "decided_on": "2026-11-06",
        "document_no": "1-QĐ/ĐU",
        "scope": "B3",
    }
    ward("POST", "/decisions", decision, expect=201)
    assert ward("GET", "/decisions", query="&model=digital")["items"][0]["outcome"] == "stop"
