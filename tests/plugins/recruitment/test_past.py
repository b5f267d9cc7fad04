"""The list of dossiers as of a day: stage, state and unit of then, from old units and today's."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from core.members import services as members
from core.members.models import Member
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.services import (
    Draft,
    apply_plan,
    approve_plan,
    draft_plan,
    revert_plan,
    submit_plan,
)
from core.testing import TODAY, counted
from core.units.covering import AsOf
from plugins.recruitment import services
from plugins.recruitment.services import Card
from tests.plugins.recruitment.builders import Ward

JUNE, JULY = date(2026, 6, 30), date(2026, 7, 31)
REFORM = date(2026, 11, 1)
LIST = "/u/{}/recruitment/list"
API = "/api/v1/recruitment/dossiers?unit={}"


def cards(ward: Ward, unit: str, as_of: AsOf | date, actor: Any = None, **more: Any) -> list[Card]:
    """Return the dossiers that a list of a unit shows as of a day, whatever their state."""
    asked = as_of if isinstance(as_of, AsOf) else AsOf(as_of)
    with ward.work(actor or ward.commune, unit, writing=False) as work:
        return services.list_candidates(work, as_of=asked, **{"state": "", **more})[0]


def stood(ward: Ward, day: date, unit: str = "W") -> tuple[Any, ...]:
    """Return stage, since when, and state of the one dossier of a unit as of a day."""
    [card] = cards(ward, unit, day)
    return card.stage, card.stage_since, card.state


def brought_on(ward: Ward, work: Any, **facts: Any) -> Any:
    """Enter a candidate in January, who goes to the class in March and on at the end of June."""
    candidate = ward.entered(work, **facts).candidate
    for paper, day in (("pool", date(2026, 3, 1)), ("certificate", JUNE)):
        ward.paper(work, candidate, paper, day)
        services.advance(work, ward.again(work, candidate), on=day)
    return candidate


def enact(ward: Ward, *operations: Operation) -> Any:
    """Draft, approve and apply a plan of the first of November."""
    with ward.world.work() as work:
        plan, _found = draft_plan(work, Draft(REFORM, operations, decision_no="1-QĐ/TU"))
        submit_plan(work, plan)
        approve_plan(work, plan)
        return apply_plan(work, plan)


def reform(ward: Ward) -> Any:
    """W and V become N; B1 goes into B2."""
    new = NewUnit("N", "Đảng bộ xã Mới", "commune", "P")
    links = (Link("W", "N"), Link("V", "N"))
    branch = Operation("merge_into", links=(Link("B1", "B2"),))
    return enact(ward, Operation("consolidate", links=links, new=(new,)), branch)


@pytest.fixture
def province(ward: Ward) -> Any:
    """An account of the province's office, with a second ward beside the first."""
    ward.world.unit("V", "commune", "P", name="Đảng bộ xã Vân", is_grassroots=True)
    return ward.world.account("province_organisation", "P")


def test_a_dossier_stands_at_the_stage_it_had_reached_by_a_day(ward) -> None:
    with ward.office() as work:
        brought_on(ward, work)
    assert cards(ward, "W", date(2026, 1, 4)) == []
    assert stood(ward, date(2026, 1, 5)) == ("pool", date(2026, 1, 5), "open")
    assert stood(ward, date(2026, 6, 29)) == ("class", date(2026, 3, 1), "open")
    assert stood(ward, JUNE) == ("dossier", JUNE, "open")


@pytest.mark.parametrize(("stage", "days"), [("class", [1]), ("dossier", [0, -1]), ("branch", [])])
def test_a_stage_is_looked_for_as_it_was_then(ward, stage, days) -> None:
    with ward.office() as work:
        brought_on(ward, work)
    asked = [1, 0, -1]
    assert [n for n in asked if cards(ward, "W", JUNE - timedelta(n), stage=stage)] == days


