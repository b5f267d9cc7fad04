"""Three years of results for benchmark sizes, written branch by branch as they are generated."""

from __future__ import annotations

from collections.abc import Sequence

from core.generate.building import Loaded
from core.generate.scale import Scale
from core.generate.sink import Sink
from core.work import Work

from ..models import Result
from .building import levels_of, result_row


def generate_results(work: Work, sink: Sink, scale: Scale, branches: Sequence[Loaded]) -> None:
    """Write results of the last three years of some branches and their members."""
    last = scale.today.year - 1
    rows = []
    for year in range(last - 2, last + 1):
        levels = levels_of(len(branches), f"units{year}")
        for branch, own in zip(branches, levels, strict=True):
            rows.append(result_row(year, "unit", branch.unit_id, None, own, branch.code))
            drawn = levels_of(len(branch.people), f"{branch.code}{year}")
            rows.extend(
                result_row(year, "member", branch.unit_id, key, level, f"{key}{year}")
                for (_person, key), level in zip(branch.people, drawn, strict=True)
            )
    sink.write(Result, rows)
