"""The candidates of the inhabited world: one whose branch has voted, others at every stage."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from core.db import new_key
from core.work import Work
from plugins.recruitment import services
from plugins.recruitment.models import (
    Admission,
    Candidate,
    Clock,
    DossierPaper,
    DossierVote,
    Supporter,
    Target,
)
from plugins.recruitment.settings import STAGES
from tests.plugins.recruitment.builders import Ward

TERM = {"period_from": date(2025, 7, 1), "period_to": date(2030, 6, 30)}


def recruitment(place: Any, work: Work, many: int) -> None:
    """Bring a candidate before the branch and let it vote; others stand beside, at every stage."""
    ward = Ward(place.world, place.branch.people, [], place.master, place.master)
    candidate = ward.before_the_branch(work)
    entitled = services.entitled_on(work, work.unit, work.today, committee=False)
    ward.voted(work, candidate, "branch_vote", entitled, entitled)
    work.session.flush()
    _others(work, candidate, many)
    _targets(place, work, many)
    people = place.branch.people[: min(many, 20)]
    admitted = {"unit_id": work.unit.id, "admitted_on": date(2026, 5, 19)}
    work.session.add_all(Admission(member_id=member.id, **admitted) for member in people)
    of_it = {"candidate_id": candidate.id}
    place.keep(work, candidate_id=candidate.id, target_id=_any_target(work))
    place.pick(work, **{"recruitment.vote_id": (DossierVote, of_it)})
    place.pick(work, supporter_id=(Supporter, of_it))
    place.examples["step"] = "application"


def _others(work: Work, candidate: Candidate, many: int) -> None:
    """Write rows like those of one candidate for others."""
    keys = [new_key() for _number in range(many)]
    row = _rows(work, Candidate, Candidate.id == candidate.id)[0]
    order = [*STAGES[STAGES.index("committee") :], *STAGES]
    stages = [{"id": key, "stage": order[number % len(order)]} for number, key in enumerate(keys)]
    work.session.execute(sa.insert(Candidate.__table__), [{**row, **one} for one in stages])
    for model in (DossierPaper, DossierVote, Clock, Supporter):
        theirs = _rows(work, model, model.candidate_id == candidate.id)
        copies = [{**one, "id": new_key(), "candidate_id": key} for one in theirs for key in keys]
        if copies:
            work.session.execute(sa.insert(model.__table__), copies)


def _rows(work: Work, model: Any, condition: Any) -> list[dict[str, Any]]:
    statement = sa.select(model.__table__).where(condition)
    rows = work.session.execute(statement.execution_options(unscoped="test")).mappings()
    return [dict(row) for row in rows]


def _targets(place: Any, work: Work, many: int) -> None:
    codes = ["W", "B1", *(f"B{number}" for number in range(2, many + 2))]
    facts = {**TERM, "target": 5, "document_no": "3-CTr/ĐU", "set_at": work.now}
    work.session.add_all(
        Target(unit_id=place.world.place(code, work).id, **facts) for code in codes
    )
    work.session.flush()


def _any_target(work: Work) -> Any:
    statement = sa.select(Target.id).where(Target.unit_id == work.unit.id)
    return work.session.scalar(statement.execution_options(unscoped="test"))
