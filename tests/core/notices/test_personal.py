"""What is kept of a person: handed over, erased, moved with a merged record and back."""

import sqlalchemy as sa

from core.members.models import Member
from core.notices.models import Notice, NoticeCopy
from core.notices.services import personal


def merge(branch, kept, merged, *, undo: bool = False) -> None:
    """Tell notices that two records became one, as members does, or were parted again."""
    with branch.work() as work:
        work.session.execute(
            sa.update(Member)
            .where(Member.id == merged.id)
            .values(merged_into_id=None if undo else kept.id)
        )
        pair = (merged.id, kept.id) if undo else (kept.id, merged.id)
        personal.move_notices(work, *pair)


def owners(branch) -> dict:
    with branch.work(writing=False) as work:
        rows = work.session.execute(
            sa.select(Notice.subject, NoticeCopy.person_id)
            .select_from(NoticeCopy)
            .join(Notice, Notice.id == NoticeCopy.notice_id)
            .execution_options(unscoped="test")
        ).all()
    found: dict = {}
    for subject, person in rows:
        found.setdefault(person, set()).add(subject)
    return found


def test_a_merged_record_brings_its_notices_and_takes_them_back(branch, tell):
    kept, merged = branch.member("B1", "Lê Thị Hoa"), branch.member("B1", "Lê Thị Hòa")
    tell(kept, subject="một")
    tell(merged, subject="hai")
    tell(kept, merged, subject="ba")
    before = owners(branch)
    merge(branch, kept, merged)
    assert owners(branch) == {kept.id: {"một", "hai", "ba"}, merged.id: {"ba"}}
    tell(kept, subject="bốn")
    merge(branch, kept, merged, undo=True)
    assert owners(branch) == {kept.id: {"một", "ba", "bốn"}, merged.id: before[merged.id]}


def test_taking_back_a_merge_that_moved_nothing_moves_nothing(branch, tell):
    kept, merged = branch.member("B1", "Lê Thị Hoa"), branch.member("B1", "Lê Thị Hòa")
    tell(kept, subject="một")
    merge(branch, kept, merged)
    merge(branch, kept, merged, undo=True)
    assert owners(branch) == {kept.id: {"một"}}


def test_a_person_gets_what_they_were_sent_and_it_can_be_erased(branch, tell):
    one, two = branch.member("B1", "Lê Thị Hoa"), branch.member("B1", "Trần Văn Nam")
    tell(one, two, subject="Cho hai đồng chí")
    with branch.work() as work:
        data = work.hooks.personal_data(member_id=one.id)
        assert data["notices"]["notices"][0]["subject"] == "Cho hai đồng chí"
        work.hooks.personal_data_erased(member_id=one.id, rule="5 năm")
        assert "notices" not in work.hooks.personal_data(member_id=one.id)
    assert set(owners(branch)) == {two.id}
