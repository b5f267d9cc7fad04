"""A trial begins, goes on, ends or is rolled out only as somebody approved the difference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.checking import check_revision, missing, not_here
from core.chunks import chunked
from core.errors import Changed, RuleBroken
from core.i18n import _
from core.scope import require
from core.settings.services import SettingChange, change_settings, may_change
from core.units.places import Place
from core.work import Work

from .. import permissions
from ..models import Change, Registration, Trial
from .differences import (
    Line,
    end_lines,
    extend_lines,
    roll_out_lines,
    same,
    start_lines,
)
from .guards import note
from .reading import place_of
from .registering import end_parts
from .shapes import Key
from .telling import tell_trial
from .trials import check_own, open_change, state_of

NEEDS = {"start": "planned", "extend": "running", "end": "running", "roll_out": "running"}


def propose_change(
    work: Work,
    trial: Trial,
    *,
    kind: str,
    on: date | None = None,
    sunset_on: date | None = None,
    document_no: str = "",
) -> Change:
    """Reckon what a step of a trial changes, for somebody to look at and approve."""
    check_own(work, trial)
    _check_state(work, trial, kind)
    if open_change(work, trial) is not None:
        raise RuleBroken(_("A proposal waits already. Approve it or take it back first."))
    day, until = _days(work, trial, kind, on, sunset_on)
    change = Change(
        unit_id=trial.unit_id,
        trial_id=trial.id,
        kind=kind,
        effective_on=day,
        sunset_on=until,
        document_no=document_no or trial.document_no,
        lines=_reckon(work, trial, kind, day, until),
        proposed_at=work.now,
        proposed_by=work.actor.label[:300],
    )
    work.session.add(change)
    work.session.flush()
    note(
        work, "change_proposed", change, trial.title, permissions.DESIGN,
        after={"kind": kind, "on": day, "lines": len(change.lines)},
    )  # fmt: skip
    return change


def _check_state(work: Work, trial: Trial, kind: str) -> None:
    """Refuse steps that do not follow from where the trial stands."""
    state = state_of(trial, work.today)
    if kind == "roll_out" and state == "ended":
        return
    if state != NEEDS[kind]:
        raise RuleBroken(
            {
                "planned": _("The trial has not begun yet. Begin it first."),
                "running": _("The trial has begun already."),
                "ended": _("The trial is over. Plan a new one, or roll it out."),
                "rolled_out": _("The trial was rolled out; it holds for all units below."),
            }[state]
        )


def _days(
    work: Work, trial: Trial, kind: str, on: date | None, sunset_on: date | None
) -> tuple[date, date | None]:
    """Return the day a step takes effect, and the sunset where it has one."""
    if kind == "start":
        day = max(trial.starts_on, work.today)
        if day >= trial.sunset_on:
            raise RuleBroken(_("The planned end has passed. Change the plan first."))
        return day, trial.sunset_on
    if kind == "extend":
        if sunset_on is None or sunset_on <= trial.sunset_on:
            raise missing("sunset_on", _("Enter an end later than the present one."))
        return trial.sunset_on, sunset_on
    day = on or work.today
    if day < work.today:
        raise missing("on", _("The day lies in the past; settings hold from today on at least."))
    if kind == "end" and day >= trial.sunset_on:
        raise missing("on", _("The trial ends before that day by itself."))
    return day, None


def _places(work: Work, trial: Trial) -> dict[Key, Place]:
    ids = {Key(one) for one in trial.unit_ids} | {Key(one["unit_id"]) for one in trial.given}
    return work.host.places.by_ids(work.session, ids, work.today, work.generation)


def _reckon(work: Work, trial: Trial, kind: str, on: date, until: date | None) -> list[Line]:
    """Return the lines of a step as things stand now."""
    places = _places(work, trial)
    if kind == "start":
        chosen = [places[Key(one)] for one in trial.unit_ids]
        living = [place for place in chosen if place.is_living]
        return start_lines(work, living, trial.settings, on, until or trial.sunset_on)
    if kind == "extend" and until is not None:
        return extend_lines(work, trial, places, until)
    if kind == "roll_out":
        return roll_out_lines(work, trial, places, on)
    return end_lines(work, trial, places, on)


def access_change(work: Work, change_id: Key, *, revision: int | None = None) -> Change:
    """Return a difference of a trial that this unit or one below it runs, or NotFound."""
    found: Change | None = work.session.scalar(sa.select(Change).where(Change.id == change_id))
    if found is None or not place_of(work, found.unit_id).stands_under(work.unit.id):
        raise not_here()
    check_revision(found, revision)
    return found


def withdraw_change(work: Work, change: Change) -> Change:
    """Take a proposal back; nothing was written."""
    if change.unit_id != work.unit.id:
        raise not_here()
    _check_open(change)
    change.state = "withdrawn"
    change.decided_at, change.decided_by = work.now, work.actor.label[:300]
    note(work, "change_withdrawn", change, change.kind, permissions.DESIGN)
    return change


def _check_open(change: Change) -> None:
    if change.state != "proposed":
        raise RuleBroken(_("This proposal is closed. Look at the trial for what holds now."))


def approve_change(work: Work, trial: Trial, change: Change) -> Trial:
    """Write exactly what was shown; whoever approves needs the right to settings at each unit."""
    check_own(work, trial)
    require(work, permissions.APPROVE, [trial.unit_id])
    _check_open(change)
    _check_state(work, trial, change.kind)
    lines = _reckon(work, trial, change.kind, change.effective_on, change.sunset_on)
    if change.effective_on < work.today and change.kind != "extend":
        raise RuleBroken(_("Its day has passed. Take the proposal back and make it again."))
    if not same(lines, change.lines):
        raise Changed(
            _("Settings changed since this was proposed. Take it back and propose it again.")
        )
    if any(line["obstacle"] for line in lines):
        raise RuleBroken(_("Something stands in the way; the marked lines say what."))
    _write(work, lines, change.document_no)
    change.state = "approved"
    change.decided_at, change.decided_by = work.now, work.actor.label[:300]
    _follow(work, trial, change, lines)
    note(
        work, "change_approved", change, trial.title, permissions.APPROVE,
        after={"kind": change.kind, "on": change.effective_on, "lines": len(lines)},
    )  # fmt: skip
    tell_trial(work, trial, change.kind)
    return trial


def may_write(work: Work, change: Change) -> bool:
    """Whether the actor holds the rights to the settings and modules a difference writes."""
    written = [line for line in change.lines if line["action"] != "none"]
    ids = {Key(line["unit_id"]) for line in written}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    return may_change(work, ((line["key"], places[Key(line["unit_id"])]) for line in written))


def _write(work: Work, lines: Sequence[Line], document_no: str) -> None:
    """Write lines as one act; the right to settings and to modules is asked for at each unit."""
    written = [line for line in lines if line["action"] != "none"]
    ids = {Key(line["unit_id"]) for line in written}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    change_settings(
        work,
        [
            SettingChange(
                line["key"],
                places[Key(line["unit_id"])],
                date.fromisoformat(line["on"]),
                line["action"],
                value=line["after"],
                locked=line["locked"],
                document_no=document_no,
            )
            for line in written
        ],
    )


def _follow(work: Work, trial: Trial, change: Change, lines: Sequence[Line]) -> None:
    """Let the trial and the units' part in it follow what was written."""
    if change.kind == "start":
        trial.state, trial.given = "running", _given(lines, change)
        trial.starts_on = change.effective_on
        _take_part(work, trial, change.effective_on)
    elif change.kind == "extend" and change.sunset_on is not None:
        trial.sunset_on = change.sunset_on
        trial.given = _until(trial, change.sunset_on)
    elif change.kind == "end":
        trial.given = _until(trial, change.effective_on)
        trial.sunset_on = max(change.effective_on, trial.starts_on + timedelta(days=1))
        trial.state = "ended" if change.effective_on <= work.today else "running"
        _leave(work, trial, change.effective_on, "stop")
    else:
        trial.state, trial.given = "rolled_out", []
        _leave(work, trial, change.effective_on, "roll_out")


