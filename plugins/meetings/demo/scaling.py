"""Twelve months of meetings for benchmark sizes, written branch by branch as they are generated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time

from core.generate.building import Loaded
from core.generate.rows import holds
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
    """Return who belonged to the branch on a day."""

    def on(day: date) -> Sequence[Person]:
        found = []
        for index, (person, _key) in enumerate(loaded.people):
            status = next((row.status for row in person.statuses if holds(row, day)), "left")
            here = any(
                row.unit_code == loaded.code and row.kind == "home" and holds(row, day)
                for row in person.affiliations
            )
            if here and status != "left":
                found.append(_person(loaded, index, status))
        return found

    return on
