"""Reckoning figures: one grouped statement for each key, over the tree as of a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.errors import Forbidden, InvalidInput, NotFound
from core.i18n import _, lazy
from core.indicators.lineage import DECLARED, PEOPLE
from core.indicators.question import Question
from core.indicators.reckoning import Row, on_there
from core.indicators.registry import Indicator, registry_of
from core.indicators.remembering import answers
from core.periods import Period
from core.units.places import Place
from core.units.tree import UnitLine, list_children
from core.work import Work

Number = int | float
MOST_PARTS = 60
PARTLY = {
    PEOPLE: lazy("What divided units did is counted by where their members went."),
    DECLARED: lazy("What divided units did is counted by the shares of their decisions."),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `value` is None where nothing was to be divided by, and nothing is rounded.

    `note` says what a reader must know: units outside their rights, or parts of divided units,
    are not in it.
    """

    key: str
    unit: str
    period: str
    as_of: date
    value: Number | None
    numerator: Number
    denominator: Number
    group: str | None = None
    group_name: str = ""
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the figure as every interface hands it out."""
        plain: dict[str, Any] = {
            "key": self.key,
            "unit": self.unit,
            "period": self.period,
            "as_of": self.as_of.isoformat(),
            "value": self.value,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "group": self.group,
        }
        return {**plain, "note": self.note} if self.note else plain


def evaluate(work: Work, keys: Iterable[str], question: Question) -> list[Figure]:
    """Reckon figures: for each key, each part of the period and each group, in this order.

    Raises NotFound or Forbidden for a unit, and InvalidInput for keys and subjects, that cannot
    be asked for.
    """
    if len(question.parts) > MOST_PARTS:
        sentence = _("A series has at most %(n)s parts; ask for fewer years.", n=MOST_PARTS)
        raise InvalidInput(sentence, fields={"period": [sentence]})
    indicators = [access_indicator(work, key, question) for key in keys]
    figures: list[Figure] = []
    children: dict[date, list[UnitLine]] = {}
    for indicator, rows in zip(indicators, answers(work, indicators, question), strict=True):
        figures.extend(_figures(work, indicator, question, rows, children))
    return figures


def access_indicator(work: Work, key: str, question: Question) -> Indicator:
    """Return an indicator that this actor may ask for at the unit."""
    indicator = registry_of(work).get(key)
    if indicator is None or not _is_sound(work, indicator):
        sentence = _("There is no figure %(key)s. “hatnhan indicators --list” names them.", key=key)
        raise InvalidInput(sentence, fields={"key": [sentence]})
    if not work.actor.sees(question.unit):
        raise NotFound(_("There is no such unit, or this account may not see it."))
    if not work.may(indicator.permission, question.unit):
        raise Forbidden(
            _(
                "You can see this, but have not been given the right to do it. %(unit)s gives it.",
                unit=question.unit.name,
            )
        )
    if question.subject and question.subject not in indicator.subjects:
        allowed = ", ".join(indicator.subjects) or "–"
        sentence = _("The figure %(key)s knows these subjects: %(list)s.", key=key, list=allowed)
        raise InvalidInput(sentence, fields={"subject": [sentence]})
    return indicator


def _is_sound(work: Work, indicator: Indicator) -> bool:
    """Whether the code that knows the facts is in service."""
    return indicator.plugin is None or work.host.plugins[indicator.plugin].is_sound


def _figures(
    work: Work,
    indicator: Indicator,
    question: Question,
    rows: Sequence[Row],
    children: dict[date, list[UnitLine]],
) -> list[Figure]:
    """Put the sums of one indicator in order."""
    figures: list[Figure] = []
    for number, part in enumerate(question.parts):
        day = question.tree_day(part, indicator, work.today)
        found = {group: values for n, group, *values in rows if n == number}
        if question.by == "child" and day not in children:
            children[day] = list_children(work, question.unit, day)
        groups = _groups(question, found, children.get(day, []))
        nothing = [0, 0, 0, 0, 0]
        figures.extend(
            _figure(indicator, question, part, day, (code, name), found.get(key, nothing))
            for key, code, name in groups
        )
    return figures


def _groups(
    question: Question, found: dict[Any, Any], children: Sequence[UnitLine]
) -> list[tuple[Any, str | None, str]]:
    """Return the groups of an answer: (key in the statement, code, name)."""
    if question.by == "child":
        listed: list[Place | UnitLine] = [*children]
        if question.unit.id in found:
            listed.append(question.unit)
        return [(unit.id, unit.code, unit.name) for unit in listed]
    if question.by == "level":
        return [(kind, kind, kind) for kind in sorted(found)]
    return [(None, None, "")]


def _figure(
    indicator: Indicator,
    question: Question,
    part: Period,
    day: date,
    group: tuple[str | None, str],
    values: Sequence[Any],
) -> Figure:
    """Make a figure of the sums."""
    numerator, denominator, left_out, divided, known_by = values
    top = _number(numerator)
    bottom = 1 if indicator.unit == "count" else _number(denominator)
    value = top if indicator.unit == "count" else (top / bottom if bottom else None)
    notes = []
    if left_out:
        notes.append(_("Units outside the rights of this account are not counted."))
    if divided:
        notes.append(_("What divided units did is not counted where only a part of them stands."))
    if known_by in PARTLY:
        notes.append(str(PARTLY[known_by]))
    return Figure(
        key=indicator.key,
        unit=question.unit.code,
        period=part.key,
        as_of=day,
        value=value,
        numerator=top,
        denominator=bottom,
        group=group[0],
        group_name=group[1],
        note=" ".join(notes),
    )


def _number(value: Any) -> Number:
    """Return a sum as a JSON number; databases hand out decimals and nulls."""
    if value is None:
        return 0
    if isinstance(value, (Decimal, float)):
        return int(value) if value == int(value) else float(value)
    return int(value)


__all__ = ["Figure", "Question", "access_indicator", "evaluate", "on_there"]
