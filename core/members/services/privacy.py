"""What is kept of a person: handed over to themselves, and erased under a retention rule."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from core.checking import wanted_text
from core.errors import RuleBroken
from core.gathering import gathered
from core.i18n import _
from core.ledger.erasing import erase_payload
from core.ledger.recording import plain
from core.members import permissions
from core.members.listing import refresh_members
from core.members.models import ERASED, CorrectionRequest, Member, MemberMerge
from core.members.services.facts import ALL, Fact, note
from core.members.services.reading import access_member
from core.names import search_key
from core.scope import require
from core.units.models import Unit
from core.work import Work

KEPT = (
    "surname", "middle_name", "given_name", "full_name", "birth_date", "birth_precision", "sex",
    "card_no", "record_no", "phone", "email", "admitted_on", "official_on", "status", "created_at",
)  # fmt: skip


def personal_data_of(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Return everything this feature keeps about a member, as plain values."""
    member = work.session.get(
        Member, member_id, execution_options={"unscoped": "handed to the person themselves"}
    )
    if member is None:
        return {}
    parts = {fact.name: _spans(fact, member_id) for fact in ALL}
    parts["corrections"] = sa.select(
        CorrectionRequest.made_at,
        CorrectionRequest.wanted,
        CorrectionRequest.state,
        CorrectionRequest.answer,
    ).where(CorrectionRequest.member_id == member_id)
    found = gathered(work.session, parts, reason="handed to the person themselves")
    record = {name: getattr(member, name) for name in KEPT}
    result: dict[str, Any] = plain({"record": record, **found})
    return result


def _spans(fact: Fact[Any], member_id: uuid.UUID) -> sa.Select[Any]:
    """Select one sort of facts of a member by their days, with codes of units."""
    model = fact.model
    names = sorted(fact.columns, key=lambda name: name != "valid_from")
    columns = [getattr(model, name) for name in names if name != "unit_id"]
    statement = sa.select(*columns)
    if "unit_id" in names:
        statement = sa.select(*columns, Unit.code.label("unit"))
        statement = statement.select_from(model).join(Unit, Unit.id == model.unit_id, isouter=True)
    fixed = (getattr(model, name) == value for name, value in fact.fixed.items())
    return statement.where(model.member_id == member_id, *fixed)


def erase_member(work: Work, member: Member, *, document_no: str) -> None:
    """Erase who somebody was, everywhere and in the ledger, under a decision; counts stay true.

    Only of those who have left: how long records are kept is for the decision to say, as laws on
    archives and on personal data (Luật 91/2025/QH15) leave it to whoever keeps them. The ledger's
    chain stays whole and names the decision. It cannot be taken back.
    """
    number = wanted_text(document_no, "document_no", _("Enter the number of the decision."))
    require(work, permissions.ERASE, [member.unit_id])
    if member.status != "left":
        raise RuleBroken(
            _("Personal data are erased only of those who have left. Enter the exit first.")
        )
    if member.is_erased:
        raise RuleBroken(_("The personal data of this record were erased before."))
    member_id = member.id
    work.hooks.of_all.personal_data_erased(member_id=member_id, rule=number)
    erase_payload(work, rule=number, about_ids=[member_id])
    erased = access_member(work, member_id, fresh=True)
    note(work, "erased", erased, after={"document_no": number}, permission=permissions.ERASE)


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
