"""Members follow their units: homes, stays for a time, positions, set by set and recorded."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.db import table_of
from core.members.listing import refresh_members
from core.members.models import Affiliation, Member, Position
from core.members.services.facts import lock_members
from core.members.services.positions import ONE_HOLDER
from core.periods import OPEN
from core.restructuring.outcome import Outcome
from core.restructuring.services.people import Assigned, sources_of
from core.units.tracing import Recorder
from core.work import Work

WHY = "members follow their units; the permission was checked for the plan"


@dataclass
class Mover:
    """Writes the moves of people, chunk by chunk, and remembers them."""

    work: Work
    outcome: Outcome
    assigned: Assigned
    recorder: Recorder
    decision_no: str
    moved: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    lapsed: set[uuid.UUID] = field(default_factory=set)

    def run(self) -> None:
        """Move homes, then guests, end posts, fill new ones, bring today's columns up to date."""
        sources = sorted(sources_of(self.outcome))
        for chunk in chunked(sources):
            self._move(chunk, "home")
        for chunk in chunked(sources):
            self._move(chunk, "temporary")
        self._end_stays_at_home()
        for chunk in chunked(sources):
            self._end_posts(chunk)
        self._fill_posts()
        self._refresh()

    def target(self, member_id: uuid.UUID, unit_id: uuid.UUID) -> uuid.UUID | None:
        """Return where somebody goes from a unit; None where they stay."""
        code = self.assigned.members.get(member_id)
        if code is not None:
            return self.outcome.ids[code]
        return self.outcome.heir(unit_id) if unit_id in self.outcome.ended else None

    def _move(self, units: Sequence[uuid.UUID], kind: str) -> None:
        rows = self._rows(Affiliation, units, kind=kind)
        going = [(row, to) for row in rows if (to := self.target(row["member_id"], row["unit_id"]))]
        lock_members(self.work, {row["member_id"] for row, _to in going})
        self._shift(going)
        if kind == "home":
            self.moved.update({row["member_id"]: to for row, to in going})

    def _shift(self, going: Sequence[tuple[Mapping[str, Any], uuid.UUID]]) -> None:
        """End stays on the day and let them go on elsewhere; later ones begin elsewhere."""
        on = self.outcome.on
        begun = [(row, to) for row, to in going if row["valid_from"] < on]
        later = [(row, to) for row, to in going if row["valid_from"] >= on]
        self.recorder.update(Affiliation, [(row, {"valid_to": on}) for row, _to in begun])
        self.recorder.update(Affiliation, [(row, {"unit_id": to}) for row, to in later])
        fresh = [
            {
                "member_id": row["member_id"],
                "unit_id": to,
                "kind": row["kind"],
                "valid_from": on,
                "valid_to": row["valid_to"],
                "decision_no": self.decision_no,
            }
            for row, to in begun
        ]
        self.recorder.insert(Affiliation, fresh)

    def _rows(self, model: Any, units: Sequence[uuid.UUID], **fixed: Any) -> list[dict[str, Any]]:
        """Read whole rows that reach beyond the day."""
        table = table_of(model)
        statement = sa.select(table).where(
            table.c.unit_id.in_(units), table.c.valid_to > self.outcome.on
        )
        for name, value in fixed.items():
            statement = statement.where(table.c[name] == value)
        return [dict(row) for row in self.work.session.execute(statement).mappings()]

    def _end_stays_at_home(self) -> None:
        """End stays for a time in a unit that is home now."""
        table = table_of(Affiliation)
        guest, home = table.alias("guest").c, table.alias("home").c
        targets = set(self.moved.values()) | {
            heir for unit_id in self.outcome.ended if (heir := self.outcome.heir(unit_id))
        }
        for chunk in chunked(sorted(targets)):
            rows = self.work.session.execute(
                sa.select(*guest).where(
                    home.member_id == guest.member_id,
                    home.kind == "home",
                    home.unit_id == guest.unit_id,
                    home.valid_from < guest.valid_to,
                    home.valid_to > guest.valid_from,
                    guest.kind == "temporary",
                    guest.unit_id.in_(chunk),
                    guest.valid_to > self.outcome.on,
                    home.valid_to > self.outcome.on,
                )
            )
            self._cut(Affiliation, [dict(row) for row in rows.mappings()])

    def _cut(self, model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        """End rows on the day; what would begin after it is taken away."""
        on = self.outcome.on
        begun = [row for row in rows if row["valid_from"] < on]
        self.recorder.update(model, [(row, {"valid_to": on}) for row in begun])
        self.recorder.delete(model, [row for row in rows if row["valid_from"] >= on])

    def _end_posts(self, units: Sequence[uuid.UUID]) -> None:
        """End positions in ended units, and those that people leave behind in a divided one."""
        rows = [
            row
            for row in self._rows(Position, units)
            if row["unit_id"] in self.outcome.ended or row["member_id"] in self.moved
        ]
        self._cut(Position, rows)
        self.lapsed.update(row["member_id"] for row in rows)

    def _fill_posts(self) -> None:
        """Give the positions the plan names; a post for one person is free before."""
        units = {self.outcome.ids[p.unit_code] for p in self.assigned.postings}
        held = defaultdict(list)
        for chunk in chunked(units):
            for row in self._rows(Position, chunk):
                held[(row["unit_id"], row["position"])].append(row)
        ended: list[dict[str, Any]] = []
        fresh: list[dict[str, Any]] = []
        for posting in self.assigned.postings:
            unit_id = self.outcome.ids[posting.unit_code]
            rows = held[(unit_id, posting.position)]
            if any(row["member_id"] == posting.member_id for row in rows):
                continue
            if posting.position in ONE_HOLDER:
                ended.extend(rows)
            fresh.append(
                {
                    "member_id": posting.member_id,
                    "unit_id": unit_id,
                    "position": posting.position,
                    "how": "appointed",
                    "valid_from": self.outcome.on,
                    "valid_to": OPEN,
                    "decision_no": self.decision_no,
                }
            )
        self._cut(Position, ended)
        self.recorder.insert(Position, fresh)
        self.lapsed.update(row["member_id"] for row in ended)

    def _refresh(self) -> None:
        """Bring today's home and list of those who moved up to date, and remember what changed."""
        ids = sorted(self.moved)
        before = self._today(ids)
        refresh_members(self.work, ids)
        after = self._today(ids)
        changes = [
            (row, {name: after[key][name] for name in row if name != "id"})
            for key, row in before.items()
        ]
        self.recorder.note(Member, changes)

    def _today(self, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
        found: dict[uuid.UUID, dict[str, Any]] = {}
        for chunk in chunked(ids):
            for row in self.work.session.execute(
                sa.select(Member.id, Member.unit_id, Member.status, Member.revision)
                .where(Member.id.in_(chunk))
                .execution_options(unscoped=WHY)
            ).mappings():
                found[row["id"]] = dict(row)
        return found
