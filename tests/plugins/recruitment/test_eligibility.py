"""The conditions, reckoned and explained; and the decision of a person after it."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import InvalidInput
from core.members import services as members
from core.members.models import Member
from plugins.recruitment import services
from plugins.recruitment.services.eligibility import full_months
from tests.plugins.recruitment.builders import FACTS


@pytest.mark.parametrize(
    ("born", "day", "months"),
    [
        (date(2008, 11, 10), date(2026, 11, 10), 216),
        (date(2008, 11, 11), date(2026, 11, 10), 215),
        (date(2008, 2, 29), date(2026, 2, 28), 216),
        (date(2008, 1, 31), date(2008, 2, 29), 1),
    ],
)
def test_age_is_counted_in_full_months(born, day, months) -> None:
    assert full_months(born, day) == months


def checks(work, dossier):
    return {check.key: check for check in services.checks_of(work, dossier)}


def test_somebody_a_day_too_young_is_told_from_when_on(ward) -> None:
    with ward.work() as work:
        dossier = ward.entered(work, birth_date=date(2008, 11, 11))
        check = checks(work, dossier)["least_age"]
        assert check.is_met is False
        assert "11/11/2026" in check.sentence
        assert "294-QĐ/TW" in check.source


def test_above_60_the_province_agrees_first(ward) -> None:
    with ward.work() as work:
        dossier = ward.entered(work, birth_date=date(1966, 10, 9))
        assert checks(work, dossier)["most_age"].is_met is False
        dossier = ward.entered(work, birth_date=date(1966, 11, 10), full_name="Hồ Văn Sáu")
        assert checks(work, dossier)["most_age"].is_met is True


def test_of_a_year_alone_a_person_looks_at_the_papers(ward) -> None:
    with ward.work() as work:
        dossier = ward.entered(work, birth_date=date(2008, 1, 1), birth_precision="year")
        assert checks(work, dossier)["least_age"].is_met is None
        dossier = ward.entered(
            work, birth_date=date(1990, 1, 1), birth_precision="year", full_name="Hồ Văn Năm"
        )
        assert checks(work, dossier)["least_age"].is_met is True


def test_education_has_a_least_that_a_place_may_lower(ward) -> None:
    with ward.work() as work:
        dossier = ward.entered(work, education="primary")
        assert checks(work, dossier)["education"].is_met is False
    ward.world.give("recruitment.least_education", "primary", "B1")
    with ward.work() as work:
        dossier = ward.again(work, services.access_candidate(work, dossier.candidate.id))
        assert checks(work, dossier)["education"].is_met is True


def test_introducers_need_twelve_months_in_the_same_unit_unless_they_replace(ward) -> None:
    with ward.work() as work:
        dossier = ward.entered(work)
        named = [
            {"known_since": date(2024, 1, 1)},
            {"known_since": date(2025, 11, 11)},
        ]
        for member, more in zip(ward.people[1:3], named, strict=True):
            services.name_supporter(
                work, dossier.candidate, member_id=member.id, role="introducer", **more
            )
        check = checks(work, ward.again(work, dossier.candidate))["introducers"]
        assert check.is_met is False
        assert "12 tháng" in check.sentence
        services.name_supporter(
            work,
            dossier.candidate,
            member_id=ward.people[4].id,
            role="introducer",
            is_replacement=True,
        )
        assert checks(work, ward.again(work, dossier.candidate))["introducers"].is_met


def test_a_union_counts_as_one_introducer(ward) -> None:
    with ward.work() as work:
        dossier = ward.entered(work)
        services.name_supporter(
            work,
            dossier.candidate,
            member_id=ward.people[1].id,
            role="introducer",
            known_since=date(2024, 1, 1),
        )
        ward.paper(work, dossier.candidate, "union")
        assert checks(work, ward.again(work, dossier.candidate))["introducers"].is_met


def test_only_official_members_introduce_or_help(ward) -> None:
    newcomer = ward.world.member("B1", "Đỗ Văn Mới", status="probationary")
    with ward.work() as work:
        dossier = ward.entered(work)
        with pytest.raises(InvalidInput):
            services.name_supporter(
                work, dossier.candidate, member_id=newcomer.id, role="introducer"
            )


def left_member(ward):
    member = ward.world.member("B1", FACTS.full_name, card_no="77777777")
    with ward.world.work(unit="B1") as work:
        found = work.session.get(Member, member.id)
        members.leave(work, found, "resigned", on=date(2024, 1, 1), decision_no="1-QĐ")
    return member


def test_who_left_waits_before_coming_again(ward) -> None:
    left_member(ward)
    with ward.work() as work:
        dossier = ward.entered(work, former_card_no="7777 7777")
        check = checks(work, dossier)["readmission"]
        assert check.is_met is False
        assert "01/01/2027" in check.sentence


def test_a_former_member_is_taken_in_again_with_the_same_record(ward) -> None:
    member = left_member(ward)
    ward.later(date(2027, 3, 1))
    with ward.office() as work:
        candidate = ward.admitted(work, former_card_no="77777777")
        assert candidate.member_id == member.id
        found = work.session.get(Member, member.id)
        assert found.status == "probationary"
    assert ward.figure("recruitment.admitted", "2027").value == 1


def test_what_is_not_met_is_accepted_only_with_a_document(ward) -> None:
    with ward.work() as work:
        dossier = ward.entered(work, education="primary")
        ward.introducers(work, dossier.candidate)
        dossier = ward.again(work, dossier.candidate)
        with pytest.raises(InvalidInput) as refused:
            services.judge(work, dossier, outcome="accepted")
        assert "outcome" in refused.value.fields
        with pytest.raises(InvalidInput) as refused:
            services.judge(work, dossier, outcome="permitted")
        assert "document_no" in refused.value.fields
        made = services.judge(work, dossier, outcome="permitted", document_no="08-CV/TU")
        computed = {one["key"]: one["is_met"] for one in made.computed}
        assert computed["education"] is False


def test_a_decision_that_the_conditions_are_not_met_stops_the_way(ward) -> None:
    with ward.work() as work:
        dossier = ward.entered(work)
        services.judge(work, dossier, outcome="declined")
        assert dossier.candidate.eligible_on is None
