"""Building the demo: candidates of two wards at all stages, admissions of past years, targets."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from core.db import new_key
from core.generate.rows import holds
from core.generate.town import BAC_HONG_LINH, Town
from core.members.models import Member
from core.members.services import STATUS, name_columns, read_facts, settle, write_facts
from core.names import split_full_name
from core.periods import OPEN
from core.work import Work

from ..models import Candidate, Target
from ..services.workdays import months_after
from ..settings import STAGES
from . import stories
from .admissions import add_admissions
from .telling import CEREMONY_DAYS, DECISION_DAYS, VOTE_DAYS, Home, Teller, steps_at

WARDS = (BAC_HONG_LINH, "N18118")
TERM = (date(2025, 7, 1), date(2030, 6, 30))
BATCH = 2_000


def build_demo(
    work: Work, town: Town, keys: Mapping[str, uuid.UUID], people: Mapping[str, uuid.UUID]
) -> None:
    """Give the town its candidates, its past admissions and its targets."""
    chance = Random(town.seed * 7)
    teller = Teller(chance, town.today, work.host.zone)
    homes = _homes(town, keys, people)
    add_admissions(teller, town, keys, people)
    places = _places(chance, homes)
    here = [home for home in homes.values() if home.above_id == keys[BAC_HONG_LINH]]
    for stage, count in stories.STAGES:
        # Whoever tries the demo signs in at this ward and finds every stage there.
        tell_dossier(teller, chance.choice(here), stage)
        for _number in range(count - 1):
            tell_dossier(teller, next(places), stage)
    for state, reason in stories.CLOSED:
        tell_dossier(teller, next(places), "class", state=state, reason=reason)
    tell_dossier(teller, next(places), "branch", state="referred")
    _tell_probation(teller, town, homes, people, _let_wait(work, town, homes, people))
    _write(work, teller)
    _set_targets(work, town, keys, homes)


def _homes(
    town: Town, keys: Mapping[str, uuid.UUID], people: Mapping[str, uuid.UUID]
) -> dict[str, Home]:
    """Return the branches of both wards with their official members of today."""
    names = {member.key: member.full_name for member in town.members}
    units, statuses = town.units_on(town.today), town.statuses_on(town.today)
    by_unit: dict[str, list[str]] = {}
    for key, code in sorted(town.homes_on(town.today).items()):
        if statuses.get(key) == "official":
            by_unit.setdefault(code, []).append(key)
    committees = _committees(town)
    found = {}
    for code, unit in sorted(units.items()):
        ward = _ward(units, code)
        if unit.kind != "branch" or ward is None or len(by_unit.get(code, ())) < 3:
            continue
        helpers = [(people[key], names[key]) for key in by_unit[code][:8]]
        found[code] = Home(
            keys[code],
            unit.name,
            unit.sector or "residential",
            helpers,
            len(by_unit[code]),
            keys[ward],
            units[ward].name,
            max(5, committees.get(ward, 0)),
        )
    return found


def _ward(units: Mapping[str, Any], code: str) -> str | None:
    """Return the ward a unit stands under, or None."""
    step = code
    while step in units:
        if step in WARDS:
            return step
        step = units[step].parent_code or ""
    return None


def _committees(town: Town) -> dict[str, int]:
    """Count who sits on the committees of the wards today."""
    seats: dict[str, set[str]] = {}
    for row in town.positions:
        if row.unit_code in WARDS and holds(row, town.today) and "member" in row.position:
            seats.setdefault(row.unit_code, set()).add(row.member_key)
    return {code: len(members) for code, members in seats.items()}


def _places(chance: Random, homes: Mapping[str, Home]) -> Iterator[Home]:
    """Yield branches, Bắc Hồng Lĩnh's more often, without an end."""
    listed = list(homes.values())
    first = next((home for home in listed if "Phúc Sơn" in home.name), listed[0])
    yield first
    while True:
        yield first if chance.random() < 0.08 else chance.choice(listed)


def _person(chance: Random, today: date) -> dict[str, Any]:
    """Make up somebody nobody is."""
    woman = chance.random() < 0.55
    middle = chance.choice(stories.WOMEN if woman else stories.MEN)
    given = chance.choice(stories.GIVEN_WOMEN if woman else stories.GIVEN_MEN)
    name = f"{chance.choice(stories.SURNAMES)} {middle} {given}"
    return {
        **name_columns(split_full_name(name)),
        "birth_date": today - timedelta(days=chance.randint(19 * 366, 41 * 365)),
        "birth_precision": "day",
        "sex": "female" if woman else "male",
        "phone": "",
        "education": chance.choice(("upper_secondary", "college", "university", "university")),
    }


def _groups(chance: Random, home: Home, person: Mapping[str, Any], today: date) -> list[str]:
    found = {chance.choice(stories.BY_SECTOR.get(home.sector, ("youth",)))}
    if person["sex"] == "female":
        found.add("women")
    if today.year - person["birth_date"].year > 35:
        found.discard("youth")
    return sorted(found)


