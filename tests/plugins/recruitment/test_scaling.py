"""Reference data of any size has dossiers, admissions and targets that the program can read."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from core.generate.building import write_people
from core.generate.loading import load_units
from core.generate.scale import Scale, Size
from core.generate.sink import Sink
from core.members.models import Member
from core.testing import TODAY
from plugins.recruitment import services
from plugins.recruitment.demo import generate_admissions
from plugins.recruitment.models import Admission, Candidate, Target

SMALL = Size(120, 6, 1, 1, 1, 2, 1, 1)


def test_branches_of_any_size_get_candidates_admissions_and_targets(world) -> None:
    scale = Scale(SMALL, 1, TODAY)
    with world.work() as work:
        keys = load_units(work, scale.units(), scale.lineage())
        sink = Sink(work)
        loaded = write_people(work, sink, scale, keys, 0, SMALL.branches)
        generate_admissions(work, sink, scale, loaded)
        count = sink.written["recruitment_candidate"]
    assert world.rows(Candidate) == count > 0
    with world.work(unit="XQ00") as work:
        assert services.board(work).open == count
        found = services.target_table(work, date(2025, 7, 1), date(2030, 6, 30))
        assert found.whole.progress.target == 9_000
        wrong = sa.select(sa.func.count()).where(
            Admission.member_id == Member.id, Admission.admitted_on != Member.admitted_on
        )
        assert work.session.scalar(wrong.execution_options(unscoped="test")) == 0
        generated = [key for code, key in keys.items() if code.startswith("X")]
        own = sa.select(sa.func.count()).where(Target.unit_id.in_(generated))
        targets = work.session.scalar(own.execution_options(unscoped="test"))
        assert targets == SMALL.branches + 2 * (SMALL.communes + SMALL.provinces)
