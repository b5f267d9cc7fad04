"""Two years of “four good” for benchmark sizes, written as branches are generated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zlib import crc32

from core.generate.building import Loaded
from core.generate.scale import Scale
from core.generate.sink import Sink
from core.generate.town import BAC_HONG_LINH
from core.work import Work

from ..models import Input, Milestone, Registration
from .four_good import last_year, this_year
from .telling import Rows


def generate_registrations(
    work: Work, sink: Sink, scale: Scale, branches: Sequence[Loaded]
) -> None:
    """Let most of some branches take part this year, and a part of them the year before."""
    rows: Rows = {model: [] for model in (Registration, Milestone, Input)}
    before = date(scale.today.year - 1, 8, 5)
    for loaded in branches:
        drawn = crc32(f"last {loaded.code}".encode())
        if drawn % 5 < 2:
            rows[Registration].append(last_year(work, loaded.unit_id, drawn, before, BAC_HONG_LINH))
        this_year(work, loaded.unit_id, loaded.code, rows)
    for model, told in rows.items():
        sink.write(model, told)
