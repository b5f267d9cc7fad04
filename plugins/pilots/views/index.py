"""The register of models with how far they reach; the list of registrations."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from core.exchange.workbook import Column, write_rows
from core.i18n import _, lazy
from core.periods import Period, year_of
from core.units.covering import TODAY, AsOf, query_of, told_in_words, told_of
from core.web import download, page
from core.work import Work

from .. import permissions, services
from ..schemas.taking import ReachFilter, RegistrationFilter
from ..services import words
from .door import address, blueprint

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YEARS = 5


def chosen_year(work: Work, year: int | None, as_of: AsOf = TODAY) -> Period:
    """Return the year of a page: the asked one, else that of the day asked for, or this one."""
    return Period.of_year(year) if year else year_of(as_of.day or work.today)


def year_links(work: Work, endpoint: str, current: int, **values: Any) -> list[Any]:
    """Return the last years as links."""
    return [
        (str(year), address(work, endpoint, year=year, **values), year == current)
        for year in range(work.today.year, work.today.year - YEARS, -1)
    ]


@blueprint.view("/", permission=permissions.SEE, accepts=ReachFilter())
def index(work: Work, data: dict[str, Any]) -> Any:
    """Show this unit's own registrations and, above branches, the register with its reach."""
    as_of = told_of(data)
    period = chosen_year(work, data["year"], as_of)
    models = services.models_in(work)
    sees_all = work.may(permissions.OVERSEE) and work.unit.kind != "branch"
    own, _more = services.list_registrations(work, own=True, limit=10)
    return page(
        "pilots/index.html",
        title=_("Pilot models"),
        own=steps(work, [line for line in own if line.state != "ended"]),
        earlier=[line for line in own if line.state == "ended"],
        models=models if sees_all else {},
        reaches=services.reaches(work, models, period, as_of) if sees_all else {},
        as_of=as_of.day if as_of.is_past and sees_all else None,
        asked=as_of,
        years=year_links(work, "index", period.start.year, **_restated(as_of)),
        year=period.start.year,
        offered=services.offered_models(work),
        kinds=words.STATE_KINDS,
        states=words.STATES,
        is_branch=work.unit.kind == "branch",
    )


def steps(work: Work, lines: Sequence[Any]) -> list[tuple[Any, list[tuple[str, str, str]]]]:
    """Return registrations of a list, each with its five steps."""
    inputs, reviews = services.progress_of(work, [line.id for line in lines])
    found = []
    for line in lines:
        way = services.steps_of(
            work,
            line.registration,
            has_inputs=line.id in inputs,
            has_reviews=line.id in reviews,
        )
        found.append((line, [(step.title, step.state, "") for step in way]))
    return found


def folded(lines: Sequence[Any]) -> list[Any]:
    """Return the reach by unit with units that have nobody below them as one line."""
    singles = [line for line in lines if line.reach.eligible <= 1]
    if len(singles) < 4:
        return list(lines)
    whole = services.Reach(
        sum(line.reach.eligible for line in singles),
        sum(line.reach.registered for line in singles),
        sum(line.reach.recognised for line in singles),
    )
    name = _("Units directly below (%(n)s)", n=len(singles))
    rest = [line for line in lines if line.reach.eligible > 1]
    return [*rest, services.ReachLine(name, whole)]


@blueprint.view("/models/<code>", permission=permissions.SEE, accepts=ReachFilter())
def model(work: Work, data: dict[str, Any], code: str) -> Any:
    """Show a model: what it is, how far it reaches by unit, level and year."""
    found, as_of = services.access_model(work, code), told_of(data)
    period = chosen_year(work, data["year"], as_of)
    reaches = work.may(permissions.OVERSEE) and work.unit.kind != "branch"
    then = as_of if reaches else TODAY
    reviews, _more = services.list_reviews(work, model=code, as_of=then, limit=5)
    return page(
        "pilots/model.html",
        title=found.title,
        trail=[(_("Pilot models"), address(work, "index")), (found.title, "")],
        model=found,
        kinds=[title for key, title in services.kind_titles(work).items() if key in found.kinds],
        **(_reach_of(work, found, period, as_of) if reaches else NO_REACH),
        as_of=as_of.day if as_of.is_past and reaches else None,
        asked=as_of,
        years=year_links(work, "model", period.start.year, code=code, **_restated(as_of)),
        year=period.start.year,
        reviews=services.reviews_then(work, reviews, then),
        review_kinds=words.REVIEWS,
        decisions=services.list_decisions(work, model=code, as_of=then, limit=10),
        outcomes=words.OUTCOMES,
        settings=services.spoken_settings(work, found.settings),
        offered=dict(services.offered(work)),
        is_own=found.unit_id == work.unit.id,
        can_register=code in dict(services.offered_models(work)),
    )


