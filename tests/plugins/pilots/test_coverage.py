"""Coverage, figures and the dataset: registered of eligible, recognised of registered."""

from __future__ import annotations

from datetime import date

import pytest

from core.exchange.registry import datasets_of
from core.exchange.services import import_source
from core.exchange.staging import JsonSource
from core.exchange.undoing import undo_import
from core.indicators.evaluation import Question, evaluate
from core.periods import Period
from core.testing import counted
from core.units.covering import AsOf
from core.units.services import transfer_unit
from plugins.pilots import services
from plugins.pilots.models import Registration

ROWS = [
    {
        "model_code": "four_good_branch",
        "unit_code": f"B{n}",
        "registered_on": "28/03/2024",
        **({"recognised_on": "15/12/2024"} if n < 3 else {}),
        **({"ended_on": "31/12/2024", "outcome": "completed"} if n == 4 else {}),
    }
    for n in range(1, 5)
]


def taken_in(town, rows, actor=None, unit="W"):
    """Import rows."""
    with town.work(actor or town.staff, unit) as work:
        return import_source(work, datasets_of(work)["pilot-registrations"], JsonSource(rows))


def given_out(town, unit="W"):
    """Export rows."""
    with town.work(town.staff, unit) as work:
        dataset = datasets_of(work)["pilot-registrations"]
        names = [column.key for column in dataset.columns(work)]
        return [dict(zip(names, row, strict=True)) for row in dataset.dump(work, work.unit, None)]


def figure(town, key, period, subject=None, unit="W", kind=None):
    """Return numerator and denominator of a figure."""
    with town.world.work(writing=False) as work:
        question = Question(
            unit=town.world.place(unit, work),
            period=Period.parse(period),
            subject=subject,
            kind=kind,
        )
        [found] = evaluate(work, [f"pilots.{key}"], question)
        return found.numerator, found.denominator


def test_registrations_come_in_go_out_and_come_in_again_unchanged(town) -> None:
    record, report = taken_in(town, ROWS)
    assert (report.created, report.rejected) == (4, 0)
    _again, report = taken_in(town, given_out(town))
    assert (report.unchanged, report.rejected) == (4, 0)
    [first, *_rest] = given_out(town)
    assert first["unit_code"] == "B1"
    assert first["recognised_on"] == date(2024, 12, 15)
    with town.work(town.staff, "W") as work:
        assert undo_import(work, work.session.merge(record)) == []
    assert given_out(town) == []


def test_a_later_file_adds_the_recognition_to_what_is_stored(town) -> None:
    taken_in(town, ROWS)
    _record, report = taken_in(town, [{**ROWS[2], "recognised_on": "2025-01-10"}])
    assert report.updated == 1
    assert town.world.rows(Registration) == 4


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"model_code": "nothing"}, "model_code"),
        ({"model_code": "secretary_chairs_council"}, "model_code"),
        ({"unit_code": "Y1"}, "unit_code"),
        (
            {"registered_on": "01/01/2030", "ended_on": None, "outcome": None},
            "registered_on",
        ),
        ({"recognised_on": "01/01/2020"}, "recognised_on"),
        ({"recognised_on": "01/01/2030"}, "recognised_on"),
        ({"ended_on": "01/01/2020"}, "ended_on"),
        ({"outcome": "danced"}, "outcome"),
    ],
)
def test_a_row_that_is_wrong_is_rejected_with_its_column(town, changes, column) -> None:
    row = {name: value for name, value in {**ROWS[3], **changes}.items() if value}
    _record, report = taken_in(town, [row])
    assert report.rejected == 1
    assert [name for found in report.problems.values() for name, _why in found] == [column]


def test_a_unit_where_the_module_is_off_takes_no_rows_and_counts_nowhere(town) -> None:
    taken_in(town, ROWS)
    town.world.switch("pilots", "B1", on=False)
    _record, report = taken_in(town, ROWS[:1])
    assert report.rejected == 1
    assert figure(town, "registered", "2024") == (3, 1)


def test_figures_count_who_took_part_in_the_period_and_who_was_recognised_by_its_end(town) -> None:
    taken_in(town, ROWS)
    assert figure(town, "registered", "2024") == (4, 1)
    assert figure(town, "recognised", "2024") == (2, 1)
    assert figure(town, "registered", "2023") == (0, 1)
    assert figure(town, "registered", "2025") == (3, 1)
    assert figure(town, "recognised", "2024-Q3") == (0, 1)
    assert figure(town, "registered", "2024", "four_good_org") == (0, 1)
    assert figure(town, "registered", "2024", kind="branch") == (4, 1)
    assert figure(town, "coverage_rate", "2024", "four_good_branch") == (4, 6)
    assert figure(town, "recognised_rate", "2024", "four_good_branch") == (2, 4)


