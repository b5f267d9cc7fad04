"""Rights at many units show what rights above all of them show, page by page, nobody twice."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.access.models import Grant
from core.db import new_key
from core.members.models import Member
from core.members.services import Filters, list_members, transfer_home
from core.members.services.stored import BEYOND_ALL
from core.periods import EVER, OPEN
from core.testing import World, counted

SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng")
GIVEN = ("An", "Bình", "Chi", "Dũng", "Đức", "Giang", "Hà", "Hùng", "Khánh", "Lan", "Minh", "Oanh")
BRANCHES = [f"N{number}" for number in range(10)]


@pytest.fixture
def town(ward: World) -> World:
    """Ten branches of very different size, one of them a school's, and others nobody asks for."""
    for number, code in enumerate(BRANCHES):
        ward.unit(code, "branch", "W1" if number % 2 else "W2", sector="school" * (number == 3))
        for one in range(24 if number == 4 else number % 3 + 1):
            name = f"{SURNAMES[(one + number) % 5]} Thị {GIVEN[(5 * one + 7 * number) % 12]}"
            ward.member(code, name, status="probationary" if one == 1 else "official")
    ward.member("A", "Nguyễn Thị An")
    ward.member("C", "Vũ Thị Xuân")
    return ward


def holder(world: World, whole, alone=()):
    """Make somebody who sees people at some units with what is below, at others without."""
    account = world.account("follower", "P")
    with world.work() as work:
        for code in (*whole, *alone):
            work.session.add(
                Grant(
                    id=new_key(),
                    account_id=account.id,
                    role="branch_secretary",
                    unit_id=world.place(code, work).id,
                    with_subtree=code in whole,
                    valid_from=EVER,
                    valid_to=OPEN,
                    made_by="test",
                    made_at=work.now,
                )
            )
        work.touch("access")
    return account


def pages(world: World, actor, size: int, filters: Filters) -> list:
    """Read a whole list in pages."""
    lines, cursor = [], None
    while True:
        with world.work(actor, "P", writing=False) as work:
            page = list_members(work, work.unit, filters=filters, after=cursor, limit=size)
        lines += page.lines
        cursor = page.next
        if cursor is None:
            return lines


@pytest.mark.parametrize("size", [1, 3, 14, 20, 200])
@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(status="probationary"),
        Filters(status="official", sector="school"),
        Filters(words="thi"),
        Filters(words="nguyen", status="official"),
    ],
    ids=["all", "status", "sector", "words", "both"],
)
def test_many_roots_show_what_one_above_them_shows(town: World, monkeypatch, size, filters):
    monkeypatch.setattr("core.members.services.words.RARE", 0)  # the list is walked
    theirs = holder(town, BRANCHES[:7], BRANCHES[7:])
    found = pages(town, theirs, size, filters)
    with town.work(writing=False) as work:
        mine = {town.place(code, work).id for code in BRANCHES}
    everybody = pages(town, None, 200, filters)
    expected = [line for line in everybody if line.unit_id in mine]
    assert [line.id for line in found] == [line.id for line in expected]
    assert len(found) > (filters == Filters()) * 40


def test_who_moved_from_one_root_to_another_comes_once(town: World, acting):
    member = town.member("N0", "Đỗ Thị Yến", since=date(2020, 1, 1))
    with acting(member) as (work, found):
        transfer_home(work, found, town.place("N4", work), since=date(2026, 7, 1))
    found = pages(town, holder(town, BRANCHES), 20, Filters())
    assert [line.full_name for line in found].count("Đỗ Thị Yến") == 1


def test_a_root_inside_another_one_adds_nothing(town: World):
    found = pages(town, holder(town, ["W2", "N4", "N1"], ["N2", "N3"]), 200, Filters())
    everybody = pages(town, None, 200, Filters())
    assert len({line.id for line in found}) == len(found)
    assert [line.id for line in found] == [
        line.id for line in everybody if line.id in {one.id for one in found}
    ]
    assert {line.full_name for line in found} >= {"Vũ Thị Xuân"}


def test_the_text_of_the_statement_does_not_grow_with_the_roots(town: World):
    texts = set()
    for branches in (BRANCHES[:7], BRANCHES):
        account = holder(town, branches)
        with (
            town.work(account, "P", writing=False) as work,
            counted(town.system.database.engine) as sent,
        ):
            list_members(work, work.unit, limit=20)
        texts |= {one for one in sent.statements if "core_member_list" in one}
    # SQLite is sent a list for each root.
    assert len(texts) == (1 if town.system.database.is_postgresql else 2)


def test_the_last_page_ends_where_the_list_ends(town: World):
    account = holder(town, BRANCHES)
    whole = pages(town, account, 200, Filters())
    for size in (len(whole) - 1, len(whole), len(whole) + 1):
        assert [one.id for one in pages(town, account, size, Filters())] == [
            one.id for one in whole
        ]


def test_every_sort_key_comes_before_the_end_of_all_lists(town: World):
    with town.work(writing=False) as work:
        keys = sa.select(Member.sort_key).order_by(Member.sort_key.desc())
        last = work.session.scalars(keys.limit(1)).one()
    assert last < BEYOND_ALL
    assert len(BEYOND_ALL) > Member.__table__.c.sort_key.type.length
