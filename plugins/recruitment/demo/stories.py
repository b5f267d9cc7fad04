"""What the demo's candidates are made of: names nobody bears, where they come from, how far."""

from __future__ import annotations

SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Võ", "Đặng", "Bùi", "Hồ", "Đinh")
WOMEN = ("Thị Thanh", "Thị Kim", "Thị Ngọc", "Thị Hoài", "Thị Mai", "Khánh", "Thị Bích")
MEN = ("Văn", "Đức", "Quang", "Anh", "Hữu", "Xuân", "Tiến")
GIVEN_WOMEN = ("Ngân", "Hiền", "Trang", "Thảo", "Nhung", "Linh", "Quỳnh", "Vân", "Huyền", "Oanh")
GIVEN_MEN = ("Sơn", "Hùng", "Tùng", "Thắng", "Kiên", "Phong", "Nam", "Trung", "Vinh", "Khôi")
BY_SECTOR = {
    "residential": ("youth", "heads_of_associations", "militia", "village_officials"),
    "school": ("intellectuals", "youth"),
    "enterprise": ("workers", "private_firms"),
    "office": ("youth", "intellectuals"),
}
# How many stand at each stage; who is on probation or to be recognised comes from the register.
STAGES = (
    ("pool", 14),
    ("class", 8),
    ("dossier", 10),
    ("branch", 6),
    ("committee", 4),
    ("decision", 4),
    ("ceremony", 2),
)
CLOSED = (("withdrawn", "own_wish"), ("withdrawn", "own_wish"), ("refused", "conditions"))
PROBATION = 6
"""Probationary members of the town whose dossiers are told, the longest ones first."""
WAITING = 2
"""Members whose twelve months are over and whose recognition still waits."""
