"""Does it work? Pilot units before and after, beside units like them, and the limits of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

import sqlalchemy as sa

from core.checking import changes, missing
from core.errors import RuleBroken
from core.i18n import _, format_number, format_period
from core.indicators.registry import Indicator, registry_of
from core.periods import Period, month_of, quarter_of
from core.settings import value
from core.units.models import UnitScope, UnitVersion
from core.units.places import Place, valid_on, visible
from core.work import Work

from .. import permissions
from ..models import MATCHED, Registration, Trial
from .figures import Values, figures_by_unit, offered
from .guards import note
from .shapes import Comparison, Effect, Estimate, Key, UnitValue
from .trials import check_own, units_of

MOST_INDICATORS = 4
MOST_CANDIDATES = 2000
MOST_MONTHS = 24
MOST_BY_HAND = 300


def plan_comparison(
    work: Work,
    trial: Trial,
    *,
    indicators: Sequence[str],
    before: str,
    after: str,
    matched: str = "baseline",
    unit_ids: Sequence[Key] = (),
) -> Trial:
    """Choose what a trial is judged by: indicators, two periods, comparison units by hand."""
    check_own(work, trial)
    known = dict(offered(work))
    wanted = list(dict.fromkeys(indicators))
    if not 0 < len(wanted) <= MOST_INDICATORS or any(key not in known for key in wanted):
        raise missing("indicators", _("Choose between 1 and %(n)s figures.", n=MOST_INDICATORS))
    if matched not in MATCHED:
        raise missing("matched", _("Choose how the comparison units are found."))
    one, other = _period(before, "before"), _period(after, "after")
    if one.end > other.start:
        raise missing("after", _("The second period begins before the first one has ended."))
    ids: list[str] = []
    if matched == "hand":
        allowed = {place.id for place in candidates(work, trial)}
        ids = [str(key) for key in dict.fromkeys(unit_ids) if key in allowed]
        if not 0 < len(ids) <= MOST_BY_HAND:
            raise missing("unit_ids", _("Choose comparison units from the list."))
    values = {
        "indicators": wanted,
        "before": one.key,
        "after": other.key,
        "matched": matched,
        "comparison_ids": ids,
    }
    earlier, later = changes(trial, values)
    if later:
        note(
            work, "comparison_planned", trial, trial.title, permissions.DESIGN,
            before=earlier, after=later,
        )  # fmt: skip
    return trial


def _period(text: str, field: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise missing(field, _(str(error))) from error


def usual_periods(work: Work, trial: Trial) -> tuple[Period, Period]:
    """Return the periods a comparison begins with: whole quarters before and after the start.

    The quarter in which a trial begins counts as after when it begins with it, or when the next
    one has not begun yet.
    """
    if trial.before and trial.after:
        return Period.parse(trial.before), Period.parse(trial.after)
    quarter = quarter_of(trial.starts_on)
    following = quarter_of(quarter.end)
    begins_with_it = month_of(trial.starts_on).start == quarter.start
    after = quarter if begins_with_it or following.start > work.today else following
    return quarter.previous(), after


def candidates(work: Work, trial: Trial) -> list[Place]:
    """Return units of the same kind and level that do not take part in the model, by name."""
    pilots = units_of(work, trial)
    kinds = {place.kind for place in pilots}
    levels = {place.is_grassroots for place in pilots}
    taking = sa.exists().where(
        Registration.unit_id == UnitVersion.unit_id,
        Registration.model_code == trial.model_code,
        sa.or_(Registration.ended_on.is_(None), Registration.ended_on > trial.starts_on),
    )
    rows = work.session.scalars(
        sa.select(UnitVersion.unit_id)
        .join(UnitScope, UnitScope.unit_id == UnitVersion.unit_id)
        .where(
            UnitScope.ancestor_id == trial.unit_id,
            visible(UnitScope, work.generation),
            valid_on(UnitVersion, work.today),
            visible(UnitVersion, work.generation),
            UnitVersion.kind.in_(kinds),
            UnitVersion.is_grassroots.in_(levels),
            UnitVersion.unit_id.not_in([place.id for place in pilots]),
            ~taking,
        )
        .order_by(UnitVersion.name_sort, UnitVersion.unit_id)
        .limit(MOST_CANDIDATES)
        .execution_options(unscoped="units that may be compared; whoever plans sees all below")
    ).all()
    found = work.host.places.by_ids(work.session, rows, work.today, work.generation)
    return [found[key] for key in rows if found[key].is_living]


def compare(work: Work, trial: Trial) -> Comparison:
    """Reckon a comparison: a statement for each indicator and some hundred units."""
    if not trial.indicators:
        raise RuleBroken(_("Choose first by which figures the trial is judged."))
    keys = [key for key in trial.indicators if key in dict(offered(work))]
    before, after = usual_periods(work, trial)
    pilots, others = units_of(work, trial), candidates(work, trial)
    if trial.matched == "hand":
        wanted = {Key(one) for one in trial.comparison_ids}
        others = [place for place in others if place.id in wanted]
    months = _months(before, after, work)
    found = {
        key: figures_by_unit(
            work, key, [p.id for p in (*pilots, *others)], [before, after, *months]
        )
        for key in keys
    }
    if trial.matched == "baseline" and keys:
        # scipy takes a second to import; only whoever asks for a comparison pays for it.
        from .matching import nearest  # noqa: PLC0415 - scipy is slow to import

        number = value(work, "pilots.comparison_per_unit")
        others = nearest(pilots, others, [found[key] for key in keys], number)
    effects = [
        _effect(work, registry_of(work)[key], found[key], pilots, others, months) for key in keys
    ]
    gone = len(trial.indicators) - len(keys)
    return Comparison(
        trial=trial,
        before=format_period(before),
        after=format_period(after),
        pilot_names=[place.name for place in pilots],
        comparison_names=[place.name for place in others],
        effects=effects,
        limits=limits(),
        problems=[_("%(n)s chosen figures cannot be reckoned here now.", n=gone)] if gone else [],
    )


def _months(before: Period, after: Period, work: Work) -> list[Period]:
    """Return the months from the first period's begin to the second one's end, up to today."""
    whole: list[Period] = []
    month = month_of(before.start)
    while month.start < after.end and month.start <= work.today:
        whole.append(month)
        month = month_of(month.end)
    return whole[-MOST_MONTHS:]


def _effect(
    work: Work,
    indicator: Indicator,
    values: Values,
    pilots: Sequence[Place],
    others: Sequence[Place],
    months: Sequence[Period],
) -> Effect:
    # scipy takes a second to import; only whoever asks for a comparison pays for it.
    from .estimating import estimate  # noqa: PLC0415 - scipy is slow to import

    rows = [_unit_value(place, values, is_pilot=True) for place in pilots]
    rows += [_unit_value(place, values, is_pilot=False) for place in others]
    found = estimate(rows, value(work, "pilots.confidence_percent"))
    is_rate = indicator.unit == "rate"
    return Effect(
        key=indicator.key,
        title=str(indicator.title),
        is_rate=is_rate,
        values=rows,
        estimate=found,
        labels=[f"{month.start.month}/{month.start.year % 100:02d}" for month in months],
        pilot_course=_course(values, pilots, len(months), is_rate=is_rate),
        comparison_course=_course(values, others, len(months), is_rate=is_rate),
        sentence=sentence(found, is_rate=is_rate),
        warnings=warnings(work, found),
    )


def _unit_value(place: Place, values: Values, *, is_pilot: bool) -> UnitValue:
    return UnitValue(
        place.id,
        place.code,
        place.name,
        is_pilot,
        values.get((0, place.id)),
        values.get((1, place.id)),
    )


def _course(
    values: Values, places: Sequence[Place], months: int, *, is_rate: bool
) -> list[float | None]:
    """Return the mean of the units by month, in percent for a share."""
    course: list[float | None] = []
    for number in range(2, months + 2):
        known = [one for place in places if (one := values.get((number, place.id))) is not None]
        course.append(round(fmean(known) * (100 if is_rate else 1), 1) if known else None)
    return course


def amount(number: float, *, is_rate: bool) -> str:
    """Write a difference: points of percent for a share, else a number, with its sign."""
    shown = round(number * (100 if is_rate else 1), 1)
    text = format_number(abs(shown))
    sign = "+" if shown > 0 else "−" if shown < 0 else ""
    return _("%(n)s percentage points", n=f"{sign}{text}") if is_rate else f"{sign}{text}"


def sentence(found: Estimate, *, is_rate: bool) -> str:
    """Say in plain words what a comparison shows."""
    if found.effect is None:
        return _("There are not enough figures to compare yet.")
    words: Mapping[str, object] = {
        "effect": amount(abs(found.effect), is_rate=is_rate).lstrip("+"),
        "low": amount(found.low, is_rate=is_rate) if found.low is not None else "",
        "high": amount(found.high, is_rate=is_rate) if found.high is not None else "",
        "percent": found.confidence,
    }
    match found.verdict:
        case "more":
            return _(
                "The pilot units rose by %(effect)s more than the comparison units"
                " (range %(low)s to %(high)s, %(percent)s%% certain).",
                **words,
            )
        case "less":
            return _(
                "The pilot units rose by %(effect)s less than the comparison units"
                " (range %(low)s to %(high)s, %(percent)s%% certain).",
                **words,
            )
    if found.low is None:
        return _(
            "The difference is %(effect)s; how certain that is cannot be said with so few units.",
            effect=amount(found.effect, is_rate=is_rate),
        )
    return _(
        "No clear difference: %(effect)s, but anything from %(low)s to %(high)s is possible"
        " (%(percent)s%% certain).",
        **{**words, "effect": amount(found.effect, is_rate=is_rate)},
    )


def warnings(work: Work, found: Estimate) -> list[str]:
    """Warn where numbers are small."""
    small = value(work, "pilots.small_group")
    if min(found.pilot_units, found.comparison_units) >= small:
        return []
    return [
        _(
            "Small numbers: %(one)s pilot units and %(other)s comparison units have figures."
            " One unit more or less can turn the result round.",
            one=found.pilot_units,
            other=found.comparison_units,
        )
    ]


def limits() -> list[str]:
    """Return what such a comparison cannot show; it always stands beside the figures."""
    return [
        _("Pilot units were chosen, not drawn by lot: they may have been better to begin with."),
        _("It is supposed that both groups would have changed alike without the trial."),
        _("Whatever else happened in the same months to one group only is in the difference."),
        _("Each unit counts once, whatever its size; a unit without figures in a period is left"
          " out."),
        _("Figures entered more carefully in a trial look like a better result."),
    ]  # fmt: skip
