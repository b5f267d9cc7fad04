"""Plain values that services take from forms and hand to pages, the API and papers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.i18n import share_text

Key = uuid.UUID


# --- what comes in -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What is planned: kind, the month it counts for, time, place, who chairs and writes."""

    for_month: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    kind: str = "branch"
    is_regular: bool = True
    is_thematic: bool = False
    theme: str = ""
    is_model: bool = False
    mode: str = "onsite"
    approval_no: str = ""
    title: str = ""
    place: str = ""
    chair_id: Key | None = None
    clerk_id: Key | None = None


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An agenda item as typed."""

    title: str
    minutes: int = 10
    presenter_id: Key | None = None
    draft_resolution: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """How one person attended; `reason` is a class, only with `excused`."""

    state: str | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ballot:
    """The counts of a vote; ballots issued, returned, valid, invalid only for a secret one."""

    question: str
    in_favour: int
    against: int = 0
    abstained: int = 0
    present: int = 0
    kind: str = "decision"
    method: str = "cards"
    issued: int | None = None
    returned: int | None = None
    valid: int | None = None
    invalid: int | None = None


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task in one line: what, who, until when."""

    title: str
    owner_id: Key
    due_on: date


@dataclass(frozen=True, slots=True)
class PointFacts:
    """A point of a resolution, with an owner and a day where it has them."""

    text: str
    owner_id: Key | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class ResolutionFacts:
    """A resolution as adopted; `vote` None where the counts are in the item's vote already."""

    title: str
    text: str
    points: Sequence[PointFacts] = ()
    grounds: str = ""
    vote: Ballot | None = None


@dataclass(frozen=True, slots=True)
class ConclusionFacts:
    """An item of a meeting typed in from paper."""

    title: str
    conclusion: str
    discussion: str = ""
    origin: str = "own"
    origin_id: Key | None = None


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A whole meeting typed in from paper, with the real times.

    `exceptions` name only those who were not simply present.
    """

    meeting: MeetingFacts
    started_at: datetime
    ended_at: datetime
    exceptions: Mapping[Key, Tick] = field(default_factory=dict)
    temporary_present: Sequence[Key] = ()
    conclusions: Sequence[ConclusionFacts] = ()
    resolutions: Sequence[ResolutionFacts] = ()
    tasks: Sequence[TaskFacts] = ()
    visitors: Sequence[tuple[str, str]] = ()
    quality: str = ""
    adopted_present: int | None = None
    adopted_in_favour: int | None = None
    signed_on: date | None = None
    book_no: str = ""
    page_no: str = ""


# --- what goes out -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """A member as lists show them."""

    id: Key
    name: str
    standing: str = "official"
    group: str = "home"
    is_required: bool = True
    is_entitled: bool = True
    sort_key: bytes = b""
    status: str = "official"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed agenda item with the reason why it is proposed."""

    title: str
    minutes: int
    origin: str
    reason: str
    origin_id: Key | None = None
    draft_resolution: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five steps: its name, whether it is done, now or later, and its page."""

    key: str
    title: str
    state: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What an announcement would say, to whom, and whether it comes too late."""

    text: str
    recipients: Sequence[Person]
    followers: Sequence[str]
    is_late: bool
    hours_left: int
    days_before: int
    question: str
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class ToldLine:
    """Whether one member was told in this round, how and when."""

    person: Person
    how: str | None
    at: datetime | None
    by: str = ""


@dataclass(frozen=True, slots=True)
class RollLine:
    """One line of the roll."""

    member_id: Key
    name: str
    standing: str
    group: str
    is_required: bool
    is_entitled: bool
    state: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether a meeting may proceed: who is present of those entitled, and how many are needed."""

    attended: int
    required: int
    entitled_present: int
    entitled: int
    needed: int
    is_met: bool
    rule: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Roll:
    """The roll in its groups: who must attend, who need not, and who takes part for a time."""

    required: Sequence[RollLine]
    not_required: Sequence[RollLine]
    temporary: Sequence[RollLine]
    unmarked: int
    quorum: Quorum

    @property
    def lines(self) -> list[RollLine]:
        """All lines in the order of the page."""
        return [*self.required, *self.not_required, *self.temporary]


@dataclass(frozen=True, slots=True)
class VoteRule:
    """Under which rule a question is decided now: how many of how many are needed."""

    rule: str
    base: str
    base_count: int
    needed: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something the minutes still lack: a sentence, and the step and field that supply it."""

    sentence: str
    endpoint: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """The tasks of a place: overdue, due this month, open in all, finished this year."""

    overdue: int
    this_month: int
    open: int
    done: int
    later_asked: int = 0


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One branch in the committee's month."""

    unit_id: Key
    code: str
    name: str
    state: str
    meeting_id: Key | None
    held_on: date | None
    planned_at: datetime | None
    attended: int
    required: int
    is_thematic_due: bool
    has_thematic: bool
    has_material: bool
    used_material: bool
    visits: int
    visits_due: int
    overdue_tasks: int
    chased: int
    chased_at: datetime | None
    chased_by: str
    promised_on: date | None
    secretary: str = ""
    phone: str = ""
    trouble: int = 0

    @property
    def rate_text(self) -> str:
        """The rate of attendance with its counts, or a dash where nothing was held."""
        return share_text(self.attended, self.required)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many branches of a place stand in which state, and what their figures rest on."""

    branches: int
    states: Mapping[str, int]
    attended: int
    required: int
    with_attendance: int
    thematic: int
    visited: int
    used_material: int
    overdue_tasks: int
    sentence: str


@dataclass(frozen=True, slots=True)
class MonthMatrix:
    """The month of a committee's branches: one page of lines, and the whole in figures."""

    month: date
    lines: Sequence[MonthLine]
    next: str | None
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """One month of a drawing over twelve."""

    month: date
    branches: int
    held: int
    attended: int
    required: int


@dataclass(frozen=True, slots=True)
class PaperPack:
    """Papers with the name under which each is saved."""

    filename: str
    papers: Sequence[Any]
