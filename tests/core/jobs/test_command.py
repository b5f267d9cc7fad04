"""`hatnhan jobs`: what it prints, and with which exit code it ends."""

import json

import pytest
from click.testing import CliRunner

from core.cli import Context, main
from core.commands.jobs import jobs


@pytest.fixture
def run(outbox):
    """Run a command on the test's system and give back its exit code and its JSON."""
    if "jobs" not in main.commands:
        main.add_command(jobs)

    def call(*words: str):
        context = Context()
        context._system = outbox.system
        answer = CliRunner().invoke(main, ["jobs", *words], obj=context)
        return answer.exit_code, answer.output

    return call


def test_work_once_says_how_many_were_done(outbox, run):
    outbox.kind("jobs.say", lambda _work, _payload: outbox.say("done"))
    outbox.ask("jobs.say")
    code, output = run("work", "--once", "--json")
    assert (code, json.loads(output)) == (0, {"done": 1, "failed": 0})


def test_work_once_ends_with_1_when_a_job_failed_and_list_names_it(outbox, run):
    def refuse(_work, _payload):
        raise RuntimeError("no network")

    outbox.kind("jobs.mail", refuse, tries=1)
    outbox.ask("jobs.mail")
    assert run("work", "--once")[0] == 1
    code, output = run("list", "--json")
    (failed,) = json.loads(output)
    assert (code, failed["kind"], failed["attempts"]) == (0, "jobs.mail", 1)
    assert "no network" in failed["last_error"]


def test_retry_lets_a_failed_job_wait_and_refuses_any_other(outbox, run):
    outbox.kind("jobs.crash", lambda _work, _payload: 1 / 0, tries=1)
    key = outbox.ask("jobs.crash")
    assert run("retry", str(key))[0] == 1
    run("work", "--once")
    assert run("retry", str(key), "--json")[0] == 0
    assert outbox.jobs()[0].state == "waiting"
    assert run("retry", "not-a-key")[0] == 1


def test_nothing_to_list_is_said_in_a_sentence(run):
    code, output = run("list")
    assert code == 0
    assert output.strip()
