"""Many units recognised by one decision: who may be, all or none, one paper, few statements."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.documents.models import Document
from core.documents.services import print_bytes
from core.errors import DomainError, Forbidden, InvalidInput, NotFound, RuleBroken
from core.testing import counted
from plugins.pilots import services
from plugins.pilots.models import Registration
from plugins.pilots.services import ReviewFacts
from tests.plugins.pilots.test_reviewing import text_of

CODE = "four_good_branch"
UNITS = ("B1", "B2", "B3")
MARCH = date(2026, 3, 3)
NUMBER = "25-QĐ/ĐU"


def reviewed(town) -> None:
    """Let the ward review the model: of all its units at once."""
    facts = ReviewFacts("final", date(2026, 11, 1), MARCH, date(2026, 10, 31), "Đảng viên dự đông.")
    with town.work(town.staff, "W") as work:
        services.write_review(work, facts, model_code=CODE)


def waiting(town) -> dict[str, list[str]]:
    """Return what stands in the way of each unit's recognition."""
    with town.work(town.staff, "W") as work:
        return {one.unit_code: list(one.obstacles) for one in
                services.candidates_for(work, CODE, 2026)}  # fmt: skip


@pytest.fixture
def keys(town) -> list:
    """B1, B2 and B3 have scored themselves, B4 has not."""
    made = [town.scored(unit).id for unit in UNITS]
    town.registered("B4")
    return made


def test_units_that_scored_and_were_reviewed_are_recognised_by_one_decision(town, keys) -> None:
    assert waiting(town)["B1"] == ["Chưa gửi sơ kết, tổng kết."]
    with town.work(town.staff, "W") as work, pytest.raises(RuleBroken, match="sơ kết"):
        services.recognise_units(work, keys, decision_no=NUMBER)
    reviewed(town)
    assert [code for code, why in waiting(town).items() if not why] == list(UNITS)
    assert "chưa tự chấm điểm" in waiting(town)["B4"][0]
    with town.work(town.staff, "W") as work:
        found = services.recognise_units(work, keys, decision_no=NUMBER)
        assert {(one.recognition_no, one.recognition_points) for one in found} == {(NUMBER, 90)}
    assert list(waiting(town)) == ["B4"]
    with town.work(town.staff, "W") as work:
        [decision] = services.recognitions_of(work, CODE, 2026)
        assert (decision.number, decision.units, decision.is_issued) == (NUMBER, 3, False)
        document = services.issue_recognitions(work, CODE, 2026, NUMBER)
        assert document.code == NUMBER
        with pytest.raises(RuleBroken, match="đã ban hành"):
            services.issue_recognitions(work, CODE, 2026, NUMBER)
        rows, places = services.recognised_by(work, CODE, 2026, NUMBER)
        assert {row.document_id for row in rows} == {document.id}
        text = text_of(print_bytes(work, services.recognitions_paper(work, rows, places), "docx"))
    assert "Công nhận 03 đơn vị đạt “Chi bộ bốn tốt” năm 2026" in text
    assert "Chi bộ tổ dân phố số 3" in text


def test_one_that_does_not_fit_leaves_all_as_they_were(town, keys) -> None:
    reviewed(town)
    with town.work() as work:
        [fourth] = work.session.scalars(
            sa.select(Registration.id).where(Registration.scored_on.is_(None))
            .execution_options(unscoped="test")
        )  # fmt: skip
    refused: list[tuple[type[DomainError], object, dict]] = [
        (RuleBroken, [*keys, fourth], {}),
        (InvalidInput, [], {}),
        (InvalidInput, keys, {"decision_no": " "}),
        (InvalidInput, keys, {"recognised_on": date(2027, 1, 1)}),
        (RuleBroken, keys, {"recognised_on": date(2026, 3, 1)}),
        (NotFound, [*keys, town.key("B1")], {}),
    ]
    for kind, ids, changes in refused:
        with pytest.raises(kind), town.work(town.staff, "W") as work:
            services.recognise_units(work, ids, **{"decision_no": NUMBER, **changes})
    with pytest.raises((Forbidden, NotFound, RuleBroken)), town.work() as work:
        services.recognise_units(work, keys, decision_no=NUMBER)
    with town.work(town.staff, "W") as work:
        assert services.recognitions_of(work, CODE, 2026) == []
        services.recognise_units(work, keys[:1], decision_no=NUMBER)
    with town.work(town.staff, "W") as work, pytest.raises(RuleBroken, match="đã được công nhận"):
        services.recognise_units(work, keys, decision_no="26-QĐ/ĐU")


def test_the_page_and_programs_recognise_many_with_as_many_statements_as_few(town, keys) -> None:
    reviewed(town)
    browser = town.world.browser(town.staff)
    page = browser.get("/u/W/pilots/recognitions").get_data(as_text=True)
    assert page.count('name="registrations"') == 3
    assert "Chi bộ tổ dân phố số 4" in page
    form = {"registrations": [str(key) for key in keys[:2]], "model": CODE, "year": "2026"}
    answer = browser.submit("/u/W/pilots/recognitions", form)
    assert answer.status_code == 422
    assert "Nhập số quyết định" in answer.get_data(as_text=True)
    answer = browser.submit("/u/W/pilots/recognitions", {**form, "decision_no": NUMBER})
    assert answer.headers["Location"].endswith(f"/recognitions?model={CODE}&year=2026")
    asked = f"model={CODE}&year=2026&number={NUMBER}"
    paper = browser.get(f"/u/W/pilots/recognitions/decision.docx?{asked}")
    assert (paper.status_code, paper.data[:2]) == (200, b"PK")
    sent = {"model": CODE, "year": "2026", "number": NUMBER}
    assert browser.submit("/u/W/pilots/recognitions/issue", sent).status_code == 303
    assert town.world.rows(Document) == 1
    body = {"registrations": [str(keys[2])], "decision_no": "26-QĐ/ĐU"}
    answer = browser.send("POST", "/api/v1/pilots/recognitions?unit=W", body)
    assert answer.json == {"count": 1}


def test_statements_do_not_follow_the_number_of_units(town) -> None:
    reviewed(town)
    taken = []
    for units in (("B1",), ("B2", "B3", "B4", "B5", "B6")):
        ids = [town.scored(unit).id for unit in units]
        with town.work(town.staff, "W") as work, counted(town.world.system.database.engine) as few:
            services.recognise_units(work, ids, decision_no=NUMBER)
            work.session.flush()
            taken.append(few.count)
    assert taken[1] <= taken[0]
