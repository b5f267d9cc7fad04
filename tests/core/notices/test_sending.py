"""Sending: each person once, few statements for many, members without an account are named."""

import pytest
import sqlalchemy as sa

from core.errors import RuleBroken
from core.jobs.models import Job
from core.ledger.models import LedgerRow
from core.notices.models import Notice, NoticeCopy
from core.notices.services import Message, people_of, send_notice, send_to_unit
from core.units.services import void_unit


def test_each_person_is_told_once_however_often_named(branch, tell):
    member = branch.member("B1")
    account = branch.account("member", "B1", member=member)
    sent = tell(member, member, accounts=[account, account])
    assert (sent.count, list(sent.without_account)) == (1, [])
    assert branch.rows(NoticeCopy) == 1


def test_members_without_an_account_are_named_for_slips(branch, tell):
    one, two = branch.member("B1", "Lê Thị Hoa"), branch.member("B1", "Trần Văn Nam")
    branch.account("member", "B1", member=one)
    sent = tell(one, two)
    assert list(sent.without_account) == [two.id]


def test_somebody_who_is_no_member_is_told_by_account(branch, tell):
    official = branch.account("follower", "W1")
    sent = tell(accounts=[official])
    assert (sent.count, list(sent.without_account)) == (1, [])


def test_an_account_that_has_ended_counts_as_none(branch, tell):
    member = branch.member("B1")
    account = branch.account("member", "B1", member=member)
    with branch.work() as work:
        work.session.merge(account).ended_at = work.now
    assert list(tell(member).without_account) == [member.id]
    assert tell(accounts=[account]).count == 0


def test_hundreds_are_told_in_as_many_statements_as_one(branch, statements):
    many = [branch.member("B1", f"Nguyễn Văn A {n}") for n in range(120)]
    counts = []
    for people in (many[:1], many):
        with branch.work(unit="B1") as work:
            before = statements.count
            send_notice(work, Message("x.y", "Một việc"), members=[m.id for m in people])
            counts.append(statements.count - before)
    assert counts[0] == counts[1] <= 4
    assert branch.rows(NoticeCopy) == 121


def test_the_ledger_keeps_who_sent_what_to_how_many(branch, tell):
    sent = tell(branch.member("B1"))
    with branch.work(writing=False) as work:
        row = work.session.scalar(sa.select(LedgerRow).where(LedgerRow.about_id == sent.notice.id))
    assert (row.action, row.label) == ("notices.sent", "Tài liệu sinh hoạt tháng 12 đã có")


def test_e_mail_is_asked_for_only_where_somebody_has_an_address(branch, tell):
    member = branch.member("B1")
    account = branch.account("member", "B1", member=member)
    tell(member)
    assert branch.rows(Job) == 0
    with branch.work() as work:
        work.session.merge(account).email = "hoa@example.vn"
    sent = tell(member)
    with branch.work(writing=False) as work:
        job = work.session.scalar(sa.select(Job))
    assert (job.kind, job.payload) == ("notices.mail", {"notice": str(sent.notice.id)})


def test_a_refused_act_sends_nothing(branch):
    member = branch.member("B1")

    def send_and_refuse() -> None:
        with branch.work(unit="B1") as work:
            send_notice(work, Message("x.y", "Một việc"), members=[member.id])
            raise RuleBroken("no")

    with pytest.raises(RuleBroken):
        send_and_refuse()
    assert (branch.rows(Notice), branch.rows(NoticeCopy)) == (0, 0)


@pytest.fixture
def posts(branch):
    """Two branches with people in their posts."""
    people = {
        "secretary": branch.member("B1", "Nguyễn Văn An"),
        "committee": branch.member("B1", "Lê Thị Hoa"),
        "plain": branch.member("B1", "Trần Văn Nam"),
        "other": branch.member("B2", "Phạm Thị Dung"),
    }
    branch.position(people["secretary"], "secretary", "B1")
    branch.position(people["committee"], "branch_committee_member", "B1")
    branch.position(people["other"], "secretary", "B2")
    return people


@pytest.mark.parametrize(
    ("unit", "group", "expected"),
    [
        ("B1", "members", {"secretary", "committee", "plain"}),
        ("B1", "committee", {"secretary", "committee"}),
        ("W1", "members", {"secretary", "committee", "plain", "other"}),
        ("W1", "committee", set()),
        ("W1", "secretaries", {"secretary", "other"}),
        ("B1", "secretaries", set()),
    ],
)
def test_groups_of_a_unit(branch, posts, unit, group, expected):
    with branch.work(unit=unit, writing=False) as work:
        found = set(people_of(work, group))
    assert found == {posts[name].id for name in expected}


def test_a_message_to_nobody_is_refused(branch):
    with pytest.raises(RuleBroken) as refused, branch.work(unit="W1") as work:
        send_to_unit(work, group="committee", subject="Họp")
    assert "group" in refused.value.fields


def test_a_unit_that_said_something_cannot_be_voided(branch):
    official = branch.account("follower", "W1")
    with branch.work(unit="B2") as work:
        send_notice(work, Message("x.y", "Một việc"), accounts=[official.id])
    with pytest.raises(RuleBroken), branch.work() as work:
        void_unit(work, branch.place("B2", work), reason="lập nhầm")
