"""The models that exist from the start, in Vietnamese as papers print them.

Sources: the four criteria of “four good” as in provincial guidance (Lào Cai, 2024, and others),
online meetings as in 03-HD/TW of 27/12/2022, the office branch by merger as in article 2 of the
field's sources, one person in two posts as in 18-NQ/TW of 25/10/2017. Point scales and pass marks
differ by province: a unit that describes a model of the same code replaces what stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .facts import ModelFacts

GOOD_TASKS = "Hoàn thành tốt nhiệm vụ chính trị"
GOOD_MEETINGS = "Chất lượng sinh hoạt tốt"
GOOD_UNITY = "Đoàn kết, kỷ luật tốt"
GOOD_PEOPLE = "Cán bộ, đảng viên tốt"
FIGURES = ("meetings.attendance_rate", "meetings.thematic_rate", "meetings.tasks_done_on_time")


def _criterion(key: str, title: str, points: int, *, must: bool = False) -> dict[str, Any]:
    return {"key": key, "title": title, "points": points, "must": must}


def _milestones(*lines: tuple[str, int]) -> tuple[Mapping[str, Any], ...]:
    return tuple({"title": title, "months": months} for title, months in lines)


YEAR = _milestones(
    ("Đăng ký đầu năm, chi bộ biểu quyết", 0),
    ("Sơ kết sáu tháng", 6),
    ("Tự chấm điểm, biểu quyết kết quả", 11),
    ("Cấp trên công nhận", 12),
)
FOUR_GOOD_BRANCH = ModelFacts(
    code="four_good_branch",
    title="Chi bộ bốn tốt",
    purpose="Nâng cao năng lực lãnh đạo, sức chiến đấu của chi bộ qua bốn tiêu chí dễ nhớ, dễ làm, "
    "dễ kiểm tra.",
    legal_basis="Nghị quyết 21-NQ/TW, 16/06/2022",
    owner="Ban Tổ chức Tỉnh ủy",
    kinds=("branch",),
    conditions="Chi bộ có kế hoạch thực hiện, được chi bộ biểu quyết thông qua.",
    criteria=(
        _criterion("tasks", GOOD_TASKS, 30, must=True),
        _criterion("meetings", GOOD_MEETINGS, 25),
        _criterion("unity", GOOD_UNITY, 20, must=True),
        _criterion("people", GOOD_PEOPLE, 25),
    ),
    pass_points=80,
    milestones=YEAR,
    indicators=FIGURES,
    review_months=6,
)
FOUR_GOOD_ORG = ModelFacts(
    code="four_good_org",
    title="Đảng bộ cơ sở bốn tốt",
    purpose="Đảng ủy cơ sở lãnh đạo toàn diện, có đa số chi bộ trực thuộc đạt bốn tốt.",
    legal_basis="Nghị quyết 21-NQ/TW, 16/06/2022",
    owner="Ban Tổ chức Tỉnh ủy",
    kinds=("party_org", "commune"),
    grassroots_only=True,
    criteria=(
        _criterion("tasks_goals", "Đạt các chỉ tiêu nghị quyết đại hội trong năm", 15, must=True),
        _criterion("tasks_unions", "Chính quyền, đoàn thể hoàn thành tốt nhiệm vụ", 10),
        _criterion("meetings_order", "Sinh hoạt cấp ủy, chi bộ đúng nền nếp", 15),
        _criterion("meetings_theme", "Sinh hoạt chuyên đề mỗi quý", 10),
        _criterion("unity_inside", "Nội bộ đoàn kết, không có đơn thư phức tạp", 10, must=True),
        _criterion("unity_discipline", "Chấp hành kỷ luật, kỷ cương", 10),
        _criterion("people_officials", "Cán bộ hoàn thành tốt nhiệm vụ", 10),
        _criterion("people_members", "Đảng viên hoàn thành tốt nhiệm vụ", 10),
        _criterion("people_new", "Kết nạp đảng viên đạt chỉ tiêu", 10),
    ),
    pass_points=80,
    milestones=YEAR,
    indicators=FIGURES,
    review_months=6,
)
ONLINE_MEETINGS = ModelFacts(
    code="online_meetings",
    title="Sinh hoạt chi bộ trực tuyến",
    purpose="Chi bộ đặc thù hoặc trong hoàn cảnh đặc biệt sinh hoạt trực tuyến, giữ nguyên tắc "
    "sinh hoạt đảng và bảo mật.",
    legal_basis="Hướng dẫn 03-HD/TW, 27/12/2022",
    owner="Ban Tổ chức",
    kinds=("branch",),
    conditions="Có phòng họp, đường truyền; cấp ủy cấp trên đồng ý bằng văn bản.",
    inputs=("Thiết bị họp trực tuyến", "Tập huấn sử dụng"),
    milestones=_milestones(("Bắt đầu", 0), ("Sơ kết", 6), ("Tổng kết, đề nghị", 12)),
    rules=("Không bỏ phiếu kín, không bàn nội dung mật khi sinh hoạt trực tuyến",),
    settings=({"key": "meetings.online_allowed", "value": True},),
    indicators=("meetings.attendance_rate", "meetings.held_rate"),
    review_months=6,
)
MERGED_OFFICE_BRANCH = ModelFacts(
    code="merged_office_branch",
    title="Chi bộ cơ quan (sáp nhập)",
    purpose="Gộp các chi bộ nhỏ trong cơ quan xã, phường thành một chi bộ để cấp ủy lãnh đạo sát "
    "hơn.",
    owner="Đảng ủy",
    kinds=("branch",),
    conditions="Các thôn, tổ dân phố đã có chi bộ riêng với đủ đảng viên chính thức.",
    inputs=("Phòng họp, bàn ghế", "Tủ sách, tài liệu", "Máy tính, máy in", "Cờ, bảng nội quy"),
    milestones=_milestones(("Thành lập", 0), ("Sơ kết", 6), ("Quyết định nhân rộng hoặc dừng", 12)),
    rules=("Quy chế làm việc của chi ủy", "Phân công nhiệm vụ đảng viên"),
    indicators=("meetings.attendance_rate", "meetings.held_rate"),
    review_months=6,
)
CHAIRS_COMMITTEE = ModelFacts(
    code="secretary_chairs_committee",
    title="Bí thư đồng thời là Chủ tịch Ủy ban nhân dân",
    purpose="Một người giữ hai chức danh; số liệu đếm từ chức vụ đang giữ.",
    legal_basis="Nghị quyết 18-NQ/TW, 25/10/2017",
    owner="Ban Tổ chức",
    kinds=("commune",),
    positions=("secretary", "chairs_peoples_committee"),
)
CHAIRS_COUNCIL = ModelFacts(
    code="secretary_chairs_council",
    title="Bí thư đồng thời là Chủ tịch Hội đồng nhân dân",
    purpose="Một người giữ hai chức danh; số liệu đếm từ chức vụ đang giữ.",
    legal_basis="Nghị quyết 18-NQ/TW, 25/10/2017",
    owner="Ban Tổ chức",
    kinds=("commune",),
    positions=("secretary", "chairs_peoples_council"),
)
BUILT_IN: Mapping[str, ModelFacts] = {
    model.code: model
    for model in (
        FOUR_GOOD_BRANCH,
        FOUR_GOOD_ORG,
        ONLINE_MEETINGS,
        MERGED_OFFICE_BRANCH,
        CHAIRS_COMMITTEE,
        CHAIRS_COUNCIL,
    )
}
