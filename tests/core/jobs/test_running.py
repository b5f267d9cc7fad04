"""The runner: once or not at all, time limits, tries, several workers, a quick stop."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.access.principal import job as job_actor
from core.errors import Changed
from core.jobs import enqueue
from core.jobs.claiming import anything_due, claim, finish, pause_after, worker_name
from core.jobs.models import Job, JobState
from core.jobs.running import Runner


def remember(work, payload):
    """Write a row in the job's own transaction."""
    work.session.add(JobState(name=f"test.{payload['name']}", value="written"))
    work.session.flush()


def rows(outbox, name: str) -> int:
    with outbox.system.opener.as_system(job_actor("test"), writing=False) as work:
        statement = sa.select(sa.func.count()).select_from(JobState)
        return work.session.scalar(statement.where(JobState.name == f"test.{name}"))


def test_a_job_is_done_after_the_act_that_asked_for_it(outbox):
    outbox.kind("jobs.say", lambda _work, payload: outbox.say(payload["text"]))
    outbox.ask("jobs.say", payload={"text": "chào"})
    assert outbox.said() == []
    runner = outbox.run()
    assert (outbox.said(), runner.done, runner.failed) == (["chào"], 1, 0)
    assert [job.state for job in outbox.jobs()] == ["done"]


def test_an_act_that_is_rolled_back_asks_for_nothing(outbox):
    outbox.kind("jobs.say", lambda _work, _payload: outbox.say("never"))

    def ask_and_break_off() -> None:
        with outbox.system.opener.as_system(job_actor("test"), writing=True) as work:
            enqueue(work, "jobs.say")
            raise Changed("somebody else was first")

    with pytest.raises(Changed):
        ask_and_break_off()
    outbox.run()
    assert outbox.said() == []


def test_asking_twice_under_one_key_is_asking_once(outbox):
    outbox.kind("jobs.say", lambda _work, _payload: outbox.say("once"))
    assert outbox.ask("jobs.say", key="monday") is not None
    assert outbox.ask("jobs.say", key="monday") is None
    outbox.run()
    assert outbox.ask("jobs.say", key="monday") is None
    outbox.run()
    assert outbox.said() == ["once"]


def test_a_kind_nobody_declared_cannot_be_asked_for(outbox):
    with pytest.raises(ValueError, match=r"jobs\.unheard"):
        outbox.ask("jobs.unheard")


def test_what_a_job_writes_and_that_it_is_done_are_one_transaction(outbox):
    def fail_after_writing(work, payload):
        remember(work, payload)
        raise RuntimeError("no more ink")

    outbox.kind("jobs.write", remember)
    outbox.kind("jobs.half", fail_after_writing)
    outbox.ask("jobs.write", payload={"name": f"whole-{os.getpid()}"})
    outbox.ask("jobs.half", payload={"name": f"half-{os.getpid()}"})
    outbox.run()
    assert rows(outbox, f"whole-{os.getpid()}") == 1
    assert rows(outbox, f"half-{os.getpid()}") == 0


def test_a_loop_without_end_is_ended_and_the_next_job_runs(outbox):
    def for_ever(_work, _payload):
        while True:
            pass

    outbox.kind("jobs.endless", for_ever, limit=1, tries=1)
    outbox.kind("jobs.say", lambda _work, _payload: outbox.say("still here"))
    outbox.ask("jobs.endless")
    outbox.ask("jobs.say")
    runner = outbox.run()
    assert outbox.said() == ["still here"]
    assert (runner.done, runner.failed) == (1, 1)
    endless = outbox.jobs("jobs.endless")[0]
    assert endless.state == "failed"
    assert "1" in endless.last_error


def test_a_job_that_kills_its_process_fails_with_the_exit_code(outbox):
    outbox.kind("jobs.crash", lambda _work, _payload: os._exit(7), tries=1)
    outbox.ask("jobs.crash")
    outbox.run()
    crash = outbox.jobs()[0]
    assert (crash.state, "7" in crash.last_error) == ("failed", True)


