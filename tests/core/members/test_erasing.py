"""Personal data of somebody who has left: erased under a decision, everywhere; counts stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from core.errors import Forbidden, InvalidInput, PluginFailed, RuleBroken
from core.hooks import hookimpl
from core.ledger.models import LedgerPayload, LedgerRow
from core.ledger.verifying import verify
from core.members.models import Member
from core.members.services import (
    correct_member,
    erase_member,
    head_counts,
    leave,
    readmit,
    register_member,
)
from core.testing import World

NAME = "Đặng Thị Riêng"


def former(ward: World, acting) -> Member:
    """Enter somebody who leaves in October."""
    with ward.work(unit="A") as work:
        member = register_member(
            work,
            work.unit,
            full_name=NAME,
            birth_date=date(1950, 4, 1),
            since=date(2020, 1, 1),
            card_no="12345678",
            phone="0912",
        )
    with acting(member) as (work, found):
        correct_member(work, found, phone="0913")
    with acting(member) as (work, found):
        leave(work, found, reason="deceased", on=date(2026, 10, 1))
    return member


def test_nothing_that_says_who_it_was_stays_and_past_counts_do(ward: World, acting):
    member = former(ward, acting)
    with acting(member) as (work, found):
        erase_member(work, found, document_no=" 7-QĐ/TU ")
    with ward.work(writing=False) as work:
        kept = work.session.scalars(sa.select(Member).where(Member.id == member.id)).one()
        assert (kept.full_name, kept.card_no, kept.phone) == ("–", None, "")
        assert (kept.birth_date, kept.status) == (None, "left")
        place = ward.place("A", work)
        assert head_counts(work, place, date(2026, 9, 30))[place.id].probationary == 1


def test_the_ledger_forgets_the_person_and_names_the_decision(ward: World, acting):
    member = former(ward, acting)
    with acting(member) as (work, found):
        erase_member(work, found, document_no="7-QĐ/TU")
    with ward.work(writing=False) as work:
        rows = work.session.execute(
            sa.select(LedgerRow.action, LedgerPayload.body, LedgerPayload.erased_rule)
            .join(LedgerPayload, LedgerPayload.ledger_id == LedgerRow.id)
            .where(LedgerRow.about_id == member.id)
        ).all()
        said = {action: rule for action, _body, rule in rows}
        assert said.pop("members.erased") is None
        assert set(said.values()) == {"7-QĐ/TU"}
        assert len(said) >= 3
        assert NAME not in str([body for _action, body, _rule in rows])
        assert verify(work).is_whole


def test_whoever_is_still_here_is_not_erased(ward: World, acting):
    with ward.work(unit="A") as work:
        member = register_member(work, work.unit, full_name=NAME)
    with (
        pytest.raises(RuleBroken, match="Nhập việc ra khỏi danh sách trước"),
        acting(member) as (work, found),
    ):
        erase_member(work, found, document_no="7-QĐ/TU")
    with ward.work(writing=False) as work:
        assert work.session.scalars(sa.select(Member.full_name)).all() == [NAME]


def test_it_needs_a_decision_a_right_and_is_done_once(ward: World, acting):
    member = former(ward, acting)
    with (
        pytest.raises(InvalidInput, match="Nhập số quyết định"),
        acting(member) as (work, found),
    ):
        erase_member(work, found, document_no=" ")
    with (
        pytest.raises(Forbidden),
        acting(member, ward.account("commune_staff", "W1"), "A") as (work, found),
    ):
        erase_member(work, found, document_no="7-QĐ/TU")
    with acting(member) as (work, found):
        erase_member(work, found, document_no="7-QĐ/TU")
    with pytest.raises(RuleBroken, match="đã được xóa"), acting(member) as (work, found):
        erase_member(work, found, document_no="8-QĐ/TU")


def test_whoever_was_erased_is_not_taken_in_again(ward: World, acting):
    member = former(ward, acting)
    with acting(member) as (work, found):
        erase_member(work, found, document_no="7-QĐ/TU")
    with (
        pytest.raises(RuleBroken, match="Nhập đảng viên mới"),
        acting(member) as (work, found),
    ):
        readmit(work, found, ward.place("A", work), on=date(2026, 11, 1), decision_no="8")


class Keeper:
    """A module that keeps something about people, in place of meetings; off here."""

    def __init__(self) -> None:
        """Begin without having heard anything."""
        self.heard: list[tuple[object, str]] = []
        self.fails = False

    @hookimpl
    def personal_data_erased(self, work, member_id, rule) -> None:
        """Write down what is to be erased, or fail."""
        self.heard.append((member_id, rule))
        if self.fails:
            raise RuntimeError("the module is broken")


@pytest.fixture
def keeper(ward: World) -> Iterator[Keeper]:
    """Stand in for a module that is off at the branch."""
    host, stand_in = ward.system.host, Keeper()
    ward.switch("meetings", "A", on=False)
    whole = host._manager.get_plugin("meetings")
    host._manager.unregister(name="meetings")
    host._manager.register(stand_in, name="meetings")
    yield stand_in
    host._manager.unregister(name="meetings")
    host._manager.register(whole, name="meetings")


def test_a_module_that_is_off_there_erases_too(ward: World, acting, keeper):
    member = former(ward, acting)
    with acting(member, unit="A") as (work, found):
        erase_member(work, found, document_no="7-QĐ/TU")
    assert keeper.heard == [(member.id, "7-QĐ/TU")]


def test_when_a_module_cannot_erase_nothing_is_erased(ward: World, acting, keeper):
    member, keeper.fails = former(ward, acting), True
    with pytest.raises(PluginFailed), acting(member) as (work, found):
        erase_member(work, found, document_no="7-QĐ/TU")
    with ward.work(writing=False) as work:
        assert work.session.scalars(sa.select(Member.full_name)).all() == [NAME]


def test_the_page_offers_it_for_former_members_to_those_who_may(ward: World, acting):
    member = former(ward, acting)
    staff = ward.browser(ward.account("commune_staff", "W1"))
    address = f"/u/A/members/{member.id}"
    assert "Xóa dữ liệu cá nhân" not in staff.get(address).text
    assert staff.get(f"{address}/erase").status_code == 403
    office = ward.browser(ward.account("province_organisation", "P"))
    assert "Xóa dữ liệu cá nhân" in office.get(address).text
    form = office.get(f"{address}/erase").text
    revision = re.search(r'name="revision" value="(\d+)"', form)
    assert revision
    empty = office.submit(f"{address}/erase", {"revision": revision.group(1)})
    assert empty.status_code == 422
    sent = office.submit(
        f"{address}/erase", {"document_no": "7-QĐ/TU", "revision": revision.group(1)}
    )
    assert sent.status_code == 303
    page = office.get(sent.headers["Location"]).text
    assert "Nhật ký ghi số quyết định" in page
    assert NAME not in page
    assert f"{address}/readmit" not in page


def test_a_program_erases_by_the_state_it_read(ward: World, acting):
    member = former(ward, acting)
    browser = ward.browser(ward.account("province_organisation", "P"))
    address = f"/api/v1/members/{member.id}"
    etag = browser.get(f"{address}?unit=P").headers["ETag"]
    body = {"document_no": "7-QĐ/TU"}
    unread = browser.send("POST", f"{address}/erase?unit=P", json=body)
    assert unread.status_code == 428
    sent = browser.send("POST", f"{address}/erase?unit=P", json=body, headers={"If-Match": etag})
    assert sent.status_code == 204
    assert browser.get(f"{address}?unit=P").json["full_name"] == "–"
