"""The committee above: the month of its branches, reminders, twelve months, overdue tasks."""

from __future__ import annotations

import io
import uuid
from datetime import date
from typing import Any

from core.errors import NotFound
from core.exchange.workbook import Column, write_rows
from core.forms import Form
from core.i18n import _, _n, format_month, lazy
from core.periods import month_of, parse_month
from core.units.covering import DatedPageQuery, query_of, told_in_words, told_of
from core.web import download, page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.oversee import ChaseInput, MonthFilter, RemindInput, UntilFilter
from ..services import words
from .door import blueprint
from .frame import address, filled
from .task_lines import past_lines

KINDS = {
    "overdue_unentered": "late",
    "held_no_minutes": "warn",
    "postponed": "info",
    "not_held": "none",
    "not_due": "none",
    "done": "good",
}
"""The colour beside the words of each state of the month."""

SIGNS = {
    "overdue_unentered": "exclamation-circle",
    "held_no_minutes": "file-earmark-text",
    "postponed": "clock",
    "not_held": "dash-lg",
    "not_due": "calendar3",
    "done": "check-lg",
}
UNENTERED = "overdue_unentered"
CALM = ("done", "not_due")
PAGE = 100
SHOWN = 20
"""As many cards as a phone shows before “show more”; meetings.css cuts there."""
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def month_text(month: date) -> str:
    """Write a month as it stands in an address: 2026-11."""
    return f"{month:%Y-%m}"


@blueprint.view("/month", permission=permissions.OVERSEE, accepts=MonthFilter())
def month(work: Work, data: dict[str, Any]) -> Any:
    """Show the month of all branches, most trouble first, with coverage beside every figure."""
    first, state = data["month"] or work.today.replace(day=1), data["state"]
    as_of = told_of(data)
    found = services.month_matrix(
        work, first, state=state, as_of=as_of, cursor=data["cursor"], limit=PAGE
    )
    told = query_of(as_of)
    here = {"month": month_text(first), **told}
    return page(
        "meetings/month.html",
        title=_("The month's meetings, %(month)s", month=format_month(first)),
        month=first,
        month_key=month_text(first),
        earlier=address(work, "month", month=month_text(month_of(first).previous().start), **told),
        later=_later(work, first, told),
        lines=found.lines,
        whole=found.coverage,
        state=state,
        chips=_chips(work, found.coverage, state, here),
        calm=_calm(work, found.coverage, here),
        troubled=sum(bool(state) or line.state not in CALM for line in found.lines),
        shown=SHOWN,
        following=address(work, "month", **here, state=state, cursor=found.next)
        if found.next
        else "",
        first_page=not data["cursor"],
        unentered=found.coverage.states.get(UNENTERED, 0),
        above=words.ABOVE,
        kinds=KINDS,
        signs=SIGNS,
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
        told=told,
        here=here,
        is_now=not told,
    )


def _later(work: Work, first: date, told: dict[str, str]) -> str:
    """Return the address of the month after, as far as there is one to show."""
    following = month_of(first).end
    if following > month_of(work.today).end:
        return ""
    return address(work, "month", month=month_text(following), **told)


def _chips(
    work: Work, whole: services.Coverage, state: str, here: dict[str, str]
) -> list[tuple[str, str, bool]]:
    """Return the filters of the month with how many branches stand in each."""
    chips = [(_("All (%(n)s)", n=whole.branches), address(work, "month", **here), not state)]
    for key in KINDS:
        count = whole.states.get(key, 0)
        if count or key == state:
            text = f"{words.ABOVE[key]} ({count})"
            chips.append((text, address(work, "month", **here, state=key), key == state))
    return chips


