"""Pages of figures: choose, read as a table and a drawing, print, take along as a workbook."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from core.exchange.workbook import write_rows
from core.exchange.workbook.columns import Column
from core.forms import Form
from core.i18n import _, format_day, lazy
from core.indicators import services
from core.indicators.evaluation import Question
from core.indicators.registry import SEE, Indicator
from core.indicators.schemas import FiguresInput, question_of
from core.periods import Period
from core.web import PluginBlueprint, download, page
from core.work import Work

blueprint = PluginBlueprint("indicators", is_core=True)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def asked_of(work: Work, data: dict[str, Any]) -> tuple[list[Indicator], list[Indicator], Question]:
    """Return the figures on offer, those chosen (the first ones unless said), and the question."""
    offered = services.list_offered(work, work.unit)
    wanted = data["key"] or [indicator.key for indicator in offered[: services.AT_ONCE - 2]]
    chosen = [indicator for indicator in offered if indicator.key in wanted]
    question = Question(
        work.unit, data["period"] or services.usual_period(work), **question_of(data)
    )
    if question.kind is None and question.by is None and not data["key"]:
        question = replace(question, by="child")
    return offered, chosen[: services.AT_ONCE], question


@blueprint.view("/", permission=SEE, accepts=FiguresInput())
def index(work: Work, data: dict[str, Any]) -> Any:
    """Show figures of a unit for a period, by unit or by kind."""
    offered, chosen, question = asked_of(work, data)
    keys = [indicator.key for indicator in chosen]
    shown = {**data, "key": keys, "period": question.period.key, "by": question.by or ""}
    form = Form(
        FiguresInput(), data=shown, choices={"key": [(i.key, str(i.title)) for i in offered]}
    )
    table = services.make_table(work, keys, question) if keys else None
    return page(
        "indicators/index.html",
        title=_("Figures"),
        form=form,
        heading=services.heading_of(question),
        table=table,
        text=services.figure_text,
        chart=chart_of(work, chosen, question) if chosen else None,
        as_of=question.as_of,
        most=services.AT_ONCE,
        too_many=len(data["key"]) > services.AT_ONCE,
        query=query_of(shown),
    )


def chart_of(work: Work, chosen: list[Indicator], question: Question) -> dict[str, Any]:
    """Return the drawing of the first figure's course."""
    indicator = chosen[0]
    figures = services.course(work, indicator.key, question)
    share = indicator.unit == "rate"
    values = [
        None if f.value is None else round(f.value * 100, 1) if share else f.value for f in figures
    ]
    return {
        "title": indicator.title,
        "labels": [label_of(Period.parse(figure.period)) for figure in figures],
        "course": values,
        "percent": share,
        "high": 100 if share else None,
        "is_line": len(figures) > 1,
    }


def label_of(period: Period) -> str:
    """Name a part of a period shortly."""
    return f"{period.start.month}" if period.kind == "month" else str(period.start.year)


def query_of(shown: dict[str, Any]) -> dict[str, Any]:
    """Return the question as the query of an address."""
    kept = {name: shown[name] for name in ("key", "period", "by", "kind", "subject", "grassroots")}
    kept["as_of"] = shown["as_of"].isoformat() if shown["as_of"] else None
    kept["restated"] = "true" if shown["restated"] else None
    return {name: value for name, value in kept.items() if value}


@blueprint.view("/excel", permission=SEE, accepts=FiguresInput())
def excel(work: Work, data: dict[str, Any]) -> Any:
    """Hand over the table as a workbook, shares with their counts."""
    _offered, chosen, question = asked_of(work, data)
    table = services.make_table(work, [indicator.key for indicator in chosen], question)
    columns = [Column("name", lazy("Unit"), width=40), Column("code", lazy("Code"), width=14)]
    for indicator in chosen:
        columns.append(Column(indicator.key, indicator.title, "number", width=18))
        if indicator.unit == "rate":
            columns.append(Column(f"{indicator.key}.numerator", lazy("of which"), "number"))
            columns.append(Column(f"{indicator.key}.denominator", lazy("out of"), "number"))
    lines = [*table.lines, table.whole]
    rows = [[line.title, line.code or "", *cells_of(chosen, line)] for line in lines]
    buffer = io.BytesIO()
    note = [_("Figures as of %(day)s", day=format_day(work.today)), *table.notes]
    title = f"{work.unit.name} · {services.heading_of(question)}"
    write_rows(buffer, columns, rows, title=title, note="\n".join(note))
    name = f"{work.unit.code}-{question.period.key.replace('..', '-')}.xlsx"
    return download(buffer.getvalue(), name, XLSX)


def cells_of(chosen: list[Indicator], line: services.TableLine) -> list[Any]:
    """Return the cells of a line; a share is three of them."""
    cells: list[Any] = []
    for indicator, figure in zip(chosen, line.figures, strict=True):
        cells.append(figure.value)
        if indicator.unit == "rate":
            cells.extend((figure.numerator, figure.denominator))
    return cells