def tell_dossier(
    teller: Teller, home: Home, stage: str, *, state: str = "open", reason: str = ""
) -> None:
    """Tell a dossier up to a stage: all papers of the stages before, some of this one."""
    chance, at = teller.chance, STAGES.index(stage)
    days = _days(teller, at)
    person = _person(chance, teller.today)
    closed = state in ("refused", "withdrawn")
    decided = days[at] if stage == "ceremony" else None
    key = teller.add(
        Candidate,
        unit_id=home.unit_id,
        **person,
        groups=_groups(chance, home, person, teller.today),
        is_union_member="Thị" in person["full_name"],
        entered_on=days[0],
        reviewed_on=days[0],
        stage=stage,
        stage_since=days[at],
        state=state,
        template_on=teller.today,
        eligible_on=days[3] if at >= 3 else None,
        decision_no=f"{chance.randint(20, 90)}-QĐ/ĐU" if decided else "",
        decided_on=decided,
        received_on=decided,
        ceremony_on=None,
        official_on=None,
        closed_on=days[at] + timedelta(days=5) if closed else None,
        closed_reason=reason,
        anonymised_at=None,
        member_id=None,
        former_id=None,
        created_at=teller.at(days[0]),
        created_by="Bí thư chi bộ",
        changed_at=teller.at(days[at]),
        revision=1,
    )
    _tell_way(teller, home, key, at, days, closed=closed)
    if state == "referred":
        for number in range(3):
            on = days[at] + timedelta(days=2 * number)
            teller.vote(key, home, "branch_vote", min(on, teller.today), passed=False)
        on = min(days[at] + timedelta(days=4), teller.today)
        teller.passage(key, "referred", stage, on)


def _days(teller: Teller, at: int) -> list[date]:
    """Return the day on which each stage was reached, the last some days ago."""
    day = teller.today - timedelta(days=teller.chance.randint(4, 26))
    days = [day]
    for _stage in range(at):
        day -= timedelta(days=teller.chance.randint(18, 55))
        days.insert(0, day)
    return days


def _tell_way(
    teller: Teller, home: Home, key: uuid.UUID, at: int, days: Sequence[date], *, closed: bool
) -> None:
    """Tell the stages of a dossier with papers, people, votes and clocks."""
    helpers = teller.chance.sample(list(home.helpers), 2)
    for number in range(at + 1):
        stage, on = STAGES[number], days[number]
        teller.passage(key, "stage" if number else "entered", stage, on)
        papers = steps_at(stage)
        if number == at:
            papers = papers[: teller.chance.randint(0, max(0, len(papers) - 1))]
        for step in papers:
            runs = at <= (3 if step["validity"] == "papers" else 5) and not closed
            teller.paper(key, step, on + timedelta(days=teller.chance.randint(0, 3)), runs=runs)
        if stage == "dossier":
            for who in helpers:
                teller.supporter(key, who, "introducer", on)
        if stage == "branch":
            teller.judgement(key, on)
        if stage in ("branch", "committee") and number < at:
            step_key = "branch_vote" if stage == "branch" else "committee_vote"
            teller.vote(key, home, step_key, on + timedelta(days=4))
    _tell_clocks(teller, key, STAGES[at], days[at], closed=closed)


def _tell_clocks(teller: Teller, key: uuid.UUID, stage: str, on: date, *, closed: bool) -> None:
    """Tell the clock that belongs to the stage."""
    if stage in ("pool", "class"):
        begun = teller.today - timedelta(days=teller.chance.randint(2, 36))
        teller.clock(key, "pool_review", begun, 1, months_after(begun, 1), stopped=closed)
    elif stage == "decision":
        due = teller.days.after(on, DECISION_DAYS)
        teller.clock(key, "decision", on, DECISION_DAYS, due, working=True)
    elif stage == "ceremony":
        due = teller.days.after(on, CEREMONY_DAYS)
        teller.clock(key, "ceremony", on, CEREMONY_DAYS, due, working=True)


def _let_wait(
    work: Work, town: Town, homes: Mapping[str, Home], people: Mapping[str, uuid.UUID]
) -> list[Any]:
    """Let the last who became official still wait for it; the meeting of their branch is due."""
    at_home = town.homes_on(town.today)
    listed = sorted(
        (
            m
            for m in town.members
            if m.official_on is not None
            and m.official_on > town.today - timedelta(days=45)
            and m.official_on == months_after(m.admitted_on, 12)
            and at_home.get(m.key) in homes
            and "Phúc Sơn" not in homes[at_home[m.key]].name
        ),
        # Those of the ward in which people sign in come last, that is, are taken first.
        key=lambda m: ("Bắc" in homes[at_home[m.key]].above_name, m.official_on, m.key),
    )[-stories.WAITING :]
    ids = [people[m.key] for m in listed]
    held = read_facts(work, STATUS, ids)
    probation = {key: replace(held.of(key)[0], valid_to=OPEN) for key in ids}
    write_facts(work, held, {key: [span] for key, span in probation.items()})
    work.session.execute(sa.update(Member).where(Member.id.in_(ids)).values(official_on=None))
    settle(work, ids)
    return listed


