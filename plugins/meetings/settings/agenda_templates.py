"""The agenda proposed in each sector: titles in Vietnamese, as papers print them, with minutes.

Sources: the course of a meeting as in 50-CT/TW of 23/07/2025, content by kind of branch as in
42-HD/BTCTW of 28/10/2025. A place replaces them by the setting `meetings.agenda_templates`;
`material` stands where the month's material comes in, `tasks` where last month's tasks do.
"""

from __future__ import annotations

from typing import Any

OPENING: dict[str, Any] = {"title": "Mở đầu: nêu mục đích, điểm danh, cử thư ký", "minutes": 5}
NEWS: dict[str, Any] = {
    "title": "Thông tin thời sự, văn bản mới của Đảng, Nhà nước và địa phương",
    "minutes": 15,
    "slot": "material",
}
LAST_MONTH: dict[str, Any] = {
    "title": "Kết quả thực hiện nhiệm vụ tháng trước",
    "minutes": 15,
    "slot": "tasks",
}
PARTY_WORK: dict[str, Any] = {
    "title": "Công tác đảng: phát triển đảng viên, kiểm tra, giám sát, đảng phí",
    "minutes": 10,
}
DISCUSSION: dict[str, Any] = {"title": "Đảng viên thảo luận", "minutes": 25}
CLOSING: dict[str, Any] = {
    "title": "Kết luận, biểu quyết, thông qua biên bản",
    "minutes": 15,
}


def _agenda(own_work: str, minutes: int = 15) -> list[dict[str, Any]]:
    own = {"title": own_work, "minutes": minutes}
    return [OPENING, NEWS, LAST_MONTH, own, PARTY_WORK, DISCUSSION, CLOSING]


AGENDA_BY_SECTOR: dict[str, list[dict[str, Any]]] = {
    "": _agenda("Nhiệm vụ trọng tâm tháng này"),
    "residential": _agenda(
        "Việc của khu dân cư: an ninh trật tự, vệ sinh môi trường, đời sống nhân dân"
    ),
    "office": _agenda("Lãnh đạo nhiệm vụ chuyên môn, cải cách hành chính, đạo đức công vụ"),
    "public_service": _agenda("Lãnh đạo nhiệm vụ chuyên môn, chất lượng phục vụ nhân dân"),
    "school": _agenda("Lãnh đạo nhiệm vụ dạy và học, xây dựng môi trường giáo dục"),
    "enterprise": _agenda("Sản xuất, kinh doanh, việc làm và đời sống người lao động"),
    "military": _agenda("Nhiệm vụ huấn luyện, sẵn sàng chiến đấu, chấp hành kỷ luật"),
    "police": _agenda("Nhiệm vụ bảo đảm an ninh, trật tự, chấp hành điều lệnh"),
}
