"""Export, import into an empty system, export again: not a byte differs."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.exchange.services import Report
from core.generate.datasets import write_datasets
from core.generate.town import Town, build_town
from core.members.models import Member, MemberListRow
from core.members.services import head_counts
from core.testing import TODAY, Counter, World

DATASETS = ("units", "lineage", "members", "positions")
HELD = ("meetings", "attendance")
CENSUS = date(2022, 10, 4)
SOME = ("C-18121-02", "C-18115-5", "A-18115-1", "T42-0", "T437-01")


@pytest.fixture(scope="session")
def town() -> Town:
    """The demo town."""
    return build_town(33, TODAY)


@pytest.fixture(scope="session")
def files(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo town as files."""
    folder = tmp_path_factory.mktemp("town")
    write_datasets(town, folder)
    return folder


@pytest.fixture(scope="session")
def some_files(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units of the town with the people of some branches."""
    folder = tmp_path_factory.mktemp("some")
    for name in ("units", "lineage"):
        shutil.copy(files / f"{name}.csv", folder)
    chosen: set[str] = set()
    for name in ("members", "positions"):
        with (files / f"{name}.csv").open(encoding="utf-8") as stream:
            rows = list(csv.reader(stream))
        heads, body = rows[0], rows[1:]
        at = {key: index for index, key in enumerate(heads)}
        if name == "members":
            chosen = {r[at["card_no"]] for r in body if r[at["unit_code"]].startswith(SOME)}
        kept = [r for r in body if r[at["card_no"]] in chosen and r[at["card_no"]]][:200]
        chosen = {r[at["card_no"]] for r in kept} if name == "members" else chosen
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([heads, *kept])
    return folder


def bring_all(
    hands: Any, folder: Path, ending: str = "csv", names: Sequence[str] = DATASETS
) -> dict[str, Report]:
    reports = {}
    for name in names:
        _record, reports[name] = hands.bring(name, folder / f"{name}.{ending}")
        assert not reports[name].problems, list(reports[name].problems.items())[:3]
    return reports


def take_all(
    hands: Any,
    folder: Path,
    unit: str = "ROOT",
    ending: str = "csv",
    names: Sequence[str] = DATASETS,
    **o: Any,
) -> Path:
    folder.mkdir()
    for name in names:
        hands.take(name, unit, ending, **o).rename(folder / f"{name}.{ending}")
    return folder


def same(one: Path, other: Path, ending: str = "csv", names: Sequence[str] = DATASETS) -> None:
    for name in names:
        first, second = (folder / f"{name}.{ending}" for folder in (one, other))
        assert first.read_bytes() == second.read_bytes(), name


def as_set(path: Path) -> set[tuple[str, ...]]:
    with path.open(encoding="utf-8") as stream:
        rows = [dict(row) for row in csv.DictReader(stream)]
    for row in rows:
        if "record_no" in row:  # kept without the dots that group it
            row["record_no"] = row["record_no"].replace(".", "")
    return {tuple(row.values()) for row in rows}


@pytest.mark.slow
def test_the_whole_town_comes_in_and_goes_out_as_it_was(
    world: World, hands: Any, files: Path, town: Town, tmp_path: Path, statements: Counter
) -> None:
    reports = bring_all(hands, files)
    assert reports["members"].created == reports["members"].rows > 8_000
    assert statements.count < 900, "statements must not follow the number of rows"
    out = take_all(hands, tmp_path / "out")
    for name in DATASETS:
        assert as_set(out / f"{name}.csv") == as_set(files / f"{name}.csv"), name
    with world.work(writing=False) as work:
        for code, day in (("D437", CENSUS), ("P42", CENSUS), ("Q42", TODAY), ("N18115", TODAY)):
            place = world.place(code, work)
            count = head_counts(work, place, on=day)[place.id].total
            assert count == town.head_counts(day)[code], (code, day)
        listed = work.session.scalar(
            sa.select(sa.func.count())
            .select_from(MemberListRow)
            .where(MemberListRow.ancestor_id == world.place("Q42", work).id)
        )
        assert listed == town.head_counts(TODAY)["Q42"]
    assert len(hands.rows("members", "D437", as_of=CENSUS)) == town.head_counts(CENSUS)["D437"]
    again = hands.bring("members", files / "members.csv")[1]
    assert (again.unchanged, again.rejected) == (again.rows, 0)


PARTS: tuple[tuple[str, date | None], ...] = (
    ("ROOT", None),
    ("D437", None),
    ("N18115", None),
    ("D437", CENSUS),
    ("Q42", TODAY),
)


@pytest.mark.slow
def test_a_subtree_goes_round_with_all_versions_or_those_of_a_day(
    hands: Any, some_files: Path, tmp_path: Path, elsewhere: Callable[[], Any]
) -> None:
    folders = [tmp_path / f"{unit}-{day}" for unit, day in PARTS]
    with elsewhere():
        bring_all(hands, some_files)
        for folder, (unit, day) in zip(folders, PARTS, strict=True):
            take_all(hands, folder, unit, as_of=day)
    for folder, (unit, day) in zip(folders, PARTS, strict=True):
        with elsewhere():
            bring_all(hands, folder)
            again = take_all(hands, tmp_path / f"again-{folder.name}", unit, as_of=day)
        same(folder, again)
        assert len((folder / "members.csv").read_text(encoding="utf-8").splitlines()) > 20


def hold_two_meetings(hands: Any, folder: Path) -> None:
    """Bring two meetings of a branch with everybody's attendance."""
    branch, days = SOME[0], ("2026-09-03", "2026-10-03")
    meeting = {"unit_code": branch, "kind": "branch", "regular": "yes", "thematic": "no"}
    meeting |= {"starts_at": "19:30", "ends_at": "21:05", "title": "Sinh hoạt “thường kỳ”"}
    rows = [{**meeting, "held_on": day, "for_month": f"{day[5:7]}/{day[:4]}"} for day in days]
    _record, report = hands.bring("meetings", rows)
    assert not report.problems
    with (folder / "members.csv").open(encoding="utf-8") as stream:
        lines = [row for row in csv.DictReader(stream) if row["unit_code"] == branch]
    cards = list(dict.fromkeys(row["card_no"] for row in lines if row["status"] == "official"))[:6]
    states = ("present", "late", "left_early", "online", "excused", "absent")
    marks = [
        {"unit_code": branch, "held_on": day, "kind": "branch", "card_no": card, "state": state,
         "reason": "health" if state == "excused" else ""}
        for day in days for card, state in zip(cards, states, strict=True)
    ]  # fmt: skip
    _record, report = hands.bring("attendance", marks)
    assert not report.problems, report.problems


# What another program does to a workbook does not depend on the database.
@pytest.mark.slow
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_workbooks_go_round_also_saved_by_libreoffice(
    hands: Any, some_files: Path, tmp_path: Path, elsewhere: Callable[[], Any]
) -> None:
    names = (*DATASETS, *HELD)
    with elsewhere():
        bring_all(hands, some_files)
        hold_two_meetings(hands, some_files)
        csv_files = take_all(hands, tmp_path / "csv", names=names)
        first = take_all(hands, tmp_path / "first", ending="xlsx", names=names)
    bring_all(hands, saved_by_libreoffice(first, tmp_path), "xlsx", names)
    same(csv_files, take_all(hands, tmp_path / "second", names=names), names=names)
    same(first, take_all(hands, tmp_path / "third", ending="xlsx", names=names), "xlsx", names)
    assert len((csv_files / "attendance.csv").read_text(encoding="utf-8").splitlines()) > 12


def saved_by_libreoffice(folder: Path, tmp_path: Path) -> Path:
    """Open and save each workbook with LibreOffice."""
    out = tmp_path / "saved"
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation={profile}",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(out),
            *(str(one) for one in sorted(folder.glob("*.xlsx"))),
        ],
        check=True,
        capture_output=True,
        timeout=110,
    )
    return out


