"""The JSON API: the way of evaluations through HTTP, revisions, refusals as problems."""

from __future__ import annotations

from plugins.evaluation import services
from tests.plugins.evaluation.builders import (
    DECIDED,
    Program,
    at_stage,
    levelled,
    move_member,
    opened,
    reviews_of,
)


def test_a_program_goes_the_whole_way(ward, program) -> None:
    new = {"title": "Năm 2026", "period_key": "2026", "subjects": ["member", "unit"],
           "days": [{"tier": "branch", "stage": "vote", "due_on": "2026-12-13"}]}  # fmt: skip
    campaign = program("POST", "/campaigns", new, expect=201)
    path = f"/campaigns/{campaign['id']}"
    assert (campaign["units_done"], campaign["unit_count"], campaign["ready_at"]) == (0, 4, None)
    ward.do_jobs()
    campaign = program("GET", path)
    assert (campaign["units_done"], campaign["is_filling"]) == (4, False)
    assert program("POST", f"{path}/take-in")["is_filling"]
    ward.do_jobs()
    assert [one["code"] for one in program("GET", f"{path}/board")["items"]] == ["G", "B3"]
    branch = Program(ward, ward.secretary, "B3")
    ids = [one["id"] for one in
           branch("GET", f"{path}/reviews", query="&subject=member")["items"]]  # fmt: skip
    assert len(ids) == 10
    branch("POST", f"{path}/on-paper", {"review": ids})
    branch("POST", f"{path}/comments-complete", {"review": ids})
    ballots = {
        "voted_on": "2026-11-09", "entitled": 10, "present": 10, "issued": 10, "returned": 10,
        "rows": [{"review_id": key, "good": 10} for key in ids],
    }  # fmt: skip
    assert branch("PUT", f"{path}/ballots", ballots) == {"count": 10}
    branch("POST", f"{path}/submit", {"review": ids})
    picks = {"rows": [{"review_id": key, "level": "good"} for key in ids]}
    program("PUT", f"{path}/picks", picks)
    assert program("GET", f"{path}/caps")["items"]
    program("POST", f"{path}/propose", {"review": ids})
    program("POST", f"{path}/decide", {"review": ids, "number": "3-QĐ/ĐU", "on": "2026-11-10"})
    program("POST", f"{path}/notify", {"review": ids})
    [line] = program("GET", "/levels", query="&period=2026")["items"]
    assert (line["good"], line["rated"]) == (10, 10)
    page = program("GET", "/results", query="&period=2026&limit=4")
    assert (len(page["items"]), page["items"][0]["level"]) == (4, "good")
    rest = program("GET", "/results", query=f"&period=2026&limit=10&cursor={page['next']}")
    assert len(rest["items"]) == 6
    program("POST", f"{path}/reports", {"document_no": "9-BC/ĐU"})
    assert len(program("GET", f"{path}/reports")["items"]) == 1


def test_a_cap_is_a_problem_with_a_sentence(ward, program) -> None:
    with ward.work() as work:
        campaign = opened(work)
        ids = [str(r.id) for r in at_stage(work, "appraisal", reviews_of(work, campaign, "B3"))]
    picks = {"rows": [{"review_id": key, "level": "excellent", "reason": "Tốt"} for key in ids]}
    problem = program("PUT", f"/campaigns/{campaign.id}/picks", picks, expect=409)
    assert problem["code"] == "rule_broken"


def test_writes_on_one_evaluation_name_its_revision(ward, program) -> None:
    with ward.work() as work:
        campaign = opened(work)
        review = at_stage(work, "appraisal", reviews_of(work, campaign, "B3"))[0]
    path, body = f"/reviews/{review.id}/force", {"code": "discipline", "reference": "5-QĐ"}
    program("POST", path, body, expect=428)
    program("POST", path, body, expect=412, etag=99)
    found = program("GET", f"/reviews/{review.id}")
    assert program("POST", path, body, etag=found["revision"])["forced_level"] == "not_completed"


def test_ones_own_text_is_read_by_oneself_and_not_in_lists(ward, program) -> None:
    with ward.work() as work:
        campaign = opened(work)
        review = reviews_of(work, campaign, "B3")[2]
    member = next(m for m in ward.people["B3"] if m.id == review.member_id)
    mine = Program(ward, ward.world.account("member", "B3", member=member), "B3")
    [own] = mine("GET", "/mine")["items"]
    path = f"/mine/{own['id']}/self-review"
    text = {"answers": {"strengths": "Bí mật riêng"}, "level": "good", "submit": True}
    mine("PUT", path, text, etag=own["revision"])
    assert mine("GET", path)["answers"]["strengths"] == "Bí mật riêng"
    mine("GET", f"/reviews/{own['id']}/self-review", expect=403)
    listed = program("GET", f"/campaigns/{campaign.id}/reviews")
    assert "Bí mật riêng" not in str(listed)
    other = Program(ward, ward.world.account("auditor", "W"), "W")
    other("GET", f"/reviews/{own['id']}/self-review", expect=403)


