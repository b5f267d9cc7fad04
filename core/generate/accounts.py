"""The demo accounts: one for each row of “Who uses it” that has work in the program."""

from __future__ import annotations

from dataclasses import dataclass

from core.generate.rows import holds
from core.generate.town import BAC_HONG_LINH, PHUC_SON, PROVINCE, Town


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to sign in with; the key of the role and the unit it is given at."""

    role_key: str
    title: str
    username: str
    member_key: str | None
    unit_code: str


def accounts(town: Town) -> list[DemoAccount]:
    """Return the demo accounts of a town, the branch secretary first."""
    office = _holder(town, BAC_HONG_LINH, "staff", "Văn phòng")
    leader = _holder(town, BAC_HONG_LINH, "standing_deputy_secretary")
    board = _holder(town, BAC_HONG_LINH, "board_head", "Xây dựng Đảng")
    organisation = _holder(town, PROVINCE, "staff", "Ban Tổ chức")
    technician = _holder(town, PROVINCE, "staff", "công nghệ")
    auditor = _holder(town, PROVINCE, "staff", "Kiểm tra viên")
    follower = next(
        row.member_key
        for row in town.follows
        if row.branch_code == PHUC_SON and holds(row, town.today)
    )
    rows = [
        ("branch_secretary", "Bí thư chi bộ 68 tuổi, điện thoại", "bithu.phucson",
         _holder(town, PHUC_SON, "secretary"), PHUC_SON),
        ("branch_deputy", "Phó Bí thư chi bộ", "phobithu.phucson",
         _holder(town, PHUC_SON, "deputy_secretary"), PHUC_SON),
        ("member", "Đảng viên", "dangvien.phucson", _plain_member(town), PHUC_SON),
        ("commune_staff", "Chuyên viên Văn phòng Đảng ủy phường", "vanphong.bachonglinh",
         office, BAC_HONG_LINH),
        ("committee_leader", "Phó Bí thư Thường trực Đảng ủy phường", "thuongtruc.bachonglinh",
         leader, BAC_HONG_LINH),
        ("follower", "Ủy viên Ban Thường vụ theo dõi chi bộ", "theodoi.bachonglinh",
         follower, BAC_HONG_LINH),
        ("party_building", "Trưởng Ban Xây dựng Đảng phường", "xaydungdang.bachonglinh",
         board, BAC_HONG_LINH),
        ("province_organisation", "Chuyên viên Ban Tổ chức Tỉnh ủy", "bantochuc.hatinh",
         organisation, PROVINCE),
        ("administrator", "Công nghệ thông tin của tỉnh", "cntt.hatinh", technician, "ROOT"),
        ("auditor", "Người kiểm tra nhật ký, chỉ xem", "kiemtra.hatinh", auditor, PROVINCE),
    ]  # fmt: skip
    return [DemoAccount(*row) for row in rows]


def _holder(town: Town, unit_code: str, position: str, title: str = "") -> str:
    rows = town.holders(unit_code, position, town.today)
    return next(row.member_key for row in rows if title in row.title)


def _plain_member(town: Town) -> str:
    """Return an official member of Phúc Sơn without a post, who takes part at home."""
    homes, statuses = town.homes_on(town.today), town.statuses_on(town.today)
    others = {row.member_key for row in town.positions if holds(row, town.today)}
    others |= {row.member_key for row in town.affiliations if row.kind == "temporary"}
    others |= {row.member_key for row in town.conditions}
    return next(
        member.key
        for member in town.members
        if homes.get(member.key) == PHUC_SON
        and statuses[member.key] == "official"
        and member.key not in others
    )
