"""What can be done, as verbs; rules live here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.errors import InvalidInput, NotFound, RuleBroken
from core.i18n import _
from core.members.models import COUNTED, Member
from core.names import search_key
from core.paging import beyond, next_cursor, read_cursor
from core.settings import value
from core.work import Work

from . import permissions
from .models import Loan
from .settings import DAYS

PAGE = 50


@dataclass(frozen=True, slots=True)
class LoanLine:
    """A loan as a list shows it."""

    id: uuid.UUID
    title: str
    member: str
    begun_on: date
    due_on: date
    closed_on: date | None


def access_loan(work: Work, loan_id: uuid.UUID) -> Loan:
    """Return a loan of this unit; anything else is not found."""
    loan = work.session.scalar(
        sa.select(Loan).where(Loan.id == loan_id, Loan.unit_id == work.unit.id)
    )
    if loan is None:
        raise NotFound(_("There is no such loan here."))
    return loan


def list_loans(
    work: Work, cursor: str = "", limit: int = PAGE
) -> tuple[list[LoanLine], str | None]:
    """List the loans of this unit by the day they are due; a page, and the cursor of the next."""
    statement = (
        sa.select(Loan.id, Loan.title, Member.full_name, Loan.begun_on, Loan.due_on, Loan.closed_on)
        .select_from(Loan)
        .outerjoin(Member, Member.id == Loan.member_id)
        .where(Loan.unit_id == work.unit.id)
        .order_by(Loan.due_on.desc(), Loan.id.desc())
        .limit(limit + 1)
    )
    last = read_cursor(cursor, "d", "k")
    if last is not None:
        statement = statement.where(beyond((Loan.due_on, Loan.id), last, down=True))
    rows = work.session.execute(statement).all()
    lines = [LoanLine(row[0], row[1], row[2] or "", *row[3:]) for row in rows[:limit]]
    return lines, next_cursor(rows, limit, "due_on", "id") or None


def list_members(work: Work) -> Sequence[tuple[str, str]]:
    """Return the members of this unit whom this person may see, for a choice."""
    rows = work.session.execute(
        sa.select(Member.id, Member.full_name)
        .where(Member.unit_id == work.unit.id, Member.status.in_(COUNTED))
        .order_by(Member.sort_key)
        .limit(500)
    )
    return [(str(key), name) for key, name in rows]


def add_loan(
    work: Work, *, title: str, member_id: uuid.UUID | None = None, begun_on: date | None = None
) -> Loan:
    """Enter a loan; it is due after the days that hold at this place."""
    if member_id is not None and str(member_id) not in dict(list_members(work)):
        sentence = _("Choose a member of this unit.")
        raise InvalidInput(sentence, fields={"member_id": [sentence]})
    first = begun_on or work.today
    loan = Loan(
        unit_id=work.unit.id,
        title=title,
        search=search_key(title),
        member_id=member_id,
        begun_on=first,
        due_on=first + timedelta(days=value(work, DAYS)),
        made_by=work.actor.label,
        made_at=work.now,
    )
    work.session.add(loan)
    work.session.flush()
    record(work, "lending.added", loan, after={"title": title, "due_on": loan.due_on})
    return loan


def close_loan(work: Work, loan: Loan) -> None:
    """Close a loan today; a closed one stays as it is."""
    if loan.closed_on is not None:
        raise RuleBroken(_("This loan is closed already."))
    loan.closed_on = work.today
    record(work, "lending.closed", loan, after={"on": loan.closed_on})


def record(work: Work, action: str, loan: Loan, after: dict[str, Any]) -> None:
    """Tell the ledger; every act is told."""
    about = ledger.About("loan", loan.id, loan.title, loan.unit_id)
    ledger.record(work, action, about, after=after, permission=permissions.MANAGE)


def count_open(work: Work, unit_id: uuid.UUID, *, overdue: bool = False) -> int:
    """Count the loans of a unit that are not closed, or that are overdue."""
    statement = (
        sa.select(sa.func.count())
        .select_from(Loan)
        .where(Loan.unit_id == unit_id, Loan.closed_on.is_(None))
    )
    if overdue:
        statement = statement.where(Loan.due_on < work.today)
    return int(work.session.scalar(statement) or 0)


def count_open_by_unit(work: Work, unit_ids: set[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Count the open loans of many units in one statement."""
    rows = work.session.execute(
        sa.select(Loan.unit_id, sa.func.count())
        .where(Loan.unit_id.in_(unit_ids), Loan.closed_on.is_(None))
        .group_by(Loan.unit_id)
        .execution_options(unscoped="counting what a plan of restructuring moves")
    )
    return dict(rows.all())


def open_of_member(work: Work, member_id: uuid.UUID) -> int:
    """Count what a member has not brought back, wherever it was lent."""
    statement = (
        sa.select(sa.func.count())
        .select_from(Loan)
        .where(Loan.member_id == member_id, Loan.closed_on.is_(None))
        .execution_options(unscoped="whether somebody who leaves still has something")
    )
    return int(work.session.scalar(statement) or 0)


def search_loans(work: Work, words: str, limit: int) -> Sequence[tuple[str, date]]:
    """Find loans of this unit by what was lent, without marks."""
    rows = work.session.execute(
        sa.select(Loan.title, Loan.due_on)
        .where(
            Loan.unit_id == work.unit.id, Loan.search.contains(search_key(words), autoescape=True)
        )
        .order_by(Loan.due_on.desc())
        .limit(limit)
    )
    return [(title, due_on) for title, due_on in rows]


def data_of_member(work: Work, member_id: uuid.UUID) -> dict[str, Any]:
    """Return everything kept of a member, as plain values."""
    rows = work.session.execute(
        sa.select(Loan.title, Loan.begun_on, Loan.due_on, Loan.closed_on)
        .where(Loan.member_id == member_id)
        .order_by(Loan.begun_on)
        .execution_options(unscoped="a person's own data")
    ).all()
    names = ("title", "begun_on", "due_on", "closed_on")
    return {"loans": [dict(zip(names, row, strict=True)) for row in rows]} if rows else {}


def forget_member(work: Work, member_id: uuid.UUID) -> None:
    """Erase who it was; the counts stay."""
    move_member(work, member_id, None)


def move_member(work: Work, old: uuid.UUID, new: uuid.UUID | None) -> None:
    """Let another record, or nobody, stand in place of a member."""
    work.session.execute(
        sa.update(Loan)
        .where(Loan.member_id == old)
        .values(member_id=new)
        .execution_options(synchronize_session=False)
    )