def test_a_program_can_do_and_read_what_the_pages_can(ward, program) -> None:
    with ward.work() as work:
        campaign = opened(work)
        one = reviews_of(work, campaign, "B1")[0]
    branch = Program(ward, ward.world.account("branch_secretary", "B1"), "B1")
    path, review = f"/campaigns/{campaign.id}", f"/reviews/{one.id}"
    asked = {"review": [str(one.id)], "outside_name": "Chi bộ thôn 2"}
    [row] = branch("POST", f"{path}/comments", asked)["items"]
    assert branch("GET", f"{review}/comments")["items"][0]["id"] == row["id"]
    program("POST", f"{path}/comments/{row['id']}/withdraw", expect=404)
    assert branch("POST", f"{path}/comments/{row['id']}/withdraw")["state"] == "withdrawn"
    branch("POST", f"{path}/comments/{row['id']}/withdraw", expect=404)
    assert branch("GET", f"{review}/comments")["items"] == []
    out = {"rated": False, "reason": "Đi học dài hạn"}
    etag = program("GET", review)["revision"]
    program("PUT", f"{review}/rated", {"rated": False}, etag=etag, expect=422)
    assert program("PUT", f"{review}/rated", out, etag=etag)["stage"] == "not_rated"
    etag = program("GET", review)["revision"]
    back = {"rated": True, "reason": "Đã về"}
    assert program("PUT", f"{review}/rated", back, etag=etag)["stage"] == "self_review"
    actions = [step["action"] for step in program("GET", f"{review}/steps")["items"]]
    assert actions == ["rated", "not_rated"]
    later = {"unit_code": "G", "stage": "vote", "due_on": "2027-01-20", "document_no": "5-CV"}
    program("POST", f"{path}/extensions", later)
    assert program("GET", f"{path}/extensions")["items"][0]["document_no"] == "5-CV"
    assert {"tier": "branch", "stage": "vote", "due_on": "2026-12-12"} in program(
        "GET", f"{path}/days"
    )["items"]
    titles = [line["title"] for line in program("GET", f"{review}/criteria")["items"]]
    assert "Kết quả thực hiện nhiệm vụ được giao" in titles
    move_member(ward, one.member_id, "B3")
    [moved] = program("GET", f"{path}/moved")["items"]
    assert (moved["review"]["id"], moved["belongs_to"]) == (
        str(one.id), str(ward.world.place("B3").id),
    )  # fmt: skip


def test_a_program_reads_ballots_versions_reports_and_years_running(ward, program) -> None:
    years = [ward.member_row("B1", 0, period=str(year), level="excellent") for year in (2024, 2025)]
    ward.take_in(years)
    with ward.work() as work:
        campaign = opened(work)
        one = levelled(work, campaign, reviews_of(work, campaign, "B3"))[0]
    path = f"/campaigns/{campaign.id}/reports"
    sent = program("POST", path, {"document_no": "9-BC/ĐU"})
    assert program("GET", f"{path}/{sent['id']}")["differences"] == []
    new = {"level": "completed", "number": "8-QĐ/ĐU", "on": "2026-11-10", "reason": "Xét lại"}
    etag = program("GET", f"/reviews/{one.id}")["revision"]
    program("POST", f"/reviews/{one.id}/correct", new, etag=etag)
    [changed] = program("GET", f"{path}/{sent['id']}")["differences"]
    assert (changed["then"]["good"], changed["now"]["good"]) == (10, 9)
    versions = program("GET", f"/reviews/{one.id}/versions")["items"]
    assert [(line["version"], line["level"]) for line in versions] == [
        (2, "completed"), (1, "good"),
    ]  # fmt: skip
    program("GET", f"/reviews/{one.id}/ballot", expect=204)
    [best] = program("GET", "/running", query="&year=2025&years=2")["items"]
    assert [line["year"] for line in best["years"]] == [2024, 2025]
    assert program("GET", "/running", query="&year=2025")["items"] == []


def test_appeals_and_corrections(ward, program) -> None:
    with ward.work() as work:
        campaign = opened(work)
        review = levelled(work, campaign, reviews_of(work, campaign, "B3"))[3]
    path = f"/reviews/{review.id}"
    row = program("POST", f"{path}/appeals", {"text": "Xem lại"}, expect=201,
                  etag=program("GET", path)["revision"])  # fmt: skip
    new = {"level": "completed", "number": "8-QĐ/ĐU", "on": "2026-11-10", "reason": "Xét lại",
           "appeal_id": row["id"]}  # fmt: skip
    found = program("POST", f"{path}/correct", new, etag=program("GET", path)["revision"])
    assert found["level"] == "completed"
    assert program("GET", f"{path}/appeals")["items"][0]["state"] == "granted"
    assert DECIDED.number == "12-QĐ/ĐU"
    assert services.LevelLine("x", "x").share == "–"
