"""What is remembered of figures is what would be reckoned, whatever happened since."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.changes import Change
from core.indicators import reaching, remembering
from core.indicators.evaluation import Question, evaluate
from core.indicators.question import EVERYTHING, Narrowed
from core.indicators.reckoning import reckon
from core.indicators.registry import registry_of
from core.jobs.housekeeping import tidy
from core.members.listing import refresh_members
from core.members.models import Affiliation, MemberStatus
from core.members.services import access_member, transfer_home
from core.members.services.statuses import leave
from core.periods import Period
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.services import Draft, apply_plan, approve_plan, draft_plan, submit_plan
from core.testing import Counter, UnitLine, World, counted
from core.units.services import transfer_unit
from tests.environment.settling import Settle
from tests.environment.systems import KINDS, committing_system, copied_system

KEYS = ("members.count", "members.official", "members.left", "units.count", "units.branches")
PERIODS = ("2025", "2026", "2026-Q1", "2026-06", "2026-10", "2026-11")


def build_province(world: World) -> list[Any]:
    """Write three communes with two branches each, and people in them."""
    world.unit("P", "province")
    for commune in ("W1", "W2", "W3"):
        world.unit(commune, "commune", "P")
        world.units(*(UnitLine(f"{commune}{end}", "branch", commune) for end in "AB"))
    return [
        world.member(f"{commune}{end}", since=date(2024, 1, 1))
        for commune in ("W1", "W2", "W3")
        for end in "AB"
        for _one in range(3)
    ]


@pytest.fixture(scope="module")
def settle() -> Settle:
    """Each test begins with it."""
    return build_province


@pytest.fixture
def people(anew: Any) -> list[Any]:
    """The people of the province."""
    found: list[Any] = anew.things
    return found


@pytest.fixture(autouse=True)
def _every_unit_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "FEW", 0)


@pytest.fixture(params=["named", "not named"])
def _named_or_not(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "not named":
        monkeypatch.setattr(reaching, "MOST_NAMED", 0)


OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"by": "child"},
    {"by": "level"},
    {"series": True},
    {"restated": True},
    {"as_of": date(2026, 3, 1), "by": "child"},
)


def questions(world: World, work: Any) -> list[Question]:
    """Ask a few of the things that pages ask, the same ones again and again."""
    chance = random.Random(7)
    every = [(code, period, more) for code in ("P", "W1") for period in PERIODS for more in OPTIONS]
    return [
        Question(world.place(code, work), Period.parse(period), **more)
        for code, period, more in chance.sample(every, 6)
    ]


def sums(rows: Sequence[Any]) -> dict[Any, Any]:
    """Return what is not nothing, by part and group."""
    found = {(row[0], row[1]): tuple(float(value or 0) for value in row[2:]) for row in rows}
    return {key: values for key, values in found.items() if any(values)}


def check(world: World, *, alone: bool = False) -> None:
    """Compare every answer with a fresh one; in the end with one for each figure by itself.

    One statement for several says once where facts stand, which is most of what making it takes.
    """
    with world.work(writing=False) as work:
        indicators = [registry_of(work)[key] for key in KEYS]
        for question in questions(world, work):
            given = remembering.answers(work, indicators, question)
            fresh = (
                [rows for one in indicators for rows in reckon(work, [one], question)]
                if alone
                else reckon(work, indicators, question)
            )
            for indicator, rows, reckoned in zip(indicators, given, fresh, strict=True):
                assert sums(rows) == sums(reckoned), (indicator.key, question)


def move(world: World, chance: random.Random, people: list[Any]) -> None:
    """Let somebody go to another branch, on a day of the past."""
    with world.work() as work:
        member = access_member(work, chance.choice(people).id)
        to = world.place(chance.choice(("W1A", "W1B", "W2A", "W2B", "W3A", "W3B")), work)
        if to.id != member.unit_id and member.status != "left":
            day = date(2026, 1, 1) + timedelta(days=chance.randrange(300))
            stays = work.session.scalars(
                sa.select(Affiliation.valid_from).where(Affiliation.member_id == member.id)
            ).all()
            if stays and day > max(stays):
                transfer_home(work, member, to, since=day)


def go(world: World, chance: random.Random, people: list[Any]) -> None:
    """Let somebody leave the Party."""
    with world.work() as work:
        member = access_member(work, chance.choice(people).id)
        if member.status != "left":
            leave(work, member, "resigned", on=work.today, decision_no="1")


def come(world: World, chance: random.Random, people: list[Any]) -> None:
    """Let somebody new be there since a day."""
    since = date(2025, 1, 1) + timedelta(days=chance.randrange(600))
    people.append(world.member(chance.choice(("W1A", "W2B", "W3A")), since=since))


def by_hand(world: World, chance: random.Random, people: list[Any]) -> None:
    """Let an administrator write past every service, telling nobody."""
    with world.work() as work:
        member = chance.choice(people)
        for statement in (
            sa.update(MemberStatus)
            .where(MemberStatus.member_id == member.id, MemberStatus.status == "official")
            .values(status="probationary"),
            sa.update(Affiliation)
            .where(Affiliation.member_id == member.id)
            .values(unit_id=world.place(chance.choice(("W1B", "W2A")), work).id),
            sa.delete(Affiliation).where(Affiliation.member_id == member.id),
        )[: chance.randint(1, 3)]:
            work.session.execute(statement.execution_options(synchronize_session=False))


def reorganise(world: World, chance: random.Random, people: list[Any]) -> None:
    """Let a branch stand elsewhere from a day on."""
    with world.work() as work:
        branch = world.place(chance.choice(("W1A", "W2B", "W3B")), work)
        commune = world.place(chance.choice(("W1", "W2", "W3")), work)
        if branch.parent_id != commune.id and branch.valid_from < work.today:
            transfer_unit(work, branch, parent=commune, on=work.today)


ACTS = (move, move, go, come, by_hand, reorganise)


@pytest.mark.usefixtures("_named_or_not")
@pytest.mark.parametrize("seed", range(2))
def test_after_any_act_an_answer_is_what_would_be_reckoned(
    world: World, people: list[Any], seed: int
) -> None:
    chance = random.Random(seed)
    check(world)
    for turn in range(5):
        chance.choice(ACTS)(world, chance, people)
        check(world, alone=turn == 4)


def test_what_divided_units_did_is_remembered_rightly_too(world: World, people: list[Any]) -> None:
    with world.work() as work:
        leave(
            work,
            access_member(work, people[0].id),
            "resigned",
            on=date(2026, 2, 1),
            decision_no="1",
        )
        link = [Link("W1A", code, None, is_main=code == "E1") for code in ("E1", "E2")]
        new = (NewUnit("E1", "Chi bộ E1"), NewUnit("E2", "Chi bộ E2"))
        homes = {people[1].id: "E1", people[2].id: "E2"}
        operation = Operation("divide", links=tuple(link), new=new)
        plan, found = draft_plan(
            work, Draft(date(2026, 7, 1), (operation,), decision_no="1", members=homes)
        )
        assert found.sentences == []
        submit_plan(work, plan)
        approve_plan(work, plan)
        apply_plan(work, plan)
    check(world)
    with world.work() as work:
        transfer_home(
            work, access_member(work, people[1].id), world.place("W2A", work), since=work.today
        )
    check(world, alone=True)


def asked(world: World, actor: Any = None, unit: str = "P", **more: Any) -> list[Any]:
    """Ask how many members there are, by commune."""
    with world.work(actor, writing=False) as work:
        question = Question(world.place(unit, work), Period.parse("2026-10"), **more)
        return [(one.group, one.value) for one in evaluate(work, ["members.count"], question)]


def test_no_fact_is_read_again_while_nothing_changes(committed: World, statements: Counter) -> None:
    first = asked(committed, by="child")
    before = statements.count
    assert asked(committed, by="child") == first
    read = [one for one in statements.statements[before:] if "core_affiliation" in one]
    assert read == []


def test_after_a_change_only_its_commune_is_reckoned(
    committed: World, statements: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[Any] = []

    def watched_reckon(
        work: Any, indicators: Any, question: Any, narrowed: Narrowed = EVERYTHING
    ) -> Any:
        again.extend(narrowed.groups for _one in indicators)
        return reckon(work, indicators, question, narrowed)

    monkeypatch.setattr(remembering, "reckon", watched_reckon)
    assert asked(committed, by="child") == [("W1", 6), ("W2", 6), ("W3", 6)]
    committed.member("W2A", since=date(2026, 1, 1))
    assert asked(committed, by="child") == [("W1", 6), ("W2", 7), ("W3", 6)]
    with committed.work() as work:
        communes = {work.unit.id: "?"} | {
            committed.place(code, work).id: code for code in ("P", "W1", "W2", "W3")
        }
    assert [None if one is None else {communes[key] for key in one} for one in again] == [
        None,
        {"P", "W2"},
    ]
    committed.member("W2A", since=date(2026, 11, 1))  # after the month that was asked for
    assert asked(committed, by="child") == [("W1", 6), ("W2", 7), ("W3", 6)]
    assert len(again) == 2


def test_of_a_year_only_the_months_since_the_change_are_reckoned(
    committed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def year() -> list[Any]:
        with committed.work(writing=False) as work:
            question = Question(committed.place("P", work), Period.parse("2026"), series=True)
            return [one.value for one in evaluate(work, ["members.count"], question)]

    assert year() == [18] * 12
    again: list[Any] = []

    def watched_reckon(
        work: Any, indicators: Any, question: Any, narrowed: Narrowed = EVERYTHING
    ) -> Any:
        again.extend(narrowed.parts for _one in indicators)
        return reckon(work, indicators, question, narrowed)

    monkeypatch.setattr(remembering, "reckon", watched_reckon)
    committed.member("W2A", since=date(2026, 9, 15))
    assert year() == [18] * 8 + [19] * 4
    assert again == [(8, 9, 10, 11)]


def test_who_has_fewer_rights_is_never_told_what_others_were(committed: World) -> None:
    reader = committed.account("province_organisation", "W2")
    assert asked(committed, unit="W2") == [(None, 6)]
    assert asked(committed, reader, "W2") == [(None, 6)]
    with committed.work() as work:
        branch, commune = committed.place("W1A", work), committed.place("W2", work)
        transfer_unit(work, branch, parent=commune, on=date(2026, 11, 5))
    assert asked(committed, unit="P", by="child") == [("W1", 6), ("W2", 6), ("W3", 6)]
    assert asked(committed, reader, "W2", as_of=date(2026, 10, 31)) == [(None, 6)]
    assert asked(committed, reader, "W2", as_of=date(2026, 11, 6)) == [(None, 9)]
    assert asked(committed, unit="W2", as_of=date(2026, 11, 6)) == [(None, 9)]


def test_an_act_that_writes_reckons_what_it_wrote(committed: World) -> None:
    assert asked(committed) == [(None, 18)]
    with committed.work() as work:
        place = committed.place("P", work)
        member_id = work.session.scalars(sa.select(Affiliation.member_id).limit(1)).one()
        work.session.execute(sa.delete(Affiliation).where(Affiliation.member_id == member_id))
        question = Question(place, Period.parse("2026-10"))
        assert evaluate(work, ["members.count"], question)[0].value == 17
        refresh_members(work, [member_id])
    assert asked(committed) == [(None, 17)]


def test_one_who_commits_late_is_not_missed(committed: World) -> None:
    assert asked(committed) == [(None, 18)]
    with committed.system.database.session(writing=True) as late:
        unit_id = late.scalars(sa.select(Affiliation.unit_id).limit(1)).one()
        late.execute(sa.delete(Affiliation).where(Affiliation.unit_id == unit_id))
        late.flush()
        assert asked(committed) == [(None, 18)]  # asked, and told again later
        if committed.system.database.is_postgresql:
            with committed.work() as work:  # somebody else comes and goes meanwhile
                other = sa.select(Affiliation.member_id).where(Affiliation.unit_id != unit_id)
                someone = work.session.scalars(other.limit(1)).one()
                work.session.execute(sa.delete(Affiliation).where(Affiliation.member_id == someone))
            assert asked(committed) == [(None, 17)]
        late.commit()
    assert asked(committed) == [(None, 14 if committed.system.database.is_postgresql else 15)]


def test_after_very_many_changes_everything_is_reckoned(
    committed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(committed, by="child") == [("W1", 6), ("W2", 6), ("W3", 6)]
    monkeypatch.setattr("core.changes.MOST_TOLD", 1)
    for code in ("W1A", "W2A", "W3A"):
        committed.member(code, since=date(2026, 1, 1))
    assert asked(committed, by="child") == [("W1", 7), ("W2", 7), ("W3", 7)]


def test_only_so_much_is_remembered(
    committed: World, statements: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembering, "MOST_KEPT", 2)
    asked(committed, by="child")
    asked(committed, unit="W1", by="child")  # more would be kept than may be: the first goes
    before = statements.count
    assert asked(committed, by="child") == [("W1", 6), ("W2", 6), ("W3", 6)]
    assert any("core_affiliation" in one for one in statements.statements[before:])


def test_an_old_answer_is_not_believed(
    committed: World, statements: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(committed)
    monkeypatch.setattr(remembering, "BELIEVED", -timedelta(1))
    before = statements.count
    asked(committed)
    assert any("core_affiliation" in one for one in statements.statements[before:])


def test_changes_are_swept_after_days_and_keys_never_come_again(committed: World) -> None:
    with committed.work() as work:
        work.session.execute(sa.update(Change).values(written_on=date(2020, 1, 1)))
        last = work.session.scalar(sa.select(sa.func.max(Change.id)))
    committed.member("W1A")
    with committed.work() as work:
        tidy(work, {})
        kept = work.session.scalars(sa.select(Change)).all()
        assert kept != []
        assert all(one.written_on > date(2020, 1, 1) and one.id > (last or 0) for one in kept)


@pytest.fixture(scope="module", params=KINDS)
def original(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[World]:
    """The province in a system whose acts really commit, so that each has a number of its own."""
    folder = tmp_path_factory.mktemp("remembering")
    with committing_system(request.param, folder, "remembering") as system:
        world = World(system, None)
        build_province(world)
        yield world


@pytest.fixture
def committed(original: World, tmp_path: Path) -> Iterator[World]:
    """A copy of it."""
    with copied_system(original.system, tmp_path, "remembering_copy") as system:
        yield replace(original, system=system)


@pytest.fixture
def statements(committed: World) -> Iterator[Counter]:
    """Count the statements of the system that commits."""
    with counted(committed.system.database.engine) as counter:
        yield counter
