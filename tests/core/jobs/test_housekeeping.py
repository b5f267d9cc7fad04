"""What is done without anybody asking: days pass, old things go."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.access.models import LoginSession, ResetCode
from core.db import new_key
from core.errors import NotFound, RuleBroken
from core.hooks import hookimpl
from core.jobs.housekeeping import ROLLED, roll_days, sweep_lists, tidy
from core.jobs.models import Job
from core.jobs.overview import list_jobs, overview, remember, remembered, retry_job
from core.members.models import Affiliation, Member, MemberListRow, MemberStatus
from core.periods import OPEN
from core.testing import NOON
from core.units.models import UnitScope
from core.units.rolling import roll_units
from core.units.services import transfer_unit

TOMORROW = timedelta(days=1)


@pytest.fixture
def ward(world):
    world.unit("P", "province")
    world.unit("W1", "commune", "P")
    world.unit("W2", "commune", "P")
    world.unit("B1", "branch", "W1")
    return world


def put_forward(world, by: timedelta) -> None:
    world.now = NOON + by
    world.system.opener.clock = lambda: NOON + by
    world.system.opener.forget()


def path_of(world, code: str) -> list[str]:
    with world.work(writing=False) as work:
        place = world.place(code, work)
        above = work.host.places.by_ids(work.session, place.path, work.today, work.generation)
        return [above[key].code for key in place.path]


def test_a_transfer_written_ahead_reaches_the_branch_from_its_day_on(ward):
    with ward.work() as work:
        transfer_unit(
            work,
            ward.place("B1", work),
            parent=ward.place("W2", work),
            on=work.today + TOMORROW,
        )
    assert path_of(ward, "B1") == ["B1", "W1", "P", "ROOT"]
    put_forward(ward, TOMORROW)
    assert path_of(ward, "B1") == ["B1", "W1", "P", "ROOT"], "nobody rolled the day yet"
    with ward.work() as work:
        affected = roll_units(work, work.today - TOMORROW)
        assert affected == {ward.place("B1", work).id}
    assert path_of(ward, "B1") == ["B1", "W2", "P", "ROOT"]


def test_members_of_a_transferred_branch_are_listed_where_it_stands_now(ward):
    ward.member("B1", "Nguyễn Văn An")
    with ward.work() as work:
        remember(work, ROLLED, work.today.isoformat())
        transfer_unit(
            work,
            ward.place("B1", work),
            parent=ward.place("W2", work),
            on=work.today + TOMORROW,
        )
    put_forward(ward, TOMORROW)
    with ward.work() as work:
        roll_days(work, {})
    with ward.work(writing=False) as work:
        above = work.session.scalars(
            sa.select(MemberListRow.ancestor_id).where(MemberListRow.gen_to > work.generation)
        ).all()
        assert ward.place("W2", work).id in above
        assert ward.place("W1", work).id not in above


def test_a_day_without_a_change_raises_no_generation(ward):
    with ward.work() as work:
        before = work.generation
        assert roll_units(work, work.today - TOMORROW) == set()
        assert roll_units(work, work.today) == set()
        assert work.generation == before


def test_days_missed_while_nothing_ran_are_made_up_for(ward):
    member = ward.member("B1")
    with ward.work() as work:
        remember(work, ROLLED, work.today.isoformat())
        work.session.execute(
            sa.update(MemberStatus)
            .where(MemberStatus.member_id == member.id)
            .values(valid_to=work.today + timedelta(days=3))
        )
        work.session.add(
            MemberStatus(
                member_id=member.id,
                status="exempt",
                valid_from=work.today + timedelta(days=3),
                valid_to=OPEN,
            )
        )
    put_forward(ward, timedelta(days=10))
    with ward.work() as work:
        roll_days(work, {})
        assert remembered(work, ROLLED) == work.today.isoformat()
    with ward.work(writing=False) as work:
        assert work.session.scalar(sa.select(Member.status)) == "exempt"


def test_a_day_is_rolled_once(ward, statements):
    with ward.work() as work:
        roll_days(work, {})
    with ward.work() as work:
        before = statements.count
        roll_days(work, {})
        assert statements.count - before == 1, "one look at how far it came"


def test_every_plugin_hears_of_a_rolled_unit_even_one_that_is_off_at_the_root(ward, monkeypatch):
    heard = []

    class Listener:
        @hookimpl
        def tree_changed(self, work, unit_ids):
            heard.append(unit_ids)

    host = ward.system.host
    ward.switch("meetings", on=False)
    monkeypatch.setitem(host.plugins, "meetings", replace(host.plugins["meetings"]))
    whole = host._manager.get_plugin("meetings")
    host._manager.unregister(name="meetings")
    host._manager.register(Listener(), name="meetings")
    try:
        with ward.work() as work:
            transfer_unit(
                work,
                ward.place("B1", work),
                parent=ward.place("W2", work),
                on=work.today + TOMORROW,
            )
        assert heard == []
        put_forward(ward, TOMORROW)
        with ward.work() as work:
            roll_units(work, work.today - TOMORROW)
    finally:
        host._manager.unregister(name="meetings")
        host._manager.register(whole, name="meetings")
    assert heard == [{ward.place("B1").id}]


def test_rows_of_the_list_that_nobody_sees_any_more_are_swept(ward):
    ward.member("B1")
    with ward.work() as work:
        transfer_unit(work, ward.place("B1", work), parent=ward.place("W2", work), on=work.today)
    with ward.work(writing=False) as work:
        dead = MemberListRow.gen_to <= work.generation
        assert work.session.scalar(
            sa.select(sa.func.count()).select_from(MemberListRow).where(dead)
        )
        living = work.session.scalar(
            sa.select(sa.func.count()).select_from(MemberListRow).where(~dead)
        )
    assert sweep_lists(ward.system, {}) > 0
    assert sweep_lists(ward.system, {}) == 0
    assert ward.rows(MemberListRow) == living
    assert path_of(ward, "B1") == ["B1", "W2", "P", "ROOT"]
    assert ward.rows(UnitScope) > 0


def old(world, days: int):
    return world.now - timedelta(days=days)


def test_old_sessions_and_codes_are_deleted_and_recent_ones_stay(ward):
    account = ward.account("member", "B1")
    with ward.work() as work:
        for days in (200, 10):
            work.session.add(
                LoginSession(
                    account_id=account.id,
                    secret_digest=b"x" * 32,
                    device="máy",
                    began_at=old(ward, days + 1),
                    seen_at=old(ward, days),
                    expires_at=old(ward, days),
                )
            )
            work.session.add(
                ResetCode(
                    account_id=account.id,
                    code_hash="x",
                    made_by="x",
                    made_at=old(ward, days),
                    expires_at=old(ward, days),
                )
            )
    with ward.work() as work:
        tidy(work, {})
    assert (ward.rows(LoginSession), ward.rows(ResetCode)) == (1, 1)


def add_job(world, state: str, days: int = 0) -> Job:
    with world.work() as work:
        job = Job(
            id=new_key(),
            kind="jobs.roll",
            key=f"jobs.roll:{new_key()}",
            payload={},
            state=state,
            time_limit_s=60,
            attempts=5,
            last_error="no network",
            made_at=old(world, days),
            finished_at=old(world, days) if state in ("done", "failed") else None,
        )
        work.session.add(job)
        return job


def test_done_jobs_go_after_a_month_and_failed_ones_stay_longer(ward):
    for state, days in (
        ("done", 31),
        ("done", 1),
        ("failed", 31),
        ("failed", 200),
        ("waiting", 400),
    ):
        add_job(ward, state, days)
    with ward.work() as work:
        tidy(work, {})
        assert overview(work).counts == {"done": 1, "failed": 1, "waiting": 1}
        assert overview(work).oldest_waiting_at == old(ward, 400)


def test_a_failed_job_can_be_tried_again_and_the_ledger_knows(ward):
    job = add_job(ward, "failed")
    with ward.work() as work:
        assert [one.id for one in list_jobs(work)] == [job.id]
        again = retry_job(work, job.id)
        assert (again.state, again.attempts) == ("waiting", 0)
        with pytest.raises(RuleBroken):
            retry_job(work, job.id)
        with pytest.raises(NotFound):
            retry_job(work, new_key())


def test_an_affiliation_written_ahead_moves_its_member_on_its_day(ward):
    member = ward.member("B1")
    ward.unit("B2", "branch", "W2")
    with ward.work() as work:
        remember(work, ROLLED, work.today.isoformat())
        tomorrow = work.today + TOMORROW
        work.session.execute(
            sa.update(Affiliation)
            .where(Affiliation.member_id == member.id)
            .values(valid_to=tomorrow)
        )
        work.session.add(
            Affiliation(
                member_id=member.id,
                unit_id=ward.place("B2", work).id,
                kind="home",
                valid_from=tomorrow,
                valid_to=OPEN,
            )
        )
    put_forward(ward, TOMORROW)
    with ward.work() as work:
        roll_days(work, {})
        assert work.session.scalar(sa.select(Member.unit_id)) == ward.place("B2", work).id


def test_the_first_run_does_not_go_back_to_the_beginning_of_time(ward):
    with ward.work() as work:
        assert remembered(work, ROLLED) == ""
        roll_days(work, {})
        assert date.fromisoformat(remembered(work, ROLLED)) == work.today
