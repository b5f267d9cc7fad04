"""`hatnhan restructure`: plans of restructuring from files, applied and reverted."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from core.cli import DAY, Context, json_option, pass_context, refusing
from core.errors import InvalidInput
from core.exchange.workbook import UnreadableFile
from core.i18n import _, format_day, lazy
from core.restructuring.models import Plan
from core.restructuring.services import (
    Examination,
    access_plan,
    apply_plan,
    approve_plan,
    draft_from,
    draft_plan,
    list_plans,
    obstacles,
    read_assign_file,
    read_plan_file,
    revert_plan,
    submit_plan,
)
from core.work import Work

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def restructure() -> None:
    """Restructure the tree: plan, apply, revert."""


@restructure.command()
@click.argument("file", type=FILE)
@click.option("--on", type=DAY, required=True, help=str(lazy("The day from which it holds.")))
@click.option("--decision", required=True, metavar="NO", help=str(lazy("Number of the decision.")))
@click.option("--decided-on", type=DAY, help=str(lazy("Day of the decision.")))
@click.option("--title", default="", help=str(lazy("How the plan is called.")))
@click.option("--assign", type=FILE, help=str(lazy("Where divided units' children go.")))
@click.option(
    "--unassigned",
    type=click.Choice(["refuse", "main"]),
    default="refuse",
    show_default=True,
    help=str(lazy("What is not assigned: refuse the plan, or the main successor takes it.")),
)
@json_option
@pass_context
@refusing
def plan(context: Context, file: Path, on: date, decision: str, **options: Any) -> None:
    """Draft a plan from a file and say what stands in its way; exit 1 when it is blocked."""
    read = _reading(file, read_plan_file)
    assign = options["assign"]
    told = _reading(assign, read_assign_file) if assign else None
    with context.system.opener.as_system(context.actor(), writing=True) as work:
        filed = draft_from(
            work,
            read,
            told,
            on=on,
            decision_no=decision,
            decision_date=options["decided_on"],
            title=options["title"],
            unassigned=options["unassigned"],
        )
        made, found = (None, None) if filed.problems else draft_plan(work, filed.draft)
        answer = _answer(on, made, found, filed.problems)
    context.say(answer, _told(answer))
    sys.exit(1 if answer["problems"] else 0)


def _reading(path: Path, read: Callable[[Path], Any]) -> Any:
    """Read a file; one that cannot be read ends the command with 2."""
    try:
        return read(path)
    except UnreadableFile as error:
        click.echo(_(error.sentence, **error.values), err=True)
        sys.exit(2)


def _answer(
    on: date, made: Plan | None, found: Examination | None, problems: list[str]
) -> dict[str, Any]:
    """Return what `plan` prints."""
    changes = found.outcome.changes if found else []
    codes = found.outcome.codes if found else {}
    return {
        "id": str(made.id) if made else None,
        "effective_on": on.isoformat(),
        "operations": [
            {"kind": change.kind, "unit": codes[change.unit_id]}
            for change in changes
            if not change.follows
        ],
        "unplaced": found.outcome.unplaced if found else [],
        "problems": [*problems, *(found.sentences if found else [])],
        "warnings": list(dict.fromkeys(one.sentence for one in found.warnings)) if found else [],
        "impact": found.impact if found else {},
    }


def _told(answer: dict[str, Any]) -> str:
    """Return the same for people."""
    lines = [
        _("Plan %(id)s: %(n)s operations.", id=answer["id"], n=len(answer["operations"]))
        if answer["id"]
        else _("No plan was made.")
    ]
    if answer["unplaced"]:
        lines.append(_("Stays as it is: %(units)s", units=", ".join(answer["unplaced"])))
    lines += [f"! {sentence}" for sentence in answer["problems"]]
    lines += [f"? {sentence}" for sentence in answer["warnings"][:20]]
    return "\n".join(lines)


@restructure.command()
@click.argument("plan_id", metavar="ID")
@json_option
@pass_context
@refusing
def apply(context: Context, plan_id: str) -> None:
    """Approve a plan and apply it; for a day to come it waits for the job."""
    with context.system.opener.as_system(context.actor(), writing=True) as work:
        found = _plan(work, plan_id)
        if found.state == "draft":
            submit_plan(work, found)
        if found.state == "checked":
            approve_plan(work, found)
        waits = found.effective_on > work.today
        if not waits:
            apply_plan(work, found)
        day = format_day(found.effective_on)
        answer = _state(found)
    sentence = _("Approved; it is applied on %(day)s.", day=day) if waits else _("Applied.")
    context.say(answer, sentence)


@restructure.command()
@click.argument("plan_id", metavar="ID")
@click.option("--reason", default="", help=str(lazy("Why it is reverted.")))
@json_option
@pass_context
@refusing
def revert(context: Context, plan_id: str, reason: str) -> None:
    """Take back a plan that was applied, as long as nothing was built on it."""
    with context.system.opener.as_system(context.actor(), writing=True) as work:
        found = _plan(work, plan_id)
        standing = obstacles(work, found) if found.state == "applied" else []
        if not standing:
            why = reason or _("Reverted at the command line.")
            revert_plan(work, found, reason=why)
        answer = {**_state(found), "obstacles": standing}
    if not standing:
        context.say(answer, _("Reverted."))
        return
    context.say(answer)
    click.echo(_("The plan cannot be reverted: %(reasons)s", reasons=" ".join(standing)), err=True)
    sys.exit(1)


@restructure.command(name="list")
@json_option
@pass_context
@refusing
def show(context: Context) -> None:
    """List the newest plans."""
    with context.system.opener.as_system(context.actor(), writing=False) as work:
        answer = [{**_state(one), "title": one.title} for one in list_plans(work, work.unit)]
    lines = [f"{a['id']}  {a['effective_on']}  {a['state']}  {a['title']}" for a in answer]
    context.say(answer, "\n".join(lines) or _("There are no plans yet."))


def _plan(work: Work, text: str) -> Plan:
    """Return the plan of an id."""
    try:
        key = uuid.UUID(text)
    except ValueError as error:
        raise InvalidInput(_("This is no id of a plan.")) from error
    return access_plan(work, key)


def _state(found: Plan) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "state": found.state,
        "effective_on": found.effective_on.isoformat(),
        "decision_no": found.decision_no,
    }