def test_a_failed_job_is_tried_again_later_and_in_the_end_stays_failed(outbox, later):
    def refuse(_work, _payload):
        outbox.say("tried")
        raise RuntimeError("no network")

    outbox.kind("jobs.mail", refuse, tries=2)
    outbox.ask("jobs.mail")
    outbox.run()
    waiting = outbox.jobs()[0]
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    assert "no network" in waiting.last_error
    outbox.run()
    assert outbox.said() == ["tried"], "its pause is not over"
    later(pause_after(1))
    outbox.run()
    failed = outbox.jobs()[0]
    assert (failed.state, failed.attempts, failed.run_after) == ("failed", 2, None)


def test_pauses_grow_fourfold():
    assert [pause_after(n) for n in (1, 2, 3)] == [
        timedelta(seconds=30),
        timedelta(minutes=2),
        timedelta(minutes=8),
    ]


def test_a_job_for_later_waits_until_then(outbox, later):
    outbox.kind("jobs.say", lambda _work, _payload: outbox.say("later"))
    outbox.ask("jobs.say", after=outbox.system.opener.clock() + timedelta(hours=1))
    outbox.run()
    assert outbox.said() == []
    later(timedelta(hours=1, seconds=1))
    outbox.run()
    assert outbox.said() == ["later"]


def test_two_runners_with_two_workers_each_do_every_job_once(outbox):
    outbox.kind("jobs.say", lambda _work, payload: outbox.say(payload["n"]))
    with outbox.system.opener.as_system(job_actor("test"), writing=True) as work:
        for number in range(40):
            enqueue(work, "jobs.say", {"n": str(number)})
    other = outbox.beside(lambda: Runner(outbox.system, 2).work(once=True))
    outbox.run(workers=2)
    os.waitpid(other, 0)
    assert sorted(map(int, outbox.said())) == list(range(40))
    assert {job.state for job in outbox.jobs()} == {"done"}


def test_a_kind_this_process_does_not_know_waits_for_one_that_does(outbox):
    outbox.kind("jobs.say", lambda _work, _payload: outbox.say("known again"))
    outbox.ask("jobs.say")
    kind = outbox.kinds.pop()
    outbox.run()
    assert [job.state for job in outbox.jobs()] == ["waiting"]
    outbox.kinds.append(kind)
    outbox.run()
    assert outbox.said() == ["known again"]


def test_the_job_of_a_runner_that_is_gone_is_taken_up_again(outbox, later):
    outbox.kind("jobs.say", lambda _work, _payload: outbox.say("rescued"))
    outbox.ask("jobs.say")
    alive = outbox.beside(lambda: signal.sigwait({signal.SIGTERM}))
    with outbox.system.opener.as_system(job_actor("test"), writing=True) as work:
        assert claim(work, {"jobs.say"}, f"elsewhere:{alive}") is not None
    outbox.run()
    assert outbox.said() == [], "it may be alive"
    os.kill(alive, signal.SIGKILL)
    os.waitpid(alive, 0)
    later(timedelta(seconds=61))
    outbox.run()
    assert outbox.said() == ["rescued"]
    assert outbox.jobs()[0].attempts == 2


def test_a_job_past_its_limit_is_taken_up_again_whatever_became_of_its_worker(outbox, later):
    outbox.kind("jobs.say", lambda _work, _payload: outbox.say("rescued"), limit=60)
    outbox.ask("jobs.say")
    with outbox.system.opener.as_system(job_actor("test"), writing=True) as work:
        claim(work, {"jobs.say"}, f"elsewhere:{os.getpid()}")
    later(timedelta(seconds=121))
    outbox.run()
    assert outbox.said() == ["rescued"]


def test_whoever_lost_a_job_to_another_cannot_say_it_is_done(outbox):
    outbox.kind("jobs.say", lambda _work, _payload: None)
    key = outbox.ask("jobs.say")
    opener = outbox.system.opener
    with opener.as_system(job_actor("test"), writing=True) as work:
        claim(work, {"jobs.say"}, "the second")
    with pytest.raises(Changed), opener.as_system(job_actor("test"), writing=True) as work:
        finish(work, key, "the first")


