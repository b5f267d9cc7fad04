"""Whom the rows of a dataset mean."""

from __future__ import annotations

from datetime import date

from core.members.services import Identity, match_members, transfer_home
from core.testing import World, counted

BORN = date(1960, 5, 19)


def match(ward: World, *rows):
    with ward.work(writing=False) as work:
        return match_members(work, rows)


def test_the_card_number_decides_however_it_is_written(ward: World):
    member = ward.member("A", card_no="12345678")
    found = match(ward, Identity(card_no="12.345.678", full_name="Somebody else"))
    assert (found[0].member_id, found[0].unit_id) == (member.id, member.unit_id)


def test_without_a_card_the_record_number_decides(ward: World):
    member = ward.member("A", status="probationary", record_no="HT000123")
    rows = [
        Identity(record_no="HT000123"),
        Identity(card_no="99999999", record_no="HT000123"),  # the card is new
    ]
    assert [m.member_id for m in match(ward, *rows)] == [member.id, member.id]


def test_without_numbers_unit_name_and_birth_date_decide(ward: World):
    member = ward.member(
        "A", "Nguyễn Văn Hòa", birth_date=BORN, status="probationary", record_no="mine"
    )
    unit = ward.place("A").id
    year = {"birth_date": date(1960, 1, 1), "birth_precision": "year"}
    rows = [
        ({"full_name": "Nguyễn Văn Hòa", "birth_date": BORN}, True),
        ({"full_name": "nguyễn văn hoà", "birth_date": BORN}, True),
        ({"full_name": "Nguyễn Văn Hoa", "birth_date": BORN}, False),
        ({"full_name": "Nguyễn Văn Hòa", "birth_date": date(1961, 5, 19)}, False),
        ({"full_name": "Nguyễn Văn Hòa", "birth_date": None}, False),
        ({"full_name": "Nguyễn Văn Hòa", **year}, True),
        ({"full_name": "Nguyễn Văn Hòa", "birth_date": BORN, "card_no": "55555555"}, True),
        ({"full_name": "Nguyễn Văn Hòa", "birth_date": BORN, "record_no": "other"}, False),
    ]
    found = match(ward, *(Identity(unit_id=unit, **row) for row, _hit in rows))
    assert [m.member_id == member.id for m in found] == [hit for _row, hit in rows]


def test_the_unit_is_any_at_which_the_person_ever_was(ward: World, acting):
    member = ward.member("A", birth_date=BORN, since=date(2010, 1, 1))
    with acting(member) as (work, found):
        transfer_home(work, found, ward.place("B", work), since=date(2026, 1, 1))
    units = {code: ward.place(code).id for code in "ABC"}
    rows = [
        Identity(full_name="Nguyễn Văn An", birth_date=BORN, unit_id=units[code]) for code in "ABC"
    ]
    assert [m.member_id for m in match(ward, *rows)] == [member.id, member.id, None]


def test_two_hits_are_rejected_with_a_reason(ward: World):
    ward.member("A", birth_date=BORN)
    ward.member("A", birth_date=BORN)
    unit = ward.place("A").id
    found = match(ward, Identity(full_name="Nguyễn Văn An", birth_date=BORN, unit_id=unit))[0]
    assert found.member_id is None
    assert "Nguyễn Văn An" in found.problem


def test_a_different_card_is_another_person(ward: World):
    ward.member("A", birth_date=BORN, card_no="11111111")
    row = Identity(
        card_no="22222222",
        full_name="Nguyễn Văn An",
        birth_date=BORN,
        unit_id=ward.place("A").id,
    )
    assert match(ward, row)[0].member_id is None


def test_any_number_of_rows_takes_a_handful_of_statements(ward: World):
    for number in range(30):
        ward.member("A", f"Nguyễn Văn {chr(65 + number % 26)}", birth_date=BORN)
    unit = ward.place("A").id
    rows = [
        Identity(full_name=f"Nguyễn Văn {chr(65 + number % 26)}", birth_date=BORN, unit_id=unit)
        for number in range(600)
    ]
    with ward.work(writing=False) as work, counted(ward.system.database.engine) as counter:
        match_members(work, rows)
    assert counter.count <= 4