def _calm(work: Work, whole: services.Coverage, here: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return the ways to the branches that a phone does not list at once, with their icons."""
    texts = {
        "done": _n("%(n)s branch done", "%(n)s branches done", whole.states.get("done", 0)),
        "not_due": _n(
            "%(n)s branch not yet due",
            "%(n)s branches not yet due",
            whole.states.get("not_due", 0),
        ),
    }
    return [
        (texts[key], address(work, "month", **here, state=key), SIGNS[key])
        for key in CALM
        if whole.states.get(key, 0)
    ]


COLUMNS = [
    Column("code", lazy("Code of the branch"), width=12),
    Column("name", lazy("Branch"), width=40),
    Column("state", lazy("State in the month"), width=26),
    Column("held_on", lazy("Day it met"), "day"),
    Column("attended", lazy("Attended"), "number"),
    Column("required", lazy("Had to attend"), "number"),
    Column("rate", lazy("Attendance"), width=16),
    Column("thematic", lazy("Theme of the quarter"), "yes_no"),
    Column("material", lazy("Used the material"), "yes_no"),
    Column("visits", lazy("Visits from above"), "number"),
    Column("overdue", lazy("Overdue tasks"), "number"),
    Column("chased", lazy("Times reminded"), "number"),
    Column("promised", lazy("Day promised"), "day"),
]


@blueprint.view("/month.xlsx", permission=permissions.EXPORT, accepts=MonthFilter())
def month_file(work: Work, data: dict[str, Any]) -> Any:
    """Hand over the month as a workbook."""
    first = data["month"] or work.today.replace(day=1)
    as_of = told_of(data)
    found = services.month_matrix(work, first, state=data["state"], as_of=as_of, limit=5000)
    target = io.BytesIO()
    title = _("The month's meetings, %(month)s", month=format_month(first))
    write_rows(
        target,
        COLUMNS,
        [
            (
                line.code,
                line.name,
                str(words.ABOVE[line.state]),
                line.held_on,
                line.attended if line.required else None,
                line.required or None,
                line.rate_text,
                line.has_thematic,
                line.used_material,
                line.visits,
                line.overdue_tasks,
                line.chased,
                line.promised_on,
            )
            for line in found.lines
        ],
        title=f"{title} · {work.unit.name}",
        note=" ".join(filter(None, (found.coverage.sentence, told_in_words(as_of)))),
    )
    return download(target.getvalue(), f"sinh-hoat-{month_text(first)}.xlsx", WORKBOOK)


@blueprint.view(
    "/month/remind", methods=["POST"], permission=permissions.CHASE, accepts=RemindInput()
)
def remind_branches(work: Work, data: dict[str, Any]) -> Any:
    """Remind branches whose day has passed and that have entered nothing; all, or those named."""
    wanted = data["unit"] or [
        line.unit_id
        for line in services.month_matrix(work, data["month"], state=UNENTERED, limit=5000).lines
    ]
    count = services.chase(work, wanted, data["month"], channel="app") if wanted else 0
    return redirect_to(
        "meetings.month",
        month=month_text(data["month"]),
        sentence=_n("Reminded %(n)s branch.", "Reminded %(n)s branches.", count)
        if count
        else _("No branch has to be reminded."),
    )


@blueprint.view("/month/branches/<uuid:unit_id>/<month>", permission=permissions.OVERSEE)
def chases(work: Work, unit_id: uuid.UUID, month: str, form: Form | None = None) -> Any:
    """Show how a branch was reminded of a month, and the form that notes a call."""
    first = month_in(month)
    place = branch_below(work, unit_id)
    back = address(work, "month", month=month_text(first))
    title = _("Reminders of %(name)s", name=place.name)
    return page(
        "meetings/chases.html",
        title=title,
        trail=[(_("The month's meetings"), back), (title, "")],
        branch=place,
        month=first,
        back=back,
        chases=services.list_chases(work, unit_id, first),
        channels=words.CHANNELS,
        form=filled(
            form,
            ChaseInput(),
            {"channel": "phone", "month": first},
            draft=f"meetings.chase.{unit_id}.{month}",
        ),
    )


def month_in(text: str) -> date:
    """Read the month of an address."""
    try:
        return parse_month(text)
    except ValueError as error:
        raise NotFound(_("There is no such page, or this account may not see it.")) from error


def branch_below(work: Work, unit_id: uuid.UUID) -> Any:
    """Return a place that stands under this unit, or NotFound."""
    found = work.host.places.by_ids(work.session, [unit_id], work.today, work.generation)
    place = found.get(unit_id)
    if place is None or not place.stands_under(work.unit.id):
        raise NotFound(_("There is no such page, or this account may not see it."))
    return place


@blueprint.view(
    "/month/branches/<uuid:unit_id>/<month>",
    methods=["POST"],
    permission=permissions.CHASE,
    accepts=ChaseInput(),
    form="chases",
)
def chase(work: Work, data: dict[str, Any], unit_id: uuid.UUID, month: str) -> Any:
    """Note that a branch was called, and what it promised."""
    first = month_in(month)
    place = branch_below(work, unit_id)
    services.chase(
        work, [place.id], first, channel=data["channel"], promised_on=data["promised_on"]
    )
    return redirect_to(
        "meetings.month",
        month=month_text(first),
        _anchor=f"branch-{place.code}",
        sentence=_("The reminder of %(name)s is noted.", name=place.name),
    )


@blueprint.view("/year", permission=permissions.OVERSEE, accepts=UntilFilter())
def year(work: Work, data: dict[str, Any]) -> Any:
    """Draw twelve months of meetings and attendance, with the figures as a table."""
    as_of = told_of(data)
    points = services.twelve_months(work, data["month"], as_of)
    return page(
        "meetings/year.html",
        title=_("Twelve months of meetings"),
        trail=[
            (_("The month's meetings"), address(work, "month")),
            (_("Twelve months of meetings"), ""),
        ],
        labels=[f"{point.month:%m/%y}" for point in points],
        held=[percent(point.held, point.branches) for point in points],
        attended=[percent(point.attended, point.required) for point in points],
        points=points,
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
        hidden={"month": month_text(data["month"])} if data["month"] else {},
    )


def percent(part: int, whole: int) -> float | None:
    """Return a share in percent with one decimal, None without a base."""
    return round(part * 100 / whole, 1) if whole else None


@blueprint.view("/month/tasks", permission=permissions.TASK_SEE, accepts=DatedPageQuery())
def overdue_tasks(work: Work, data: dict[str, Any]) -> Any:
    """Show the overdue tasks of all branches below, today or on a day."""
    as_of = told_of(data)
    found, following = services.list_tasks(
        work, state="overdue", subtree=True, as_of=as_of, cursor=data["cursor"], limit=40
    )
    query = {**query_of(as_of), "cursor": following}
    return page(
        "meetings/overdue.html",
        title=_("Overdue tasks of the branches"),
        trail=[
            (_("The month's meetings"), address(work, "month")),
            (_("Overdue tasks of the branches"), ""),
        ],
        lines=past_lines(work, found, as_of),
        following=address(work, "overdue_tasks", **query) if following else "",
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
    )
