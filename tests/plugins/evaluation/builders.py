"""A ward with a grassroots organisation, its branches and people, and short ways of evaluating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from core.exchange.registry import datasets_of
from core.exchange.services import import_source
from core.exchange.staging import JsonSource
from core.indicators.evaluation import Question, evaluate
from core.jobs.models import Job
from core.members.listing import refresh_members
from core.members.models import Affiliation, Member
from core.periods import OPEN, Period
from core.testing import UnitLine, World
from core.work import Work
from plugins.evaluation import services
from plugins.evaluation.jobs import FILLING, fill_campaign
from plugins.evaluation.models import Campaign, Review
from plugins.evaluation.services import CampaignFacts, Decision, Pick, Sitting

DECEMBER = datetime(2026, 12, 10, 5, 0, tzinfo=UTC)
GIVEN = ("An", "Bình", "Châu", "Dũng", "Giang", "Hải", "Khánh", "Lan", "Minh", "Nga")


@dataclass
class Ward:
    """Ward W with the grassroots organisation G of branches B1 and B2, and the branch B3."""

    world: World
    people: dict[str, list[Member]]
    secretary: Any
    office: Any
    leader: Any
    dates: dict[str, date] = field(default_factory=dict)

    @contextmanager
    def work(self, actor: Any = None, unit: str = "W", *, writing: bool = True) -> Iterator[Work]:
        """Open a work as the ward's office, or as somebody else."""
        with self.world.work(actor or self.office, unit, writing=writing) as work:
            yield work

    def at(self, moment: datetime) -> None:
        """Let it be another day."""
        self.world.now = moment
        self.world.system.opener.clock = lambda: self.world.now

    def do_jobs(self) -> int:
        """Do what campaigns asked for, as the worker would; return how many jobs there were."""
        with self.world.work() as work:
            waiting = sa.select(Job).where(Job.kind == FILLING, Job.state == "waiting")
            asked = work.session.scalars(waiting.order_by(Job.id)).all()
            for one in asked:
                one.state = "done"
        for one in asked:
            fill_campaign(self.world.system, one.payload)
        return len(asked)

    def take_in(
        self, rows: Sequence[Mapping[str, Any]], *, actor: Any = None, unit: str = "W"
    ) -> Any:
        """Import results; return the report."""
        with self.work(actor, unit) as work:
            dataset = datasets_of(work)["evaluation-results"]
            _record, report = import_source(work, dataset, JsonSource(list(rows)))
            return report

    def given_out(self, unit: str = "W", as_of: date | None = None) -> list[dict[str, Any]]:
        """Export results as rows of plain values by column."""
        with self.work(None, unit, writing=False) as work:
            dataset = datasets_of(work)["evaluation-results"]
            names = [column.key for column in dataset.columns(work)]
            return [
                dict(zip(names, row, strict=True)) for row in dataset.dump(work, work.unit, as_of)
            ]

    def figure(self, key: str, period: str = "2023", unit: str = "W", **more: Any) -> Any:
        """Return (numerator, denominator) of a figure."""
        with self.work(None, "W", writing=False) as work:
            question = Question(
                unit=self.world.place(unit, work), period=Period.parse(period), **more
            )
            [found] = evaluate(work, [f"evaluation.{key}"], question)
            return found.numerator, found.denominator

    def member_row(self, unit: str, index: int, **changes: Any) -> dict[str, Any]:
        """Return a row about a member of a branch."""
        member = self.people[unit][index]
        return {
            "period": "2023",
            "subject_kind": "member",
            "unit_code": unit,
            "card_no": member.card_no,
            "full_name": member.full_name,
            "level": "good",
            **changes,
        }


class Program:
    """A signed-in program at a unit."""

    def __init__(self, ward: Ward, account: Any, unit: str) -> None:
        """Sign in."""
        self.browser, self.unit = ward.world.browser(account), unit

    def __call__(
        self, method: str, path: str, json: Any = None, *,
        expect: int = 200, etag: Any = None, query: str = "",
    ) -> Any:  # fmt: skip
        """Send a request and return the answer, whose code is the one expected."""
        headers = {"If-Match": f'"{etag}"'} if etag is not None else {}
        address = f"/api/v1/evaluation{path}?unit={self.unit}{query}"
        body = {} if json is None and method in ("POST", "PUT") else json
        answer = self.browser.send(method, address, json=body, headers=headers)
        assert answer.status_code == expect, answer.get_data(as_text=True)[:800]
        return answer.get_json(silent=True)


