"""Rights follow a plan: what was held at an ended unit ends with it, new ones are proposed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.access.models import Account, ApiToken, Grant
from core.chunks import chunked
from core.db import Base
from core.restructuring.outcome import Outcome
from core.settings.models import SettingRow
from core.units.tracing import Recorder
from core.work import Work


@dataclass(frozen=True, slots=True)
class EndingRight:
    """A right that ends with its unit, and the unit at which a new one may be given, if any."""

    grant_id: uuid.UUID
    account_id: uuid.UUID
    name: str
    username: str
    role: str
    unit_id: uuid.UUID
    with_subtree: bool
    valid_to: date
    is_delegated: bool
    proposed_at: uuid.UUID | None


def ending_rights(work: Work, outcome: Outcome, limit: int | None = None) -> list[EndingRight]:
    """List the rights that end, with where a new one is proposed; a delegation is never proposed.

    Nobody gets more than the decision says: nothing is given by itself, and for a divided unit
    nothing is proposed beyond its main successor.
    """
    found: list[EndingRight] = []
    for chunk in chunked(sorted(outcome.ended)):
        rows = work.session.execute(
            sa.select(Grant, Account.name, Account.username)
            .join(Account, Account.id == Grant.account_id)
            .where(*_held(Grant, chunk), Account.ended_at.is_(None))
            .order_by(Account.sort_key, Grant.id)
        )
        for grant, name, username in rows:
            delegated = grant.delegated_by_id is not None
            found.append(
                EndingRight(
                    grant.id,
                    grant.account_id,
                    name,
                    username,
                    grant.role,
                    grant.unit_id,
                    grant.with_subtree,
                    grant.valid_to,
                    delegated,
                    None if delegated else outcome.heir(grant.unit_id),
                )
            )
        if limit is not None and len(found) >= limit:
            return found[:limit]
    return found


def count_ending(work: Work, outcome: Outcome) -> dict[str, int]:
    """Count the rights and the tokens of programs that end."""
    counts = {"grants": 0, "tokens": 0}
    for chunk in chunked(sorted(outcome.ended)):
        for name, model in (("grants", Grant), ("tokens", ApiToken)):
            statement = sa.select(sa.func.count()).select_from(model).where(*_held(model, chunk))
            counts[name] += int(work.session.scalar(statement) or 0)
    return counts


def settings_at(work: Work, units: Iterable[uuid.UUID]) -> list[tuple[uuid.UUID, str, Any]]:
    """List the values that were given at units themselves: unit, key, value."""
    found: list[tuple[uuid.UUID, str, Any]] = []
    for chunk in chunked(units):
        found.extend(
            work.session.execute(
                sa.select(SettingRow.unit_id, SettingRow.key, SettingRow.value)
                .where(
                    SettingRow.unit_id.in_(chunk),
                    SettingRow.withdrawn_at.is_(None),
                    SettingRow.inherits.is_(False),
                )
                .order_by(SettingRow.key, SettingRow.valid_from)
            )
        )
    return found


def end_rights(work: Work, outcome: Outcome, recorder: Recorder) -> int:
    """End grants, delegations and tokens at ended units; accounts follow their unit's heir."""
    number = 0
    for chunk in chunked(sorted(outcome.ended)):
        grants = _rows(work, Grant, chunk, "id", "valid_from", "valid_to", *ENDED)
        recorder.update(Grant, [(row, _ended(work, row)) for row in grants])
        tokens = _rows(work, ApiToken, chunk, "id", "ended_at")
        recorder.update(ApiToken, [(row, {"ended_at": work.now}) for row in tokens])
        number += len(grants) + len(tokens)
    _move_accounts(work, outcome, recorder)
    work.touch("access")
    return number


ENDED = ("ended_at", "ended_by", "revision")


def _held(model: Any, units: Sequence[uuid.UUID]) -> list[sa.ColumnElement[bool]]:
    return [model.unit_id.in_(units), model.ended_at.is_(None)]


def _rows(
    work: Work, model: type[Base], units: Sequence[uuid.UUID], *names: str
) -> list[dict[str, Any]]:
    columns = [getattr(model, name) for name in names]
    statement = sa.select(*columns).where(*_held(model, units))
    return [dict(row) for row in work.session.execute(statement).mappings()]


def _ended(work: Work, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what becomes of a grant; see `core.access.services.grants.end_grant`."""
    valid_to = min(row["valid_to"], work.today)
    return {
        "valid_to": valid_to if valid_to > row["valid_from"] else row["valid_to"],
        "ended_at": work.now,
        "ended_by": work.actor.label,
        "revision": row["revision"] + 1,
    }


def _move_accounts(work: Work, outcome: Outcome, recorder: Recorder) -> None:
    """Let accounts be looked after where their unit's work goes on."""
    for chunk in chunked(sorted(outcome.ended)):
        rows = work.session.execute(
            sa.select(Account.id, Account.home_unit_id, Account.revision).where(
                Account.home_unit_id.in_(chunk)
            )
        ).mappings()
        changes = [
            (dict(row), {"home_unit_id": heir, "revision": row["revision"] + 1})
            for row in rows
            if (heir := outcome.heir(row["home_unit_id"])) is not None
        ]
        recorder.update(Account, changes)
