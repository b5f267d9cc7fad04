"""The schemes of evaluation by regulation: levels, bands of points, criteria, parts of the forms.

Titles are those of the forms and therefore in Vietnamese, as data; a place writes its own.
"""

from __future__ import annotations

from typing import Any

PARTS_PERSON = (
    ("strengths", "Ưu điểm, kết quả đạt được"),
    ("weaknesses", "Hạn chế, khuyết điểm"),
    ("causes", "Nguyên nhân của hạn chế, khuyết điểm"),
    ("earlier", "Kết quả khắc phục hạn chế, khuyết điểm đã được chỉ ra"),
    ("remedies", "Phương hướng, biện pháp khắc phục"),
)
PARTS_COLLECTIVE = (
    ("results", "Kết quả lãnh đạo, chỉ đạo và thực hiện nhiệm vụ"),
    *PARTS_PERSON,
)


def _parts(parts: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"key": key, "title": title} for key, title in parts]


def _criterion(key: str, title: str, most: int, *evidence: str) -> dict[str, Any]:
    """Return a criterion; `evidence` are keys of facts and indicators shown beside it."""
    return {"key": key, "title": title, "most": most, "evidence": list(evidence)}


PERSON_CRITERIA = (
    _criterion("politics", "Tư tưởng chính trị, phẩm chất đạo đức, lối sống", 15),
    _criterion(
        "discipline",
        "Ý thức tổ chức kỷ luật, tham gia sinh hoạt đảng",
        15,
        "meetings.attended",
        "meetings.absent",
    ),
    _criterion(
        "tasks",
        "Kết quả thực hiện nhiệm vụ được giao",
        70,
        "meetings.tasks_on_time",
        "meetings.tasks_done",
        "pilots",
        "recruitment",
    ),
)
UNIT_CRITERIA = (
    _criterion(
        "building",
        "Xây dựng tổ chức đảng, nền nếp sinh hoạt",
        30,
        "meetings.held_rate",
        "meetings.attendance_rate",
        "meetings.thematic_rate",
        "meetings.material_coverage",
    ),
    _criterion(
        "tasks",
        "Lãnh đạo thực hiện nhiệm vụ chính trị được giao",
        70,
        "meetings.tasks_done_on_time",
        "recruitment.admitted",
        "recruitment.target_rate",
        "pilots.recognised",
    ),
)
FORMS = {
    "01": {"title": "Báo cáo kiểm điểm tập thể", "parts": _parts(PARTS_COLLECTIVE)},
    "2A": {
        "title": "Bản kiểm điểm cá nhân giữ chức vụ lãnh đạo, quản lý",
        "parts": _parts(PARTS_PERSON),
    },
    "2B": {
        "title": "Bản kiểm điểm cá nhân công tác trong hệ thống chính trị",
        "parts": _parts(PARTS_PERSON),
    },
    "2C": {
        "title": "Bản kiểm điểm cá nhân không công tác trong hệ thống chính trị",
        "parts": _parts(PARTS_PERSON),
    },
}
GRADES = ("Xuất sắc", "Tốt", "Trung bình", "Kém")


def _without_points(criteria: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    return [{**one, "most": None} for one in criteria]


BY_LEVELS = {
    "name": "Xếp loại theo mức, không chấm điểm",
    "points": False,
    "bands": {},
    "grades": list(GRADES),
    "criteria": {
        "person": _without_points(PERSON_CRITERIA),
        "organisation": _without_points(UNIT_CRITERIA),
    },
    "forms": FORMS,
}
"""Regulation 124 and before: each criterion has one of four grades, and there are no points."""

BY_POINTS = {
    "name": "Thang điểm 100",
    "points": True,
    "bands": {"excellent": 90, "good": 70, "completed": 50, "not_completed": 0},
    "grades": [],
    "criteria": {"person": list(PERSON_CRITERIA), "organisation": list(UNIT_CRITERIA)},
    "forms": FORMS,
}
"""Regulation 366: 100 points; a level needs at least the points of its band."""

FORCED_LEVELS = (
    ("discipline", "Bị kỷ luật trong năm", "not_completed"),
    ("degradation", "Có kết luận suy thoái, tự diễn biến, tự chuyển hóa", "not_completed"),
    ("violations_led", "Lĩnh vực phụ trách để xảy ra sai phạm bị xử lý", "completed"),
    ("basic_tasks", "Không hoàn thành nhiệm vụ cơ bản được giao", "not_completed"),
    ("unit_disciplined", "Có tổ chức trực thuộc hoặc lãnh đạo bị kỷ luật", "good"),
)
"""Conditions with the best level they leave; each is ticked by a person with a reference."""
