"""People who do not exist: names of Hà Tĩnh by sex and generation, birth dates, cards, numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count

from core.generate.chance import Chance, Pool

SURNAMES = Pool(
    [
        ("Nguyễn", 300), ("Trần", 110), ("Lê", 95), ("Phan", 75), ("Phạm", 55), ("Đặng", 50),
        ("Võ", 38), ("Bùi", 36), ("Hồ", 32), ("Hoàng", 32), ("Dương", 24), ("Trương", 20),
        ("Thái", 18), ("Đinh", 16), ("Hà", 16), ("Ngô", 14), ("Lương", 12), ("Đậu", 12),
        ("Cao", 10), ("Đoàn", 10), ("Mai", 8), ("Kiều", 6), ("Lưu", 6), ("Biện", 4),
        ("Tôn", 3), ("Từ", 3), ("Uông", 2), ("Nghiêm", 2), ("Bạch", 2),
    ]
)  # fmt: skip

# Three generations: born before 1960, before 1980, later.
MIDDLE_NAMES = {
    "male": (
        Pool([("Văn", 34), ("Đình", 13), ("Xuân", 12), ("Hữu", 8), ("Quang", 6), ("Đức", 6),
              ("Ngọc", 5), ("Viết", 5), ("Trọng", 5), ("Bá", 4), ("Sỹ", 4), ("Khắc", 3),
              ("Công", 3), ("Thanh", 3), ("", 1)]),
        Pool([("Văn", 26), ("Đình", 10), ("Xuân", 9), ("Hữu", 7), ("Quang", 7), ("Đức", 8),
              ("Ngọc", 6), ("Thanh", 6), ("Trọng", 5), ("Anh", 4), ("Tiến", 4), ("Quốc", 4),
              ("Mạnh", 3), ("Duy", 3), ("", 1)]),
        Pool([("Văn", 12), ("Đức", 10), ("Minh", 9), ("Quốc", 9), ("Anh", 8), ("Tuấn", 6),
              ("Trung", 6), ("Mạnh", 6), ("Hoàng", 6), ("Tiến", 5), ("Đình", 5), ("Xuân", 4),
              ("Quang", 5), ("Duy", 5), ("Bảo", 3), ("", 1)]),
    ),
    "female": (
        Pool([("Thị", 86), ("Thị Kim", 3), ("Ngọc", 3), ("Thanh", 3), ("Xuân", 2), ("", 1)]),
        Pool([("Thị", 64), ("Thị Thanh", 6), ("Thị Thu", 6), ("Thị Hồng", 5), ("Thị Kim", 4),
              ("Thị Bích", 3), ("Ngọc", 4), ("Thanh", 4), ("Thúy", 2), ("Hồng", 2)]),
        Pool([("Thị", 34), ("Thị Thu", 8), ("Thị Thùy", 7), ("Thị Hoài", 5), ("Thị Ngọc", 5),
              ("Thị Phương", 4), ("Thu", 5), ("Thùy", 5), ("Ngọc", 6), ("Khánh", 4),
              ("Phương", 4), ("Hoài", 4), ("Quỳnh", 4), ("Minh", 3)]),
    ),
}  # fmt: skip


def _evenly(names: str) -> Pool[str]:
    return Pool([(name, 1) for name in names.split()])


GIVEN_NAMES = {
    "male": (
        _evenly("Sơn Hùng Bình Minh Thắng Tâm Hòa Lợi Thanh Tiến Dũng Long Quý Cường Lộc Hải Phúc "
                "Châu Khánh Nhân Nghĩa Lễ Trí Tín Kỷ Đàn Đệ Diện Hiền Hợi Tuất Mão Thân Dần Tỵ Cầu "
                "Đồng Lương Luận Nhuận Phượng Quảng Ân An Chiến Thuận Vinh Hoan Tý Ninh"),
        _evenly("Hùng Dũng Cường Hải Sơn Tuấn Nam Thắng Hà Bình Minh Long Hòa Quang Trung Thành "
                "Toàn Lâm Tùng Đức Phong Hưng Thanh Tân Đông Khoa Kiên Vinh An Ân Tài Lực Chung "
                "Việt Phúc Hậu Giang Trường Sáng Định"),
        _evenly("Anh Tuấn Hùng Nam Dũng Đạt Hiếu Hoàng Huy Khánh Kiên Linh Long Mạnh Minh Nghĩa "
                "Phong Phúc Quân Quang Sơn Tài Thái Thắng Thành Tiến Toàn Trung Tú Tùng Việt Vũ "
                "Vương Đức Duy Bảo Công Cường Giang Ân"),
    ),
    "female": (
        _evenly("Hoa Lan Cúc Huệ Liên Hồng Hà Thanh Tâm Loan Nga Minh Thịnh Châu Tuyết Xuân Thu "
                "Đông Hường Hiền Lý Nhung Bình Tứ Năm Sáu Bảy Vân Yến Nguyệt Thuận Lợi Phượng Dung "
                "Hợi Tý Nhâm Quý Soa Thìn Ánh Ba Chắt"),
        _evenly("Hương Hà Thủy Lan Hằng Nga Hoa Liên Tuyết Vân Yến Nhung Thảo Hiền Loan Lý Phương "
                "Oanh Mai Xuân Thu Bình Tâm Dung Hạnh Huyền Minh Nguyệt Quyên Sen Thanh Thúy Hường "
                "Ánh Lệ Hồng Tình Anh"),
        _evenly("Linh Trang Hà Hương Thảo Ngọc Anh Huyền Nhung Phương Thương Hằng Mai Lan Thủy Vân "
                "Yến My Ngân Quỳnh Hiền Trâm Tú Uyên Giang Hạnh Nga Oanh Dung Chi Duyên Diệp Nhi "
                "Ánh Hoài Lam Thư Vi"),
    ),
}  # fmt: skip

AGES_OF_SECTOR = {
    "residential": Pool([((25, 39), 13), ((40, 54), 17), ((55, 64), 25), ((65, 73), 25),
                         ((74, 80), 13), ((81, 92), 7)]),
    "office": Pool([((27, 36), 27), ((37, 47), 43), ((48, 58), 30)]),
    "school": Pool([((25, 35), 25), ((36, 47), 50), ((48, 56), 25)]),
    "police": Pool([((24, 34), 45), ((35, 44), 38), ((45, 55), 17)]),
    "military": Pool([((23, 34), 40), ((35, 45), 40), ((46, 54), 20)]),
    "public_service": Pool([((26, 36), 35), ((37, 47), 40), ((48, 57), 25)]),
    "enterprise": Pool([((26, 37), 40), ((38, 48), 40), ((49, 58), 20)]),
}  # fmt: skip
"""Plausible spans of age; most members of residential branches are 55 to 80."""

WOMEN_OF_SECTOR = {"residential": 0.36, "office": 0.4, "school": 0.72, "police": 0.14,
                   "military": 0.06, "public_service": 0.6, "enterprise": 0.34}  # fmt: skip

FESTIVE_DAYS = ((2, 3), (5, 19), (9, 2), (11, 7))
"""Branches like to admit around these days of the year."""


@dataclass(slots=True)
class Identity:
    """Who somebody is, before any membership."""

    surname: str
    middle_name: str
    given_name: str
    birth_date: date
    birth_precision: str
    sex: str


def card_no(ordinal: int) -> str:
    """Return the card number of the n-th card: 8 digits, none twice, not in order."""
    # The factor has no divisor in common with 10^8, so no two ordinals meet.
    return f"{(ordinal * 61_803_399 + 12_345_679) % 100_000_000:08d}"


def record_no(ordinal: int, province: str = "42") -> str:
    """Return the record number: the province's mark and 6 digits."""
    return f"{province}.{ordinal:06d}"


