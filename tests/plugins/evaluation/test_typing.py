"""Grids of many lines: what is wrong is said at its line, and nothing that was typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from core.documents.services import print_bytes
from core.errors import InvalidInput, RuleBroken
from core.testing import NOON
from plugins.evaluation import services
from plugins.evaluation.services import Decision, Pick
from tests.plugins.evaluation.builders import at_stage, levelled, opened, reviews_of
from tests.plugins.evaluation.test_pages import Visitor
from tests.plugins.evaluation.test_papers import words


@pytest.fixture
def secretary(ward) -> Visitor:
    """The secretary of B3."""
    return Visitor(ward, ward.secretary, "B3")


@pytest.fixture
def office(ward) -> Visitor:
    """The ward's office."""
    return Visitor(ward, ward.office, "W")


def staged(ward: Any, stage: str, **more: Any) -> tuple[str, list[str]]:
    """Open a campaign, bring B3 to a stage; return the campaign's path and the evaluations."""
    with ward.work() as work:
        campaign = opened(work, **more)
        reviews = at_stage(work, stage, reviews_of(work, campaign, "B3"))
        return f"/{campaign.id}", [str(review.id) for review in reviews]


def grid(ids: list[str], good: list[str]) -> dict[str, Any]:
    """Return the form of ballots with counts of "good" alone."""
    blank = {
        f"rows.{name}": [""] * len(ids) for name in ("excellent", "completed", "not_completed")
    }
    sitting = dict.fromkeys(("entitled", "present", "issued", "returned"), "10")
    return {"voted_on": "09/11/2026", **sitting, "rows.review_id": ids, "rows.good": good, **blank}


def test_a_word_among_the_counts_is_said_with_its_line_and_leads_there(ward, secretary) -> None:
    path, ids = staged(ward, "vote")
    typed = ["9", "", "ba", *["9"] * 7]
    answer = secretary.browser.submit(secretary.address(f"{path}/ballots"), grid(ids, typed))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'<a href="#f-row_{ids[2]}">Dòng 3: Phải là số nguyên' in page
    assert f'id="f-row_{ids[2]}"' in page
    assert page.count("Dòng 3: Phải là số nguyên") == 2, "once on top, once in the line"
    assert 'value="ba"' in page


