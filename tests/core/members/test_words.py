"""Looking for people: every way of looking finds whom the list shows, in its order."""

from __future__ import annotations

import random
from itertools import product

import pytest

from core.access.models import Grant
from core.members.services import Filters, leave, list_members, seeking, words
from core.names import search_key
from core.periods import EVER, OPEN
from core.testing import World, counted

NAMES = ("Nguyễn Văn An", "Trần Thị An", "Lê Văn Ánh", "An Văn Bình")
PARTS = (
    ("Nguyễn", "Trần", "Lê", "Đỗ", "Hoàng"),
    ("Văn", "Thị", "Thị Hồng", "Đức", ""),
    ("An", "Ánh", "Bình", "Hồng", "Tuấn", "Trang", "Yến"),
)
MANY = {"NEAR": 10_000, "GOOD_PART": 10, "FEW_UNITS": 0, "RARE": 10_000, "RARE_AMONG_ALL": 10_000}
WAYS = {
    "as it is": {},
    "names in order": MANY,
    "few names in order, then the index": MANY | {"NEAR": 7},
    "the index of words": MANY | {"NEAR": 0},
    "all names in order": MANY | {"RARE": 0, "RARE_AMONG_ALL": 0},
    "the index of words, rights judged then": MANY | {"GOOD_PART": 0},
    "stored lists": MANY | {"GOOD_PART": 0, "FEW_UNITS": 10_000},
    "stored lists, since many bear the words": MANY | {"GOOD_PART": 0, "RARE": 0},
}
LOOKED_FOR = ("an", "tran thi", "thi tran", "hong", "T", "nguyen van tuan", "nobody", "?", "an an")


@pytest.fixture
def crowd(ward: World, acting) -> World:
    """Sixty people whose names are alike in three branches; some have left."""
    chance = random.Random(4)
    for number in range(60):
        name = " ".join(filter(None, (chance.choice(part) for part in PARTS)))
        status = "probationary" if number % 7 == 0 else "official"
        member = ward.member("ABC"[number % 3], name, status=status)
        if number % 10 == 9:
            with acting(member) as (work, found):
                leave(work, found, "moved", on=work.today)
    return ward


@pytest.fixture(params=WAYS)
def way(request, monkeypatch) -> str:
    """A way of looking: what decides between the ways set so that it is taken."""
    for name, value in WAYS[request.param].items():
        monkeypatch.setattr(words if name.startswith("RARE") else seeking, name, value)
    return request.param


def with_rights_at(world: World, *branches: str):
    """Make somebody who sees people at branches: the first with what is below, others without."""
    account = world.account("branch_secretary", branches[0])
    with world.work() as work:
        for code in branches[1:]:
            work.session.add(
                Grant(
                    account_id=account.id,
                    role="branch_secretary",
                    unit_id=world.place(code, work).id,
                    with_subtree=False,
                    valid_from=EVER,
                    valid_to=OPEN,
                    made_by="test",
                    made_at=work.now,
                )
            )
        work.touch("access")
    return account


def paged(world: World, actor, unit: str, filters: Filters, size: int) -> list:
    """Read a whole list in pages."""
    lines, cursor = [], None
    while True:
        with world.work(actor, writing=False) as work:
            place = work.session.info["root_place"] if unit == "ROOT" else world.place(unit, work)
            page = list_members(work, place, filters=filters, after=cursor, limit=size)
        lines += page.lines
        cursor = page.next
        if cursor is None:
            return lines


def fits(name: str, looked_for: str) -> bool:
    """Whether every word begins a word of the name, said without a database."""
    asked, borne = search_key(looked_for).split(), search_key(name).split()
    return bool(asked) and all(any(one.startswith(word) for one in borne) for word in asked)


def test_every_way_finds_whom_the_list_shows_in_its_order(crowd: World, way: str):
    theirs = with_rights_at(crowd, "A", "C")
    for (actor, unit), status in product(
        [(None, "ROOT"), (None, "W1"), (None, "A"), (theirs, "ROOT")], ["", "probationary"]
    ):
        everybody = paged(crowd, actor, unit, Filters(status=status), 200)
        for looked_for, size in zip(LOOKED_FOR, (50, 2, 3, 4, 5, 1, 50, 50, 50), strict=True):
            found = paged(crowd, actor, unit, Filters(status=status, words=looked_for), size)
            assert found == [line for line in everybody if fits(line.full_name, looked_for)]


def test_a_sector_narrows_every_way(ward: World, way: str):
    ward.unit("S", "branch", "W2", sector="school")
    for name in NAMES:
        ward.member("S", name)
    found = paged(ward, None, "ROOT", Filters(sector="school", words="van"), 2)
    assert [line.full_name for line in found] == ["Nguyễn Văn An", "Lê Văn Ánh", "An Văn Bình"]


def test_somebody_with_two_branches_finds_people_of_both_and_no_others(ward: World, way: str):
    for home in ("A", "B", "C"):
        ward.member(home, "Nguyễn Văn An")
    account = with_rights_at(ward, "A", "C")
    with ward.work(account, unit="A", writing=False) as work:
        root = work.session.info["root_place"]
        page = list_members(work, root, filters=Filters(words="van an"))
        assert sorted(page.names[line.unit_id].code for line in page.lines) == ["A", "C"]


def test_words_that_many_bear_are_counted_once_a_day(ward: World, monkeypatch):
    monkeypatch.setattr(words, "RARE", 0)
    monkeypatch.setattr(words, "RARE_AMONG_ALL", 0)
    ward.member("A", "Nguyễn Văn Hùng")
    sent = []
    for asked in ("hung", "HÙNG", "nguyen"):
        with ward.work(writing=False) as work, counted(ward.system.database.engine) as counter:
            list_members(work, ward.place("A", work), filters=Filters(words=asked))
        sent.append(sum("how_many" in one for one in counter.statements))
    # SQLite has no index of words to ask: it reads the names in order at once.
    assert sent == ([1, 0, 1] if ward.system.database.is_postgresql else [0, 0, 0])


def test_looking_for_a_name_again_builds_no_statement(ward: World):
    texts = set()
    for asked in ("van an", "thi hong"):
        with ward.work(writing=False) as work, counted(ward.system.database.engine) as counter:
            list_members(work, work.session.info["root_place"], filters=Filters(words=asked))
        texts |= {one for one in counter.statements if "LIKE" in one}
    assert len(texts) == 1
