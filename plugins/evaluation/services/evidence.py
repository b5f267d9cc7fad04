"""Evidence beside each criterion: facts of other plugins with their period, never the points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from core.i18n import _, format_number, format_period, share_text
from core.indicators.evaluation import Question, evaluate
from core.indicators.registry import registry_of
from core.people import Evidence
from core.periods import Period
from core.work import Work

from ..models import Campaign, Review, SelfReview
from .self_reviews import criteria_of
from .shapes import Criterion, Fact, Key


def facts_about(
    work: Work, campaign: Campaign, member_ids: Sequence[Key]
) -> dict[Key, list[Evidence]]:
    """Return the facts other plugins offer about members in the period; one call for all."""
    end = campaign.period_last + timedelta(days=1)
    found: dict[Key, list[Evidence]] = {}
    if member_ids:
        offered = work.hooks.evidence(
            member_ids=list(member_ids), start=campaign.period_start, end=end
        )
        for fact in offered:
            found.setdefault(fact.member_id, []).append(fact)
    return found


def criteria_beside(
    work: Work, campaign: Campaign, review: Review, text: SelfReview | None = None
) -> list[Criterion]:
    """Return the criteria of an evaluation with the facts that belong to each, and one's points."""
    if review.member_id is not None:
        facts = facts_about(work, campaign, [review.member_id]).get(review.member_id, [])
        by_key = {fact.key: _fact(work, fact, campaign) for fact in facts}
    else:
        by_key = _figures(work, campaign, review)
    return _beside(criteria_of(campaign, review), by_key, text.scores if text else {})


def _beside(
    criteria: Iterable[Mapping[str, Any]], facts: Mapping[str, Fact], scores: Mapping[str, float]
) -> list[Criterion]:
    """Put facts beside the criteria that name them; the rest stands beside the last one."""
    used: set[str] = set()
    found: list[Criterion] = []
    for one in criteria:
        keys = [key for key in facts if _belongs(key, one["evidence"])]
        used.update(keys)
        found.append(
            Criterion(one["key"], one["title"], one["most"], scores.get(one["key"]),
                      [facts[key] for key in keys])
        )  # fmt: skip
    rest = [fact for key, fact in facts.items() if key not in used]
    if found and rest:
        last = found.pop()
        found.append(Criterion(last.key, last.title, last.most, last.own, [*last.facts, *rest]))
    return found


def _belongs(key: str, wanted: Sequence[str]) -> bool:
    return any(key == one or key.startswith(f"{one}.") for one in wanted)


def source_title(work: Work, name: str) -> str:
    """Return how the plugin a fact comes from is called."""
    found = work.host.plugins.get(name)
    return _(found.manifest.title) if found is not None and found.manifest else name


def _fact(work: Work, fact: Evidence, campaign: Campaign) -> Fact:
    if fact.base is not None:
        text = share_text(fact.number, fact.base)
    else:
        text = format_number(fact.number)
    return Fact(fact.title, text, source_title(work, fact.source), period_words(campaign))


def period_words(campaign: Campaign) -> str:
    """Write the period of a campaign in words."""
    if campaign.period_kind in ("year", "quarter"):
        return format_period(Period.parse(campaign.period_key))
    return campaign.period_key


def _figures(work: Work, campaign: Campaign, review: Review) -> dict[str, Fact]:
    """Return the figures of a unit that the criteria name, as far as they are known here."""
    if campaign.period_kind not in ("year", "quarter"):
        return {}
    places = work.host.places.by_ids(work.session, [review.unit_id], work.today, work.generation)
    place = places.get(review.unit_id)
    known = registry_of(work)
    wanted = [
        key
        for one in criteria_of(campaign, review)
        for key in one["evidence"]
        if key in known and work.host.is_on(work, key.partition(".")[0], place)
    ]
    if place is None or not wanted:
        return {}
    allowed = [key for key in wanted if work.may(known[key].permission, place)]
    question = Question(unit=place, period=Period.parse(campaign.period_key), as_of=work.today)
    found: dict[str, Fact] = {}
    for figure in evaluate(work, allowed, question):
        indicator = known[figure.key]
        text = (
            share_text(figure.numerator, figure.denominator)
            if indicator.unit == "rate"
            else format_number(figure.numerator)
        )
        source = source_title(work, figure.key.partition(".")[0])
        found[figure.key] = Fact(str(indicator.title), text, source, period_words(campaign))
    return found