def test_people_without_numbers_keep_their_history(
    hands: Any, ward: World, tmp_path: Path, elsewhere: Callable[[], Any]
) -> None:
    person = {
        "full_name": "Lê Văn Mới",
        "birth_date": "1999",
        "sex": "male",
        "admitted_on": "2026-01-05",
    }
    rows = [
        {**person, "unit_code": "B1", "unit_from": "2026-01-05", "status": "probationary",
         "status_from": "2026-01-05"},
        {**person, "unit_code": "B2", "unit_from": "2026-05-01", "status": "probationary",
         "status_from": "2026-01-05"},
    ]  # fmt: skip
    with elsewhere():
        _record, report = hands.bring("members", rows)
        assert (report.created, ward.rows(Member)) == (2, 1)
        first = hands.take("members")
        second = hands.bring("members", first)[1]
        assert second.unchanged == 2
    hands.bring("members", first)
    assert ward.rows(Member) == 1
    assert hands.take("members").read_bytes() == first.read_bytes()


def test_who_left_and_came_back_or_was_away_from_the_subtree_goes_round(
    hands: Any, ward: World, elsewhere: Callable[[], Any]
) -> None:
    one = {"card_no": "00000001", "full_name": "Trần Thị Về", "admitted_on": "2000-05-19"}
    rows = [
        {**one, "unit_code": "B1", "unit_from": "2000-05-19", "status": "official",
         "status_from": "2001-05-19"},
        {**one, "unit_code": "B3", "unit_from": "2010-01-01", "status": "official",
         "status_from": "2001-05-19"},
        {**one, "unit_code": "B2", "unit_from": "2015-01-01", "status": "official",
         "status_from": "2001-05-19"},
        {**one, "unit_code": "B2", "unit_from": "2015-01-01", "status": "left",
         "status_from": "2018-01-01", "left_on": "2018-01-01", "left_reason": "resigned"},
        {**one, "unit_code": "B1", "unit_from": "2022-02-02", "status": "probationary",
         "status_from": "2022-02-02"},
    ]  # fmt: skip
    with elsewhere():
        hands.bring("members", rows)
        first = hands.take("members", "W1")
    told = list(csv.DictReader(first.read_text(encoding="utf-8").splitlines()))
    assert [(row["unit_code"], row["unit_from"], row["status"]) for row in told] == [
        ("B1", "2000-05-19", ""),
        ("B1", "2000-05-19", "official"),
        ("", "2010-01-01", "official"),
        ("B2", "2015-01-01", "official"),
        ("B2", "2015-01-01", "left"),
        ("B1", "2022-02-02", "probationary"),
    ]
    _record, report = hands.bring("members", first)
    assert not report.problems
    assert hands.take("members", "W1").read_bytes() == first.read_bytes()
