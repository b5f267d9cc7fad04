"""`hatnhan jobs`: the process that does what is asked for in the outbox; what failed."""

from __future__ import annotations

import sys
import uuid

import click

from core.cli import Context, json_option, pass_context, refusing, with_work
from core.errors import InvalidInput
from core.i18n import _
from core.jobs.overview import list_jobs, retry_job
from core.jobs.running import Runner
from core.work import Work


@click.group()
def jobs() -> None:
    """Background work: run it, list it, try a failed job again."""


@jobs.command(name="work")
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 32))
@click.option("--with-parent", type=int, help="End when this process, which started this, is gone.")
@json_option
@pass_context
@refusing
def work_on(context: Context, workers: int, *, once: bool, with_parent: int | None) -> None:
    """Do background jobs until stopped; several hosts may do so at once."""
    runner = Runner(context.system, workers, with_parent)
    runner.work(once=once)
    context.say(
        {"done": runner.done, "failed": runner.failed},
        _("Jobs done: %(done)s, failed: %(failed)s.", done=runner.done, failed=runner.failed),
    )
    sys.exit(1 if once and runner.failed else 0)


@jobs.command(name="list")
@click.option(
    "--state",
    type=click.Choice(["waiting", "running", "done", "failed"]),
    default="failed",
    show_default=True,
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@json_option
@with_work(writing=False)
def show(context: Context, work: Work, state: str, limit: int) -> None:
    """List jobs, newest first; the failed ones unless told otherwise."""
    found = list_jobs(work, state=state, limit=limit)
    lines = [
        f"{job.id}  {job.kind}  {job.attempts}  {job.last_error.partition(chr(10))[0]}"
        for job in found
    ]
    context.say(
        [
            {
                "id": str(job.id),
                "kind": job.kind,
                "state": job.state,
                "attempts": job.attempts,
                "made_at": job.made_at.isoformat(),
                "last_error": job.last_error,
            }
            for job in found
        ],
        "\n".join(lines) or _("There are no such jobs."),
    )


@jobs.command()
@click.argument("job_id")
@json_option
@with_work(writing=True)
def retry(context: Context, work: Work, job_id: str) -> None:
    """Try a failed job again."""
    try:
        key = uuid.UUID(job_id)
    except ValueError as error:
        raise InvalidInput(_("This is no key of a job; see “hatnhan jobs list”.")) from error
    job = retry_job(work, key)
    context.say({"id": str(job.id), "state": job.state}, _("The job waits to be tried again."))
