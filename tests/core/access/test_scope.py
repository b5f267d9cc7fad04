"""The predicate finds a scoped table wherever it is the root of a statement."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.access.models import Account
from core.members.models import Member
from core.scope import MARK
from core.testing import counted

other = aliased(Member)
SCOPED = {
    "entity": sa.select(Member),
    "column": sa.select(Member.full_name),
    "count": sa.select(sa.func.count()).select_from(Member),
    "only in the condition": sa.select(sa.literal(1)).where(Member.given_name == "An"),
    "alias": sa.select(other.full_name).where(other.given_name == "An"),
    "second of two": sa.select(Account.name, Member.full_name).where(
        Account.member_id == Member.id
    ),
    "root of a join": sa.select(Account.name)
    .select_from(Member)
    .join(Account, Account.member_id == Member.id),
}
OPEN = {
    "another table": sa.select(Account),
    "joined from another table": sa.select(Account).join(Member, Member.id == Account.member_id),
    "asked for in a condition": sa.select(Account.id).where(
        sa.exists().where(Member.id == Account.member_id)
    ),
}


@pytest.fixture
def secretary(ward, person):
    """Who sees the members of one branch; there is one member in each."""
    member = ward.member("B", "Nguyễn Văn An")
    person("B", member=member)
    person("C", member=ward.member("C", "Trần Văn An"))
    return person("B", "branch_secretary")


@pytest.mark.parametrize("name", SCOPED)
def test_a_statement_rooted_at_a_scoped_table_is_narrowed(ward, secretary, name):
    with (
        ward.work(secretary, "B", writing=False) as work,
        counted(ward.system.database.engine) as sent,
    ):
        rows = work.session.execute(SCOPED[name]).all()
    assert MARK in sent.statements[-1]
    assert len(rows) == 1
    if name == "count":
        assert rows[0][0] == 1


@pytest.mark.parametrize("name", OPEN)
def test_a_statement_rooted_elsewhere_is_left_alone(ward, secretary, name):
    statement = OPEN[name].execution_options(unscoped="to see whether it is narrowed")
    with ward.work(secretary, "B", writing=False) as work:
        rows = work.session.execute(statement).all()
    assert len(rows) >= 2