def test_looking_for_work_takes_no_write_lock(outbox):
    outbox.kind("jobs.say", lambda _work, _payload: None)
    opener = outbox.system.opener
    with opener.as_system(job_actor("test"), writing=False) as work:
        assert not anything_due(work, {"jobs.say"})
        outbox.ask("jobs.say")  # would wait for ever behind a lock
    with opener.as_system(job_actor("test"), writing=False) as work:
        assert anything_due(work, {"jobs.say"})


def stopped(outbox, runner: Runner, ready) -> float:
    """Run until `ready`, when another process sends SIGTERM; return the seconds the stop took."""
    us = os.getpid()

    def stop_us() -> None:
        outbox.wait_for(ready)
        outbox.note_time("sent")
        os.kill(us, signal.SIGTERM)

    watcher = outbox.beside(stop_us)
    runner.work()
    os.waitpid(watcher, 0)
    return time.time() - outbox.time_of("sent")


def test_an_idle_runner_stops_at_once(outbox):
    outbox.kind("jobs.say", lambda _work, _payload: outbox.say("done"))
    outbox.ask("jobs.say")
    assert stopped(outbox, Runner(outbox.system, 2), lambda: outbox.said() == ["done"]) < 3


def test_a_stop_lets_a_short_job_finish(outbox):
    def short(_work, _payload):
        outbox.say("began")
        threading.Event().wait(1)
        outbox.say("finished")

    outbox.kind("jobs.short", short)
    outbox.ask("jobs.short")
    assert stopped(outbox, Runner(outbox.system, 1), lambda: outbox.said() == ["began"]) < 5
    assert outbox.said() == ["began", "finished"]
    assert [job.state for job in outbox.jobs()] == ["done"]


def test_a_stop_ends_a_long_job_within_five_seconds_and_lets_it_wait_again(outbox):
    def long(_work, _payload):
        outbox.say("began")
        threading.Event().wait(600)

    outbox.kind("jobs.long", long, limit=700)
    outbox.ask("jobs.long")
    assert stopped(outbox, Runner(outbox.system, 1), lambda: outbox.said() == ["began"]) < 5
    job = outbox.jobs()[0]
    assert (job.state, job.attempts) == ("waiting", 0)


def test_what_a_job_started_is_ended_with_it(outbox):
    def starts_something(_work, _payload):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        outbox.say(str(child.pid))
        while True:
            pass

    outbox.kind("jobs.starts", starts_something, limit=1, tries=1)
    outbox.ask("jobs.starts")
    outbox.run()
    pid = int(outbox.said()[0])
    outbox.wait_for(lambda: not is_running(pid))


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2] != "Z"
    except OSError:
        return False


def test_a_job_alone_opens_its_own_works_and_may_hold_no_transaction(outbox):
    def alone(system, _payload):
        with system.opener.as_system(job_actor("test"), writing=True) as work:
            work.session.add(JobState(name=f"test.alone-{os.getpid()}", value="x"))
        outbox.say("alone")

    outbox.kind("jobs.alone", alone, alone=True)
    outbox.ask("jobs.alone")
    outbox.run()
    assert outbox.said() == ["alone"]
    assert outbox.jobs()[0].state == "done"


def test_the_oldest_job_comes_first(outbox):
    outbox.kind("jobs.say", lambda _work, payload: outbox.say(payload["n"]))
    for number in range(5):
        outbox.ask("jobs.say", payload={"n": str(number)})
    outbox.run()
    assert outbox.said() == list("01234")


def test_a_claimed_job_is_not_claimed_again(outbox):
    outbox.kind("jobs.say", lambda _work, _payload: None)
    outbox.ask("jobs.say")
    with outbox.system.opener.as_system(job_actor("test"), writing=True) as work:
        assert claim(work, {"jobs.say"}, worker_name(os.getpid())) is not None
        assert claim(work, {"jobs.say"}, "another:1") is None
        assert work.session.scalar(sa.select(Job.runner)) == worker_name(os.getpid())