def _until(trial: Trial, day: date) -> list[dict[str, Any]]:
    """Return what was given, with another end."""
    return [{**one, "until": day.isoformat()} for one in trial.given]


def _given(lines: Sequence[Line], change: Change) -> list[dict[str, Any]]:
    """Return what was given with how it goes back, so that exactly this is taken back."""
    back = {
        (line["unit_id"], line["key"]): line
        for line in lines
        if change.sunset_on and line["on"] == change.sunset_on.isoformat()
    }
    return [
        {
            "unit_id": line["unit_id"],
            "key": line["key"],
            "value": line["after"],
            "until": back[(line["unit_id"], line["key"])]["on"],
            "back": {
                name: back[(line["unit_id"], line["key"])][name]
                for name in ("action", "after", "locked")
            },
        }
        for line in lines
        if line["action"] == "give" and line["on"] == change.effective_on.isoformat()
    ]


def _take_part(work: Work, trial: Trial, on: date) -> None:
    """Let the units of a trial take part in its model; one that does already keeps its row."""
    ids = [Key(one) for one in trial.unit_ids]
    rows = work.session.scalars(
        sa.select(Registration)
        .where(
            Registration.unit_id.in_(ids),
            Registration.model_code == trial.model_code,
            Registration.ended_on.is_(None),
        )
        .execution_options(unscoped="who takes part already; the right was asked for")
    ).all()
    _join(work, trial, [row.id for row in rows])
    there = {row.unit_id for row in rows}
    work.session.add_all(
        Registration(
            unit_id=unit_id,
            model_code=trial.model_code,
            trial_id=trial.id,
            way="selected",
            registered_on=on,
            chosen_by=work.unit.name[:300],
            guide_id=trial.guide_id,
            guide_name=trial.guide_name,
            created_at=work.now,
            created_by=work.actor.label[:300],
        )
        for unit_id in ids
        if unit_id not in there
    )
    work.session.flush()


def _join(work: Work, trial: Trial, ids: Sequence[Key]) -> None:
    """Let parts that are under way already count as parts of the trial."""
    for chunk in chunked(ids):
        work.session.execute(
            sa.update(Registration)
            .where(Registration.id.in_(chunk))
            .values(trial_id=trial.id, revision=Registration.revision + 1)
            .execution_options(synchronize_session="fetch")
        )


def _leave(work: Work, trial: Trial, on: date, outcome: str) -> None:
    """Let the units' part in a trial end with it."""
    rows = work.session.scalars(
        sa.select(Registration)
        .where(Registration.trial_id == trial.id, Registration.ended_on.is_(None))
        .execution_options(unscoped="the part of units in a trial that ends")
    ).all()
    end_parts(work, rows, on, outcome)


def list_changes(work: Work, trial: Trial) -> list[Change]:
    """Return the differences of a trial, the newest first."""
    return list(
        work.session.scalars(
            sa.select(Change)
            .where(Change.trial_id == trial.id)
            .order_by(Change.proposed_at.desc(), Change.id.desc())
        )
    )
