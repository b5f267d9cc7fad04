"""What a secretary and a committee do about admissions, in short: builders for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.exchange.registry import datasets_of
from core.exchange.services import import_source
from core.exchange.staging import JsonSource
from core.indicators.evaluation import Question, evaluate
from core.members.models import Member
from core.periods import Period
from core.testing import World
from core.work import Work

NAMES = (
    "Nguyễn Thị Hoa",
    "Lê Đình Ân",
    "Nguyễn Văn An",
    "Trần Thị Ánh",
    "Phạm Thị Bình",
    "Hoàng Văn Châu",
    "Đặng Quang Dũng",
    "Võ Thị Đào",
    "Bùi Văn Giang",
    "Phan Đức Hải",
)


@dataclass
class Ward:
    """A ward with its people and short ways of doing what they do."""

    world: World
    people: list[Member]
    second: list[Member]
    secretary: Any
    commune: Any

    @contextmanager
    def work(self, actor: Any = None, unit: str = "B1", *, writing: bool = True) -> Iterator[Work]:
        """Open a work as the secretary, or as somebody else."""
        with self.world.work(actor or self.secretary, unit, writing=writing) as work:
            yield work

    def office(self, unit: str = "B1", *, writing: bool = True) -> Any:
        """Open a work as the ward's office."""
        return self.work(self.commune, unit, writing=writing)

    def take_in(
        self, key: str, rows: list[dict[str, Any]], *, actor: Any = None, unit: str = "W"
    ) -> tuple[Any, Any]:
        """Import rows as the ward's office."""
        with self.world.work(actor or self.commune, unit) as work:
            return import_source(work, datasets_of(work)[key], JsonSource(rows))

    def give_out(self, key: str, unit: str = "W", as_of: date | None = None) -> list[Any]:
        """Export a dataset as rows of plain values by column."""
        with self.world.work(self.commune, unit, writing=False) as work:
            dataset = datasets_of(work)[key]
            names = [column.key for column in dataset.columns(work)]
            rows = dataset.dump(work, work.unit, as_of)
            return [dict(zip(names, row, strict=True)) for row in rows]

    def figure(self, key: str, period: str = "2026", unit: str = "W", **more: Any) -> Any:
        """Ask for one figure; with `by`, for a mapping by group."""
        with self.world.work(unit=unit, writing=False) as work:
            question = Question(work.unit, Period.parse(period), **more)
            found = evaluate(work, [key], question)
        if "by" in more:
            return {figure.group: figure.numerator for figure in found}
        [figure] = found
        return figure
