"""Twelve months of meetings for benchmark sizes, written branch by branch as they are generated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time

from core.generate.building import Loaded
from core.generate.scale import SECTORS, Scale
from core.generate.sink import Sink
from core.names import PersonName, sort_key
from core.work import Work

from .building import MODELS, past_months
from .shapes import Branch, Person
from .telling import Teller


def generate_months(work: Work, sink: Sink, scale: Scale, branches: Sequence[Loaded]) -> None:
    """Tell and write the last twelve months of some branches."""
    teller = Teller(scale.seed, scale.today, work.host.zone)
    months = past_months(scale.today)
    for loaded in branches:
        branch = _branch(loaded)
        for month in months:
            teller.tell(branch, month)
    for name, model in MODELS:
        sink.write(model, teller.rows[name])


def _branch(loaded: Loaded) -> Branch:
    """Return a generated branch with its habits."""
    leaders = [
        _person(loaded, index, "official")
        for index, (person, _key) in enumerate(loaded.people)
        if person.positions
    ]
    sector = SECTORS[loaded.number % len(SECTORS)]
    return Branch(
        unit_id=loaded.unit_id,
        code=loaded.code,
        name=loaded.code,
        sector=sector,
        roll=_roll(loaded),
        chair=lambda _day: leaders[0] if leaders else None,
        clerk=lambda _day: leaders[-1] if leaders else None,
        day=2 + loaded.number % 26,
        at=time(19, 30) if sector == "residential" else time(15, 0),
    )


def _person(loaded: Loaded, index: int, standing: str) -> Person:
    """Return one of a branch's people for a roll."""
    person, key = loaded.people[index]
    name = PersonName(person.member.surname, person.member.middle_name, person.member.given_name)
    return Person(key, name.full, sort_key(name), standing)


def _roll(loaded: Loaded) -> Callable[[date], Sequence[Person]]:
    """Return who belonged to the branch on a day; each person is made once for each standing."""
    spans = [
        (row.valid_from, row.valid_to, _person(loaded, index, row.status))
        for index, (person, _key) in enumerate(loaded.people)
        for row in person.statuses
        if row.status != "left"
    ]
    homes = {
        loaded.people[index][1]: [
            (row.valid_from, row.valid_to)
            for row in person.affiliations
            if row.unit_code == loaded.code and row.kind == "home"
        ]
        for index, (person, _key) in enumerate(loaded.people)
    }

    def on(day: date) -> Sequence[Person]:
        return [
            person
            for start, end, person in spans
            if start <= day < end and any(a <= day < b for a, b in homes[person.id])
        ]

    return on
