"""Numbers: by body, kind and term, from 01, without gaps, also when many act at once."""

import threading
from datetime import date

import pytest

from core.access.principal import operator
from core.documents.models import Document, DocumentCounter
from core.documents.services import (
    continue_after,
    issue_document,
    last_number,
    list_documents,
    reserve_number,
    series_for,
    term_of,
    void_document,
)
from core.errors import RuleBroken
from core.units.services import VersionFacts, establish_unit


def test_numbers_begin_with_01_and_have_code_of_kind_and_body(issue):
    assert [issue().code for _ in range(3)] == ["01-NQ/CB", "02-NQ/CB", "03-NQ/CB"]


def test_each_kind_has_its_own_series(issue):
    assert issue().code == "01-NQ/CB"
    assert issue(kind="notice").code == "01-TB/CB"
    assert issue(kind="minutes").code == "01-BB/CB"
    assert issue(kind="ballot_count").code == "02-BB/CB", "both are minutes in the register"


def test_each_unit_and_each_body_of_a_unit_has_its_own_series(issue):
    assert issue("B1").code == issue("B2").code == "01-NQ/CB"
    assert issue("W1", body_code="ĐU").code == "01-NQ/ĐU"
    assert issue("W1", body_code="UBKTĐU").code == "01-NQ/UBKTĐU"


def test_a_kind_without_a_number_is_kept_without(issue):
    document = issue(kind="attendance_sheet")
    assert (document.code, document.number, document.term_from) == ("", None, None)


@pytest.mark.parametrize(
    ("unit", "day", "start", "following"),
    [
        ("B1", date(2025, 1, 1), date(2025, 1, 1), date(2027, 7, 1)),
        ("B1", date(2027, 6, 30), date(2025, 1, 1), date(2027, 7, 1)),
        ("B1", date(2027, 7, 1), date(2027, 7, 1), date(2030, 1, 1)),
        ("B1", date(2024, 12, 31), date(2022, 7, 1), date(2025, 1, 1)),
        ("W1", date(2029, 12, 31), date(2025, 1, 1), date(2030, 1, 1)),
        ("W1", date(2020, 5, 1), date(2020, 1, 1), date(2025, 1, 1)),
    ],
)
def test_terms_follow_one_another_from_the_day_that_is_set(ward, unit, day, start, following):
    with ward.work(unit=unit, writing=False) as work:
        assert term_of(work, work.unit, day) == (start, following)


def test_a_grassroots_branch_has_terms_of_five_years(ward):
    ward.unit("B3", "branch", "W1", is_grassroots=True)
    with ward.work(unit="B3", writing=False) as work:
        assert term_of(work, work.unit, date(2026, 1, 1))[1] == date(2030, 1, 1)


def test_a_unit_s_own_length_and_first_day_of_the_term_win(ward):
    ward.unit("B3", "branch", "W1", term_months=24)
    ward.give("core.documents.term_from", "2025-05-31", "B3")
    with ward.work(unit="B3", writing=False) as work:
        assert term_of(work, work.unit, date(2026, 1, 1)) == (date(2025, 5, 31), date(2027, 5, 31))


def test_a_term_that_begins_on_the_31st_begins_on_the_last_day_of_a_shorter_month(ward):
    ward.give("core.documents.term_from", "2025-08-31", "B1")
    with ward.work(unit="B1", writing=False) as work:
        assert term_of(work, work.unit, date(2025, 9, 1))[1] == date(2028, 2, 29)


def test_numbers_begin_again_in_a_new_term(issue):
    assert issue(day=date(2025, 12, 1)).code == "01-NQ/CB"
    assert issue(day=date(2024, 6, 1)).code == "01-NQ/CB"
    assert issue(day=date(2026, 1, 5)).code == "02-NQ/CB"


def test_a_paper_may_bear_a_number_already_and_the_next_follows_it(issue):
    assert issue(number=7).code == "07-NQ/CB"
    assert issue().code == "08-NQ/CB"
    assert issue(number=3).code == "03-NQ/CB", "typed in later from paper"
    assert issue().code == "09-NQ/CB"


def test_a_number_is_given_once(issue):
    issue(number=7)
    with pytest.raises(RuleBroken, match="07-NQ/CB"):
        issue(number=7)
    assert issue().code == "08-NQ/CB"


def test_a_voided_number_stays_used(ward, issue):
    first = issue()
    with ward.work(unit="B1") as work:
        void_document(work, work.session.merge(first), reason="sai trích yếu")
    assert issue().code == "02-NQ/CB"
    with pytest.raises(RuleBroken):
        issue(number=1)


def test_an_act_that_is_refused_gives_its_number_back(ward, issue, paper):
    def issue_and_refuse() -> None:
        with ward.work(unit="B1") as work:
            assert issue_document(work, paper).code == "01-NQ/CB"
            raise RuleBroken("something else is wrong")

    with pytest.raises(RuleBroken):
        issue_and_refuse()
    assert issue().code == "01-NQ/CB"


def test_a_register_that_began_on_paper_goes_on_after_its_last_number(ward, issue):
    with ward.work(unit="B1") as work:
        series = continue_after(work, kind="resolution", last=12)
        assert last_number(work, series) == 12
    assert issue().code == "13-NQ/CB"
    with pytest.raises(RuleBroken), ward.work(unit="B1") as work:
        continue_after(work, kind="resolution", last=5)
    with pytest.raises(RuleBroken), ward.work(unit="B1") as work:
        continue_after(work, kind="slips", last=5)


def test_a_reserved_number_becomes_the_paper(ward, issue, paper):
    with ward.work(unit="B1") as work:
        kept = reserve_number(work, kind="resolution", subject="về kết nạp", day=date(2026, 11, 1))
        assert (kept.code, kept.state, kept.paper) == ("01-NQ/CB", "draft", None)
    assert issue().code == "02-NQ/CB"
    with ward.work(unit="B1") as work:
        document = issue_document(work, paper, reserved=work.session.merge(kept))
        assert (document.code, document.state) == ("01-NQ/CB", "issued")
        assert document.paper["number"] == 1
        with pytest.raises(RuleBroken):
            issue_document(work, paper, reserved=document)


def test_a_kind_that_bears_no_number_has_no_series(ward):
    with ward.work(unit="B1", writing=False) as work:
        assert series_for(work, work.unit, "slips", date(2026, 1, 1)) is None


def test_many_at_once_get_each_number_once_and_leave_no_gap(real):
    threads, each = 6, 5
    with real.opener.as_system(operator("test"), writing=True) as work:
        facts = VersionFacts(name="Chi bộ 1", kind="branch", parent_id=work.unit.id)
        establish_unit(work, code="B1", facts=facts)
    begin = threading.Barrier(threads)
    problems: list[BaseException] = []

    def act(number: int) -> None:
        begin.wait()
        for turn in range(each):
            try:
                with real.opener.as_system(operator("t"), writing=True, unit_code="B1") as work:
                    reserve_number(work, kind="notice", subject=f"{number}.{turn}")
                    if turn == 2:
                        void_document(work, Document(state="voided"), reason="given back")
            except RuleBroken:
                continue
            except BaseException as error:
                problems.append(error)
                raise

    running = [threading.Thread(target=act, args=(n,)) for n in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    assert problems == []
    with real.opener.as_system(operator("test"), writing=False, unit_code="B1") as work:
        numbers = sorted(document.number for document in list_documents(work, limit=100))
        counter = work.session.query(DocumentCounter).one()
    assert numbers == list(range(1, threads * (each - 1) + 1))
    assert counter.last == numbers[-1]
