"""Lists: order, pages, rights, past days, and what the database reads for them."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.access.models import Grant
from core.db import new_key
from core.errors import InvalidInput
from core.members.services import (
    Filters,
    NewMember,
    add_members,
    leave,
    list_members,
    lists,
    start_temporary,
    transfer_home,
)
from core.members.services.searching import find_people
from core.members.spans import StatusSpan, StaySpan
from core.names import split_full_name
from core.periods import EVER, OPEN
from core.testing import World, counted

NAMES = ("Trần Văn Đức", "Lê Thị Ánh", "Nguyễn Văn An", "Phạm Thị Ân", "Võ Thị Bình", "Đặng Văn Ý")
IN_ORDER = ["An", "Ánh", "Ân", "Bình", "Đức", "Ý"]


@pytest.fixture
def people(ward: World) -> World:
    """Six people in three branches."""
    for number, name in enumerate(NAMES):
        ward.member("ABC"[number % 3], name)
    return ward


def given_names(world, actor=None, unit="P", **options):
    with world.work(actor, unit, writing=False) as work:
        page = list_members(work, world.place(unit, work), **options)
        return [line.given_name for line in page.lines]


def test_a_list_is_in_vietnamese_order_by_given_name(people: World):
    assert given_names(people) == IN_ORDER


def test_pages_go_on_by_key_and_join_to_the_whole(people: World):
    seen, cursor = [], None
    with people.work(unit="P", writing=False) as work:
        for _round in range(4):
            page = list_members(work, work.unit, after=cursor, limit=2)
            seen += [line.given_name for line in page.lines]
            cursor = page.next
            if cursor is None:
                break
    assert (seen, cursor) == (IN_ORDER, None)


def test_a_place_in_the_list_that_was_not_written_here_is_refused(people: World):
    for cursor in ("x", "!!!!", "AAAA", "\x00"):
        with pytest.raises(InvalidInput), people.work(unit="P", writing=False) as work:
            list_members(work, work.unit, after=cursor)


def grant(world: World, account, *codes, with_subtree=True):
    with world.work() as work:
        for code in codes:
            work.session.add(
                Grant(
                    id=new_key(),
                    account_id=account.id,
                    role="branch_secretary",
                    unit_id=world.place(code, work).id,
                    with_subtree=with_subtree,
                    valid_from=EVER,
                    valid_to=OPEN,
                    made_by="test",
                    made_at=work.now,
                )
            )
        work.touch("access")


def test_rights_at_scattered_branches_show_one_list_in_order(people: World):
    account = people.account("follower", "P")
    grant(people, account, "A", "C")
    grant(people, account, "B", with_subtree=False)
    assert given_names(people, account) == IN_ORDER
    assert given_names(people, account, limit=2) == IN_ORDER[:2]
    only = people.account("follower", "P")
    grant(people, only, "A", "C")
    with people.work(only, "P", writing=False) as work:
        page = list_members(work, work.unit, limit=3)
        rest = list_members(work, work.unit, after=page.next, limit=3)
        names = [line.full_name for line in (*page.lines, *rest.lines)]
    assert sorted(names) == sorted(NAMES[0::3] + NAMES[2::3])


def test_whoever_sees_no_people_sees_an_empty_list(people: World):
    assert given_names(people, people.account("follower", "P")) == []


def test_more_than_fifty_roots_are_read_as_well(people: World, monkeypatch):
    for database in lists.MOST_ROOTS:
        monkeypatch.setitem(lists.MOST_ROOTS, database, 1)
    account = people.account("follower", "P")
    grant(people, account, "A", "B")
    with people.work(account, "P", writing=False) as work:
        found = list_members(work, work.unit)
    assert sorted(line.full_name for line in found.lines) == sorted(NAMES[0::3] + NAMES[1::3])


def test_words_are_found_in_any_order_without_marks_and_cards_by_their_beginning(people: World):
    for words, found in (
        ("duc", ["Đức"]),
        ("van tran", ["Đức"]),
        ("ĐẶNG", ["Ý"]),
        ("thi a", ["Ánh", "Ân"]),
        ("ran", []),
        ("%", []),
        ("00000002", ["Ánh"]),
        ("0000", IN_ORDER),
    ):
        assert given_names(people, filters=Filters(words=words)) == found, words


def test_the_card_is_no_way_to_find_people_for_whoever_may_not_see_cards(people: World):
    with people.work(people.account("party_building", "P"), "P", writing=False) as work:
        assert list_members(work, work.unit, filters=Filters(words="00000002")).lines == []


def test_a_list_is_narrowed_by_status_and_shows_who_left(people: World, acting):
    member = people.member("A", "Lý Văn Xa", status="probationary")
    assert given_names(people, filters=Filters(status="probationary")) == ["Xa"]
    with acting(member) as (work, found):
        leave(work, found, "moved", on=date(2026, 11, 1))
    assert given_names(people) == IN_ORDER
    assert given_names(people, filters=Filters(status="left")) == ["Xa"]
    assert given_names(people, as_of=date(2026, 10, 1)) == [*IN_ORDER[:5], "Xa", "Ý"]


def test_a_past_list_stands_in_the_tree_and_with_the_branch_of_its_day(people: World, acting):
    member = people.member("A", "Lý Văn Xa", since=date(2020, 1, 1))
    with acting(member) as (work, found):
        transfer_home(work, found, people.place("C", work), since=date(2026, 7, 1))
    assert "Xa" in given_names(people, unit="W1", as_of=date(2026, 6, 30))
    assert "Xa" not in given_names(people, unit="W1", as_of=date(2026, 7, 1))
    assert "Xa" in given_names(people, unit="W2")


def test_a_past_list_says_who_is_out_of_reach_now_and_never_widens_rights(people: World, acting):
    member = people.member("A", "Lý Văn Xa", since=date(2020, 1, 1))
    with acting(member) as (work, found):
        transfer_home(work, found, people.place("C", work), since=date(2026, 7, 1))
    secretary = people.account("branch_secretary", "A")
    with people.work(secretary, "A", writing=False) as work:
        page = list_members(work, work.unit, as_of=date(2026, 6, 30))
        assert {line.given_name: line.is_reached for line in page.lines}["Xa"] is False
    other = people.account("branch_secretary", "C")
    with people.work(other, "C", writing=False) as work:
        assert list_members(work, people.place("W1", work), as_of=date(2026, 6, 30)).lines == []


def test_guests_are_a_list_of_their_own(people: World, acting):
    member = people.member("A", "Lý Văn Xa")
    with acting(member) as (work, found):
        start_temporary(work, found, people.place("C", work), since=date(2026, 7, 1))
    secretary = people.account("branch_secretary", "C")
    assert given_names(people, secretary, "C", filters=Filters(group="temporary")) == ["Xa"]
    assert "Xa" not in given_names(people, secretary, "C")


def test_a_list_may_be_narrowed_to_a_sector(people: World):
    people.unit("S", "branch", "W1", sector="school")
    people.member("S", "Lý Văn Trường")
    assert given_names(people, filters=Filters(sector="school")) == ["Trường"]


def test_search_from_anywhere_finds_only_whom_one_may_see(people: World):
    secretary = people.account("branch_secretary", "A")
    with people.work(secretary, "A", writing=False) as work:
        assert [hit.title for hit in find_people(work, "duc", 20)] == ["Trần Văn Đức"]
        assert find_people(work, "binh", 20) == []


def test_a_page_reads_only_its_own_rows_however_large_the_unit_is(ward: World):
    with ward.work() as work:
        unit = ward.place("A", work).id
        add_members(
            work,
            [
                NewMember(
                    name=split_full_name(f"Nguyễn Văn {chr(65 + number % 26)}{number}"),
                    statuses=[StatusSpan(date(2000, 1, 1), OPEN, "official")],
                    homes=[StaySpan(date(2000, 1, 1), OPEN, unit)],
                )
                for number in range(3000)
            ],
        )
        if ward.system.database.is_postgresql:
            work.session.execute(sa.text("ANALYZE core_member_list"))
            work.session.execute(sa.text("ANALYZE core_member"))
    with ward.work(unit="P", writing=False) as work:
        with counted(ward.system.database.engine) as counter:
            first = list_members(work, work.unit, limit=20)
            list_members(work, work.unit, after=first.next, limit=20)
        assert counter.count <= 4
        assert rows_read(ward, work) <= 200


def rows_read(ward: World, work) -> int:
    """Return how many rows the plan of a page reads; SQLite only tells that it sorts nothing."""
    sent: list = []

    def note(conn, cursor, statement, parameters, *_rest):
        sent.append((statement, parameters))

    sa.event.listen(ward.system.database.engine, "before_cursor_execute", note)
    list_members(work, work.unit, limit=20)
    sa.event.remove(ward.system.database.engine, "before_cursor_execute", note)
    connection = work.session.connection()
    statement, parameters = sent[0]
    if ward.system.database.is_postgresql:
        told = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
        return biggest(told.scalar_one()[0]["Plan"])
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
    return 10_000 if any("TEMP B-TREE" in str(row) for row in plan) else 0


def biggest(plan) -> int:
    """Return the largest number of rows any step of a plan hands on."""
    own = int(plan["Actual Rows"]) * int(plan.get("Actual Loops", 1))
    return max([own, *(biggest(part) for part in plan.get("Plans", []))])
