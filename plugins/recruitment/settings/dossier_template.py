"""The usual dossier: twenty steps from the pool to the recognition, as the rules of today ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from core.i18n import _

STAGES = (
    "pool",
    "class",
    "dossier",
    "branch",
    "committee",
    "decision",
    "ceremony",
    "probation",
    "recognition",
)
"""The stages a candidate goes through; a place may leave out those that are not needed."""
NEEDED_STAGES = ("pool", "branch", "decision", "ceremony", "probation", "recognition")

KINDS = ("paper", "verification", "vote", "decision", "ceremony", "helper", "recognition")
OWNERS = (
    "candidate",
    "introducer",
    "union",
    "branch",
    "section",
    "grassroots",
    "superior",
    "centre",
    "probationer",
    "helper",
)
VALIDITIES = ("", "certificate", "papers")
STEP_TITLES = {
    "pool": "Nghị quyết của chi bộ đưa quần chúng ưu tú vào nguồn",
    "certificate": "Giấy chứng nhận học lớp bồi dưỡng nhận thức về Đảng",
    "application": "Đơn xin vào Đảng",
    "cv": "Lý lịch của người xin vào Đảng",
    "verification": "Kết luận thẩm tra lý lịch (chỉ ghi ngày và kết quả)",
    "introduction": "Giấy giới thiệu của đảng viên chính thức",
    "union": "Nghị quyết giới thiệu của đoàn thanh niên hoặc công đoàn cơ sở",
    "comments": "Tổng hợp ý kiến của đoàn thể và chi ủy nơi cư trú",
    "branch_vote": "Nghị quyết của chi bộ đề nghị kết nạp",
    "section_report": "Báo cáo của đảng ủy bộ phận",
    "committee_vote": "Nghị quyết của đảng ủy cơ sở đề nghị kết nạp",
    "decision": "Quyết định kết nạp",
    "ceremony": "Lễ kết nạp tại chi bộ",
    "helper": "Phân công đảng viên chính thức giúp đỡ đảng viên dự bị",
    "new_member_class": "Giấy chứng nhận học lớp bồi dưỡng đảng viên mới",
    "self_review": "Bản tự kiểm điểm của đảng viên dự bị",
    "helper_remark": "Nhận xét của đảng viên được phân công giúp đỡ",
    "recognition_comments": "Tổng hợp ý kiến nhận xét đảng viên dự bị",
    "recognition_vote": "Nghị quyết của chi bộ đề nghị công nhận chính thức",
    "recognition": "Quyết định công nhận đảng viên chính thức",
}
# key, stage, kind, who has it, form, how long it is valid, may it not apply to somebody
_STEPS: tuple[tuple[str, str, str, str, str, str, bool], ...] = (
    ("pool", "pool", "paper", "branch", "", "", False),
    ("certificate", "class", "paper", "centre", "CN-NTVĐ", "certificate", False),
    ("application", "dossier", "paper", "candidate", "1-KNĐ", "", False),
    ("cv", "dossier", "paper", "candidate", "2-KNĐ", "", False),
    ("verification", "dossier", "verification", "grassroots", "", "papers", False),
    ("introduction", "dossier", "paper", "introducer", "3-KNĐ", "papers", False),
    ("union", "dossier", "paper", "union", "4-KNĐ", "papers", True),
    ("comments", "dossier", "paper", "branch", "5-KNĐ", "papers", False),
    ("branch_vote", "branch", "vote", "branch", "6-KNĐ", "", False),
    ("section_report", "committee", "paper", "section", "7-KNĐ", "", True),
    ("committee_vote", "committee", "vote", "grassroots", "8-KNĐ", "", True),
    ("decision", "decision", "decision", "superior", "9-KNĐ", "", False),
    ("ceremony", "ceremony", "ceremony", "branch", "", "", False),
    ("helper", "probation", "helper", "branch", "", "", False),
    ("new_member_class", "probation", "paper", "centre", "10-KNĐ", "", False),
    ("self_review", "recognition", "paper", "probationer", "11-KNĐ", "", False),
    ("helper_remark", "recognition", "paper", "helper", "12-KNĐ", "", False),
    ("recognition_comments", "recognition", "paper", "branch", "13-KNĐ", "", False),
    ("recognition_vote", "recognition", "vote", "branch", "14-KNĐ", "", False),
    ("recognition", "recognition", "recognition", "superior", "17-KNĐ", "", False),
)
NAMES = ("key", "stage", "kind", "who", "form", "validity", "may_not_apply")
DEFAULT_STEPS: list[dict[str, Any]] = [
    {**dict(zip(NAMES, step, strict=True)), "title": STEP_TITLES[step[0]]} for step in _STEPS
]


class StepField(ma.Schema):
    """One step of a dossier as a place writes it down."""

    key = ma.fields.String(required=True, validate=ma.validate.Regexp(r"^[a-z0-9_]{1,30}$"))
    title = ma.fields.String(required=True, validate=ma.validate.Length(1, 200))
    stage = ma.fields.String(required=True, validate=ma.validate.OneOf(STAGES))
    kind = ma.fields.String(load_default="paper", validate=ma.validate.OneOf(KINDS))
    who = ma.fields.String(required=True, validate=ma.validate.OneOf(OWNERS))
    form = ma.fields.String(load_default="", validate=ma.validate.Length(max=20))
    validity = ma.fields.String(load_default="", validate=ma.validate.OneOf(VALIDITIES))
    may_not_apply = ma.fields.Boolean(load_default=False)


def check_dossier(steps: list[Mapping[str, Any]]) -> None:
    """Refuse a dossier in which a key stands twice or a step that acts is missing."""
    keys = [step["key"] for step in steps]
    if len(keys) != len(set(keys)):
        raise ma.ValidationError(_("A step stands twice in the dossier."))
    stages = {step["stage"] for step in steps}
    missing = [stage for stage in NEEDED_STAGES if stage not in stages]
    if missing:
        raise ma.ValidationError(
            _("The dossier has no step in: %(list)s.", list=", ".join(missing))
        )
    single = [step["kind"] for step in steps if step["kind"] in ("decision", "ceremony")]
    single += [step["kind"] for step in steps if step["kind"] == "recognition"]
    if sorted(single) != ["ceremony", "decision", "recognition"]:
        raise ma.ValidationError(_("A dossier has one decision, one ceremony and one recognition."))
