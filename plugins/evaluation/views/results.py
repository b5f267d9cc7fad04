"""Results: the table with shares, earlier years, names, years running, files."""

from __future__ import annotations

import io
from typing import Any

from core.exchange.workbook import Column, write_rows
from core.i18n import _, lazy
from core.units.covering import query_of, told_in_words, told_of
from core.web import download
from core.work import Work

from .. import permissions, services
from ..schemas.reviews import ResultsFilter
from ..services import words
from .door import blueprint
from .frame import ENDING, address, handed_over, show

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def asked_period(work: Work, text: str, known: list[Any]) -> Any:
    """Return the period asked for: the newest year with results unless one is named."""
    return services.period_named(work, text) if text else services.newest_year(work, known)


@blueprint.view("/results", permission=permissions.RESULTS, accepts=ResultsFilter())
def results(work: Work, data: dict[str, Any]) -> Any:
    """Show levels with shares: all subjects, then by unit below, kind or sector."""
    known = services.rated_periods(work)
    period = asked_period(work, data["period"], known)
    subject, by, as_of = data["subject"], data["by"], told_of(data)
    hidden = {"period": period.key, "subject": subject, "by": by}
    at = {**hidden, **query_of(as_of)}

    def href(**changes: str) -> str:
        return address(work, "results", **{**at, **changes})

    whole = services.level_table(work, period, as_of=as_of)
    below = services.level_table(work, period, by=by, subject=subject, as_of=as_of)
    groups = {"child": _("By unit below"), "kind": _("By kind of unit"), "sector": _("By sector")}
    return show(
        work,
        "results",
        title=_("Results of %(period)s", period=period.title),
        period=period,
        whole=whole,
        sentences=[services.result_sentence(line) for line in whole],
        below=below,
        period_chips=[(one.chip, href(period=one.key), period.key == one.key) for one in known],
        subject_chips=[
            (str(title), href(subject=key), key == subject)
            for key, title in words.SUBJECTS.items()
        ],
        group_tabs=[(text, href(by=key), key == by) for key, text in groups.items()],
        years=services.years_table(work, _years_until(known, period)[:5], subject),
        subject=subject,
        over=services.over_caps(work, period),
        going=[one for one in services.list_campaigns(work, state="running")
               if one.period_key == period.key],
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
        hidden=hidden,
        at=at,
    )  # fmt: skip


def _years_until(known: list[Any], period: Any) -> list[int]:
    """Return the years with results up to a period, the newest first."""
    return [one.start.year for one in known
            if one.kind == "year" and one.start.year <= period.start.year]  # fmt: skip


@blueprint.view("/results/names", permission=permissions.RESULTS, accepts=ResultsFilter())
def names(work: Work, data: dict[str, Any]) -> Any:
    """Show results by name, with a filter by level."""
    known = services.rated_periods(work)
    period = asked_period(work, data["period"], known)
    as_of = told_of(data)
    rows, following = services.list_results(
        work,
        period,
        subject=data["subject"],
        level=data["level"],
        as_of=as_of,
        cursor=data["cursor"],
    )
    hidden = {"period": period.key, "subject": data["subject"]}
    at = {**hidden, **query_of(as_of)}
    chips = [(_("All levels"), address(work, "names", **at), not data["level"])]
    chips += [
        (str(title), address(work, "names", **at, level=key), data["level"] == key)
        for key, title in words.SHORT_LEVELS.items()
    ]
    return show(
        work,
        "names",
        title=_("Names and levels of %(period)s", period=period.title),
        rows=rows,
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
        hidden={**hidden, "level": data["level"]},
        chips=chips,
        following=address(work, "names", **at, level=data["level"], cursor=following)
        if following
        else "",
        trail=[(_("Results of %(period)s", period=period.title),
                address(work, "results", period=period.key))],
    )  # fmt: skip


@blueprint.view("/results/running", permission=permissions.RESULTS, accepts=ResultsFilter())
def running(work: Work, data: dict[str, Any]) -> Any:
    """Show who was excellent some years running, wherever they stood, for awards."""
    known = services.rated_periods(work)
    period = asked_period(work, data["period"], known)
    count = data["years"] or services.award_years(work)
    as_of = told_of(data)
    last, subject = period.last_day.year, data["subject"]
    found, following = services.years_running(
        work, last, count, subject=subject, as_of=as_of, cursor=data["cursor"]
    )
    hidden = {"period": period.key, "subject": subject}
    at = {**hidden, **query_of(as_of)}
    return show(
        work,
        "running",
        title=_("Excellent %(n)s years running", n=count),
        rows=found,
        chips=[
            (_("%(n)s years", n=n), address(work, "running", **at, years=n), n == count)
            for n in (2, 3, 5)
        ],
        following=address(work, "running", **at, years=count, cursor=following)
        if following
        else "",
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
        hidden={**hidden, "years": count},
        trail=[(_("Results of %(period)s", period=period.title),
                address(work, "results", **at))],
    )  # fmt: skip


COLUMNS = [
    Column("name", lazy("Group"), width=40),
    Column("rated", lazy("Rated (head)"), "number"),
    *(Column(key, title, "number") for key, title in words.SHORT_LEVELS.items()),
    Column("not_rated", lazy("Not rated (head)"), "number"),
    Column("share", lazy("Good or better"), width=20),
    Column("excellent_share", lazy("Of which excellent"), width=20),
]


@blueprint.view("/results.xlsx", permission=permissions.EXPORT, accepts=ResultsFilter())
def workbook(work: Work, data: dict[str, Any]) -> Any:
    """Hand over the table as a workbook."""
    period = asked_period(work, data["period"], services.rated_periods(work))
    as_of = told_of(data)
    lines = services.level_table(work, period, by=data["by"], subject=data["subject"], as_of=as_of)
    target = io.BytesIO()
    title = _("Results of %(period)s", period=period.title)
    write_rows(
        target,
        COLUMNS,
        [
            (
                line.name,
                line.rated,
                *(getattr(line, key) for key in words.SHORT_LEVELS),
                line.not_rated,
                line.share,
                line.excellent_share,
            )
            for line in lines
        ],
        title=f"{title} · {work.unit.name}",
        note=told_in_words(as_of),
    )
    return download(target.getvalue(), f"xep-loai-{period.key}.xlsx", WORKBOOK)


@blueprint.view(f"/results.{ENDING}", permission=permissions.EXPORT, accepts=ResultsFilter())
def paper(work: Work, data: dict[str, Any], ending: str) -> Any:
    """Hand over the table as a report."""
    period = asked_period(work, data["period"], services.rated_periods(work))
    title = _("Results of %(period)s", period=period.title)
    lines = services.level_table(work, period, as_of=told_of(data))
    return handed_over(work, services.results_paper(work, title, lines), ending)
