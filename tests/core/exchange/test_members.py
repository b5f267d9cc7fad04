"""Importing members and positions: identity, history, what is refused, undo."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from core.access.models import Role
from core.errors import Forbidden, NotFound
from core.exchange.models import Import, ImportRow
from core.ledger.models import LedgerPayload, LedgerRow
from core.ledger.verifying import verify
from core.members.models import Affiliation, Member, MemberListRow, MemberStatus, Position
from core.members.services import transfer_home
from core.testing import Counter, World
from core.units.services import Decision, Successor, terminate_unit

AN = {
    "card_no": "00000001",
    "full_name": "Nguyễn Văn An",
    "birth_date": "1960-02-03",
    "sex": "male",
    "unit_code": "B1",
    "admitted_on": "1985-05-19",
    "official_on": "1986-05-19",
}


def reasons(report: Any) -> dict[int, list[str | None]]:
    return {number: [column for column, _s in found] for number, found in report.problems.items()}


def one(world: World, name: str = "Nguyễn Văn An") -> Member:
    with world.work(writing=False) as work:
        return work.session.scalars(sa.select(Member).where(Member.full_name == name)).one()


def homes(world: World, member: Member) -> list[tuple[date, date]]:
    with world.work(writing=False) as work:
        rows = work.session.execute(
            sa.select(Affiliation.valid_from, Affiliation.valid_to)
            .where(Affiliation.member_id == member.id, Affiliation.kind == "home")
            .order_by(Affiliation.valid_from)
        )
        return [tuple(row) for row in rows]


def test_one_row_is_enough_for_a_new_member(hands: Any, ward: World) -> None:
    report = hands.bring("members", [AN])[1]
    assert (report.created, report.problems) == (1, {})
    member = one(ward)
    assert (member.surname, member.middle_name, member.given_name) == ("Nguyễn", "Văn", "An")
    assert (member.status, member.birth_precision) == ("official", "day")
    with ward.work(writing=False) as work:
        statuses = work.session.execute(
            sa.select(MemberStatus.status, MemberStatus.valid_from).order_by(
                MemberStatus.valid_from
            )
        ).all()
        above = work.session.scalars(sa.select(MemberListRow.ancestor_id)).all()
        assert set(above) == {ward.place(c, work).id for c in ("ROOT", "P", "W1", "B1")}
    assert [tuple(row) for row in statuses] == [
        ("probationary", date(1985, 5, 19)),
        ("official", date(1986, 5, 19)),
    ]
    assert homes(ward, member)[0][0] == date(1985, 5, 19)


def test_a_home_begins_not_before_the_unit(hands: Any, ward: World) -> None:
    unit = {"code": "N", "name": "N", "kind": "branch", "parent_code": "W1"}
    hands.bring("units", [{**unit, "valid_from": "2025-07-01"}])
    report = hands.bring("members", [{**AN, "unit_code": "N"}])[1]
    assert not report.problems
    assert homes(ward, one(ward))[0][0] == date(2025, 7, 1)
    early = {**AN, "card_no": "00000002", "unit_code": "N", "unit_from": "2020-01-01"}
    assert reasons(hands.bring("members", [early])[1]) == {2: ["unit_from"]}


def test_people_are_known_by_card_then_record_then_name(hands: Any, ward: World) -> None:
    rows = [
        AN,
        {"record_no": "42.000007", "full_name": "Trần Thị Bình", "unit_code": "B1",
         "status": "probationary", "admitted_on": "2026-05-19"},
        {"full_name": "Lê Hoà", "birth_date": "1950", "unit_code": "B1", "status": "official",
         "status_from": "1975-01-01", "unit_from": "1975-01-01"},
    ]  # fmt: skip
    hands.bring("members", rows)
    told = [
        {"card_no": "0000 0001", "sex": "male"},
        {"record_no": "42000007", "card_no": "00000009", "sex": "female"},
        {"full_name": "LÊ HÒA", "birth_date": "1950", "unit_code": "B1", "sex": "female"},
    ]
    report = hands.bring("members", told)[1]
    assert (report.unchanged, report.updated, report.problems) == (1, 2, {})
    assert ward.rows(Member) == 3
    assert one(ward, "Trần Thị Bình").card_no == "00000009"


def test_two_people_who_fit_are_rejected(hands: Any, ward: World) -> None:
    ward.member("B1", "Lê Hòa", card_no=None, record_no="1", birth_date=date(1950, 1, 1))
    ward.member("B1", "Lê Hòa", card_no=None, record_no="2", birth_date=date(1950, 1, 1))
    rows = [{"full_name": "Lê Hòa", "birth_date": "1950-01-01", "unit_code": "B1", "sex": "male"}]
    assert reasons(hands.bring("members", rows)[1]) == {2: ["full_name"]}


def test_a_name_equal_to_the_stored_one_is_not_split_again(hands: Any, ward: World) -> None:
    parts = {"surname": "Âu Dương", "middle_name": "", "given_name": "Chấn Hưng"}
    hands.bring("members", [{**AN, "full_name": "Âu Dương Chấn Hưng", **parts}])
    hands.bring("members", [{**AN, "full_name": "Âu Dương Chấn Hưng", "sex": "male"}])
    member = one(ward, "Âu Dương Chấn Hưng")
    assert (member.surname, member.given_name) == ("Âu Dương", "Chấn Hưng")


def test_a_bad_row_is_told_everything_at_once_and_nothing_of_it_is_written(
    hands: Any, ward: World
) -> None:
    rows = [
        {**AN, "unit_code": "NOWHERE", "sex": "nam giới", "birth_date": "32/01/1960",
         "status": "khác", "admitted_on": "1985"},
        {**AN, "card_no": "00000003", "unit_code": "W1"},
        {**AN, "card_no": "00000004", "full_name": "", "birth_date": "2030-01-01"},
        {**AN, "card_no": "00000005", "surname": "Lê", "given_name": "An"},
        {**AN, "card_no": "00000006", "official_on": "1980-01-01", "left_reason": "moved"},
        {**AN, "card_no": "00000007", "status": "exempt"},
        {**AN, "card_no": "00000008", "position": "lạ", "temporary_from": "2026-01-01"},
        {**AN, "card_no": "00000010", "status_from": "2199-01-01", "status": "official"},
        {**AN, "card_no": "00000011", "unit_code": ""},
        {**AN, "card_no": "00000012", "temporary_unit_code": "B1", "temporary_from": "2026-01-01"},
        {"unit_code": "B1", "status": "official"},
        AN,
    ]  # fmt: skip
    report = hands.bring("members", rows)[1]
    assert reasons(report) == {
        2: ["birth_date", "sex", "status", "admitted_on", "unit_code"],
        3: ["unit_code"],
        4: ["birth_date", "admitted_on", "full_name"],
        5: ["full_name"],
        6: ["official_on", "left_reason"],
        7: ["status_from"],
        8: ["position", "temporary_unit_code"],
        9: ["status_from"],
        10: ["unit_code"],
        11: ["temporary_unit_code"],
        12: ["full_name"],
    }
    assert (report.created, ward.rows(Member), ward.rows(Affiliation)) == (1, 1, 1)


def test_a_row_changes_only_what_it_says(hands: Any, ward: World) -> None:
    hands.bring("members", [AN])
    rows = [
        {"card_no": "00000001", "unit_code": "B2", "unit_from": "2026-03-01",
         "temporary_unit_code": "B3", "temporary_from": "2026-04-01", "position": "secretary",
         "position_from": "2026-05-01"},
        {"card_no": "00000001", "status": "exempt", "status_from": "2026-06-01"},
    ]  # fmt: skip
    report = hands.bring("members", rows)[1]
    assert (report.updated, report.problems) == (2, {})
    member = one(ward)
    assert (member.status, member.sex) == ("exempt", "male")
    assert [start for start, _end in homes(ward, member)] == [date(1985, 5, 19), date(2026, 3, 1)]
    assert ward.rows(Position) == 1
    assert hands.bring("members", rows)[1].unchanged == 2


def test_the_day_of_leaving_ends_the_home(hands: Any, ward: World) -> None:
    hands.bring("members", [AN])
    left = {"card_no": "00000001", "left_on": "01/10/2026", "left_reason": "Từ trần"}
    report = hands.bring("members", [left])[1]
    assert not report.problems
    assert homes(ward, one(ward)) == [(date(1985, 5, 19), date(2026, 10, 1))]
    assert ward.rows(MemberListRow) == 0
    back = {"card_no": "00000001", "unit_code": "B2", "unit_from": "2026-11-01"}
    assert reasons(hands.bring("members", [back])[1]) == {2: ["unit_from"]}


def test_rows_that_contradict_each_other_are_rejected(hands: Any, ward: World) -> None:
    rows = [AN, {**AN, "birth_date": "1961-02-03"}]
    report = hands.bring("members", rows)[1]
    assert (report.created, reasons(report)) == (1, {3: ["birth_date"]})


def test_a_number_of_somebody_else_is_noticed(hands: Any, ward: World) -> None:
    hands.bring("members", [AN])
    other = {**AN, "full_name": "Phạm Thị Khác", "birth_date": "1961-09-09"}
    assert reasons(hands.bring("members", [other])[1]) == {2: ["card_no"]}


def test_members_of_a_unit_that_ended_belong_to_its_heirs(hands: Any, ward: World) -> None:
    with ward.work() as work:
        terminate_unit(
            work,
            ward.place("B1", work),
            on=date(2026, 1, 1),
            successors=[Successor(ward.place("B2", work).id)],
            decision=Decision(reason="sáp nhập"),
        )
    report = hands.bring("members", [AN])[1]
    assert reasons(report) == {2: ["unit_code"]}
    assert "B2" in report.problems[2][0][1]


def test_an_officer_cannot_import_into_another_commune(hands: Any, ward: World) -> None:
    ward.member("B3", "Võ Thị Xa", card_no="00000033", birth_date=date(1970, 1, 1))
    staff = ward.account("commune_staff", "W1")
    rows = [
        AN,
        {**AN, "card_no": "00000002", "unit_code": "B3"},
        {"card_no": "00000033", "unit_code": "B1", "unit_from": "2026-01-01"},
    ]
    report = hands.bring("members", rows, staff)[1]
    assert reasons(report) == {3: ["unit_code"], 4: ["full_name"]}
    assert "Võ" not in report.problems[4][0][1]
    assert report.created == 1
    clerk = ward.account("branch_secretary", "B1")
    with pytest.raises(Forbidden):
        hands.bring("members", [AN], clerk)


def test_an_export_holds_what_the_actor_may_see(hands: Any, ward: World) -> None:
    ward.member("B1", "Nguyễn Văn An", birth_date=date(1960, 2, 3), record_no="7")
    ward.member("B3", "Võ Thị Xa")
    staff = ward.account("commune_staff", "W1")
    assert [row["full_name"] for row in hands.rows("members", "W1", actor=staff)] == [
        "Nguyễn Văn An"
    ]
    with pytest.raises(Forbidden):
        hands.rows("members", "ROOT", actor=staff)
    with ward.work() as work:
        role = work.session.get_one(Role, "commune_staff")
        role.field_classes = ["contact"]
        work.touch("access")
    row = hands.rows("members", "W1", actor=staff)[0]
    assert (row["birth_date"], row["card_no"], row["record_no"]) == ("", "", "")


def test_an_import_of_members_is_taken_back_exactly(hands: Any, ward: World) -> None:
    hands.bring("members", [AN])
    before = hands.take("members").read_bytes()
    record, _report = hands.bring(
        "members",
        [
            {"card_no": "00000001", "unit_code": "B2", "unit_from": "2026-03-01", "sex": "female"},
            {**AN, "card_no": "00000002", "full_name": "Trần Thị Bình", "position": "secretary"},
            {**AN, "card_no": "00000003", "unit_code": "NOWHERE"},
        ],
    )
    assert ward.rows(Member) == 2
    assert hands.undo(record) == []
    assert hands.take("members").read_bytes() == before
    counts = [ward.rows(model) for model in (Member, Affiliation, Position, MemberListRow)]
    assert counts == [1, 1, 0, 4]
    with ward.work(writing=False) as work:
        acts = work.session.scalars(
            sa.select(LedgerRow.action).where(LedgerRow.about_id == record.id)
        ).all()
    assert sorted(acts) == ["exchange.imported", "exchange.undone"]


def test_what_was_built_on_an_import_stands_in_the_way(hands: Any, ward: World) -> None:
    record, _report = hands.bring("members", [AN])
    member = one(ward)
    ward.account(member=member)
    with ward.work() as work:
        found = work.session.get_one(Member, member.id)
        transfer_home(work, found, ward.place("B2", work), since=date(2026, 10, 1))
    obstacles = hands.undo(record)
    assert len(obstacles) >= 2
    assert ward.rows(Member) == 1
    assert hands.undo(record) == obstacles


def test_imports_are_taken_back_from_the_last_one(hands: Any, ward: World) -> None:
    first, _report = hands.bring("members", [AN])
    second, _report = hands.bring("members", [{"card_no": "00000001", "sex": "female"}])
    assert len(hands.undo(first)) >= 1
    assert hands.undo(second) == []
    assert hands.undo(first) == []
    assert ward.rows(Member) == 0


def test_undo_asks_for_the_right_at_every_unit(hands: Any, ward: World) -> None:
    rows = [AN, {**AN, "card_no": "00000002", "unit_code": "B3"}]
    above, _report = hands.bring("members", rows[:1])
    here, _report = hands.bring("members", rows, unit="W1")
    staff = ward.account("commune_staff", "W1")
    with pytest.raises(NotFound):
        hands.undo(above, staff)
    with pytest.raises(Forbidden):
        hands.undo(here, staff)
    assert hands.undo(here, ward.account("province_organisation", "P")) == []


def test_positions_find_their_people_and_close(hands: Any, ward: World) -> None:
    hands.bring("members", [AN])
    rows = [
        {"card_no": "00000001", "unit_code": "B1", "position": "Bí thư", "from": "2025-01-10",
         "how": "elected"},
        {"full_name": "Nguyễn Văn An", "birth_date": "1960-02-03", "unit_code": "W1",
         "position": "committee_member", "from": "2025-02-10"},
        {"full_name": "Nguyễn Văn An", "birth_date": "1960-02-03", "unit_code": "W2",
         "position": "committee_member", "from": "2025-02-10"},
        {"card_no": "99999999", "unit_code": "B1", "position": "secretary", "from": "2025-01-10"},
        {"card_no": "00000001", "unit_code": "B1", "position": "vua", "from": "2025-01-10",
         "to": "2024-01-01", "how": "tự nhận"},
    ]  # fmt: skip
    report = hands.bring("positions", rows)[1]
    assert reasons(report) == {4: ["full_name"], 5: ["full_name"], 6: ["how", "position", "to"]}
    ended = {**rows[0], "to": "2026-01-10"}
    assert hands.bring("positions", [ended])[1].updated == 1
    assert [row["to"] for row in hands.rows("positions", "B1")] == ["2026-01-10"]


def test_statements_do_not_follow_the_number_of_rows(
    hands: Any, ward: World, statements: Counter
) -> None:
    def counted(count: int, start: int) -> int:
        rows = [
            {**AN, "card_no": f"{start + n:08d}", "full_name": f"Nguyễn Văn {n}"}
            for n in range(count)
        ]
        statements.statements.clear()
        report = hands.bring("members", rows)[1]
        assert report.created == count
        return statements.count

    few, many = counted(5, 1000), counted(600, 2000)
    assert many <= few + 5, (few, many)


def test_many_new_members_are_listed_told_and_taken_back_as_one_is(hands: Any, ward: World) -> None:
    rows = [
        {**AN, "card_no": f"{n:08d}", "full_name": f"Nguyễn Văn {n}", "position": "secretary"}
        for n in range(120)
    ]
    record, report = hands.bring("members", rows)
    assert report.created == 120
    with ward.work(writing=False) as work:
        listed = work.session.execute(
            sa.select(MemberListRow.status, sa.func.count()).group_by(MemberListRow.status)
        ).all()
        told = work.session.execute(
            sa.select(LedgerRow, LedgerPayload)
            .join(LedgerPayload, LedgerPayload.ledger_id == LedgerRow.id)
            .where(LedgerRow.action == "exchange.record_imported")
        ).all()
        assert [tuple(row) for row in listed] == [("official", 4 * 120)]
        assert sorted(payload.body["after"]["row"] for _row, payload in told) == [*range(2, 122)]
        assert verify(work).is_whole
    assert hands.undo(record) == []
    left = [ward.rows(model) for model in (Member, MemberListRow, MemberStatus, Position)]
    assert left == [0, 0, 0, 0]


def test_nothing_is_left_of_a_dry_run(hands: Any, ward: World) -> None:
    report = hands.check("members", [AN, {**AN, "card_no": "2", "unit_code": "NOWHERE"}])
    assert (report.created, report.rejected) == (1, 1)
    assert [ward.rows(model) for model in (Member, Import, ImportRow)] == [0, 0, 0]


def test_nothing_is_imported_when_all_must_be_right(hands: Any, ward: World) -> None:
    rows = [AN, {**AN, "card_no": "2", "unit_code": "NOWHERE"}]
    record, report = hands.bring("members", rows, all_or_nothing=True)
    assert (record, report.rejected, ward.rows(Member)) == (None, 1, 0)
    record, report = hands.bring("members", rows[:1], all_or_nothing=True)
    assert (record is not None, ward.rows(Member)) == (True, 1)


def test_who_wrote_none_of_the_choices_is_told_their_titles(hands: Any, ward: World) -> None:
    row = {"card_no": "00000001", "full_name": "Lê Văn Mới", "unit_code": "B1"}
    row |= {"sex": "khác", "status": "lạ", "admitted_on": "2020-01-01"}
    _record, report = hands.bring("members", [row])
    said = dict(report.problems[2])
    assert "Nam, Nữ" in said["sex"]
    assert "Chính thức" in said["status"]
    assert "official" not in said["status"]
