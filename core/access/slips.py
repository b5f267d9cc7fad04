"""Slips to cut out: first passwords and reset codes; printed once, kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.access.services.accounts import Made
from core.access.services.resets import Reset
from core.documents.paper import Paper, Slip, SlipLine
from core.i18n import format_day, time_in_words, use_locale
from core.units.places import Place
from core.work import Work

# Slips are papers: in Vietnamese for everybody, whatever language the pages have.
FIRST_TITLE = "MẬT KHẨU LẦN ĐẦU"
RESET_TITLE = "MÃ ĐẶT LẠI MẬT KHẨU"
FIRST_NOTE = (
    "Đăng nhập lần đầu, đồng chí tự đặt mật khẩu mới rồi hủy phiếu này. "
    "Không đưa phiếu cho người khác."
)
RESET_TEXT = "Mở trang đăng nhập, chọn “Có mã đặt lại”, gõ tên đăng nhập, mã này và mật khẩu mới."


def first_slips(made: Sequence[Made], places: Mapping[Any, Place]) -> list[dict[str, str]]:
    """Return what the slips of first passwords say, as plain values for the page and the paper."""
    return [
        {
            "head": places[one.account.home_unit_id].name
            if one.account.home_unit_id in places
            else "",
            "title": FIRST_TITLE,
            "name": one.account.name,
            "username": one.account.username,
            "label": "Mật khẩu",
            "code": one.password,
            "text": "",
            "note": FIRST_NOTE,
        }
        for one in made
    ]


def reset_slip(work: Work, reset: Reset, place: Place | None) -> dict[str, str]:
    """Return what the slip of a reset code says."""
    return {
        "head": place.name if place else "",
        "title": RESET_TITLE,
        "name": reset.account.name,
        "username": reset.account.username,
        "label": "Mã đặt lại",
        "code": reset.code,
        "text": RESET_TEXT,
        "note": f"Dùng một lần, đến {moment_in_words(work, reset.until)}.",
    }


def moment_in_words(work: Work, moment: datetime) -> str:
    """Write until when a code holds: `17 giờ 30 ngày 30/11/2026`."""
    local = moment.astimezone(work.host.zone)
    with use_locale("vi"):
        return f"{time_in_words(local.time(), screen=True)} ngày {format_day(local.date())}"


def paper_of_slips(work: Work, slips: Sequence[Mapping[str, str]]) -> Paper:
    """Put slips on a paper to be cut."""
    return Paper(
        kind="slips",
        body_code="",
        upper_body="",
        issuing_body=work.unit.name,
        number=None,
        place="",
        day=work.today,
        title="Phiếu tài khoản",
        blocks=tuple(
            Slip(
                head=slip["head"].upper(),
                title=slip["title"],
                lines=(
                    SlipLine("Họ và tên", slip["name"]),
                    SlipLine("Tên đăng nhập", slip["username"]),
                    SlipLine(slip["label"], slip["code"], code=True),
                ),
                text=slip["text"],
                note=slip["note"],
            )
            for slip in slips
        ),
    )