def test_of_an_earlier_day_neither_clocks_nor_what_is_missing_are_told(ward) -> None:
    with ward.office() as work:
        brought_on(ward, work)
    [then], [now] = cards(ward, "W", JUNE), cards(ward, "W", AsOf())
    assert now.missing
    assert (list(then.missing), then.clock, then.due_on) == ([], "", None)
    assert cards(ward, "W", TODAY) == [now]
    assert cards(ward, "W", TODAY + timedelta(days=30)) == [now]
    assert cards(ward, "W", AsOf(restated=True)) == [now]


def test_a_dossier_was_open_until_the_day_it_ended(ward) -> None:
    with ward.office() as work:
        dossier = ward.entered(work)
        services.close(work, dossier, state="withdrawn", reason="own_wish", on=JULY)
    before = JULY - timedelta(days=1)
    assert stood(ward, before) == ("pool", date(2026, 1, 5), "open")
    assert stood(ward, JULY) == ("pool", date(2026, 1, 5), "withdrawn")
    for day, state in ((before, "open"), (JULY, "withdrawn")):
        found = {one for one in ("open", "withdrawn", "refused", "recognised", "referred")
                 if cards(ward, "W", day, state=one)}  # fmt: skip
        assert found == {state}


def test_what_ended_and_was_taken_up_since_was_not_in_hand_then(ward) -> None:
    with ward.office() as work:
        dossier = ward.entered(work)
        services.close(work, dossier, state="refused", reason="votes", on=JULY)
        services.reopen(work, dossier)
    assert stood(ward, JUNE)[2] == "open"
    assert stood(ward, JULY)[2] == "closed"
    for state in ("open", "refused", "withdrawn"):
        assert cards(ward, "W", JULY, state=state) == []
    assert stood(ward, TODAY) == ("pool", TODAY, "open")
    ward.later(TODAY + timedelta(days=1))
    assert stood(ward, TODAY) == ("pool", TODAY, "open")


def test_the_superior_had_a_case_until_it_was_returned(ward) -> None:
    ward.world.give("recruitment.failed_votes", 1, "W")
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ward.voted(work, candidate, "branch_vote", 5, 10)
    ward.later(TODAY + timedelta(days=2))
    with ward.office() as work:
        dossier = ward.again(work, services.access_candidate(work, candidate.id))
        services.resolve_referral(work, dossier, outcome="agreed", document_no="07-CV/ĐU")
        # Entered late: the branch had gone on the day before the answer was typed in.
        services.advance(work, ward.again(work, dossier.candidate), on=TODAY + timedelta(days=1))
    ward.later(TODAY + timedelta(days=5))
    assert stood(ward, TODAY)[::2] == ("branch", "referred")
    assert [c.state for c in cards(ward, "W", TODAY, state="open")] == ["referred"]
    assert len(cards(ward, "W", TODAY, state="referred")) == 1
    after = ("committee", TODAY + timedelta(days=1), "open")
    assert stood(ward, TODAY + timedelta(days=3)) == after
    assert stood(ward, TODAY + timedelta(days=5)) == after


def test_a_case_sent_back_is_before_the_superior_no_more(ward) -> None:
    ward.world.give("recruitment.failed_votes", 1, "W")
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ward.voted(work, candidate, "branch_vote", 5, 10)
        services.send_back(work, ward.again(work, candidate))
    ward.later(TODAY + timedelta(days=1))
    assert stood(ward, TODAY) == ("dossier", TODAY, "open")


def test_what_was_moved_by_hand_is_found_where_it_stood(ward) -> None:
    with ward.office() as work:
        candidate = brought_on(ward, work)
        to = ward.world.place("B2", work)
        services.move_candidate(work, ward.again(work, candidate), to, on=JULY)
    [card] = cards(ward, "W", JUNE)
    assert (card.unit_code, card.kept_by) == ("B1", "B2")
    assert card.unit_name == "Chi bộ tổ dân phố Phúc Sơn"
    assert [c.unit_code for c in cards(ward, "W", JULY)] == ["B2"]
    assert stood(ward, JULY) == ("dossier", JUNE, "open")
    restated = AsOf(JUNE, restated=True)
    found = {unit: (len(cards(ward, unit, JUNE)), len(cards(ward, unit, restated)))
             for unit in ("B1", "B2")}  # fmt: skip
    assert found == {"B1": (1, 1), "B2": (0, 0)}
    assert [c.unit_code for c in cards(ward, "W", restated)] == ["B1"]


