"""Reference data of an empty system: the root, kinds of units and positions, roles; data, not code.

Words are those of the field (`wording`, section 5). What a province changed is never overwritten.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import PositionRole, Role
from core.db import EPOCHS, Epoch, new_key
from core.members.models import PositionKind
from core.names import search_key, text_sort_key
from core.periods import EVER, OPEN
from core.roles import POSITION_ROLES, ROLES
from core.units.models import Unit, UnitAncestor, UnitKind, UnitKindRule, UnitScope, UnitVersion
from core.units.places import ROOT_CODE

# key, Vietnamese, English, rank, territorial, may hold members
KINDS = (
    ("party_org", "Đảng bộ", "Party organisation", 40, False, False),
    ("section_org", "Đảng bộ bộ phận", "Section organisation", 50, False, False),
    ("branch", "Chi bộ", "Branch", 60, False, True),
    ("group", "Tổ đảng", "Party group", 70, False, False),
    ("province", "Đảng bộ tỉnh, thành phố", "Provincial organisation", 10, True, False),
    (
        "district",
        "Đảng bộ huyện, thị xã, thành phố (đến 30/6/2025)",
        "District organisation",
        20,
        True,
        False,
    ),
    ("commune", "Đảng bộ xã, phường, đặc khu", "Commune organisation", 30, True, False),
)
KIND_RULES = {
    "party_org": ("party_org", "section_org", "branch", "province", "district", "commune"),
    "section_org": ("branch",),
    "branch": ("group",),
    "group": (),
    "province": ("party_org", "district", "commune", "branch"),
    "district": ("party_org", "commune", "branch"),
    "commune": ("party_org", "section_org", "branch"),
}
# key, Vietnamese, English, rank, sits on the committee, outside the Party
POSITIONS = (
    ("secretary", "Bí thư", "Secretary", 10, True, False),
    (
        "standing_deputy_secretary",
        "Phó Bí thư Thường trực",
        "Standing deputy secretary",
        15,
        True,
        False,
    ),
    ("deputy_secretary", "Phó Bí thư", "Deputy secretary", 20, True, False),
    ("standing_member", "Ủy viên Ban Thường vụ", "Standing committee member", 25, True, False),
    ("committee_member", "Đảng ủy viên", "Committee member", 30, True, False),
    ("branch_committee_member", "Chi ủy viên", "Branch committee member", 35, True, False),
    ("group_leader", "Tổ trưởng tổ đảng", "Group leader", 40, False, False),
    (
        "inspection_head",
        "Chủ nhiệm Ủy ban Kiểm tra",
        "Head of the inspection committee",
        45,
        False,
        False,
    ),
    (
        "board_head",
        "Trưởng Ban Xây dựng Đảng",
        "Head of the party-building board",
        46,
        False,
        False,
    ),
    ("office_head", "Chánh Văn phòng", "Head of the office", 47, False, False),
    ("staff", "Chuyên viên", "Staff", 60, False, False),
    ("chairs_peoples_committee", "Chủ tịch UBND", "Chairs the People's Committee", 70, False, True),
    ("chairs_peoples_council", "Chủ tịch HĐND", "Chairs the People's Council", 71, False, True),
    (
        "village_head",
        "Trưởng thôn, tổ trưởng tổ dân phố",
        "Village or street-group head",
        72,
        False,
        True,
    ),
)


def add_reference_data(session: Session, *, root_name: str = "Hệ thống tổ chức đảng") -> bool:
    """Add what an empty system needs; return whether the root was made now."""
    _add_missing(session, Epoch, "name", [{"name": name, "value": 1} for name in EPOCHS])
    _add_missing(
        session,
        UnitKind,
        "key",
        [
            {
                "key": k,
                "title": vi,
                "title_en": en,
                "rank": r,
                "is_territorial": t,
                "holds_members": h,
            }
            for k, vi, en, r, t, h in KINDS
        ],
    )
    if session.scalar(sa.select(sa.func.count()).select_from(UnitKindRule)) == 0:
        session.execute(
            sa.insert(UnitKindRule),
            [
                {"parent_kind": parent, "child_kind": child}
                for parent, children in KIND_RULES.items()
                for child in children
            ],
        )
    _add_roles(session)
    return _add_root(session, root_name)


def _add_roles(session: Session) -> None:
    """Add kinds of positions, roles, and the roles that come with positions."""
    _add_missing(
        session,
        PositionKind,
        "key",
        [
            {"key": k, "title": vi, "title_en": en, "rank": r, "is_committee": c, "is_external": x}
            for k, vi, en, r, c, x in POSITIONS
        ],
    )
    _add_missing(
        session,
        Role,
        "key",
        [
            {
                "key": k,
                "title": vi,
                "title_en": en,
                "permissions": list(p),
                "denied": [],
                "field_classes": list(f),
                "needs_totp": totp,
                "order": o,
            }
            for k, vi, en, p, f, totp, o in ROLES
        ],
    )
    if session.scalar(sa.select(sa.func.count()).select_from(PositionRole)) == 0:
        session.execute(
            sa.insert(PositionRole),
            [
                {"id": new_key(), "position": p, "unit_kind": k, "role": r, "with_subtree": s}
                for p, k, r, s in POSITION_ROLES
            ],
        )


def _add_missing(session: Session, model: Any, key: str, rows: list[dict[str, Any]]) -> None:
    """Insert the rows whose key is not there yet."""
    there = set(session.scalars(sa.select(getattr(model, key))))
    missing = [row for row in rows if row[key] not in there]
    if missing:
        session.execute(sa.insert(model), missing)


def _add_root(session: Session, name: str) -> bool:
    """Make the site's root above everything, once."""
    if session.scalar(sa.select(Unit.id).where(Unit.code == ROOT_CODE)) is not None:
        return False
    key = new_key()
    session.add(Unit(id=key, code=ROOT_CODE, created_at=datetime.now(UTC)))
    session.flush()
    session.add(
        UnitVersion(
            unit_id=key,
            name=name,
            name_sort=text_sort_key(name),
            name_search=search_key(name),
            kind="party_org",
            parent_id=None,
            valid_from=EVER,
            valid_to=OPEN,
            gen_from=1,
        )
    )
    session.add(
        UnitAncestor(
            ancestor_id=key, unit_id=key, valid_from=EVER, valid_to=OPEN, depth=0, gen_from=1
        )
    )
    session.add(UnitScope(ancestor_id=key, unit_id=key, depth=0, gen_from=1))
    session.flush()
    return True
