"""Branches on their way to “four good”: last year's are over, this year's under way."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from zlib import crc32

from core.db import new_key
from core.generate.town import BAC_HONG_LINH, PHUC_SON, REFORM, Town
from core.work import Work

from ..models import BUILT_IN, Input, Milestone, Registration, Review
from .telling import Keys, Row, Rows, branches, milestones, registration, review

NAM_HONG_LINH = "N18118"
FOUR_GOOD = BUILT_IN["four_good_branch"]


def tell_four_good(town: Town, keys: Keys, rows: Rows, work: Work) -> None:
    """Let most branches register this year and a part of them last year."""
    today = town.today
    this, last = date(today.year, 3, 5), date(today.year - 1, 8, 5)
    for ward in (BAC_HONG_LINH, NAM_HONG_LINH):
        if last >= REFORM:
            rows[Registration] += [
                last_year(work, keys[code], crc32(f"last {code}".encode()), last, ward)
                for code in branches(town, ward, last, today)
                if crc32(f"last {code}".encode()) % 5 < 2
            ]
        if REFORM <= this < today:
            for code in branches(town, ward, this, today):
                this_year(work, keys[code], code, rows)
            if (today - this).days > 130:
                rows[Review].append(_year_review(work, keys[ward], date(today.year, 7, 5), this))


def this_year(work: Work, unit_id: uuid.UUID, code: str, rows: Rows) -> None:
    """Let a branch register in March; Phúc Sơn does, and still has to score itself."""
    today, day, drawn = work.today, date(work.today.year, 3, 5), crc32(code.encode())
    if code != PHUC_SON and drawn % 10 >= 7:
        return
    made = registration(
        work,
        unit_id,
        FOUR_GOOD.code,
        day,
        plan="Giữ nền nếp sinh hoạt, mỗi quý một chuyên đề.\nMỗi đảng viên nhận một việc cụ thể.",
        **_vote(drawn, day),
    )
    if code != PHUC_SON and today.month >= 11 and drawn % 3 == 0:
        made |= _score(drawn, today - timedelta(days=1 + drawn % 10))
    rows[Registration].append(made)
    rows[Milestone] += milestones(work, made, _reached(made, drawn, is_behind=code != PHUC_SON))
    if code == PHUC_SON or drawn % 4 == 0:
        rows[Input].append(_input(work, made, drawn))


def _reached(made: Row, drawn: int, *, is_behind: bool) -> list[tuple[str, date]]:
    """Return what a part has reached: registered, mostly its half-year, its score."""
    titles = [str(one["title"]) for one in FOUR_GOOD.milestones]
    day: date = made["registered_on"]
    reached = [(titles[0], day)]
    if not (is_behind and drawn % 6 == 0):
        reached.append((titles[1], day + timedelta(days=170 + drawn % 30)))
    if made["scored_on"]:
        reached.append((titles[2], made["scored_on"]))
    return reached


def _score(drawn: int, day: date) -> Row:
    """Return a score as a branch gives itself one: most pass, some do not."""
    scores = {
        one["key"]: int(one["points"]) - (drawn >> (3 * number)) % (3 if drawn % 5 else 8)
        for number, one in enumerate(FOUR_GOOD.criteria)
    }
    return {
        "sheet": [dict(one) for one in FOUR_GOOD.criteria],
        "scores": scores,
        "self_points": sum(scores.values()),
        "scored_on": day,
    }


def _vote(drawn: int, day: date) -> Row:
    entitled = 14 + drawn % 20
    present = entitled - drawn % 3
    return {
        "vote_on": day,
        "vote_entitled": entitled,
        "vote_present": present,
        "vote_in_favour": present - drawn % 2,
    }


def last_year(work: Work, unit_id: uuid.UUID, drawn: int, day: date, ward: str) -> Row:
    """Return a registration of last year: scored, mostly recognised, over."""
    scored = date(day.year, 12, 2)
    score = _score(drawn, scored)
    passed = score["self_points"] >= FOUR_GOOD.pass_points
    number = "52-QĐ/ĐU" if ward == BAC_HONG_LINH else "47-QĐ/ĐU"
    return registration(
        work,
        unit_id,
        FOUR_GOOD.code,
        day,
        **_vote(drawn, day),
        **score,
        recognised_on=date(day.year, 12, 22) if passed else None,
        recognition_no=number if passed else "",
        recognition_points=score["self_points"] if passed else None,
        recognised_by="Đảng ủy phường" if passed else "",
        ended_on=date(day.year, 12, 31),
        outcome="completed",
    )


def _input(work: Work, registration: Row, drawn: int) -> Row:
    what = (
        ("books", "Sách, tài liệu học tập", 30),
        ("equipment", "Máy in", 1),
        ("room", "Tủ tài liệu, bảng nội quy", 2),
        ("coaching", "Tập huấn bí thư chi bộ", 1),
    )[drawn % 4]
    day = registration["registered_on"] + timedelta(days=40)
    return {
        "id": new_key(),
        "unit_id": registration["unit_id"],
        "registration_id": registration["id"],
        "kind": what[0],
        "title": what[1],
        "quantity": what[2],
        "given_on": min(day, work.today),
        "giver": "Đảng ủy phường",
        "created_at": work.now,
    }


def _year_review(work: Work, unit_id: uuid.UUID, day: date, begun: date) -> Row:
    return review(
        work,
        unit_id,
        FOUR_GOOD.code,
        day,
        covers_from=begun,
        covers_to=day - timedelta(days=5),
        results="Các chi bộ đăng ký đều có kế hoạch và phân công đảng viên phụ trách.\n"
        "Sinh hoạt thường kỳ đúng ngày hơn; chuyên đề mỗi quý được chuẩn bị kỹ.",
        limitations=[
            "Một số chi bộ ít đảng viên, bí thư cao tuổi, lập kế hoạch còn chung chung.",
            "Tiêu chí thứ tư khó lượng hóa.",
        ],
        proposals=[
            "Hướng dẫn cách chấm điểm bằng ví dụ cụ thể.",
            "Cấp thêm tài liệu cho chi bộ khu dân cư.",
        ],
    )
