"""Reference data of any size has units that take part in a model, read as a register."""

from __future__ import annotations

from core.generate.building import Loaded
from core.generate.loading import load_units
from core.generate.scale import Scale, Size, branch_code
from core.generate.sink import Sink
from core.periods import Period
from core.testing import TODAY
from plugins.pilots import services
from plugins.pilots.demo import generate_registrations

SMALL = Size(300, 30, 1, 2, 1, 4, 1, 1)


def test_branches_of_any_size_take_part_in_a_model(world) -> None:
    scale = Scale(SMALL, 1, TODAY)
    with world.work() as work:
        keys = load_units(work, scale.units(), scale.lineage())
        sink = Sink(work)
        codes = [branch_code(number) for number in range(SMALL.branches)]
        loaded = [Loaded(keys[code], code, n, ()) for n, code in enumerate(codes)]
        generate_registrations(work, sink, scale, loaded)
        written = sink.written["pilots_registration"]
    with world.work(unit="XQ00") as work:
        model = services.access_model(work, "four_good_branch")
        this, last = services.reach_by_period(
            work, model, [Period.of_year(TODAY.year), Period.of_year(TODAY.year - 1)]
        )
    assert this.eligible == last.eligible == SMALL.branches
    assert this.registered + last.registered == written
    assert 0 < last.recognised <= last.registered
