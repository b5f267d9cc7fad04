"""Clocks: how long papers are valid, working days, probation; reminders; forgetting in time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.errors import InvalidInput
from core.ledger.models import LedgerPayload, LedgerRow
from core.notices.models import Notice
from plugins.recruitment import services
from plugins.recruitment.models import Candidate, Clock, DossierVote, Supporter
from plugins.recruitment.services import PaperFacts


def clock_of(dossier, kind, step=""):
    return next(c for c in dossier.clocks if c.kind == kind and c.step == step)


def test_a_certificate_is_valid_60_months_and_papers_12(ward) -> None:
    with ward.office() as work:
        dossier = ward.again(work, ward.before_the_branch(work))
        assert dossier.papers["certificate"].valid_until == date(2031, 11, 10)
        assert dossier.papers["verification"].valid_until == date(2027, 11, 10)
        assert dossier.papers["application"].valid_until is None


def test_how_long_papers_are_valid_is_a_dated_setting(ward) -> None:
    ward.world.give("recruitment.paper_months", 6, "W", on=date(2026, 7, 1))
    with ward.office() as work:
        candidate = ward.entered(work).candidate
        new = ward.paper(work, candidate, "comments")
        assert new.valid_until == date(2027, 5, 10)
        old = ward.paper(work, candidate, "introduction", date(2026, 6, 30))
        assert old.valid_until == date(2027, 6, 30)


def test_a_paper_that_ran_out_is_missing_again_until_it_is_renewed(ward) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
    ward.later(date(2027, 11, 11))
    with ward.office() as work:
        candidate = services.access_candidate(work, candidate.id)
        lacks = {
            one.step: one.reason for one in services.missing_of(work, ward.again(work, candidate))
        }
        assert "10/11/2027" in lacks["verification"]
        with pytest.raises(InvalidInput):
            ward.paper(work, candidate, "comments", date(2026, 11, 10))
        for key in ("verification", "introduction", "comments"):
            ward.paper(work, candidate, key)
        left = [one.step for one in services.missing_of(work, ward.again(work, candidate))]
        assert left == ["branch_vote"]


def test_papers_no_longer_run_out_once_the_branch_has_resolved(ward) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ward.voted(work, candidate, "branch_vote", 9, 10)
        ward.advanced(work, candidate)
        running = [(c.kind, c.step) for c in ward.again(work, candidate).running]
        assert running == [("paper", "certificate")]
    ward.later(date(2028, 2, 1))
    with ward.office() as work:
        dossier = ward.again(work, services.access_candidate(work, candidate.id))
        assert "verification" not in [one.step for one in services.missing_of(work, dossier)]


def test_the_decision_has_60_working_days_and_the_ceremony_30(ward) -> None:
    with ward.office() as work:
        candidate = ward.before_the_decision(work)
        # Viet Nam's culture day, New Year and Tết lie between, and twelve weekends.
        assert clock_of(ward.again(work, candidate), "decision").due_on == date(2027, 2, 11)
        candidate = ward.decided(work, full_name="Hồ Thị Khác")
        clock = clock_of(ward.again(work, candidate), "ceremony")
        assert (clock.due_on, clock.in_working_days) == (date(2026, 12, 23), True)


def test_made_up_days_of_the_place_shorten_a_clock(ward) -> None:
    ward.world.give("recruitment.extra_working_days", ["2026-11-14"], "W")
    with ward.office() as work:
        clock = clock_of(ward.again(work, ward.decided(work)), "ceremony")
        assert clock.due_on == date(2026, 12, 22)


def test_a_clock_that_runs_keeps_its_day_when_the_rule_changes(ward) -> None:
    with ward.office() as work:
        candidate = ward.decided(work)
    ward.world.give("recruitment.ceremony_days", 10, "W")
    with ward.office() as work:
        dossier = ward.again(work, services.access_candidate(work, candidate.id))
        assert clock_of(dossier, "ceremony").due_on == date(2026, 12, 23)


def test_probation_lasts_12_months_and_then_the_branch_has_30_working_days(ward) -> None:
    with ward.office() as work:
        dossier = ward.again(work, ward.admitted(work))
        assert clock_of(dossier, "probation").due_on == date(2027, 11, 10)
        vote = clock_of(dossier, "recognition_vote")
        assert (vote.started_on, vote.due_on) == (date(2027, 11, 10), date(2027, 12, 23))


def reminded(work):
    return work.session.scalar(
        sa.select(sa.func.count()).select_from(Notice).where(Notice.kind == "recruitment.clock")
    )


def test_reminders_go_out_before_and_at_the_end_each_once(ward) -> None:
    with ward.office() as work:
        candidate = ward.decided(work)
    sent = []
    for days in (-31, -30, -29, -7, -1, 0, 1):
        ward.later(date(2026, 12, 23) + timedelta(days=days))
        with ward.world.work() as work:
            services.remind(work)
            clock = work.session.scalar(
                sa.select(Clock).where(Clock.candidate_id == candidate.id, Clock.kind == "ceremony")
            )
            sent.append(clock.reminded)
    assert sent == [None, 30, 30, 7, 7, 0, 0]
    with ward.world.work() as work:
        assert reminded(work) == 3
        assert services.remind(work) == 0


def test_a_clock_of_a_month_is_not_announced_on_the_day_it_starts(ward) -> None:
    with ward.work() as work:
        ward.entered(work, entered_on=work.today)
    with ward.world.work() as work:
        assert services.remind(work) == 0
    ward.later(date(2026, 12, 4))
    with ward.world.work() as work:
        assert services.remind(work) == 1


def test_a_reminder_names_nobody(ward) -> None:
    with ward.office() as work:
        ward.decided(work)
    ward.later(date(2026, 12, 22))
    with ward.world.work() as work:
        services.remind(work)
        notice = work.session.scalar(sa.select(Notice).where(Notice.kind == "recruitment.clock"))
        assert "Ngân" not in notice.subject + notice.body
        assert "23/12/2026" in notice.subject


def test_closed_candidates_become_anonymous_and_counts_stay(ward) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ward.voted(work, candidate, "branch_vote", 5, 10)
        services.close(work, ward.again(work, candidate), state="refused", reason="votes")
        kept = ward.entered(work, full_name="Hồ Văn Giữ").candidate
    ward.later(date(2027, 11, 9))
    with ward.world.work() as work:
        assert services.forget_closed(work) == 0
    ward.later(date(2027, 11, 10))
    with ward.world.work() as work:
        assert services.forget_closed(work) == 1
    with ward.office() as work:
        found = services.access_candidate(work, candidate.id)
        assert found.full_name == "(đã xóa)"
        assert (found.birth_date, found.phone, found.sex, found.search) == (None, "", "", "")
        assert (found.state, found.groups) == ("refused", ["women", "youth"])
        assert work.session.scalar(sa.select(sa.func.count(DossierVote.id))) == 1
        assert services.access_candidate(work, kept.id).full_name == "Hồ Văn Giữ"
        held = work.session.scalars(
            sa.select(Supporter.id).where(Supporter.candidate_id == candidate.id)
        ).all()
        assert held == []
        told = work.session.execute(
            sa.select(LedgerPayload.body, LedgerPayload.erased_rule)
            .join(LedgerRow, LedgerRow.id == LedgerPayload.ledger_id)
            .where(LedgerRow.about_id == candidate.id)
        ).all()
        assert candidate.full_name not in str([body for body, _rule in told])
        assert "recruitment.keep_closed_months" in {rule for _body, rule in told}


def test_how_long_names_are_kept_is_a_setting_of_the_place(ward) -> None:
    ward.world.give("recruitment.keep_closed_months", 1, "W")
    with ward.work() as work:
        services.close(work, ward.entered(work), state="withdrawn", reason="own_wish")
    ward.later(date(2026, 12, 10))
    with ward.world.work() as work:
        assert services.forget_closed(work) == 1
        assert (
            work.session.scalar(
                sa.select(sa.func.count(Candidate.id))
                .where(Candidate.anonymised_at.is_not(None))
                .execution_options(unscoped="test")
            )
            == 1
        )


def test_a_verification_keeps_day_and_result_alone(ward) -> None:
    with ward.office() as work:
        dossier = ward.entered(work)
        facts = PaperFacts(dated_on=work.today, result="met", number="12-KL/ĐU")
        made = services.record_paper(work, dossier, "verification", facts)
        assert (made.result, made.dated_on) == ("met", work.today)
        with pytest.raises(InvalidInput):
            services.record_paper(
                work,
                ward.again(work, dossier.candidate),
                "verification",
                PaperFacts(dated_on=work.today),
            )
