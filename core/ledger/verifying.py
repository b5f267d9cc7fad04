"""Proving the ledger: every row, payload, read and batch reckoned again, and the file outside."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from core.i18n import NOTHING, _, format_instant
from core.ledger.erasing import ERASED
from core.ledger.models import LedgerBatch, LedgerPayload, LedgerRead, LedgerRow
from core.ledger.recording import SIGNED, canonical, payload_digest, row_digest
from core.ledger.sealing import (
    MODELS,
    NOTHING_BEFORE,
    batch_digest,
    merkle_root,
    read_lines,
    roots_file,
)
from core.ledger.spool import count_unreadable
from core.work import Work

MOST = 100
BUFFER = 2_000
AT_A_GLANCE = 20
"""Batches whose rows a page proves; the command line proves them all."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was written: what, where, and a sentence about it."""

    kind: str
    sentence: str
    row_id: uuid.UUID | None = None
    batch: int | None = None
    ledger: str = "acts"

    def as_json(self) -> dict[str, Any]:
        """Return the problem for programs."""
        return {
            "kind": self.kind,
            "sentence": self.sentence,
            "row": str(self.row_id) if self.row_id else None,
            "batch": self.batch,
            "ledger": self.ledger,
        }


@dataclass(slots=True)
class Verdict:
    """What a check of the whole ledger found; the problems in order of the batches."""

    acts: int = 0
    reads: int = 0
    batches: int = 0
    unsealed: int = 0
    erased: int = 0
    is_partial: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was altered, dropped or inserted."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """Return the verdict for programs."""
        return {
            "whole": self.is_whole,
            "acts": self.acts,
            "reads": self.reads,
            "batches": self.batches,
            "unsealed": self.unsealed,
            "erased": self.erased,
            "only_newest": self.is_partial,
            "first": self.problems[0].as_json() if self.problems else None,
            "problems": [problem.as_json() for problem in self.problems],
        }


def verify(work: Work, *, newest: int | None = None) -> Verdict:
    """Check every row, payload, read and batch, and the file outside; nothing is changed.

    `newest` checks the rows of so many batches only, for a page that cannot wait; the chain of
    all batches and the file outside are checked in any case.
    """
    verdict = Verdict()
    batches = _batches(work)
    verdict.batches = len(batches)
    for kind in MODELS:
        own = [batch for batch in batches if batch.kind == kind]
        first = own[-newest].no if newest and len(own) > newest else 1
        verdict.is_partial = verdict.is_partial or first > 1
        _check_kind(work, verdict, kind, own, first)
    _check_erasures(work, verdict)
    _check_outside(work, verdict, batches)
    # The first by batch; what is not sealed comes last.
    verdict.problems.sort(key=lambda problem: (problem.batch is None, problem.batch or 0))
    del verdict.problems[MOST:]
    return verdict


def _batches(work: Work) -> list[LedgerBatch]:
    """Read all batches, acts first."""
    return list(
        work.session.scalars(sa.select(LedgerBatch).order_by(LedgerBatch.kind, LedgerBatch.no))
    )


# --- rows and batches ----------------------------------------------------------------------------


def _check_kind(
    work: Work, verdict: Verdict, kind: str, batches: list[LedgerBatch], first: int
) -> None:
    """Check the rows of one kind batch by batch, read in one stream, then what is not sealed."""
    broken = _check_chain(work, verdict, batches)
    batches = [batch for batch in batches if batch.no >= first]
    by_number = {batch.no: batch for batch in batches}
    seen: set[int] = set()
    for number, rows in groupby(_stream(work, kind, first), key=lambda row: row.batch_no):
        batch = None if number is None else by_number.get(number)
        if batch is not None:
            seen.add(batch.no)
        found = list(_checked(work, verdict, kind, rows))
        if number is None:
            verdict.unsealed += len(found)
        elif batch is None:
            for key, _digest in found:
                verdict.problems.append(_about_row("inserted", kind, key, number))
        else:
            _check_batch(verdict, batch, dict(found), known_broken=batch.no in broken)
    for batch in batches:
        if batch.no not in seen:
            _check_batch(verdict, batch, {}, known_broken=batch.no in broken)


def _check_chain(work: Work, verdict: Verdict, batches: list[LedgerBatch]) -> set[int]:
    """Check that the batches follow one another; return the numbers of those that were altered."""
    broken: set[int] = set()
    expected, previous = 1, NOTHING_BEFORE
    for batch in batches:
        if batch.no != expected:
            verdict.problems.append(_about_batch("batch dropped", batch.kind, expected))
        elif batch.previous != previous:
            altered = max(expected - 1, 1)
            if altered not in broken:
                verdict.problems.append(_about_batch("batch altered", batch.kind, altered))
            broken.add(altered)
        expected, previous = batch.no + 1, batch_digest(work.host.ledger_key, batch)
    return broken


def _stream(work: Work, kind: str, first: int) -> Iterator[Any]:
    """Read rows in order of their batches, the unsealed last, without keeping them."""
    order = (sa.nulls_last(MODELS[kind].batch_no), MODELS[kind].id)
    if kind == "acts":
        statement: Any = (
            sa.select(
                *(getattr(LedgerRow, name) for name in SIGNED),
                LedgerRow.digest,
                LedgerRow.batch_no,
                LedgerPayload.ledger_id,
                LedgerPayload.body,
                LedgerPayload.salt,
                LedgerPayload.erased_at,
            )
            .outerjoin(LedgerPayload, LedgerPayload.ledger_id == LedgerRow.id)
            .order_by(*order)
        )
    else:
        statement = sa.select(*LedgerRead.__table__.c).order_by(*order)
    if first > 1:
        number = MODELS[kind].batch_no
        statement = statement.where(sa.or_(number >= first, number.is_(None)))
    return iter(work.session.execute(statement.execution_options(yield_per=BUFFER)))


def _checked(
    work: Work, verdict: Verdict, kind: str, rows: Iterable[Any]
) -> Iterator[tuple[uuid.UUID, bytes]]:
    """Check each row by its keyed digest; yield its key and digest."""
    for row in rows:
        if kind == "acts":
            verdict.acts += 1
            problem = _act_problem(work, verdict, row)
        else:
            verdict.reads += 1
            problem = "altered" if read_digest(work.host.ledger_key, row) != row.digest else ""
        if problem:
            verdict.problems.append(_about_row(problem, kind, row.id, row.batch_no, row.at))
        yield row.id, row.digest


def _act_problem(work: Work, verdict: Verdict, row: Any) -> str:
    """Say what is wrong with an act or its payload; empty when nothing is."""
    values = {name: getattr(row, name) for name in SIGNED}
    if row_digest(work.host.ledger_key, values) != row.digest:
        return "altered"
    if row.ledger_id is None:
        return "payload dropped"
    if row.erased_at is not None and row.body is None:
        verdict.erased += 1
        return ""
    return "" if payload_digest(row.salt, row.body) == row.payload_digest else "payload altered"


def read_digest(key: bytes, row: Any) -> bytes:
    """Reckon the digest of a read as it was spooled."""
    values = {
        "id": str(row.id),
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": str(row.actor_id) if row.actor_id else None,
        "actor": row.actor,
        "acting_for": row.acting_for,
        "unit_id": str(row.unit_id) if row.unit_id else None,
        "route": row.route,
        "shown": row.shown,
    }
    return hmac.new(key, canonical(values), hashlib.sha256).digest()


def _check_batch(
    verdict: Verdict, batch: LedgerBatch, found: dict[uuid.UUID, bytes], *, known_broken: bool
) -> None:
    """Compare the rows of a batch with what was sealed."""
    sealed = [uuid.UUID(bytes=batch.ids[at : at + 16]) for at in range(0, len(batch.ids), 16)]
    for key in sealed:
        if key not in found:
            verdict.problems.append(_about_row("dropped", batch.kind, key, batch.no))
    for key in found.keys() - set(sealed):
        verdict.problems.append(_about_row("inserted", batch.kind, key, batch.no))
    rows_differ = found.keys() != set(sealed)
    if rows_differ or known_broken:
        return
    if merkle_root([found[key] for key in sealed]) != batch.root or batch.count != len(sealed):
        named = {problem.row_id for problem in verdict.problems}
        if not named & set(sealed):
            verdict.problems.append(_about_batch("batch altered", batch.kind, batch.no))


def _about_batch(what: str, ledger: str, number: int) -> Problem:
    """Say what happened to a batch."""
    of = _("of acts") if ledger == "acts" else _("of reads")
    sentences = {
        "batch dropped": _("Batch %(no)s %(of)s is missing.", no=number, of=of),
        "batch altered": _("Batch %(no)s %(of)s was altered.", no=number, of=of),
    }
    return Problem(what, sentences[what], batch=number, ledger=ledger)


def _about_row(
    what: str, ledger: str, key: uuid.UUID, batch: int | None, at: datetime | None = None
) -> Problem:
    """Say what happened to a row; when it was written can be told from its key."""
    written = at or made_at(key)
    when = format_instant(written) if written else NOTHING
    sentences = {
        "altered": _("The row %(id)s of %(when)s was altered.", id=key, when=when),
        "dropped": _("The row %(id)s of %(when)s was dropped.", id=key, when=when),
        "inserted": _("The row %(id)s of %(when)s was inserted later.", id=key, when=when),
        "payload altered": _(
            "The content of row %(id)s of %(when)s was altered.", id=key, when=when
        ),
        "payload dropped": _(
            "The content of row %(id)s of %(when)s was dropped.", id=key, when=when
        ),
    }
    return Problem(what, sentences[what], key, batch, ledger)


def made_at(key: uuid.UUID) -> datetime | None:
    """Return when a key of ours was made; None for a key that is none of ours."""
    if key.version != 7:
        return None
    return datetime.fromtimestamp((key.int >> 80) / 1000, UTC)


# --- erasures and the outside file ---------------------------------------------------------------


def _check_erasures(work: Work, verdict: Verdict) -> None:
    """Every erased payload must be named by an act of erasure, or somebody hid something."""
    if not verdict.erased:
        return
    named: set[str] = set()
    for body in work.session.scalars(
        sa.select(LedgerPayload.body)
        .join(LedgerRow, LedgerRow.id == LedgerPayload.ledger_id)
        .where(LedgerRow.action == ERASED, LedgerPayload.body.is_not(None))
    ):
        named.update((body.get("after") or {}).get("rows", ()))
    erased = work.session.scalars(
        sa.select(LedgerPayload.ledger_id)
        .where(LedgerPayload.erased_at.is_not(None))
        .order_by(LedgerPayload.ledger_id)
    )
    for key in erased:
        if str(key) not in named:
            sentence = _("The content of row %(id)s was emptied without an act of erasure.", id=key)
            verdict.problems.append(Problem("payload dropped", sentence, key))


def _check_outside(work: Work, verdict: Verdict, batches: list[LedgerBatch]) -> None:
    """Compare the batches with the file beside the database, and say what could not be taken in."""
    key = work.host.ledger_key
    digests = {(batch.kind, batch.no): batch_digest(key, batch).hex() for batch in batches}
    lines = read_lines(roots_file(work))
    if batches and not lines:
        sentence = _("The file with the seals outside the database is missing.")
        verdict.problems.append(Problem("outside missing", sentence))
    named = {(problem.kind, problem.ledger, problem.batch) for problem in verdict.problems}
    for (kind, number), digest in sorted(lines.items()):
        stored = digests.get((kind, number))
        what = "batch dropped" if stored is None else "batch altered"
        wrong = stored is None or not hmac.compare_digest(stored, digest)
        if wrong and (what, kind, number) not in named:
            verdict.problems.append(_about_batch(what, kind, number))
    unreadable = count_unreadable(work.host.spool_folder)
    if unreadable:
        sentence = _("%(n)s lines about what was read cannot be understood.", n=unreadable)
        verdict.problems.append(Problem("reads unreadable", sentence))


__all__ = ["Problem", "Verdict", "read_digest", "verify"]