NO_REACH: dict[str, Any] = {"children": [], "levels": [], "by_year": []}


def _reach_of(work: Work, found: Any, period: Period, as_of: AsOf) -> dict[str, Any]:
    """Return how far a model reaches, by unit, level and year."""
    last = (as_of.day or work.today).year
    years = [Period.of_year(last - n) for n in range(YEARS)]
    by_year = services.reach_by_period(work, found, years, as_of)
    return {
        "children": folded(services.reach_by_child(work, found, period, as_of)),
        "levels": services.reach_by_level(work, found, period, as_of),
        "by_year": list(zip(years, by_year, strict=False)),
    }


def _restated(as_of: AsOf) -> dict[str, str]:
    """Return what of the day asked for goes on when another year is chosen."""
    return {"restated": "1"} if as_of.restated else {}


@blueprint.view("/registrations", permission=permissions.SEE, accepts=RegistrationFilter())
def registrations(work: Work, data: dict[str, Any]) -> Any:
    """List the registrations of this unit and below it."""
    as_of = told_of(data)
    lines, following = services.list_registrations(work, as_of=as_of, **data)
    shown = {name: data[name] for name in ("model", "state", "year") if data[name]}
    here = {**shown, **query_of(as_of)}
    return page(
        "pilots/registrations.html",
        title=_("Registrations for models"),
        trail=[(_("Pilot models"), address(work, "index")), (_("Registrations for models"), "")],
        lines=lines,
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
        shown=shown,
        kinds=words.STATE_KINDS,
        states=words.STATES,
        models=services.titles(services.models_in(work)),
        chosen=data["model"],
        chips=_chips(work, here),
        excel=address(work, "registrations_file", **here),
        following=address(work, "registrations", **here, cursor=following) if following else "",
        hidden={name: value for name, value in here.items() if name != "model"},
    )


def _chips(work: Work, here: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Return the filters by state."""
    rest = {name: value for name, value in here.items() if name != "state"}
    state = here.get("state", "")
    chips = [(_("All"), address(work, "registrations", **rest), not state)]
    for key, text in words.STATES.items():
        chips.append((str(text), address(work, "registrations", **rest, state=key), key == state))
    return chips


COLUMNS = [
    Column("model", lazy("Model"), width=30),
    Column("code", lazy("Unit code"), width=14),
    Column("name", lazy("Unit"), width=40),
    Column("state", lazy("State"), width=26),
    Column("registered_on", lazy("Registered on"), "day"),
    Column("points", lazy("Points"), "number"),
    Column("recognised_on", lazy("Recognised on"), "day"),
    Column("ended_on", lazy("Ended on"), "day"),
]


@blueprint.view("/registrations.xlsx", permission=permissions.EXPORT, accepts=RegistrationFilter())
def registrations_file(work: Work, data: dict[str, Any]) -> Any:
    """Hand over the list as a workbook."""
    data.pop("cursor")
    as_of = told_of(data)
    lines, _more = services.list_registrations(work, as_of=as_of, **data, limit=20_000)
    target = io.BytesIO()
    write_rows(
        target,
        COLUMNS,
        [
            (
                line.model_title,
                line.unit_code,
                line.unit_name,
                str(words.STATES[line.state]),
                line.registration.registered_on,
                line.points,
                line.recognised_on,
                line.ended_on,
            )
            for line in lines
        ],
        title=f"{_('Registrations for models')} · {work.unit.name}",
        note=told_in_words(as_of),
    )
    return download(target.getvalue(), f"mo-hinh-{date.isoformat(work.today)}.xlsx", WORKBOOK)