def build_ward(world: World, sizes: Mapping[str, int] | None = None) -> Ward:
    """Build the ward; `sizes` are the members of each branch."""
    world.units(
        UnitLine("P", "province", name="Đảng bộ tỉnh Hà Tĩnh"),
        UnitLine("W", "commune", "P", name="Đảng bộ phường Bắc Hồng Lĩnh"),
        UnitLine("G", "party_org", "W", name="Đảng bộ cơ quan phường", is_grassroots=True),
        UnitLine("B1", "branch", "G", name="Chi bộ Văn phòng", sector="office"),
        UnitLine("B2", "branch", "G", name="Chi bộ Trường học", sector="school"),
        UnitLine(
            "B3",
            "branch",
            "W",
            name="Chi bộ tổ dân phố Phúc Sơn",
            sector="residential",
            is_grassroots=True,
        ),  # fmt: skip,
    )
    if "B4" in (sizes or ()):
        world.units(UnitLine("B4", "branch", "G", name="Chi bộ Trạm y tế", sector="office"))
    people = {
        unit: world.members(unit, (f"Nguyễn Thị {GIVEN[n % 10]}" for n in range(count)))
        for unit, count in (sizes or {"B1": 6, "B2": 4, "B3": 10}).items()
    }
    world.position(people["B3"][0], "secretary", "B3")
    return Ward(
        world,
        people,
        secretary=world.account(None, "B3", member=people["B3"][0]),
        office=world.account("commune_staff", "W"),
        leader=world.account("committee_leader", "W"),
    )


def reasons(report: Any) -> dict[int, list[Any]]:
    """Return the columns for which rows were rejected."""
    return {number: [column for column, _why in found] for number, found in report.problems.items()}


FACTS = CampaignFacts(
    title="Đánh giá, xếp loại năm 2026", period_key="2026", subjects=("member", "unit")
)
DECIDED = Decision("12-QĐ/ĐU", date(2026, 11, 10))


def opened(work: Work, **changes: Any) -> Campaign:
    """Open the campaign of 2026 at the ward, with everybody taken in."""
    campaign = services.open_campaign(work, replace(FACTS, **changes))
    services.fill(work, campaign)
    return campaign


def reviews_of(work: Work, campaign: Campaign, unit: str = "", subject: str = "member") -> Any:
    """Return the evaluations of a kind, of one unit where it is named, by name."""
    found, _cursor = services.list_reviews(
        work, campaign, services.ReviewFilter(subject=subject), limit=500
    )
    if not unit:
        return found
    place = work.host.places.by_code(work.session, unit, work.today, work.generation)
    return [review for review in found if review.unit_id == place.id]


def at_stage(work: Work, stage: str, reviews: Sequence[Review]) -> list[Review]:
    """Put evaluations at a stage, as if all before were done."""
    for review in reviews:
        if review.stage != "not_rated":
            review.stage = stage
    work.session.flush()
    return [review for review in reviews if review.stage == stage]


def sitting(count: int = 6, **changes: int) -> Sitting:
    """Return a meeting in which everybody voted."""
    values = {"entitled": count, "present": count, "issued": count, "returned": count, **changes}
    return Sitting(**values, voted_on=date(2026, 11, 9))


def picked(work: Work, campaign: Campaign, levels: Mapping[Any, str]) -> None:
    """Pick levels in the appraisal."""
    picks = {key: Pick(level, reason="Theo kết quả thẩm định") for key, level in levels.items()}
    services.pick_levels(work, campaign, picks)


def levelled(
    work: Work, campaign: Campaign, reviews: Sequence[Review], excellent: int = 0
) -> list[Review]:
    """Let evaluations be decided: the first ones excellent, the others good."""
    listed = at_stage(work, "appraisal", reviews)
    good = {review.id: "good" for review in listed}
    picked(work, campaign, good)
    best = {review.id: "excellent" for review in listed[:excellent]}
    if best:
        picked(work, campaign, best)
    ids = [review.id for review in listed]
    services.submit_for_decision(work, campaign, ids)
    return services.decide(work, campaign, ids, replace(DECIDED, order_document="thử"))


def move_member(ward: Ward, member_id: Any, unit: str) -> None:
    """Let a member belong to another branch from today."""
    with ward.world.work() as work:
        work.session.execute(
            sa.update(Affiliation)
            .where(Affiliation.member_id == member_id)
            .values(valid_to=work.today)
        )
        place = ward.world.place(unit, work)
        work.session.add(
            Affiliation(member_id=member_id, unit_id=place.id, kind="home",
                        valid_from=work.today, valid_to=OPEN)
        )  # fmt: skip
        work.session.flush()
        refresh_members(work, [member_id])
