"""What is kept of a person: handed over to themselves, and erased under a retention rule."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from core.ledger.recording import plain
from core.members.listing import refresh_members
from core.members.models import CorrectionRequest, Member, MemberMerge
from core.members.services.facts import ALL, Held, read_facts
from core.names import search_key
from core.units.models import Unit
from core.work import Work

KEPT = (
    "surname", "middle_name", "given_name", "full_name", "birth_date", "birth_precision", "sex",
    "card_no", "record_no", "phone", "email", "admitted_on", "official_on", "status", "created_at",
)  # fmt: skip
ERASED = "–"


def personal_data_of(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Return everything this feature keeps about a member, as plain values."""
    member = work.session.scalars(
        sa.select(Member)
        .where(Member.id == member_id)
        .execution_options(unscoped="handed to the person themselves")
    ).one_or_none()
    if member is None:
        return {}
    data: dict[str, Any] = {"record": {name: getattr(member, name) for name in KEPT}}
    for fact in ALL:
        held: Held[Any] = read_facts(work, fact, [member_id])
        data[fact.name] = [asdict(span) for span in held.of(member_id)]
    units = {row.get("unit_id") for rows in list(data.values())[1:] for row in rows} - {None}
    codes: dict[Any, str] = dict(
        work.session.execute(sa.select(Unit.id, Unit.code).where(Unit.id.in_(units))).all()
    )
    for rows in list(data.values())[1:]:
        for row in rows:
            if "unit_id" in row:
                row["unit"] = codes.get(row.pop("unit_id"))
    data["corrections"] = [
        {"made_at": one.made_at, "wanted": one.wanted, "state": one.state, "answer": one.answer}
        for one in work.session.scalars(
            sa.select(CorrectionRequest).where(CorrectionRequest.member_id == member_id)
        )
    ]
    result: dict[str, Any] = plain(data)
    return result


def erase_personal_data(work: Work, member_id: uuid.UUID, rule: str) -> None:
    """Erase who somebody was; dated statuses and homes stay, so that past counts stay true."""
    work.session.execute(
        sa.update(Member)
        .where(Member.id == member_id)
        .values(
            surname="",
            middle_name="",
            given_name=ERASED,
            full_name=ERASED,
            sort_key=b"\xff",
            search=search_key(ERASED),
            birth_date=None,
            sex="",
            card_no=None,
            record_no=None,
            phone="",
            email="",
            revision=Member.revision + 1,
        )
        .execution_options(synchronize_session=False)
    )
    work.session.execute(
        sa.delete(CorrectionRequest).where(CorrectionRequest.member_id == member_id)
    )
    work.session.execute(
        sa.update(MemberMerge)
        .where(sa.or_(MemberMerge.kept_id == member_id, MemberMerge.merged_id == member_id))
        .values(moved={})
    )
    refresh_members(work, [member_id])