def phone_no(ordinal: int) -> str:
    """Return a telephone number that no network gives out."""
    return f"0000{ordinal % 1_000_000:06d}"


def years_after(day: date, years: int) -> date:
    """Return the same day of another year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def age_on(birth_date: date, day: date) -> int:
    """Return the age in whole years on a day."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def make_identity(chance: Chance, sex: str, born: date) -> Identity:
    """Make up a name that fits sex and generation; a few of the old know only a year of birth."""
    generation = (born.year >= 1960) + (born.year >= 1980)
    precision = "year" if generation == 0 and chance.happens(0.07) else "day"
    return Identity(
        surname=chance.draw(SURNAMES),
        middle_name=chance.draw(MIDDLE_NAMES[sex][generation]),
        given_name=chance.draw(GIVEN_NAMES[sex][generation]),
        birth_date=born.replace(month=1, day=1) if precision == "year" else born,
        birth_precision=precision,
        sex=sex,
    )


def admission_day(chance: Chance, born: date, before: date, youngest: int = 20) -> date:
    """Return a day of admission between `youngest` and 35 years of age, before the given day."""
    first = years_after(born, youngest)
    last = min(years_after(born, 35), date.fromordinal(before.toordinal() - 1))
    day = chance.day(first, last)
    if chance.happens(0.4):
        month, number = chance.choice(FESTIVE_DAYS)
        festive = date(day.year, month, number)
        return festive if first <= festive <= last else day
    return day


class Population:
    """Makes people of whom no two share name and birth date, and hands out their numbers."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str, str, date]] = set()
        self._cards = count(1)
        self._records = count(1)
        self._keys = count(1)

    def person(self, chance: Chance, sex: str, born: date) -> Identity:
        """Make somebody new."""
        while True:
            made = make_identity(chance, sex, born)
            if self.claim(made):
                return made

    def claim(self, made: Identity) -> bool:
        """Reserve a name and birth date; False when somebody has them already."""
        known = (made.surname, made.middle_name, made.given_name, made.birth_date)
        if known in self._seen:
            return False
        self._seen.add(known)
        return True

    def next_key(self) -> str:
        """Return the key of the next member."""
        return f"M{next(self._keys):05d}"

    def next_card(self) -> str:
        """Return the next card number."""
        return card_no(next(self._cards))

    def next_record(self) -> str:
        """Return the next record number."""
        return record_no(next(self._records))
