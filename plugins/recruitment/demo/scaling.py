"""Dossiers, admissions and targets for benchmark sizes, written as branches are generated."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.generate.building import Loaded
from core.generate.scale import SECTORS, Person, Scale
from core.generate.sink import Sink
from core.names import PersonName
from core.units.models import UnitVersion
from core.units.places import valid_on, visible
from core.work import Work

from ..models import Admission, AdmissionGroup, Target
from ..settings import STAGES
from .admissions import SINCE, groups_of
from .building import TERM, target_row, tell_dossier
from .telling import MODELS, Home, Teller

STAGES_DRAWN = (*STAGES[:3], *STAGES[:7])
"""From which stages are drawn; the first ones more often. Nobody generated is on probation here."""
ABOVE = {"province": 9_000, "commune": 110}
"""Targets of the term of the committees above."""


def generate_admissions(work: Work, sink: Sink, scale: Scale, branches: Sequence[Loaded]) -> None:
    """Tell and write candidates, admissions and targets of some branches, and those above once."""
    teller = Teller(Random(0), scale.today, work.host.zone)
    above = _above(work, [loaded.unit_id for loaded in branches])
    targets = []
    for loaded in branches:
        teller.chance = Random(f"{scale.seed} {loaded.number}")
        _admit(teller, loaded)
        targets.append(target_row(work, loaded.unit_id, TERM, 1 + len(loaded.people) // 10))
        home = _home(loaded, above[loaded.unit_id])
        if home is not None:
            for _number in range(teller.chance.choice((0, 1, 1, 2, 3))):
                tell_dossier(teller, home, teller.chance.choice(STAGES_DRAWN))
    if branches and branches[0].number == 0:
        targets.extend(_targets_above(work))
    for model in MODELS:
        sink.write(model, teller.rows[model])
    sink.write(Target, targets)


def _above(work: Work, unit_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[uuid.UUID, str]]:
    """Return the unit above each branch today, with its name."""
    branch, parent = UnitVersion, sa.orm.aliased(UnitVersion)
    found = {}
    for chunk in chunked(unit_ids):
        rows = work.session.execute(
            sa.select(branch.unit_id, parent.unit_id, parent.name)
            .join(parent, parent.unit_id == branch.parent_id)
            .where(
                branch.unit_id.in_(chunk),
                valid_on(branch, work.today),
                visible(branch, work.generation),
                valid_on(parent, work.today),
                visible(parent, work.generation),
            )
        )
        found.update({unit_id: (above_id, name) for unit_id, above_id, name in rows})
    return found


def _home(loaded: Loaded, above: tuple[uuid.UUID, str]) -> Home | None:
    """Return a branch with those who may introduce; none where too few are official."""
    official = [(key, _name(one)) for one, key in loaded.people if _is_official(one)]
    if len(official) < 3:
        return None
    sector = SECTORS[loaded.number % len(SECTORS)]
    return Home(
        loaded.unit_id, loaded.code, sector, official[:8], len(official), above[0], above[1], 9
    )


def _is_official(person: Person) -> bool:
    return person.statuses[-1].status == "official"


def _name(person: Person) -> str:
    member = person.member
    return PersonName(member.surname, member.middle_name, member.given_name).full


def _admit(teller: Teller, loaded: Loaded) -> None:
    """Tell the admissions of the last years of those whose first home was this branch."""
    for person, key in loaded.people:
        member = person.member
        if not SINCE <= member.admitted_on <= teller.today:
            continue
        if person.affiliations[0].unit_code != loaded.code:
            continue
        admission = teller.add(
            Admission,
            unit_id=loaded.unit_id,
            member_id=key,
            admitted_on=member.admitted_on,
            official_on=member.official_on,
            candidate_id=None,
            revision=1,
        )
        teller.rows[AdmissionGroup].extend(
            {"admission_id": admission, "group": group}
            for group in groups_of(member.sex, member.birth_date, member.admitted_on)
        )


def _targets_above(work: Work) -> Iterator[dict[str, Any]]:
    """Return the targets of the term and this year of the province and its communes."""
    year = (date(work.today.year, 1, 1), date(work.today.year, 12, 31))
    for unit_id, kind in work.session.execute(
        sa.select(UnitVersion.unit_id, UnitVersion.kind).where(
            UnitVersion.kind.in_(list(ABOVE)),
            valid_on(UnitVersion, work.today),
            visible(UnitVersion, work.generation),
        )
    ):
        yield target_row(work, unit_id, TERM, ABOVE[kind])
        yield target_row(work, unit_id, year, ABOVE[kind] // 5)