def test_a_unit_in_one_model_year_after_year_counts_once(town) -> None:
    taken_in(town, ROWS)
    taken_in(town, [{**row, "registered_on": "20/03/2025"} for row in ROWS[2:3]])
    assert figure(town, "registered", "2024..2025") == (4, 1)


def test_posts_held_together_are_counted_and_not_registered(town) -> None:
    assert figure(town, "registered", "2026", "secretary_chairs_council", "P") == (0, 1)
    town.world.position(town.leader, "chairs_peoples_council", "W")
    assert figure(town, "registered", "2026", "secretary_chairs_council", "P") == (1, 1)
    assert figure(town, "coverage_rate", "2026", "secretary_chairs_council", "P") == (1, 2)
    assert figure(town, "registered", "2024", "secretary_chairs_council", "P") == (0, 1)
    with town.world.work(unit="P", writing=False) as work:
        models = services.models_in(work)
        found = services.reaches(work, models, Period.of_year(2026))
        assert found["secretary_chairs_council"].of_eligible == "1/2 (50%)"


def test_coverage_by_unit_level_and_period_agrees_with_the_figures(town) -> None:
    taken_in(town, ROWS)
    year = Period.of_year(2024)
    with town.world.work(unit="P", writing=False) as work:
        model = services.access_model(work, "four_good_branch")
        lines = services.reach_by_child(work, model, year)
        assert [(x.code, x.reach.eligible, x.reach.registered, x.reach.recognised) for x in lines] \
            == [("W", 6, 4, 2), ("X", 1, 0, 0)]  # fmt: skip
        [level] = services.reach_by_level(work, model, year)
        assert (level.key, level.reach.registered) == ("branch", 4)
        years = [Period.of_year(n) for n in (2023, 2024, 2025, 2027)]
        by_year = services.reach_by_period(work, model, years)
        assert [reach.registered for reach in by_year] == [0, 4, 3]
        whole = services.reaches(work, services.models_in(work), year)["four_good_branch"]
        assert (whole.of_eligible, whole.of_registered) == ("4/7 (57,1%)", "2/4 (50%)")


def test_coverage_stands_with_the_units_of_then_or_of_today_and_as_of_a_day(town) -> None:
    taken_in(town, ROWS)
    with town.world.work() as work:
        branch, ward = town.world.place("B1", work), town.world.place("X", work)
        transfer_unit(work, branch, parent=ward, on=date(2026, 1, 1))

    def lines(as_of):
        with town.world.work(unit="P", writing=False) as work:
            model, year = services.access_model(work, "four_good_branch"), Period.of_year(2024)
            found = services.reach_by_child(work, model, year, as_of)
            whole = services.reaches(work, {model.code: model}, year, as_of)[model.code]
            [past] = services.reach_by_period(work, model, [year], as_of)
            assert past == whole
            assert sum(line.reach.registered for line in found) == whole.registered
            return {x.code: (x.reach.eligible, x.reach.registered) for x in found}

    assert lines(AsOf()) == {"W": (6, 4), "X": (1, 0)}
    assert lines(AsOf(restated=True)) == {"W": (5, 3), "X": (2, 1)}
    assert lines(AsOf(date(2024, 3, 1))) == {"W": (6, 0), "X": (1, 0)}
    page = town.world.browser(town.world.account("province_organisation", "P"))
    address = "/u/P/pilots/models/four_good_branch"
    then = page.get(f"{address}?as_of=01/04/2024").get_data(as_text=True)
    assert "01/04/2024" in then
    assert "4/6 (66,7%)" in then
    assert "3/5 (60%)" in page.get(f"{address}?year=2024&restated=1").get_data(as_text=True)
    assert "4/7 (57,1%)" in page.get("/u/P/pilots/?as_of=01/04/2024").get_data(as_text=True)
    told = page.get("/api/v1/pilots/models/four_good_branch/reach?unit=P&as_of=2024-04-01")
    assert [row["registered"] for row in told.get_json()["items"]] == [4, 0], told.get_json()


def test_somebody_of_one_ward_sees_its_coverage_only(town) -> None:
    taken_in(town, ROWS)
    other = town.world.account("commune_staff", "X")
    with town.work(other, "X") as work:
        model = services.access_model(work, "four_good_branch")
        [line] = services.reach_by_child(work, model, Period.of_year(2024))
        assert (line.reach.eligible, line.reach.registered) == (1, 0)


def test_the_register_takes_the_same_statements_for_any_number_of_units(town, backend) -> None:
    def asked():
        with (
            town.world.work(town.staff, "W", writing=False) as work,
            counted(backend.database.engine) as counter,
        ):
            services.reaches(work, services.models_in(work), Period.of_year(2024))
            services.list_registrations(work)
        return counter.count

    before = asked()
    taken_in(town, ROWS)
    assert asked() <= before + 3
    assert asked() <= 12
