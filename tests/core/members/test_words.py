"""Looking for people: the way that is quick for rare names finds whom the other way finds."""

from __future__ import annotations

import pytest

from core.access.models import Grant
from core.members.services import Filters, list_members, words
from core.periods import EVER, OPEN
from core.testing import World, counted

NAMES = ("Nguyễn Văn An", "Trần Thị An", "Lê Văn Ánh", "An Văn Bình")


@pytest.mark.parametrize("unit", ["P", "W1", "A"])
@pytest.mark.parametrize("looked_for", ["an", "van an", "an van", "thi", "nobody", ""])
def test_both_ways_find_the_same(ward: World, monkeypatch, unit: str, looked_for: str):
    for home in ("A", "C"):
        for name in NAMES:
            ward.member(home, name)
    found = []
    for rare in (1000, 0):
        monkeypatch.setattr(words, "RARE", rare)
        with ward.work(writing=False) as work:
            place = ward.place(unit, work)
            page = list_members(work, place, filters=Filters(words=looked_for), limit=3)
            rest = list_members(
                work, place, filters=Filters(words=looked_for), limit=50, after=page.next
            )
        found.append([line.id for line in (*page.lines, *(rest.lines if page.next else ()))])
    assert found[0] == found[1]


def test_somebody_with_two_branches_finds_people_of_both_and_no_others(ward: World):
    for home in ("A", "B", "C"):
        ward.member(home, "Nguyễn Văn An")
    account = ward.account("branch_secretary", "A")
    with ward.work() as work:
        work.session.add(
            Grant(
                account_id=account.id,
                role="branch_secretary",
                unit_id=ward.place("C", work).id,
                valid_from=EVER,
                valid_to=OPEN,
                made_by="test",
                made_at=work.now,
            )
        )
        work.touch("access")
    with ward.work(account, unit="A", writing=False) as work:
        root = work.session.info["root_place"]
        page = list_members(work, root, filters=Filters(words="van an"))
        assert sorted(page.names[line.unit_id].code for line in page.lines) == ["A", "C"]


def test_words_that_many_bear_are_counted_once_a_day(ward: World, monkeypatch):
    monkeypatch.setattr(words, "RARE", 0)
    ward.member("A", "Nguyễn Văn Hùng")
    sent = []
    for asked in ("hung", "HÙNG", "nguyen"):
        with ward.work(writing=False) as work, counted(ward.system.database.engine) as counter:
            list_members(work, ward.place("A", work), filters=Filters(words=asked))
        sent.append(sum("number" in one and "found" in one for one in counter.statements))
    assert sent == [1, 0, 1]
