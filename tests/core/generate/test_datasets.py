"""The files and accounts made from the demo town."""

import csv
from collections import Counter
from datetime import date

import pytest

from core.generate.accounts import accounts
from core.generate.datasets import write_datasets
from core.generate.rows import holds
from core.generate.town import CENSUS, PHUC_SON, TOWN, build_town

TODAY = date(2026, 11, 22)
MEMBER_HEADINGS = (
    "card_no,record_no,full_name,surname,middle_name,given_name,birth_date,sex,unit_code,unit_from,"
    "status,status_from,admitted_on,official_on,left_on,left_reason,temporary_unit_code,"
    "temporary_from,position,position_from"
)


@pytest.fixture(scope="module")
def town():
    """Return the town as it is on the day of the tests."""
    return build_town(seed=5, today=TODAY)


def read(path):
    """Read a table back."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(town, tmp_path):
    write_datasets(town, tmp_path / "first")
    write_datasets(build_town(seed=5, today=TODAY), tmp_path / "second")
    write_datasets(build_town(seed=6, today=TODAY), tmp_path / "other")
    for path in sorted((tmp_path / "first").iterdir()):
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()
    first, other = (tmp_path / name / "members.csv" for name in ("first", "other"))
    assert first.read_bytes() != other.read_bytes()


def test_the_headings_are_those_of_the_contract(town, tmp_path):
    write_datasets(town, tmp_path)
    heads = {path.stem: path.read_text("utf-8").splitlines()[0] for path in tmp_path.iterdir()}
    assert heads["members"] == MEMBER_HEADINGS
    assert heads["units"] == (
        "code,name,kind,parent_code,sector,valid_from,valid_to,decision_no,decision_date,"
        "is_grassroots"
    )
    assert heads["positions"] == (
        "card_no,record_no,full_name,birth_date,unit_code,position,from,to,how"
    )
    assert heads["lineage"] == "predecessor_code,successor_code,on,share,kind,decision_no"


def test_a_file_of_one_day_has_one_row_for_each_member_of_that_day(town, tmp_path):
    write_datasets(town, tmp_path, on=CENSUS)
    rows = read(tmp_path / "members.csv")
    parents = {row["code"]: row["parent_code"] for row in read(tmp_path / "units.csv")}
    assert len(rows) == sum(code in parents for code in town.homes_on(CENSUS).values())

    def is_in_town(code):
        while code in parents and code != TOWN:
            code = parents[code]
        return code == TOWN

    assert sum(is_in_town(row["unit_code"]) for row in rows) == 3485
    for row in rows:
        assert bool(row["card_no"]) == bool(row["official_on"])
        assert (row["status"] == "probationary") == (not row["official_on"])


def test_a_file_of_all_days_tells_each_change_once(town, tmp_path):
    write_datasets(town, tmp_path)
    rows = read(tmp_path / "members.csv")
    facts = {(r["full_name"], r["birth_date"], r["unit_from"], r["status_from"]) for r in rows}
    assert len(facts) == len(rows)
    left = [row for row in rows if row["status"] == "left"]
    assert len(left) == sum(row.status == "left" for row in town.statuses)
    assert all(row["left_on"] and row["left_reason"] for row in left)
    assert len(read(tmp_path / "units.csv")) == len(town.units)
    assert len(read(tmp_path / "positions.csv")) == len(town.positions)
    lasting = [r for r in town.affiliations if r.kind == "temporary" and holds(r, TODAY)]
    assert sum(bool(row["temporary_unit_code"]) for row in rows) == len(lasting)


def test_who_has_neither_card_nor_record_number_is_known_by_unit_name_and_birth(town, tmp_path):
    write_datasets(town, tmp_path, on=TODAY)
    rows = read(tmp_path / "members.csv")
    bare = [row for row in rows if not row["card_no"] and not row["record_no"]]
    known = Counter((row["unit_code"], row["full_name"], row["birth_date"]) for row in rows)
    assert bare
    assert set(known.values()) == {1}


def test_ever_and_open_are_left_empty(town, tmp_path):
    write_datasets(town, tmp_path)
    for path in tmp_path.iterdir():
        text = path.read_text("utf-8")
        assert "9999-12-31" not in text
        assert "0001-01-01" not in text


def test_there_is_an_account_for_each_who_works_with_the_program(town):
    rows = accounts(town)
    assert [row.role_key for row in rows] == [
        "branch_secretary",
        "branch_deputy",
        "member",
        "commune_staff",
        "committee_leader",
        "follower",
        "party_building",
        "province_organisation",
        "administrator",
        "auditor",
    ]
    assert len({row.username for row in rows}) == len(rows)
    assert len({row.member_key for row in rows}) == len(rows)
    statuses, units = town.statuses_on(TODAY), town.units_on(TODAY)
    assert {statuses[row.member_key] for row in rows} == {"official"}
    assert all(row.unit_code in units or row.unit_code == "ROOT" for row in rows)
    assert rows[0].unit_code == PHUC_SON


@pytest.mark.parametrize("seed", range(1, 4))
def test_every_seed_has_its_accounts(seed):
    assert len(accounts(build_town(seed=seed, today=TODAY))) == 10