def test_a_dossier_that_followed_its_member_is_found_where_it_stood(ward) -> None:
    with ward.office() as work:
        candidate = ward.admitted(work)
    moved_on = TODAY + timedelta(days=20)
    ward.later(moved_on)
    with ward.world.work(unit="W") as work:
        member = work.session.get(Member, candidate.member_id)
        members.transfer_home(work, member, ward.world.place("B2", work), since=moved_on)
    assert [c.unit_code for c in cards(ward, "W", TODAY)] == ["B1"]
    assert [c.unit_code for c in cards(ward, "W", moved_on)] == ["B2"]


def test_after_a_reform_june_is_found_in_the_old_commune_and_restated_in_the_new(
    ward, province
) -> None:
    with ward.office() as work:
        brought_on(ward, work)
    plan = reform(ward)

    def found(unit: str, day: date, *, restated: bool = False) -> list[tuple[str, str, str]]:
        listed = cards(ward, unit, AsOf(day, restated), province, state="open", stage="dossier")
        return [(one.unit_code, one.unit_name, one.kept_by) for one in listed]

    then = ("B1", "Chi bộ tổ dân phố Phúc Sơn", "B2")
    now = ("B2", "Chi bộ tổ dân phố số 2", "B2")
    assert found("W", JUNE) == found("B1", JUNE) == found("P", JUNE) == [then]
    assert found("N", JUNE) == found("V", JUNE) == found("B2", JUNE) == []
    assert found("N", JUNE, restated=True) == found("B2", JUNE, restated=True) == [now]
    assert found("N", REFORM) == [now]
    assert found("W", REFORM) == []
    with ward.world.work() as work:
        revert_plan(work, work.session.merge(plan), reason="nhầm")
    assert found("W", REFORM) == [("B1", then[1], "B1")]


def test_a_unit_is_called_as_it_was_called_then(ward, province) -> None:
    with ward.office() as work:
        brought_on(ward, work)
    enact(ward, Operation("rename", unit="B1", changes={"name": "Chi bộ Sơn Mới"}))
    names = [cards(ward, "W", AsOf(JUNE, restated))[0].unit_name for restated in (False, True)]
    assert names == ["Chi bộ tổ dân phố Phúc Sơn", "Chi bộ Sơn Mới"]


def test_somebody_of_another_commune_sees_nothing_of_it(ward, province) -> None:
    with ward.office() as work:
        brought_on(ward, work)
    reform(ward)
    ward.world.unit("S", "commune", "P")
    stranger = ward.world.account("commune_staff", "S")
    for as_of in (AsOf(JUNE), AsOf(JUNE, restated=True)):
        assert cards(ward, "S", as_of, stranger) == []
    browser = ward.world.browser(stranger)
    for unit in ("W", "N", "P", "B1"):
        assert browser.get(f"{LIST.format(unit)}?as_of=30/06/2026").status_code in (403, 404)
        assert browser.get(f"{API.format(unit)}&as_of=2026-06-30").status_code in (403, 404)


def test_the_page_says_of_which_day_it_is_and_keeps_the_day(ward, province) -> None:
    with ward.office() as work:
        brought_on(ward, work)
    reform(ward)
    browser = ward.world.browser(province)
    page = browser.get(f"{LIST.format('W')}?as_of=30/06/2026&stage=dossier").text
    assert "Hồ Thị Kim Ngân" in page
    assert "Chi bộ tổ dân phố Phúc Sơn" in page
    assert "30/06/2026" in page
    assert "chỉ có ở danh sách hôm nay" in page
    assert "Còn thiếu" not in page
    assert "state=recognised&amp;q=&amp;as_of=30/06/2026" in page.replace("%2F", "/")
    assert 'name="as_of" value="30/06/2026"' in page
    assert "/u/B2/recruitment/" in page
    restated = browser.get(f"{LIST.format('N')}?as_of=30/06/2026&restated=1").text
    assert "Hồ Thị Kim Ngân" in restated
    assert "restated=1" in restated
    today = browser.get(LIST.format("N")).text
    assert "Còn thiếu" in today
    assert "danh sách hôm nay" not in today
    empty = browser.get(f"{LIST.format('N')}?as_of=30/06/2026")
    assert (empty.status_code, "Hồ Thị Kim Ngân" in empty.text) == (200, False)


