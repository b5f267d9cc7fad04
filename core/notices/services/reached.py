"""What a unit sent to its people: to whom, who has read it, who gets it on paper."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from core import ledger
from core.documents.paper import Paper
from core.errors import NotFound, RuleBroken
from core.i18n import _
from core.members.models import Member, MemberListRow, Position, PositionKind
from core.notices.models import Notice, NoticeCopy
from core.notices.services.sending import Message, Sent, send_notice
from core.notices.services.slips import slips_paper
from core.units.models import UnitScope
from core.units.places import valid_on, visible
from core.work import Work

MESSAGE_KIND = "notices.message"
GROUPS = ("members", "committee", "secretaries")
MOST_PEOPLE = 5000  # of one message; a whole province is told through its communes
PAGE = 30


@dataclass(frozen=True, slots=True)
class Reached:
    """A notice with how many it went to, how many have read it, how many need a slip."""

    notice: Notice
    people: int
    read: int
    without_account: int


def people_of(work: Work, group: str) -> list[uuid.UUID]:
    """Return the members of a group: of the unit and below it, its committee, its secretaries.

    "secretaries" are those of the branches and organisations below the unit.
    """
    if group == "members":
        statement = sa.select(MemberListRow.member_id).where(
            MemberListRow.ancestor_id == work.unit.id, visible(MemberListRow, work.generation)
        )
    else:
        statement = (
            sa.select(Position.member_id)
            .join(PositionKind, PositionKind.key == Position.position)
            .where(valid_on(Position, work.today))
            .distinct()
        )
        if group == "committee":
            statement = statement.where(
                Position.unit_id == work.unit.id, PositionKind.is_committee.is_(True)
            )
        else:
            statement = statement.join(UnitScope, UnitScope.unit_id == Position.unit_id).where(
                UnitScope.ancestor_id == work.unit.id,
                UnitScope.depth > 0,
                visible(UnitScope, work.generation),
                Position.position == "secretary",
            )
    found = list(work.session.scalars(statement.limit(MOST_PEOPLE + 1)))
    if len(found) > MOST_PEOPLE:
        raise RuleBroken(
            _("These are more than %(n)s people. Choose a unit further down.", n=MOST_PEOPLE)
        )
    return found


def send_to_unit(work: Work, *, group: str, subject: str, body: str = "") -> Sent:
    """Send a message in the unit's name to a group of its people; nobody there is a refusal."""
    people = people_of(work, group)
    if not people:
        sentence = _("Nobody belongs to this group. Choose another.")
        raise RuleBroken(sentence, fields={"group": [sentence]})
    return send_notice(work, Message(MESSAGE_KIND, subject, body), members=people)


def list_sent(work: Work, *, after: uuid.UUID | None = None, limit: int = PAGE) -> list[Reached]:
    """List the messages of the unit, newest first, with how many have read each."""
    statement = (
        sa.select(Notice)
        .where(Notice.unit_id == work.unit.id, Notice.kind == MESSAGE_KIND)
        .order_by(Notice.id.desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(Notice.id < after)
    return _counted(work, work.session.scalars(statement).all())


def _counted(work: Work, notices: Sequence[Notice]) -> list[Reached]:
    """Count people and readers of notices in one statement."""
    rows = work.session.execute(
        sa.select(
            NoticeCopy.notice_id,
            sa.func.count(),
            sa.func.count(NoticeCopy.read_at),
            sa.func.sum(sa.case((NoticeCopy.has_account, 0), else_=1)),
        )
        .where(NoticeCopy.notice_id.in_([notice.id for notice in notices]))
        .group_by(NoticeCopy.notice_id)
    )
    found = {row[0]: row for row in rows}
    return [
        Reached(
            notice,
            *((int(n or 0) for n in found[notice.id][1:]) if notice.id in found else (0, 0, 0)),
        )
        for notice in notices
    ]


def access_sent(work: Work, notice_id: uuid.UUID) -> Reached:
    """Return a notice of this unit, whatever sent it."""
    notice = work.session.scalar(
        sa.select(Notice).where(Notice.id == notice_id, Notice.unit_id == work.unit.id)
    )
    if notice is None:
        raise NotFound(_("There is no such page, or this account may not see it."))
    return _counted(work, [notice])[0]


def without_account(work: Work, notice: Notice) -> list[str]:
    """Return the names of the members who get a notice on paper, in Vietnamese order."""
    rows = work.session.execute(
        sa.select(Member.id, Member.full_name)
        .select_from(Member)
        .join(NoticeCopy, NoticeCopy.person_id == Member.id)
        .where(NoticeCopy.notice_id == notice.id, NoticeCopy.has_account.is_(False))
        .order_by(Member.sort_key, Member.id)
    ).all()
    ledger.saw(work, "member", [row.id for row in rows])
    return [row.full_name for row in rows]


def slips_for(work: Work, notice: Notice) -> Paper:
    """Make the slips of a notice for the members without an account."""
    names = without_account(work, notice)
    if not names:
        raise RuleBroken(_("Everybody has an account; nobody needs a slip."))
    return slips_paper(work, title=notice.subject, names=names, text=notice.body)


def check_said_nothing(work: Work, unit_id: uuid.UUID) -> None:
    """Refuse where something was said in a unit's name."""
    there = work.session.scalar(
        sa.select(Notice.id)
        .where(Notice.unit_id == unit_id)
        .limit(1)
        .execution_options(unscoped="whether anything was built on a unit")
    )
    if there is not None:
        raise RuleBroken(
            _("Notices were sent in the name of this unit; it cannot be voided, end it.")
        )
