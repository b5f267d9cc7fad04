"""What a secretary and a committee do about admissions, in short: builders for the tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.exchange.registry import datasets_of
from core.exchange.services import import_source
from core.exchange.staging import JsonSource
from core.indicators.evaluation import Question, evaluate
from core.members.models import Member
from core.periods import Period
from core.testing import World
from core.work import Work
from plugins.recruitment import services
from plugins.recruitment.services import Ballot, CandidateFacts, Dossier, PaperFacts

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


FACTS = CandidateFacts(
    full_name="Hồ Thị Kim Ngân",
    birth_date=date(2001, 3, 15),
    sex="female",
    phone="0912 345 678",
    education="university",
    groups=("women", "youth"),
    entered_on=date(2026, 1, 5),
)
DOSSIER = ("application", "cv", "verification", "introduction", "comments")


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

    # ----------------------------------------------------------------- the way of a dossier

    def later(self, day: date) -> None:
        """Let it be noon of a later day."""
        self.world.now = datetime(day.year, day.month, day.day, 5, 0, tzinfo=UTC)
        self.world.system.opener.clock = lambda: self.world.now

    def entered(self, work: Work, **changes: Any) -> Dossier:
        """Enter a candidate into the pool."""
        candidate = services.enter_candidate(work, replace(FACTS, **changes))
        return self.again(work, candidate)

    def again(self, work: Work, candidate: Any) -> Dossier:
        """Read a dossier as it is now."""
        return services.dossier_of(work, candidate, whole=True)

    def paper(self, work: Work, candidate: Any, key: str, on: date | None = None) -> Any:
        """Enter a paper of a day."""
        return self.papers(work, candidate, (key,), on)

    def papers(
        self, work: Work, candidate: Any, keys: Iterable[str], on: date | None = None
    ) -> Any:
        """Enter papers of a day, one after the other; return the last."""
        dossier, last = self.again(work, candidate), None
        for key in keys:
            result = "met" if key == "verification" else ""
            facts = PaperFacts(dated_on=on or work.today, result=result)
            last = services.record_paper(work, dossier, key, facts)
        return last

    def advanced(self, work: Work, candidate: Any) -> str:
        """Go on to the next stage."""
        return services.advance(work, self.again(work, candidate))

    def introducers(self, work: Work, candidate: Any) -> None:
        """Name two comrades who have known the candidate for years."""
        for member in self.people[1:3]:
            services.name_supporter(
                work,
                candidate,
                member_id=member.id,
                role="introducer",
                known_since=date(2024, 1, 1),
            )

    def before_the_branch(self, work: Work, **changes: Any) -> Any:
        """Bring a new candidate to the branch, with all papers of today; as the ward's office."""
        candidate = self.entered(work, **changes).candidate
        self.paper(work, candidate, "pool")
        self.advanced(work, candidate)
        self.paper(work, candidate, "certificate")
        self.advanced(work, candidate)
        self.introducers(work, candidate)
        self.papers(work, candidate, DOSSIER)
        services.leave_out(work, self.again(work, candidate), "union")
        services.judge(work, self.again(work, candidate), outcome="accepted")
        self.advanced(work, candidate)
        return candidate

    def voted(self, work: Work, candidate: Any, key: str, favour: int, present: int) -> Any:
        """Record a vote of today."""
        ballot = Ballot(
            held_on=work.today, present=present, in_favour=favour, against=present - favour
        )
        return services.record_vote(work, self.again(work, candidate), key, ballot)

    def before_the_decision(self, work: Work, **changes: Any) -> Any:
        """Bring a new candidate to the committee that decides."""
        candidate = self.before_the_branch(work, **changes)
        self.voted(work, candidate, "branch_vote", 9, 10)
        self.advanced(work, candidate)
        services.leave_out(work, self.again(work, candidate), "section_report")
        self.voted(work, candidate, "committee_vote", 3, 3)
        self.advanced(work, candidate)
        return candidate

    def decided(self, work: Work, **changes: Any) -> Any:
        """Bring a new candidate to the ceremony."""
        candidate = self.before_the_decision(work, **changes)
        services.record_decision(
            work,
            self.again(work, candidate),
            decision_no="15-QĐ/ĐU",
            decided_on=work.today,
            received_on=work.today,
        )
        return candidate

    def admitted(self, work: Work, **changes: Any) -> Any:
        """Bring a new candidate through the ceremony."""
        candidate = self.decided(work, **changes)
        services.hold_ceremony(work, self.again(work, candidate), on=work.today)
        return candidate

    def before_recognition(self, **changes: Any) -> Any:
        """Bring a candidate through the probation, with all papers and the branch's vote."""
        with self.office() as work:
            candidate = self.admitted(work, **changes)
            day = work.today
        self.later(day.replace(year=day.year + 1) + timedelta(days=6))
        with self.office() as work:
            candidate = services.access_candidate(work, candidate.id)
            services.name_supporter(work, candidate, member_id=self.people[3].id, role="helper")
            self.paper(work, candidate, "new_member_class")
            self.advanced(work, candidate)
            self.papers(work, candidate, ("self_review", "helper_remark", "recognition_comments"))
            self.voted(work, candidate, "recognition_vote", 9, 9)
            return candidate
