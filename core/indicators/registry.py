"""What can be counted: each figure with its key, its title and the facts it is summed from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from core.i18n import LazyText
from core.periods import Period
from core.work import Work

if TYPE_CHECKING:
    from core.plugin_host import PluginHost

SEE = "core:indicator:see"


@dataclass(frozen=True, slots=True)
class Asked:
    """What facts are asked for: the period, the day on which stocks are counted, the subject.

    `day` is the period's last day, or today if that is earlier. `subject` is one of the
    indicator's subjects; an indicator without subjects is handed an empty text.
    """

    period: Period
    day: date
    subject: str = ""


Facts = Callable[[Work, Asked], sa.Select[Any]]
Course = Callable[[Work, Sequence[Asked]], Sequence[sa.Select[Any]]]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A named figure about units for a period.

    `facts(work, asked)` returns one select with the labelled columns `unit_id`, `numerator` and,
    for a rate, `denominator`: one row for each unit the facts belong to (or several; they are
    summed). It counts for the whole site: place, rights, kinds, the tree of the asked day and
    “the plugin is on there” are added by the evaluation. A fourth column `on` (a day, such as
    the first of the month) says for which day the plugin must have been on; without it the day
    on which stocks are counted counts.

    A `count` is the sum of the numerators; a `rate` the sum of the numerators divided by the
    sum of the denominators, without a value where that is 0. `stock` is counted on one day
    instead of over the period.

    `tables` names the watched tables (`core.watching`) that facts are reckoned from, besides the
    tree and the settings. With it, answers about large units are remembered, and only those of
    units that changed since are reckoned again. Leave it out where anything else decides.

    `course(work, asked)` may return the facts of many days or periods at once, one select for
    each: a stock that is counted over a large table for every month of a year reads it once.
    """

    key: str
    title: LazyText | str
    unit: Literal["count", "rate"]
    facts: Facts
    permission: str = SEE
    stock: bool = False
    plugin: str | None = None
    subjects: tuple[str, ...] = ()
    meaning: LazyText | str = ""
    course: Course | None = None
    tables: tuple[str, ...] | None = None

    def facts_of(
        self, work: Work, asked: Sequence[Asked], *, few: bool
    ) -> Sequence[sa.Select[Any]]:
        """Return the facts for each of what is asked; `few` says that few units will be named.

        Then each is read for these alone, which one pass over all facts could not be.
        """
        if self.course is not None and len(asked) > 1 and not few:
            return self.course(work, asked)
        return [self.facts(work, one) for one in asked]


class IndicatorRegistry(Mapping[str, Indicator]):
    """The indicators of core and of the loaded plugins, by key."""

    def __init__(self) -> None:
        """Begin empty."""
        self._found: dict[str, Indicator] = {}

    def add(self, indicators: Iterable[Indicator], plugin: str | None) -> None:
        """Take in the indicators of a plugin, or of core; a key is taken once."""
        for indicator in indicators:
            if indicator.key in self._found:
                raise ValueError(f"the indicator {indicator.key} is declared twice")
            self._found[indicator.key] = replace(indicator, plugin=plugin)

    def __getitem__(self, key: str) -> Indicator:
        """Return the indicator of a key."""
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        """Go through the keys in alphabetical order."""
        return iter(sorted(self._found))

    def __len__(self) -> int:
        """Count the indicators."""
        return len(self._found)


def collect(host: PluginHost) -> None:
    """Gather the indicators that features and plugins offer; called once, when all are loaded."""
    registry = IndicatorRegistry()
    for plugin in host.sound():
        registry.add(plugin.offered("indicators"), None if plugin.is_core else plugin.name)
    host.registries["indicators"] = registry


def registry_of(work: Work) -> IndicatorRegistry:
    """Return the indicators of this process."""
    found: IndicatorRegistry = work.host.registries["indicators"]
    return found
