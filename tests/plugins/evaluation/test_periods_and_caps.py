"""Terms and spans of their own in tables, past years over a cap, namesakes in a fixed order."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import InvalidInput
from core.exchange.registry import datasets_of
from core.exchange.services import check_source
from core.exchange.staging import JsonSource
from plugins.evaluation import services
from tests.plugins.evaluation.builders import levelled, opened, reviews_of

TERM = {
    "period_key": "Nhiệm kỳ 2020-2025", "period_kind": "term",
    "period_start": date(2020, 7, 1), "period_last": date(2025, 6, 30),
}  # fmt: skip


def test_a_term_has_its_tables_names_and_reports_like_a_year(ward) -> None:
    with ward.work() as work:
        campaign = opened(work, **TERM)
        levelled(work, campaign, reviews_of(work, campaign, "B3"), excellent=2)
        [period] = services.rated_periods(work)
        assert (period.title, period.is_of_calendar) == ("Nhiệm kỳ 2020-2025", False)
        [line] = services.level_table(work, period)
        assert (line.rated, line.excellent) == (10, 2)
        rows, _cursor = services.list_results(work, period, level="excellent")
        assert len(rows) == 2
        report = services.freeze_report(work, campaign, document_no="3-BC/ĐU")
        assert services.differences(work, campaign, report) == []
        assert services.level_table(work, services.period_named(work, "2025")) == []
        with pytest.raises(InvalidInput):
            services.period_named(work, "Nhiệm kỳ 1990-1995")
    browser = ward.world.browser(ward.office)
    for path in ("results", "results/names", "results.xlsx", "results/running"):
        answer = browser.get(f"/u/W/evaluation/{path}?period=Nhiệm kỳ 2020-2025")
        assert answer.status_code == 200, path
    body = browser.get("/u/W/evaluation/results?period=Nhiệm kỳ 2020-2025").get_data(as_text=True)
    assert "10/10" in body
    api = "/api/v1/evaluation/levels?unit=W&period=Nhiệm kỳ 2020-2025"
    assert browser.get(api).get_json()["items"][0]["rated"] == 10
    assert browser.get("/u/W/evaluation/results?period=xyz").status_code == 422


def test_a_past_year_over_a_cap_is_taken_in_and_said(ward) -> None:
    rows = [ward.member_row("B3", n, level="excellent" if n < 3 else "good") for n in range(10)]
    rows += [ward.member_row("B1", n, level="excellent" if n < 1 else "good") for n in range(5)]
    report = ward.take_in(rows)
    assert (report.created, report.rejected) == (15, 0)
    with ward.work(writing=False) as work:
        period = services.period_named(work, "2023")
        [over] = services.over_caps(work, period)
        assert (over.unit, over.excellent, over.room, over.base) == (
            "Chi bộ tổ dân phố Phúc Sơn", 3, 2, 10,
        )  # fmt: skip
        assert "mức tối đa 20% của 10 = 2" in over.sentence
    browser = ward.world.browser(ward.office)
    body = browser.get("/u/W/evaluation/results?period=2023").get_data(as_text=True)
    assert "vượt mức tối đa" in body
    api = "/api/v1/evaluation/over-caps?unit=W&period=2023"
    assert browser.get(api).get_json()["items"][0]["excellent"] == 3
    api = "/api/v1/evaluation/over-caps?unit=G&period=2023"
    assert browser.get(api).get_json()["items"] == []


def test_the_report_of_a_file_warns_of_groups_over_a_cap_and_refuses_nothing(ward) -> None:
    early = [ward.member_row("B1", n, level="excellent", period="2022") for n in range(3)]
    assert ward.take_in(early).warnings  # of another year and group than the file below
    rows = [ward.member_row("B3", n, level="excellent" if n < 3 else "good") for n in range(10)]
    said = (
        "2023: Đảng viên của Chi bộ tổ dân phố Phúc Sơn, trong tổ chức cơ sở đảng: xếp 3 xuất sắc"
    )
    with ward.work(None, "W") as work:
        dataset = datasets_of(work)["evaluation-results"]
        checked = check_source(work, dataset, JsonSource(rows))
        assert (checked.created, checked.rejected) == (10, 0)
        assert checked.warnings == [f"{said}, mức tối đa 20% của 10 = 2."]
        assert services.over_caps(work, services.period_named(work, "2023")) == []
    assert ward.take_in(rows).warnings == checked.warnings
    assert ward.take_in(rows).warnings == []  # nothing new, nothing to say
    browser = ward.world.browser(ward.office)
    sent = {"dataset": "evaluation-results", "rows": early, "dry_run": True}
    assert browser.send("POST", "/api/v1/exchange/imports?unit=W", sent).json["warnings"] == []
    [_again, last, _early] = browser.get("/api/v1/exchange/imports?unit=W").json["items"]
    assert last["warnings"] == checked.warnings
    assert said in browser.get(f"/u/W/exchange/{last['id']}").get_data(as_text=True)


def test_units_of_one_kind_over_a_cap_are_told_by_their_superior(ward) -> None:
    unit = {"period": "2023", "subject_kind": "unit", "level": "excellent"}
    ward.take_in([{**unit, "unit_code": code} for code in ("B1", "B2", "G")])
    with ward.work(writing=False) as work:
        found = services.over_caps(work, services.period_named(work, "2023"))
    assert {(one.unit, one.scope, one.excellent) for one in found} == {
        ("Đảng bộ cơ quan phường", "peer_group", 1),
        ("Đảng bộ cơ quan phường", "superior", 2),
        ("Đảng bộ phường Bắc Hồng Lĩnh", "peer_group", 1),
        ("Đảng bộ phường Bắc Hồng Lĩnh", "superior", 1),
    }


def test_namesakes_go_out_in_an_order_people_understand(ward) -> None:
    born = (date(1990, 5, 1), date(1970, 2, 3), date(1982, 12, 30))
    people = [ward.world.member("B3", "Lê Văn Trùng", birth_date=day) for day in born]
    ward.take_in([
        {"period": "2023", "subject_kind": "member", "unit_code": "B3", "level": "good",
         "full_name": one.full_name, "birth_date": one.birth_date.isoformat()}
        for one in people
    ])  # fmt: skip
    assert [row["birth_date"] for row in ward.given_out()] == sorted(born)
