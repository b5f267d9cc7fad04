"""What the page of figures shows: which figures there are, a table by units, a year's course."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from core.i18n import format_day, format_number, format_period, get_locale, share_text
from core.indicators.evaluation import Figure, Question, evaluate
from core.indicators.registry import Indicator, registry_of
from core.periods import Period, year_of
from core.settings.models import EffectiveValue
from core.units.models import UnitKind, UnitScope
from core.units.places import Place, visible
from core.work import Work

AT_ONCE = 5
"""Figures of one page: each is a statement, and a page has at most fifteen."""


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of the table: a unit (or the whole), and a figure for each column."""

    title: str
    code: str | None
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class FigureTable:
    """Figures side by side, with the whole as the last line, and what the reader must know."""

    indicators: Sequence[Indicator]
    lines: Sequence[TableLine]
    whole: TableLine
    notes: Sequence[str]


def list_offered(work: Work, unit: Place) -> list[Indicator]:
    """List the figures to be asked for at a unit: permitted, their plugin on there or below."""
    found = [
        indicator
        for indicator in registry_of(work).values()
        if work.may(indicator.permission, unit)
        and (indicator.plugin is None or work.host.plugins[indicator.plugin].is_sound)
    ]
    off = {
        indicator.plugin
        for indicator in found
        if indicator.plugin and not work.host.is_on(work, indicator.plugin, unit)
    }
    off -= on_below(work, unit, off)
    kept = [indicator for indicator in found if indicator.plugin not in off]
    return sorted(kept, key=lambda indicator: _rank(work, indicator))


def _rank(work: Work, indicator: Indicator) -> int:
    """Core's figures come first, then those of our plugins, then a province's own."""
    if indicator.plugin is None:
        return 0
    return 1 if work.host.plugins[indicator.plugin].is_ours else 2


def on_below(work: Work, unit: Place, plugins: set[str]) -> set[str]:
    """Return which of these plugins are on today somewhere below a unit; one statement."""
    if not plugins:
        return set()
    keys = [f"{name}.enabled" for name in sorted(plugins)]
    found = work.session.scalars(
        sa.select(EffectiveValue.key)
        .join(UnitScope, UnitScope.unit_id == EffectiveValue.unit_id)
        .where(
            UnitScope.ancestor_id == unit.id,
            visible(UnitScope, work.generation),
            EffectiveValue.key.in_(keys),
            EffectiveValue.number != 0,
            EffectiveValue.valid_from <= work.today,
            EffectiveValue.valid_to > work.today,
        )
        .distinct()
    )
    return {key.removesuffix(".enabled") for key in found}


def usual_period(work: Work) -> Period:
    """Return the period shown first: the current year."""
    return year_of(work.today)


def make_table(work: Work, keys: Sequence[str], question: Question) -> FigureTable:
    """Reckon figures by unit (or kind) and as a whole; one statement for each figure."""
    by = question.by or "child"
    figures = evaluate(work, keys[:AT_ONCE], replace(question, by=by, series=False))
    by_key: dict[str, list[Figure]] = {}
    for figure in figures:
        by_key.setdefault(figure.key, []).append(figure)
    indicators = [registry_of(work)[key] for key in keys[:AT_ONCE]]
    wholes = [
        whole_of(indicator, question, by_key.get(indicator.key, []), work)
        for indicator in indicators
    ]
    groups: dict[str | None, str] = {}
    for figure in figures:
        groups.setdefault(figure.group, figure.group_name)
    if by == "level":
        groups = kind_titles(work, groups)
    found = {(figure.key, figure.group): figure for figure in figures}
    lines = [
        TableLine(
            name,
            group if by == "child" else None,
            [
                found.get((indicator.key, group)) or replace(whole, value=None, denominator=0)
                for indicator, whole in zip(indicators, wholes, strict=True)
            ],
        )
        for group, name in groups.items()
    ]
    notes = list(dict.fromkeys(figure.note for figure in figures if figure.note))
    return FigureTable(
        indicators,
        lines if question.by else [],
        TableLine(question.unit.name, None, wholes),
        notes,
    )


def kind_titles(work: Work, kinds: Iterable[str | None]) -> dict[str | None, str]:
    """Return kinds of units with their titles, from above to below."""
    wanted = [kind for kind in kinds if kind]
    rows = work.session.scalars(
        sa.select(UnitKind).where(UnitKind.key.in_(wanted)).order_by(UnitKind.rank)
    )
    vietnamese = get_locale() == "vi"
    return {row.key: row.title if vietnamese else row.title_en for row in rows}


def whole_of(
    indicator: Indicator, question: Question, figures: Sequence[Figure], work: Work
) -> Figure:
    """Add up the groups, which together are the whole."""
    top = sum(figure.numerator for figure in figures)
    bottom = 1 if indicator.unit == "count" else sum(figure.denominator for figure in figures)
    value = top if indicator.unit == "count" else (top / bottom if bottom else None)
    day = question.tree_day(question.period, indicator, work.today)
    return Figure(indicator.key, question.unit.code, question.period.key, day, value, top, bottom)


def course(work: Work, key: str, question: Question) -> list[Figure]:
    """Return one figure over the parts of the period; a month or quarter shows its whole year."""
    period = question.period
    if period.kind in ("month", "quarter"):
        period = Period.of_year(period.start.year)
    asked = replace(question, period=period, series=True, by=None)
    return [f for f in evaluate(work, [key], asked) if Period.parse(f.period).start <= work.today]


def figure_text(indicator: Indicator, figure: Figure) -> str:
    """Write a figure as people read it: a number, or a share with its counts."""
    if indicator.unit == "count":
        return format_number(figure.numerator)
    return share_text(figure.numerator, figure.denominator)


def heading_of(question: Question) -> str:
    """Say in words which period is shown, and by the organisation of which day."""
    text = format_period(question.period)
    return f"{text} · {format_day(question.as_of)}" if question.as_of else text