def test_a_dossier_of_then_opens_where_it_is_kept_today(ward, province) -> None:
    with ward.office() as work:
        key = brought_on(ward, work).id
    reform(ward)
    browser = ward.world.browser(province)
    [one] = browser.get(f"{API.format('W')}&as_of=2026-06-30").json["items"]
    assert (one["unit_code"], one["kept_by"]) == ("B1", "B2")
    assert browser.get(f"/u/{one['kept_by']}/recruitment/{key}").status_code == 200


def test_the_workbook_and_programs_get_the_same_as_of_a_day(ward) -> None:
    with ward.office() as work:
        brought_on(ward, work)
        gone = ward.entered(work, full_name="Hồ Văn Thôi")
        services.close(work, gone, state="withdrawn", reason="own_wish", on=JUNE)
    browser = ward.world.browser(ward.commune)
    [first, second] = browser.get(f"{API.format('W')}&as_of=2026-06-29&state=all").json["items"]
    assert (first["stage"], first["stage_since"], first["state"]) == ("class", "2026-03-01", "open")
    assert (first["missing"], first["due_on"], second["state"]) == ([], None, "open")
    file = browser.get(f"{LIST.format('W')}.xlsx?as_of=29/06/2026&state=all")
    rows = [
        [cell for cell in row if cell is not None]
        for row in load_workbook(BytesIO(file.data)).worksheets[0].iter_rows(values_only=True)
    ]
    told = [row for row in rows if row and row[0] in ("Hồ Thị Kim Ngân", "Hồ Văn Thôi")]
    assert [row[2] for row in told] == ["Học lớp nhận thức", "Tạo nguồn"]
    assert [len(row) for row in told] == [5, 5]
    assert any("29/06/2026" in str(row) for row in rows)


@pytest.mark.parametrize("query", ["as_of=31/06/2026", "as_of=zz", "as_of=0"])
def test_a_wrong_day_is_refused(ward, query) -> None:
    browser = ward.world.browser(ward.commune)
    for path in (LIST.format("W"), f"{LIST.format('W')}.xlsx"):
        assert browser.get(f"{path}?{query}").status_code == 422
    assert browser.get(f"{API.format('W')}&{query}").status_code == 422


def test_the_next_page_is_of_the_same_day_and_tells_nobody_twice(ward) -> None:
    with ward.office() as work:
        for number in range(5):
            brought_on(ward, work, full_name=f"Hồ Thị Kim {number}")
        ward.entered(work, full_name="Hồ Thị Kim Sau", entered_on=JULY)
    seen, cursor, pages = [], "", 0
    while pages == 0 or cursor:
        with ward.office("W", writing=False) as work:
            found, following = services.list_candidates(
                work, stage="dossier", as_of=AsOf(JUNE), cursor=cursor, limit=2
            )
        seen += [one.name for one in found]
        cursor, pages = following or "", pages + 1
    assert seen == [f"Hồ Thị Kim {number}" for number in range(5)]
    assert pages == 3


@pytest.mark.parametrize("restated", [False, True])
def test_a_list_of_then_takes_the_same_statements_for_any_number(ward, backend, restated) -> None:
    def asked() -> int:
        with ward.office("W", writing=False) as work, counted(backend.database.engine) as counter:
            services.list_candidates(
                work, stage="class", as_of=AsOf(date(2026, 6, 1), restated=restated)
            )
        return counter.count

    with ward.office() as work:
        brought_on(ward, work)
    before = asked()
    with ward.office() as work:
        for number in range(6):
            one = brought_on(ward, work, full_name=f"Hồ Thị Kim {number}")
            if number % 2:
                to = ward.world.place("B2", work)
                services.move_candidate(work, ward.again(work, one), to, on=JULY)
    assert asked() <= before
    assert before <= 8
