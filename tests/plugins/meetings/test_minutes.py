"""Step 4: gaps, adopted, confirmed, locked, amended; the papers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.documents.models import Document
from core.documents.paper import People, SignatureRows
from core.documents.services import printed_file
from core.errors import InvalidInput, RuleBroken
from core.i18n import use_locale
from plugins.meetings import services
from plugins.meetings.models import Attendance, Minutes
from plugins.meetings.services import ItemFacts, PointFacts, Tick
from tests.plugins.meetings.builders import ballot, resolution, words_of


def test_gaps_name_what_is_still_missing(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work, chair_id=None, clerk_id=None)
        fields = [gap.field for gap in services.gaps(work, meeting)]
        assert fields[:4] == ["ended_at", "chair_id", "clerk_id", "attendance"]
        assert fields.count("conclusion") == 4
        branch.all_present(work, meeting)
        services.tick(work, meeting, branch.people[3].id, Tick(None))
        gaps = services.gaps(work, meeting)
    assert any("Trần Thị Ánh" in gap.sentence for gap in gaps)


def test_minutes_with_gaps_are_not_locked(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work)
        branch.all_present(work, meeting)
        services.end_meeting(work, meeting)
        with pytest.raises(RuleBroken):
            services.lock_minutes(work, meeting)


def test_minutes_are_adopted_before_they_are_confirmed_and_confirmed_before_locked(branch) -> None:
    with branch.work() as work:
        meeting = branch.held(work)
        with pytest.raises(RuleBroken):
            services.confirm_as_clerk(work, meeting)
        with pytest.raises(RuleBroken):
            services.lock_minutes(work, meeting)
        minutes = services.adopt_minutes(work, meeting, in_favour=10, present=10)
        assert minutes.state == "adopted"
        services.confirm_as_clerk(work, meeting)
        with pytest.raises(RuleBroken):
            services.lock_minutes(work, meeting)
        services.confirm_as_chair(work, meeting)
        assert minutes.state == "confirmed"
        services.lock_minutes(work, meeting)
        assert (minutes.state, meeting.state) == ("locked", "closed")


def test_minutes_are_not_written_while_the_meeting_goes_on(branch) -> None:
    with pytest.raises(RuleBroken), branch.work() as work:
        services.write_minutes(work, branch.opened(work), quality="Tốt")


@pytest.mark.parametrize(
    ("in_favour", "present", "error"),
    [(11, 10, InvalidInput), (5, 0, InvalidInput), (5, 11, InvalidInput), (5, 10, RuleBroken)],
)
def test_adoption_has_counts_that_fit(branch, in_favour, present, error) -> None:
    with pytest.raises(error), branch.work() as work:
        meeting = branch.held(work)
        services.adopt_minutes(work, meeting, in_favour=in_favour, present=present)


def test_a_text_changed_after_adoption_is_adopted_again(branch) -> None:
    with branch.work() as work:
        meeting = branch.held(work)
        item = services.list_items(work, meeting)[0]
        minutes = services.adopt_minutes(work, meeting, in_favour=10, present=10)
        services.write_minutes(work, meeting, texts={item.id: ("", "Kết luận khác")})
        work.session.refresh(minutes)
        assert (minutes.state, minutes.adopted_present) == ("draft", None)
        services.adopt_minutes(work, meeting, in_favour=10, present=10)
        services.tick(work, meeting, branch.people[3].id, Tick("absent"))
        work.session.refresh(minutes)
        assert minutes.state == "draft"
        services.adopt_minutes(work, meeting, in_favour=9, present=9)
        services.write_minutes(work, meeting, texts={item.id: ("", "Kết luận khác")})
        work.session.refresh(minutes)
        assert minutes.state == "adopted"


def test_the_signed_paper_may_stand_for_confirmations(branch) -> None:
    with branch.work() as work:
        meeting = branch.held(work)
        minutes = services.note_signed_paper(
            work, meeting, signed_on=work.today, book_no="2", page_no="15"
        )
        services.lock_minutes(work, meeting)
        assert (minutes.state, minutes.book_no, minutes.page_no) == ("locked", "2", "15")
        with pytest.raises(RuleBroken):
            services.note_signed_paper(work, meeting, signed_on=work.today, book_no="3")


def test_book_and_page_may_be_noted_after_locking(branch) -> None:
    with branch.work() as work:
        meeting = branch.locked(work)
        minutes = services.note_signed_paper(work, meeting, signed_on=work.today, book_no="2")
        assert minutes.book_no == "2"


def test_paper_is_not_signed_before_the_meeting_nor_tomorrow(branch) -> None:
    with branch.work() as work:
        meeting = branch.held(work)
        for day in (work.today - timedelta(days=1), work.today + timedelta(days=1)):
            with pytest.raises(InvalidInput):
                services.note_signed_paper(work, meeting, signed_on=day)


def test_a_locked_record_never_changes(branch) -> None:
    with branch.work() as work:
        meeting = branch.locked(work)
        item = services.list_items(work, meeting)[0]
        for act in (
            lambda: services.conclude_item(work, meeting, item, conclusion="Khác"),
            lambda: services.tick(work, meeting, branch.people[0].id, Tick("absent")),
            lambda: services.add_item(work, meeting, ItemFacts("Thêm")),
            lambda: services.change_item(work, meeting, item, ItemFacts("Khác")),
            lambda: services.record_vote(work, meeting, item, ballot()),
            lambda: services.make_resolution(work, meeting, item, resolution()),
            lambda: services.write_minutes(work, meeting, quality="Kém"),
            lambda: services.adopt_minutes(work, meeting, in_favour=9, present=10),
            lambda: services.lock_minutes(work, meeting),
            lambda: services.end_meeting(work, meeting),
            lambda: services.add_visitor(work, meeting, name="Khách"),
            lambda: services.cancel(work, meeting, reason="Nhầm"),
            lambda: services.postpone(work, meeting, to_at=None, reason="Nhầm"),
        ):
            with pytest.raises(RuleBroken):
                act()


def test_locking_freezes_figures_paper_and_number(branch) -> None:
    with branch.work() as work:
        meeting = branch.locked(work)
        minutes = services.current_minutes(work, meeting)
        document = work.session.scalar(
            sa.select(Document).where(Document.id == minutes.document_id)
        )
        assert minutes.figures["attended"] == 10
        assert document.code == "01-BB/CB"
        assert "Nguyễn Văn An" in words_of(services.minutes_paper(work, meeting))
    with branch.world.work() as work:
        work.session.execute(sa.update(Attendance).values(printed_name="Ai đó"))
    with branch.work() as work:
        text = words_of(services.minutes_paper(work, meeting))
    assert "Ai đó" not in text


def test_locked_minutes_are_amended_by_a_linked_version(branch) -> None:
    with branch.work() as work:
        meeting = branch.locked(work)
        first = services.current_minutes(work, meeting)
        before = dict(first.figures)
        with pytest.raises(InvalidInput):
            services.amend(work, meeting, reason=" ")
        second = services.amend(work, meeting, reason="Ghi nhầm người vắng")
        assert (second.version, second.previous_id, meeting.state) == (2, first.id, "closed")
        services.tick(work, meeting, branch.people[3].id, Tick("excused", "health"))
        assert meeting.attended == 10, "figures change with the lock, not before"
        services.adopt_minutes(work, meeting, in_favour=9, present=9)
        services.confirm_as_clerk(work, meeting)
        services.confirm_as_chair(work, meeting)
        services.lock_minutes(work, meeting)
        assert meeting.attended == 9
        assert first.figures == before
        versions = services.list_versions(work, meeting)
        old, new = versions[1], versions[0]
        assert "sức khỏe" not in words_of(services.minutes_paper(work, meeting, old)).lower()
        assert "Ghi nhầm người vắng" in words_of(services.minutes_paper(work, meeting, new))


def test_only_locked_minutes_are_amended(branch) -> None:
    with pytest.raises(RuleBroken), branch.work() as work:
        services.amend(work, branch.held(work), reason="Sai")


def test_locking_issues_the_resolutions_of_the_meeting(branch) -> None:
    with branch.work() as work:
        meeting = branch.held(work)
        item = services.list_items(work, meeting)[0]
        made = services.make_resolution(work, meeting, item, resolution())
        services.adopt_minutes(work, meeting, in_favour=10, present=10)
        services.confirm_as_clerk(work, meeting)
        services.confirm_as_chair(work, meeting)
        services.lock_minutes(work, meeting)
        assert (made.code, made.issued_on) == ("01-NQ/CB", meeting.held_on)
        assert services.resolution_paper(work, made).number_line == "Số 01-NQ/CB"
        assert services.kept_bytes(work, made.document_id, "docx") is None
        printed = printed_file(work, work.session.get(Document, made.document_id), "docx")
        assert services.kept_bytes(work, made.document_id, "docx") == printed.body
        assert branch.world.rows(Minutes) == 1


def test_the_minutes_print_in_the_order_of_the_field(branch) -> None:
    world = branch.world
    world.member("B1", "Cao Thị Lan", status="exempt")
    guest = world.member("B2", "Đặng Thị Dung")
    branch.temporary(guest, "B1")
    with branch.work() as work:
        meeting = branch.opened(work)
        branch.all_present(work, meeting)
        services.tick(work, meeting, branch.people[4].id, Tick("excused", "health"))
        services.tick(work, meeting, branch.people[5].id, Tick("absent"))
        services.tick(work, meeting, guest.id, Tick("present"))
        services.add_visitor(
            work, meeting, name="Trần Thị Dung", role="Đảng ủy viên", is_superior=True
        )
        item = services.list_items(work, meeting)[0]
        services.make_resolution(
            work,
            meeting,
            item,
            resolution(
                points=[PointFacts("Lập danh sách", branch.people[2].id, date(2026, 11, 20))],
                vote=ballot(in_favour=8, present=8),
            ),
        )
        for one in services.list_items(work, meeting):
            services.conclude_item(work, meeting, one, conclusion="Thống nhất.\nGiao chi ủy.")
        services.end_meeting(work, meeting)
        services.write_minutes(work, meeting, quality="Tự chấm 92/100, loại Tốt")
        services.adopt_minutes(work, meeting, in_favour=8, present=8)
        with use_locale("en"):
            paper = services.minutes_paper(work, meeting)
        text = words_of(paper)
    order = [text.index(f"\n{number}. ") for number in ("I", "II", "III", "IV", "V")]
    assert order == sorted(order)
    people = next(block for block in paper.blocks if isinstance(block, People))
    assert len(people.names) == 9
    assert "Tổng số đảng viên 11 đồng chí (chính thức 11, dự bị 0)" in text
    assert "miễn sinh hoạt 01" in text
    assert "phải dự 10; có mặt 08" in text
    assert "vắng có lý do 01: đ/c Phạm Thị Bình (sức khỏe)" in text
    assert "vắng không lý do 01: đ/c Hoàng Văn Châu" in text
    assert "Đ/c Trần Thị Dung, Đảng ủy viên" in text or "đ/c Trần Thị Dung, Đảng ủy viên" in text
    assert "8/10" in text
    assert "Lập danh sách" in text
    assert "20/11/2026" in text
    assert "Tự chấm 92/100" in text
    assert "8/8 đảng viên chính thức có mặt nhất trí thông qua" in text
    assert [signer.roles[0] for signer in paper.signers] == ["THƯ KÝ", "CHỦ TRÌ"]
    assert "đã ký" not in text
    assert paper.upper_body == "Đảng bộ phường Bắc Hồng Lĩnh"


@pytest.mark.parametrize(
    "title", ["Tăng cường vệ sinh", "về tăng cường vệ sinh", "Nghị quyết về tăng cường vệ sinh"]
)
def test_a_resolution_says_only_once_what_it_is_about(branch, title) -> None:
    with branch.work() as work:
        meeting = branch.opened(work)
        branch.all_present(work, meeting)
        item = services.list_items(work, meeting)[0]
        made = services.make_resolution(work, meeting, item, resolution(title=title))
        assert services.resolution_paper(work, made).subtitle == "về tăng cường vệ sinh"


def test_a_resolution_prints_with_grounds_points_and_the_vote(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work)
        branch.all_present(work, meeting)
        item = services.list_items(work, meeting)[0]
        made = services.make_resolution(
            work,
            meeting,
            item,
            resolution(
                grounds="Căn cứ Điều lệ Đảng Cộng sản Việt Nam;",
                points=[PointFacts("Lập danh sách", branch.people[2].id, date(2026, 11, 20))],
            ),
        )
        paper = services.resolution_paper(work, made)
        text = words_of(paper)
    assert paper.draft
    assert paper.title == "NGHỊ QUYẾT"
    assert paper.subtitle == "về tăng cường vệ sinh môi trường"
    assert "Căn cứ Điều lệ Đảng" in text
    assert "10/10" in text
    assert [signer.roles for signer in paper.signers] == [("T/M CHI BỘ", "BÍ THƯ")]
    assert len(paper.recipients) == 3


def test_a_deputy_signs_for_the_branch_as_deputy(branch) -> None:
    deputy = branch.people[1]
    branch.world.position(deputy, "deputy_secretary", "B1")
    with branch.work() as work:
        meeting = branch.planned(work, chair_id=deputy.id)
        paper = services.notice_paper(work, meeting)
    assert paper.signers[0].roles == ("T/M CHI ỦY", "PHÓ BÍ THƯ")
    assert paper.signers[0].name == "Lê Đình Ân"


def test_the_notice_says_time_place_and_content(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work)
        paper = services.notice_paper(work, meeting)
        text = words_of(paper)
        first = services.list_items(work, meeting)[0].title
    assert "19 giờ 30 phút, thứ Năm, ngày 12 tháng 11 năm 2026." in text
    assert first in text
    assert "sinh hoạt chi bộ thường kỳ tháng 11 năm 2026" in text


def test_the_sheet_to_sign_lists_everybody_with_remarks(branch) -> None:
    branch.world.member("B1", "Cao Thị Lan", status="exempt")
    with branch.work() as work:
        paper = services.attendance_sheet_paper(work, branch.planned(work))
        blank = services.attendance_sheet_paper(work)
    rows = next(block for block in paper.blocks if isinstance(block, SignatureRows))
    remarks = [name for name in rows.names if isinstance(name, tuple)]
    assert len(rows.names) == 11
    assert remarks[0][0].endswith("Cao Thị Lan")
    assert blank.day == date(2026, 11, 10)


def test_slips_say_time_and_place_and_no_agenda(branch) -> None:
    with branch.work() as work:
        meeting = branch.announced(work)
        paper = services.invitation_paper(work, meeting, [branch.people[0].id])
        text = words_of(paper)
        everybody = services.invitation_paper(work, meeting)
        with pytest.raises(InvalidInput):
            services.invitation_paper(work, meeting, [meeting.id])
    assert len(paper.blocks) == 1
    assert len(everybody.blocks) == 10
    assert "Nguyễn Thị Hoa" in text
    assert "điểm danh" not in text


def test_the_pack_on_paper_has_roll_agenda_and_room(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work)
        text = words_of(services.paper_pack(work, meeting))
        title = services.list_items(work, meeting)[0].title
    assert title in text
    assert "Nguyễn Thị Hoa" in text


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"is_thematic": True, "theme": "Số hóa"}, "thường kỳ kết hợp chuyên đề"),
        ({"is_regular": False, "is_thematic": True, "theme": "Số hóa"}, "chuyên đề"),
        ({"kind": "extra"}, "bất thường"),
        ({"kind": "committee"}, "chi ủy"),
    ],
)
def test_papers_name_the_kind_of_meeting(branch, changes, expected) -> None:
    with branch.work() as work:
        meeting = branch.opened(work, **changes)
        assert expected in services.minutes_paper(work, meeting).subtitle.lower()