def test_points_that_cannot_be_stand_at_their_criterion(ward) -> None:
    staged(ward, "self_review")
    with ward.work() as work:
        campaign = services.list_campaigns(work)[0]
        mine = reviews_of(work, campaign, "B3")[3]
    member = next(one for one in ward.people["B3"] if one.id == mine.member_id)
    own = Visitor(ward, ward.world.account("member", "B3", member=member), "B3")
    page = own.browser.get(own.address(f"/mine/{mine.id}")).get_data(as_text=True)
    keys = re.findall(r'name="scores.key" value="([^"]+)"', page)
    typed = {"scores.key": keys, "scores.points": ["", "200", *[""] * (len(keys) - 2)]}
    typed |= {"parts.key": ["strengths"], "parts.text": ["Đã làm xong việc."]}
    answer = own.browser.submit(own.address(f"/mine/{mine.id}"), typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'<a href="#f-row_{keys[1]}">Chỉ nhận từ 0 đến 100.' in page
    assert f'id="f-row_{keys[1]}"' in page
    assert 'value="200"' in page
    assert "Đã làm xong việc." in page


def test_a_program_is_told_the_place_in_its_own_list(ward) -> None:
    path, ids = staged(ward, "vote")
    browser = ward.world.browser(ward.secretary)
    counts = dict.fromkeys(("entitled", "present", "issued", "returned"), 10)
    sent = {"voted_on": "2026-11-09", **counts, "rows": [{"review_id": ids[0], "good": "ba"}]}
    answer = browser.send("PUT", f"/api/v1/evaluation/campaigns{path}/ballots?unit=B3", sent)
    assert answer.status_code == 422, answer.json
    assert list(answer.json["fields"]) == ["rows.0.good"]


def test_all_levels_without_a_reason_are_told_at_once_each_at_its_line(ward, office) -> None:
    path, ids = staged(ward, "appraisal")
    with ward.work() as work:
        campaign = services.list_campaigns(work)[0]
        for review in reviews_of(work, campaign, "B3"):
            review.voted_level = "good"
    typed = {"branch": "B3", "rows.review_id": ids, "rows.level": ["completed"] * 3 + ["good"] * 7}
    blank = {f"rows.{name}": [""] * 10 for name in ("points", "rank", "reason")}
    answer = office.browser.submit(office.address(f"{path}/choose"), {**typed, **blank})
    page = answer.get_data(as_text=True)
    assert [page.count(f'href="#f-row_{key}"') for key in ids[:4]] == [1, 1, 1, 0]
    with ward.work() as work:
        mine = reviews_of(work, campaign, "B3")
        with pytest.raises(InvalidInput):
            services.pick_levels(work, campaign, {mine[0].id: Pick("completed")})
        too_few = {mine[0].id: Pick("excellent", points=60, reason="Tốt")}
        with pytest.raises(RuleBroken, match="90") as refused:
            services.pick_levels(work, campaign, too_few)
        assert list(refused.value.fields) == [f"row_{mine[0].id}"]


def test_the_room_counts_the_levels_the_page_proposes_before_anything_is_saved(
    ward, office
) -> None:
    path, ids = staged(ward, "appraisal")
    with ward.work() as work:
        campaign = services.list_campaigns(work)[0]
        for number, review in enumerate(reviews_of(work, campaign, "B3")):
            review.voted_level = "excellent" if number < 3 else "good"
    page = office.page(f"{path}/choose?branch=B3")
    assert page.count("Đã vượt 1 hoàn thành xuất sắc (tối đa 20% của 10 = 2, đã xếp 3)") == 2
    assert "chưa lưu" in page
    assert "Đã xếp: Nguyễn Thị An, Nguyễn Thị Bình, Nguyễn Thị Châu" in page
    everybody = office.page(f"{path}/choose")
    assert "Đã vượt 1 hoàn thành xuất sắc" in everybody
    assert "Đã xếp:" not in everybody, "some names of a group would read as all of them"
    lines = {"branch": "B3", "rows.review_id": ids, "rows.level": ["good"] * 10}
    blank = {f"rows.{name}": [""] * 10 for name in ("points", "rank", "reason")}
    live = office.browser.submit(office.address(f"{path}/choose/room"), {**lines, **blank})
    shown = live.get_data(as_text=True)
    assert 'id="room-line" role="status" hx-swap-oob="true"' in shown
    assert shown.count("Còn được xếp thêm 2 hoàn thành xuất sắc") == 2


def test_whoever_was_ticked_to_be_sent_back_stays_ticked_when_the_reason_is_missing(
    ward, office
) -> None:
    path, ids = staged(ward, "appraisal")
    sent = {"review": ids[:2], "to_stage": "vote", "reason": ""}
    answer = office.browser.submit(office.address(f"{path}/send-back"), sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    ticked = [key for key in ids if f'id="s-{key}" name="review" value="{key}" checked' in page]
    assert ticked == ids[:2]


def test_the_report_as_sent_is_a_file_that_says_what_changed_and_whose(ward, office) -> None:
    with ward.work() as work:
        campaign = opened(work)
        levelled(work, campaign, reviews_of(work, campaign, "B3"), excellent=1)
        report = services.freeze_report(work, campaign)
        where = f"/{campaign.id}/reports/{report.id}"
        said = words(print_bytes(work, services.sent_report_paper(work, campaign, report), "docx"))
    assert "10/10 (100%)" in said
    assert "Từ khi gửi báo cáo chưa có thay đổi" in said
    ward.at(NOON + timedelta(hours=1))
    with ward.work() as work:
        one = reviews_of(work, campaign, "B3")[5]
        services.correct(work, campaign, one, level="completed", reason="Kỷ luật",
                         decision=Decision("50-QĐ/ĐU", work.today))  # fmt: skip
        name = one.subject_name
    answer = office.browser.get(office.address(f"{where}.docx"))
    said = words(answer.get_data())
    assert "tốt trở lên 10/10 (100%) → 9/10 (90%)" in said
    assert f"{name}; Tốt → Hoàn thành; 50-QĐ/ĐU; Kỷ luật" in said
    page = office.page(where)
    assert f"{name}, Tốt → Hoàn thành, 50-QĐ/ĐU" in page
    assert " · 1 dòng" not in page, "no number, no dot before the words"
    assert office.status(f"{where}.pdf") == 200
