"""A trial: eight branches announce their meetings earlier since the quarter before."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from zlib import crc32

import sqlalchemy as sa

from core.db import new_key
from core.generate.town import BAC_HONG_LINH, REFORM, Town
from core.names import search_key
from core.periods import Period, quarter_of
from core.settings.models import SettingRow
from core.work import Work

from ..models import Change, Milestone, PilotModel, Registration, Review, Trial
from .telling import BY, Keys, Row, Rows, at, branches, milestones, registration, review

BETTER = "better_meetings"
TITLE = "Nâng cao chất lượng sinh hoạt chi bộ"
VARIANT = ({"key": "meetings.announce_days_before", "value": 3},)
FIGURES = ("meetings.attendance_rate", "meetings.tasks_done_on_time")


def tell_trial(town: Town, keys: Keys, people: Keys, rows: Rows, work: Work) -> None:
    """Let the ward try better announced meetings at eight branches since the quarter before."""
    after = quarter_of(town.today).previous()
    before = after.previous()
    if before.start < REFORM:
        return
    codes = branches(town, BAC_HONG_LINH, before.start, town.today)
    chosen = sorted(codes, key=lambda code: crc32(f"trial {code}".encode()))[:8]
    settings = [one for one in VARIANT if work.host.settings.get(str(one["key"])) is not None]
    ward = keys[BAC_HONG_LINH]
    rows[PilotModel].append(_model(work, ward, after.start, settings))
    guide = _guide(town, people)
    trial = _plan(work, ward, [keys[code] for code in chosen], after)
    trial |= {"settings": settings, **guide}
    lines = [line for code in chosen for one in settings for line in _lines(keys[code], one, trial)]
    trial["given"] = _given(lines, trial["sunset_on"])
    rows[Trial].append(trial)
    rows[Change].append(_change(work, trial, lines))
    _write_settings(work, lines)
    for code in chosen:
        made = registration(
            work, keys[code], BETTER, after.start, way="selected", trial_id=trial["id"],
            chosen_by="Đảng ủy phường Bắc Hồng Lĩnh", **guide,
        )  # fmt: skip
        rows[Registration].append(made)
        drawn = crc32(code.encode())
        reached = [("Bắt đầu", after.start), ("Sơ kết", after.end + timedelta(days=2 + drawn % 9))]
        rows[Milestone] += milestones(work, made, reached if drawn % 4 else reached[:1])
    rows[Review].append(_trial_review(work, trial, after.end))


def _plan(work: Work, ward: uuid.UUID, chosen: Sequence[uuid.UUID], after: Period) -> Row:
    """Return the plan of the trial, as it was approved."""
    return {
        "id": new_key(),
        "unit_id": ward,
        "model_code": BETTER,
        "title": f"Thí điểm {TITLE[0].lower()}{TITLE[1:]}",
        "search": search_key(f"Thí điểm {TITLE}"),
        "purpose": "Gửi tài liệu trước ba ngày, mỗi đảng viên chuẩn bị một ý kiến.",
        "document_no": "18-KH/ĐU",
        "starts_on": after.start,
        "sunset_on": work.today + timedelta(days=40),
        "state": "running",
        "unit_ids": [str(one) for one in chosen],
        "settings": [],
        "given": [],
        "indicators": list(FIGURES),
        "before": after.previous().key,
        "after": after.key,
        "matched": "baseline",
        "comparison_ids": [],
        "created_at": at(work, after.start - timedelta(days=12)),
        "created_by": BY,
        "revision": 3,
    }


def _model(work: Work, ward: uuid.UUID, day: date, settings: Sequence[Row]) -> Row:
    return {
        "id": new_key(),
        "unit_id": ward,
        "code": BETTER,
        "title": TITLE,
        "search": search_key(TITLE),
        "purpose": "Thông báo sớm, gửi tài liệu sớm để đảng viên dự đông và thảo luận có chuẩn bị.",
        "legal_basis": "50-CT/TW, 23/07/2025",
        "owner": "Đảng ủy phường Bắc Hồng Lĩnh",
        "kinds": ["branch"],
        "grassroots_only": False,
        "wanted": 8,
        "conditions": "Bí thư đã qua tập huấn; có nơi sinh hoạt ổn định.",
        "criteria": [],
        "pass_points": 0,
        "inputs": ["Tập huấn bí thư, phó bí thư", "Bộ tài liệu mẫu"],
        "milestones": [
            {"title": "Bắt đầu", "months": 0},
            {"title": "Sơ kết", "months": 3},
            {"title": "Tổng kết, quyết định nhân rộng hoặc dừng", "months": 6},
        ],
        "rules": ["Gửi tài liệu trước buổi sinh hoạt ít nhất ba ngày"],
        "settings": list(settings),
        "indicators": list(FIGURES),
        "review_months": 3,
        "document_no": "18-KH/ĐU",
        "created_at": at(work, day - timedelta(days=20)),
        "created_by": BY,
        "revision": 1,
    }


def _guide(town: Town, people: Keys) -> Row:
    """Return who guides the trial: a deputy secretary of the ward."""
    held = town.holders(BAC_HONG_LINH, "deputy_secretary", town.today)
    names = {member.key: member.full_name for member in town.members}
    if not held:
        return {"guide_id": None, "guide_name": ""}
    return {"guide_id": people[held[0].member_key], "guide_name": names[held[0].member_key]}


def _lines(unit_id: uuid.UUID, one: Row, trial: Row) -> list[Row]:
    """Return what begins at a unit and what holds there again from the sunset on."""
    whole = {"unit_id": str(unit_id), "key": one["key"], "locked": False, "obstacle": ""}
    start, end = trial["starts_on"].isoformat(), trial["sunset_on"].isoformat()
    return [
        {**whole, "on": start, "before": 1, "after": one["value"], "action": "give"},
        {**whole, "on": end, "before": one["value"], "after": 1, "action": "inherit"},
    ]


def _given(lines: Sequence[Row], sunset: date) -> list[Row]:
    back = {"action": "inherit", "after": 1, "locked": False}
    return [
        {
            "unit_id": line["unit_id"],
            "key": line["key"],
            "value": line["after"],
            "until": sunset.isoformat(),
            "back": back,
        }
        for line in lines
        if line["action"] == "give"
    ]


def _change(work: Work, trial: Row, lines: Sequence[Row]) -> Row:
    day = trial["starts_on"] - timedelta(days=5)
    return {
        "id": new_key(),
        "unit_id": trial["unit_id"],
        "trial_id": trial["id"],
        "kind": "start",
        "state": "approved",
        "effective_on": trial["starts_on"],
        "sunset_on": trial["sunset_on"],
        "document_no": trial["document_no"],
        "lines": list(lines),
        "proposed_at": at(work, day),
        "proposed_by": BY,
        "decided_at": at(work, day + timedelta(days=2)),
        "decided_by": "Quản trị hệ thống",
        "revision": 2,
    }


def _write_settings(work: Work, lines: Sequence[Row]) -> None:
    """Write what the trial gave, as approving it would have done back then."""
    if not lines:
        return
    work.session.execute(
        sa.insert(SettingRow),
        [
            {
                "id": new_key(),
                "key": line["key"],
                "unit_id": uuid.UUID(line["unit_id"]),
                "valid_from": date.fromisoformat(line["on"]),
                "value": line["after"] if line["action"] == "give" else None,
                "inherits": line["action"] == "inherit",
                "locked": False,
                "document_no": "18-KH/ĐU",
                "set_by": "Quản trị hệ thống",
                "set_at": work.now,
            }
            for line in lines
        ],
    )
    work.touch("settings")


def _trial_review(work: Work, trial: Row, day: date) -> Row:
    return review(
        work,
        trial["unit_id"],
        BETTER,
        day + timedelta(days=4),
        trial_id=trial["id"],
        covers_from=trial["starts_on"],
        covers_to=day - timedelta(days=1),
        results="Tám chi bộ thí điểm đều gửi tài liệu trước ba ngày.\n"
        "Đảng viên dự đông hơn, phát biểu có chuẩn bị; việc giao ra có người theo dõi.",
        limitations=[
            "Đảng viên đi làm ăn xa vẫn khó dự.",
            "Người hoạt động không chuyên trách sinh hoạt ở chi bộ khu dân cư nên khó đánh giá.",
        ],
        proposals=["Nhân rộng ra toàn phường từ năm sau.", "Bổ sung máy in cho nhà văn hóa."],
    )
