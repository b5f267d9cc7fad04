"""Reckoning figures: one grouped statement for each key, over the tree as of a day."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa

from core.errors import Forbidden, InvalidInput, NotFound
from core.i18n import _, lazy
from core.indicators.lineage import DECLARED, PEOPLE, has_ended
from core.indicators.placing import followed, standing
from core.indicators.reaching import units_near
from core.indicators.registry import Asked, Indicator, registry_of
from core.periods import Period
from core.settings.effective import effective_on
from core.settings.resolving import current, explain
from core.units.places import Place
from core.units.tree import UnitLine, list_children
from core.work import Work

Number = int | float
By = Literal["level", "child"]
MOST_PARTS = 60
PARTLY = {
    PEOPLE: lazy("What divided units did is counted by where their members went."),
    DECLARED: lazy("What divided units did is counted by the shares of their decisions."),
}
UNSCOPED = "figures: the permission is part of the statement"


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


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one or more indicators."""

    unit: Place
    period: Period
    by: By | None = None
    series: bool = False
    as_of: date | None = None
    restated: bool = False
    subject: str | None = None
    kind: str | None = None
    grassroots: bool | None = None

    @property
    def parts(self) -> list[Period]:
        """The periods that get a figure each."""
        return self.period.parts() if self.series else [self.period]

    def tree_day(self, part: Period, indicator: Indicator, today: date) -> date:
        """Return the day whose tree is meant: the asked one, else the period's end.

        A stock of a period that has not ended stands in the tree of today.
        """
        if self.restated:
            return self.as_of or today
        if self.as_of is not None:
            return self.as_of
        return min(part.last_day, today) if indicator.stock else part.last_day


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
    for indicator in indicators:
        figures.extend(_figures(work, indicator, question, children))
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
    work: Work, indicator: Indicator, question: Question, children: dict[date, list[UnitLine]]
) -> list[Figure]:
    """Ask the database once, then put the answers in order."""
    rows = _rows(work, indicator, question)
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


def _rows(work: Work, indicator: Indicator, question: Question) -> list[Any]:
    """Run the statement: (number of the part, group, numerator, denominator, flags …)."""
    asked = [_asked(work, indicator, question, part) for part in question.parts]
    near = units_near(work, [question.unit.id])
    facts = indicator.facts_of(work, asked, few=near is not None)
    parts = [
        _statement(work, indicator, question, one, found.subquery("facts"), number, near)
        for number, (one, found) in enumerate(zip(asked, facts, strict=True))
    ]
    statement: Any = parts[0]
    if len(parts) > 1:
        together = sa.union_all(*(part.subquery().select() for part in parts)).subquery("parts")
        statement = sa.select(*together.c)
    rows = work.session.execute(statement, execution_options={"unscoped": UNSCOPED})
    return [tuple(row) for row in rows]


def _asked(work: Work, indicator: Indicator, question: Question, part: Period) -> Asked:
    """Return what the facts of one part of the period are asked for."""
    subject = question.subject or (indicator.subjects[0] if indicator.subjects else "")
    return Asked(part, min(part.last_day, work.today), subject)


def _statement(
    work: Work,
    indicator: Indicator,
    question: Question,
    asked: Asked,
    facts: sa.Subquery,
    number: int,
    near: Sequence[uuid.UUID] | None,
) -> sa.Select[Any]:
    """Return the grouped statement of one part of the period; `near` names whose facts count."""
    day = question.tree_day(asked.period, indicator, work.today)
    until = day if question.restated else min(day, asked.period.last_day)
    place = followed if has_ended(work, until) else standing
    spot = place(work, indicator, question, facts, day, until, near)
    counted = sa.and_(spot.permitted, spot.is_known)
    denominator = facts.c.denominator if "denominator" in facts.c else sa.literal(0)
    statement = sa.select(
        sa.literal_column(str(number)).label("part"),
        spot.group.label("grouped"),
        sa.func.sum(sa.case((counted, spot.of(facts.c.numerator)), else_=0)).label("numerator"),
        sa.func.sum(sa.case((counted, spot.of(denominator)), else_=0)).label("denominator"),
        sa.func.max(sa.case((spot.permitted, 0), else_=1)).label("left_out"),
        sa.func.max(sa.case((spot.is_known, 0), else_=1)).label("divided"),
        sa.func.max(spot.known_by).label("known_by"),
    ).select_from(spot.source)
    on = facts.c.on if "on" in facts.c else asked.day
    switched = on_there(work, indicator.plugin, facts.c.unit_id, on)
    if switched is not None:
        statement = statement.where(switched)
    if near is not None:
        statement = statement.where(facts.c.unit_id.in_(near))
    return statement.group_by(spot.group) if question.by else statement


def on_there(
    work: Work, plugin: str | None, unit_id: Any, on: date | sa.ColumnElement[date]
) -> sa.ColumnElement[bool] | None:
    """Condition: the plugin is on at the unit on the day; None where it is on everywhere."""
    if plugin is None:
        return None
    key = f"{plugin}.enabled"
    root = work.session.info["root_place"]
    if isinstance(on, date) and current(work).units_with(key) <= {root.id}:
        return None if explain(work, key, root, on).value else sa.false()
    return effective_on(key, unit_id, on)


__all__ = ["Figure", "Question", "access_indicator", "evaluate", "on_there"]
