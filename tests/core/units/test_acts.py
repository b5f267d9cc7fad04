"""What is done to one unit: rules, rights at every unit concerned, the past put right."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import Forbidden, InvalidInput, NotFound, RuleBroken
from core.members.services import counted_tree, end_unit, head_counts
from core.testing import World
from core.units import acts
from core.units.history import changes_of, family_of, version_on, versions_of
from core.units.services import Decision
from core.units.tree import list_units, successors

JULY = date(2026, 7, 1)


def tree(ward: World, code: str = "P", on: date | None = None):
    """Return codes with head counts, nested."""

    def plain(node):
        return (node.code, node.members, [plain(child) for child in node.children])

    with ward.work(writing=False) as work:
        root = counted_tree(work, ward.place(code, work), on or work.today)
        return plain(root) if root else None


def test_a_unit_is_established_with_its_decision(ward: World):
    with ward.work(ward.account("commune_staff", "W1"), "W1") as work:
        made = acts.establish(
            work, work.unit, code="W1.01", name="Chi bộ D", kind="branch", on=JULY,
            decision_no="12-QĐ/ĐU", sector="residential",
        )  # fmt: skip
        assert (made.name, made.sector, made.valid_from) == ("Chi bộ D", "residential", JULY)
        assert acts.proposed_code(work, work.unit) == "W1.02"
        assert [c.operation for c in changes_of(work, made.id)] == ["establish"]
    assert tree(ward, "W1", date(2026, 6, 30)) == ("W1", 0, [("A", 0, []), ("B", 0, [])])


@pytest.mark.parametrize(
    ("code", "kind", "error"),
    [
        ("A", "branch", RuleBroken),
        ("có dấu", "branch", InvalidInput),
        ("N", "province", RuleBroken),
    ],
)
def test_a_unit_that_cannot_be_is_refused_in_words_of_the_field(ward: World, code, kind, error):
    with pytest.raises(error) as refused, ward.work(unit="W1") as work:
        acts.establish(work, work.unit, code=code, name="Chi bộ D", kind=kind, on=JULY)
    assert "“province”" not in refused.value.sentence


def test_whoever_manages_nothing_there_does_nothing(ward: World):
    staff = ward.account("commune_staff", "W1")
    places = {code: ward.place(code) for code in ("A", "C", "W2")}
    with pytest.raises((Forbidden, NotFound)), ward.work(staff, "W1") as work:
        acts.rename(work, places["C"], name="Chi bộ khác", on=JULY)
    with pytest.raises((Forbidden, NotFound)), ward.work(staff, "W1") as work:
        acts.transfer(work, places["A"], places["W2"], on=JULY)
    with pytest.raises((Forbidden, NotFound)), ward.work(staff, "W1") as work:
        end_unit(work, places["A"], on=JULY, successor=places["C"])
    secretary = ward.account("branch_secretary", "A")
    with pytest.raises(Forbidden), ward.work(secretary, "A") as work:
        acts.rename(work, places["A"], name="Chi bộ khác", on=JULY)


def test_a_transferred_unit_takes_its_people_along(ward: World):
    ward.member("A")
    with ward.work() as work:
        acts.transfer(work, ward.place("A", work), ward.place("W2", work), on=JULY)
    assert tree(ward, on=date(2026, 6, 30))[2][1] == ("W1", 1, [("A", 1, []), ("B", 0, [])])
    assert tree(ward)[2][0] == ("W2", 1, [("A", 1, []), ("C", 0, [])])


def test_a_renamed_and_a_converted_unit_keep_their_past(ward: World):
    with ward.work() as work:
        acts.rename(work, ward.place("A", work), name="Chi bộ Mới", on=JULY, decision_no="1-QĐ")
    with ward.work() as work:
        acts.convert(
            work, ward.place("A", work), kind="party_org", on=date(2026, 9, 1), is_grassroots=True
        )
    with ward.work(writing=False) as work:
        unit = ward.place("A", work)
        names = [(v.name, v.kind, v.decision_no) for v in versions_of(work, unit.id)]
        before = version_on(work, unit.id, date(2026, 6, 30))
        assert before is not None
        assert before.name == "Chi bộ A"
    assert names == [
        ("Chi bộ A", "branch", ""),
        ("Chi bộ Mới", "branch", "1-QĐ"),
        ("Chi bộ Mới", "party_org", ""),
    ]


def test_a_wrong_day_of_a_rename_is_corrected_and_the_neighbour_follows(ward: World):
    with ward.work() as work:
        acts.rename(work, ward.place("A", work), name="Chi bộ Mới", on=JULY)
    with ward.work() as work:
        acts.correct(
            work, ward.place("A", work), 1, name="Chi bộ Mới", valid_from=date(2026, 6, 1),
            reason="Ghi nhầm ngày",
        )  # fmt: skip
    with ward.work(writing=False) as work:
        one, two = versions_of(work, ward.place("A", work).id)
        assert (one.valid_to, two.valid_from) == (date(2026, 6, 1), date(2026, 6, 1))
    with pytest.raises(InvalidInput), ward.work() as work:
        acts.correct(work, ward.place("A", work), 1, valid_from=None, reason="x")
    with pytest.raises(RuleBroken), ward.work() as work:
        acts.correct(work, ward.place("A", work), 7, valid_from=JULY, reason="x")


def test_a_unit_ends_and_its_members_go_to_its_successor_in_one_act(ward: World):
    ward.position(ward.member("A"), "secretary", "A")
    ward.member("A", "Lê Thị Hoa")
    ward.member("B", "Trần Văn Ba")
    with ward.work(ward.account("commune_staff", "W1"), "W1") as work:
        moved = end_unit(
            work, ward.place("A", work), on=JULY, successor=ward.place("B", work),
            moves_members=True, decision=Decision("3-QĐ/ĐU"),
        )  # fmt: skip
    assert moved == 2
    assert tree(ward, "W1") == ("W1", 3, [("B", 3, [])])
    assert tree(ward, "W1", date(2026, 6, 30)) == ("W1", 3, [("A", 2, []), ("B", 1, [])])
    with ward.work(writing=False) as work:
        ended = ward.place("A", work)
        assert [place.code for place, _row in successors(work, ended)] == ["B"]
        came = family_of(work, ward.place("B", work), back=True)
        assert [(one.place.code, one.share) for one in came] == [("A", (1, 1))]


def test_a_unit_that_is_divided_has_successors_of_unknown_parts(ward: World):
    with ward.work() as work:
        end_unit(
            work, ward.place("A", work), on=JULY, successor=ward.place("B", work),
            others=[ward.place("C", work)],
        )  # fmt: skip
    with ward.work(writing=False) as work:
        found = family_of(work, ward.place("A", work), back=False)
    assert sorted((one.place.code, one.share, one.is_main) for one in found) == [
        ("B", None, True),
        ("C", None, False),
    ]


def test_the_end_of_a_unit_needs_a_successor_or_a_reason_and_nobody_left(ward: World):
    with pytest.raises(RuleBroken), ward.work() as work:
        end_unit(work, ward.place("A", work), on=JULY)
    ward.member("A")
    with pytest.raises(RuleBroken), ward.work() as work:
        end_unit(work, ward.place("A", work), on=JULY, decision=Decision(reason="Giải thể"))
    with pytest.raises(RuleBroken), ward.work() as work:
        end_unit(
            work, ward.place("W1", work), on=JULY, successor=ward.place("W2", work),
            moves_members=True,
        )  # fmt: skip
    assert tree(ward, "W1") == ("W1", 1, [("A", 1, []), ("B", 0, [])])


def test_the_line_of_a_unit_is_followed_over_several_generations_and_circles_end(ward: World):
    with ward.work() as work:
        end_unit(work, ward.place("A", work), on=JULY, successor=ward.place("B", work))
    with ward.work() as work:
        end_unit(work, ward.place("B", work), on=date(2026, 9, 1), successor=ward.place("C", work))
    with ward.work(writing=False) as work:
        came = family_of(work, ward.place("C", work), back=True)
    assert [(one.place.code, [two.place.code for two in one.further]) for one in came] == [
        ("B", ["A"])
    ]


def test_a_unit_made_by_mistake_is_voided_with_its_reason(ward: World):
    with ward.work() as work:
        acts.void(work, ward.place("C", work), reason="Nhập nhầm")
    assert tree(ward, "W2") == ("W2", 0, [])
    with pytest.raises(RuleBroken), ward.work() as work:
        acts.establish(work, ward.place("W2", work), code="C", name="Chi bộ C", kind="branch")
    with pytest.raises(RuleBroken), ward.work() as work:
        acts.void(work, ward.place("W1", work), reason="Nhập nhầm")


def test_the_root_stays_what_it_is(ward: World):
    for act in (
        lambda work: acts.rename(work, ward.place("ROOT", work), name="Khác", on=JULY),
        lambda work: acts.void(work, ward.place("ROOT", work), reason="x"),
    ):
        with pytest.raises(RuleBroken), ward.work() as work:
            act(work)


def test_head_counts_of_today_are_those_of_the_dated_facts(ward: World):
    for code in "AABC":
        ward.member(code, status="probationary" if code == "B" else "official")
    with ward.work(writing=False) as work:
        root = ward.place("P", work)
        units = [line.id for line in list_units(work, root)]
        stored = head_counts(work, root, work.today, units)
        dated = head_counts(work, root, date(2026, 11, 9), units)
    assert stored == dated
    assert stored[root.id].total == 4


def test_pages_of_units_join_in_vietnamese_order_with_equal_names(ward: World):
    for number in range(5):
        ward.unit(f"E{number}", "branch", "W2", name="Chi bộ Giống")
    with ward.work(writing=False) as work:
        place = ward.place("P", work)
        whole = [line.code for line in list_units(work, place)]
        seen, after = [], None
        while True:
            page = list_units(work, place, after=after, limit=3)
            if not page:
                break
            seen += [line.code for line in page]
            after = (page[-1].name_sort, page[-1].id)
    assert seen == whole
    assert len(whole) == 11