def _tell_probation(
    teller: Teller,
    town: Town,
    homes: Mapping[str, Home],
    people: Mapping[str, uuid.UUID],
    waiting: Sequence[Any],
) -> None:
    """Tell the dossiers of probationary members of the register, the longest ones first."""
    statuses, at_home = town.statuses_on(town.today), town.homes_on(town.today)
    listed = sorted(
        (m for m in town.members if statuses.get(m.key) == "probationary"),
        key=lambda m: (m.admitted_on, m.key),
    )
    chosen = [m for m in listed if at_home.get(m.key) in homes][: stories.PROBATION]
    for member in (*waiting, *chosen):
        home = homes[at_home[member.key]]
        over = months_after(member.admitted_on, 12)
        stage = "recognition" if over <= town.today else "probation"
        key = _tell_member(teller, home, member, people[member.key], stage)
        done = stage == "recognition"
        teller.clock(key, "probation", member.admitted_on, 12, over, stopped=done)
        due = teller.days.after(over, VOTE_DAYS)
        teller.clock(key, "recognition_vote", over, VOTE_DAYS, due, working=True)
        teller.supporter(key, home.helpers[0], "helper", member.admitted_on)
        for row in teller.rows_of_admission(people[member.key], member.admitted_on):
            row["candidate_id"] = key
            row["official_on"] = None


def _tell_member(
    teller: Teller, home: Home, member: Any, member_id: uuid.UUID, stage: str
) -> uuid.UUID:
    """Tell the candidate that became a member."""
    day = member.admitted_on
    entered = day - timedelta(days=teller.chance.randint(300, 420))
    key = teller.add(
        Candidate,
        unit_id=home.unit_id,
        **name_columns(split_full_name(member.full_name)),
        birth_date=member.birth_date,
        birth_precision=member.birth_precision,
        sex=member.sex,
        phone="",
        education="university",
        groups=["youth"],
        is_union_member=True,
        entered_on=entered,
        reviewed_on=entered,
        stage=stage,
        stage_since=day,
        state="open",
        template_on=teller.today,
        eligible_on=day - timedelta(days=60),
        decision_no="12-QĐ/ĐU",
        decided_on=day - timedelta(days=12),
        received_on=day - timedelta(days=8),
        ceremony_on=day,
        official_on=None,
        closed_on=None,
        closed_reason="",
        anonymised_at=None,
        member_id=member_id,
        former_id=None,
        created_at=teller.at(entered),
        created_by="Bí thư chi bộ",
        changed_at=teller.at(day),
        revision=1,
    )
    _tell_member_way(teller, home, key, entered, day, stage)
    return key


def _tell_member_way(
    teller: Teller, home: Home, key: uuid.UUID, entered: date, day: date, stage: str
) -> None:
    """Tell the stages a member has gone through, with papers and votes."""
    for number, one in enumerate(STAGES[:7]):
        on = entered + (day - entered) * number // 7
        teller.passage(key, "stage" if number else "entered", one, on)
        for step in steps_at(one):
            teller.paper(key, step, on, runs=False)
    teller.judgement(key, day - timedelta(days=60))
    teller.vote(key, home, "branch_vote", day - timedelta(days=55))
    teller.vote(key, home, "committee_vote", day - timedelta(days=40))
    for one in STAGES[7 : STAGES.index(stage) + 1]:
        teller.passage(key, "stage", one, day)
    if stage == "recognition":
        for step in steps_at("probation"):
            teller.paper(key, step, day + timedelta(days=150), runs=False)


def _write(work: Work, teller: Teller) -> None:
    """Write the rows, table by table."""
    for model, waiting in teller.rows.items():
        for start in range(0, len(waiting), BATCH):
            work.session.execute(sa.insert(model), waiting[start : start + BATCH])


def _set_targets(
    work: Work, town: Town, keys: Mapping[str, uuid.UUID], homes: Mapping[str, Home]
) -> None:
    """Set the term's and this year's targets of both wards, and the term's of each branch."""
    year = (date(town.today.year, 1, 1), date(town.today.year, 12, 31))
    rows = [
        target_row(work, keys[code], span, number)
        for code in WARDS
        for span, number in ((TERM, 260), (year, 52))
    ]
    rows += [
        target_row(work, home.unit_id, TERM, 2 + home.entitled // 10) for home in homes.values()
    ]
    rows.append(target_row(work, keys[BAC_HONG_LINH], TERM, 130, "women"))
    work.session.execute(sa.insert(Target), rows)


def target_row(
    work: Work, unit_id: uuid.UUID, span: tuple[date, date], number: int, group: str = ""
) -> dict[str, Any]:
    """Return a target as the demo writes it."""
    return {
        "id": new_key(),
        "unit_id": unit_id,
        "period_from": span[0],
        "period_to": span[1],
        "group": group,
        "target": number,
        "document_no": "05-CTr/ĐU",
        "set_at": work.now,
        "set_by": "Ban Xây dựng Đảng",
        "revision": 1,
    }
