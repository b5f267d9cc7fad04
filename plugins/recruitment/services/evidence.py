"""What is known of a member from admissions: facts for the year's review, one's data, erasure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.db import among, table_of
from core.gathering import gathered
from core.i18n import _
from core.people import Evidence
from core.work import Work

from ..models import OPEN_STATES, Admission, Candidate, Moved, Supporter
from .keeping import forget

FACTS = "facts for the yearly review, asked for by core for members it may show"
OWN_DATA = "a person's own data"
MERGING = "two records of one person became one"


def evidence_of(
    work: Work, member_ids: Sequence[uuid.UUID], start: date, end: date
) -> list[Evidence]:
    """Return, for members in a span of days, whom they introduced and helped into the Party."""
    found: list[Evidence] = []
    titles = {
        "introducer": _("People introduced who were admitted"),
        "helper": _("Probationary members helped who became official"),
    }
    for ids in chunked(member_ids):
        for member_id, role, count in work.session.execute(_supported(ids, start, end)):
            found.append(
                Evidence(member_id, f"recruitment.{role}", titles[role], count, None, "recruitment")
            )
    return found


def _supported(ids: Sequence[uuid.UUID], start: date, end: date) -> Any:
    admitted = sa.and_(
        Supporter.role == "introducer",
        Candidate.ceremony_on >= start,
        Candidate.ceremony_on < end,
    )
    recognised = sa.and_(
        Supporter.role == "helper",
        Candidate.state == "recognised",
        Candidate.closed_on >= start,
        Candidate.closed_on < end,
    )
    return (
        sa.select(Supporter.member_id, Supporter.role, sa.func.count(sa.distinct(Candidate.id)))
        .select_from(Candidate)
        .join(Supporter, Supporter.candidate_id == Candidate.id)
        .where(Supporter.member_id.in_(ids), sa.or_(admitted, recognised))
        .group_by(Supporter.member_id, Supporter.role)
        .execution_options(unscoped=FACTS)
    )


def data_of(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Return everything kept about a member, as plain values; nobody else's name."""
    parts = {
        "dossiers": sa.select(
            Candidate.full_name,
            Candidate.birth_date,
            Candidate.phone,
            Candidate.education,
            Candidate.groups,
            Candidate.entered_on,
            Candidate.stage,
            Candidate.state,
            Candidate.ceremony_on,
            Candidate.official_on,
        ).where(sa.or_(Candidate.member_id == member_id, Candidate.former_id == member_id)),
        "admissions": sa.select(Admission.admitted_on, Admission.official_on).where(
            Admission.member_id == member_id
        ),
        "supported": sa.select(Supporter.since, Supporter.role, Supporter.until).where(
            Supporter.member_id == member_id
        ),
    }
    found = gathered(work.session, parts, reason=OWN_DATA)
    return {name: rows for name, rows in found.items() if rows}


def erase(work: Work, member_id: uuid.UUID, rule: str) -> None:
    """Erase who a member was in dossiers; the admission stays as a count of its branch."""
    ids = list(
        work.session.scalars(
            sa.select(Candidate.id)
            .where(sa.or_(Candidate.member_id == member_id, Candidate.former_id == member_id))
            .execution_options(unscoped=OWN_DATA)
        )
    )
    forget(work, ids, rule)
    changes: tuple[tuple[Any, dict[str, Any]], ...] = (
        (Supporter, {"member_id": None, "name": _("(erased)")}),
        (Admission, {"member_id": None}),
        (Candidate, {"member_id": None}),
    )
    for model, values in changes:
        work.session.execute(
            sa.update(model)
            .where(model.member_id == member_id)
            .values(values)
            .execution_options(synchronize_session=False)
        )
    work.session.expire_all()


LINKS: tuple[tuple[str, Any, Any], ...] = (
    ("candidate", Candidate, Candidate.member_id),
    ("former", Candidate, Candidate.former_id),
    ("supporter", Supporter, Supporter.member_id),
)


def move_rows(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> None:
    """Move what names one record to the other, and note it; called the other way round, back."""
    note: Moved | None = work.session.scalar(
        sa.select(Moved)
        .where(Moved.kept_id == merged_id, Moved.merged_id == kept_id)
        .order_by(Moved.id.desc())
        .limit(1)
    )
    if note is not None:
        for name, model, column in (*LINKS, ("admission", Admission, Admission.member_id)):
            _point(work, model, column, [uuid.UUID(key) for key in note.rows[name]], kept_id)
        work.session.delete(note)
        return
    rows = {name: _ids(work, model, column, merged_id) for name, model, column in LINKS}
    rows["admission"] = _own_admissions(work, kept_id, merged_id)
    for name, model, column in (*LINKS, ("admission", Admission, Admission.member_id)):
        _point(work, model, column, rows[name], kept_id)
    plain = {name: [str(key) for key in keys] for name, keys in rows.items()}
    work.session.add(Moved(kept_id=kept_id, merged_id=merged_id, rows=plain))
    work.session.flush()


def _ids(work: Work, model: Any, column: Any, member_id: uuid.UUID) -> list[uuid.UUID]:
    return list(
        work.session.scalars(
            sa.select(model.id).where(column == member_id).execution_options(unscoped=MERGING)
        )
    )


def _own_admissions(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the admissions of the second record of days on which the kept one has none."""
    other = sa.orm.aliased(Admission)
    twice = sa.exists().where(
        other.member_id == kept_id, other.admitted_on == Admission.admitted_on
    )
    return list(
        work.session.scalars(
            sa.select(Admission.id)
            .where(Admission.member_id == merged_id, ~twice)
            .execution_options(unscoped=MERGING)
        )
    )


def _point(work: Work, model: Any, column: Any, ids: Sequence[uuid.UUID], to: uuid.UUID) -> None:
    for chunk in chunked(ids):
        work.session.execute(
            sa.update(model)
            .where(model.id.in_(chunk))
            .values({column.key: to})
            .execution_options(synchronize_session=False)
        )


OPEN_OF = (
    sa.select(table_of(Candidate).c.id)
    .prefix_with("/* unscoped: the dossier of a member who changed */")
    .where(
        among(table_of(Candidate).c.member_id, sa.bindparam("ids", expanding=True)),
        table_of(Candidate).c.state.in_(OPEN_STATES),
    )
)


def open_of_members(work: Work, member_ids: set[uuid.UUID]) -> list[Candidate]:
    """Return the open dossiers of members, wherever they are."""
    work.session.flush()
    connection = work.session.connection()
    keys: list[uuid.UUID] = []
    for chunk in chunked(member_ids):
        keys.extend(connection.scalars(OPEN_OF, {"ids": chunk}))
    found: list[Candidate] = []
    for chunk in chunked(keys):  # hardly ever any: whoever changes is a member for long
        found.extend(
            work.session.scalars(
                sa.select(Candidate)
                .where(Candidate.id.in_(chunk))
                .execution_options(unscoped="the dossier of a member who changed")
            )
        )
    return found
