"""Sealing and proving the ledger: whatever is altered, dropped or inserted is named."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core import ledger
from core.errors import InvalidInput
from core.ledger.erasing import erase_payload
from core.ledger.models import LedgerBatch, LedgerPayload, LedgerRead, LedgerRow
from core.ledger.sealing import ROOTS_FILE, merkle_root, seal, seal_due
from core.ledger.spool import UNREADABLE
from core.ledger.verifying import Verdict, verify
from core.testing import World


def sealed(world: World) -> int:
    return seal_due(world.system)


def checked(world: World) -> Verdict:
    with world.work(writing=False) as work:
        return verify(work)


def tamper(world: World, statement: Any) -> None:
    with world.work() as work:
        work.session.connection().execute(statement)


def rows_of(world: World) -> list[uuid.UUID]:
    with world.work(writing=False) as work:
        return list(work.session.scalars(sa.select(LedgerRow.id).order_by(LedgerRow.id)))


def roots(world: World) -> Path:
    return world.system.host.spool_folder.parent / ROOTS_FILE


def test_a_root_depends_on_every_leaf_and_on_their_order():
    leaves = [bytes([n]) * 32 for n in range(5)]
    all_roots = {
        merkle_root(leaves),
        merkle_root(leaves[:4]),
        merkle_root([*leaves, leaves[-1]]),
        merkle_root(leaves[::-1]),
        merkle_root([]),
    }
    assert len(all_roots) == 5


def test_everything_is_sealed_once_and_the_ledger_is_whole(ward):
    assert sealed(ward) == 3
    assert sealed(ward) == 0
    ward.unit("C", "branch", "W")
    assert sealed(ward) == 1
    verdict = checked(ward)
    assert verdict.is_whole, verdict.problems
    assert (verdict.acts, verdict.batches, verdict.unsealed) == (4, 2, 0)
    assert len(roots(ward).read_text().splitlines()) == 2


def test_what_is_not_sealed_yet_is_proved_too(ward):
    verdict = checked(ward)
    assert (verdict.is_whole, verdict.acts, verdict.unsealed) == (True, 3, 3)
    key = rows_of(ward)[1]
    tamper(ward, sa.update(LedgerRow).where(LedgerRow.id == key).values(actor="somebody else"))
    first = checked(ward).problems[0]
    assert (first.kind, first.row_id) == ("altered", key)


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "somebody else"},
        {"action": "units.nothing"},
        {"label": "Chi bộ X"},
        {"acting_for": "Đảng ủy"},
        {"unit_id": None},
    ],
)
def test_an_altered_row_is_named(ward, change):
    sealed(ward)
    key = rows_of(ward)[1]
    tamper(ward, sa.update(LedgerRow).where(LedgerRow.id == key).values(**change))
    verdict = checked(ward)
    assert [(p.kind, p.row_id, p.batch) for p in verdict.problems] == [("altered", key, 1)]


def test_a_row_altered_together_with_its_digest_is_named(ward):
    sealed(ward)
    key = rows_of(ward)[1]
    tamper(ward, sa.update(LedgerRow).where(LedgerRow.id == key).values(digest=b"x" * 32))
    assert [(p.kind, p.row_id) for p in checked(ward).problems] == [("altered", key)]


def test_an_altered_payload_is_named(ward):
    sealed(ward)
    key = rows_of(ward)[1]
    tamper(
        ward,
        sa.update(LedgerPayload)
        .where(LedgerPayload.ledger_id == key)
        .values(body={"before": None, "after": {"name": "X"}}),
    )
    assert [(p.kind, p.row_id) for p in checked(ward).problems] == [("payload altered", key)]


def test_a_payload_emptied_without_an_act_of_erasure_is_named(ward):
    sealed(ward)
    key = rows_of(ward)[1]
    change = {"body": sa.null(), "erased_at": ward.now, "erased_rule": "none"}
    tamper(ward, sa.update(LedgerPayload).where(LedgerPayload.ledger_id == key).values(**change))
    first = checked(ward).problems[0]
    assert (first.kind, first.row_id) == ("payload dropped", key)


def test_a_dropped_row_is_named_by_its_key(ward):
    sealed(ward)
    key = rows_of(ward)[1]
    tamper(ward, sa.delete(LedgerPayload).where(LedgerPayload.ledger_id == key))
    assert checked(ward).problems[0].kind == "payload dropped"
    tamper(ward, sa.delete(LedgerRow).where(LedgerRow.id == key))
    assert [(p.kind, p.row_id, p.batch) for p in checked(ward).problems] == [("dropped", key, 1)]


def copy_row(world: World, key: uuid.UUID, **changes: Any) -> uuid.UUID:
    new = uuid.uuid4()
    with world.work() as work:
        row = dict(
            work.session.execute(sa.select(LedgerRow.__table__).where(LedgerRow.id == key))
            .one()
            ._mapping
        )
        work.session.execute(sa.insert(LedgerRow), [{**row, "id": new, **changes}])
    return new


def test_an_inserted_row_is_named(ward):
    sealed(ward)
    key = copy_row(ward, rows_of(ward)[0])
    kinds = {p.kind for p in checked(ward).problems if p.row_id == key}
    assert kinds == {"inserted", "altered"}


def test_a_row_inserted_under_a_batch_that_is_not_there_is_named(ward):
    sealed(ward)
    key = copy_row(ward, rows_of(ward)[0], batch_no=99)
    assert ("inserted", key) in [(p.kind, p.row_id) for p in checked(ward).problems]


def test_a_row_moved_to_another_batch_is_named(ward):
    sealed(ward)
    ward.unit("C", "branch", "W")
    sealed(ward)
    key = rows_of(ward)[-1]
    tamper(ward, sa.update(LedgerRow).where(LedgerRow.id == key).values(batch_no=1))
    found = [(p.kind, p.batch) for p in checked(ward).problems]
    assert found == [("inserted", 1), ("dropped", 2)]


@pytest.mark.parametrize("change", [{"root": b"x" * 32}, {"count": 2}, {"previous": b"y" * 32}])
def test_an_altered_batch_is_named(ward, change):
    sealed(ward)
    ward.unit("C", "branch", "W")
    sealed(ward)
    tamper(ward, sa.update(LedgerBatch).where(LedgerBatch.no == 1).values(**change))
    assert [(p.kind, p.batch) for p in checked(ward).problems] == [("batch altered", 1)]


def test_a_batch_dropped_with_its_rows_is_named(ward):
    sealed(ward)
    ward.unit("C", "branch", "W")
    sealed(ward)
    ward.unit("D", "branch", "W")
    sealed(ward)
    gone = sa.select(LedgerRow.id).where(LedgerRow.batch_no == 2)
    tamper(ward, sa.delete(LedgerPayload).where(LedgerPayload.ledger_id.in_(gone)))
    tamper(ward, sa.delete(LedgerRow).where(LedgerRow.batch_no == 2))
    tamper(ward, sa.delete(LedgerBatch).where(LedgerBatch.no == 2))
    assert [(p.kind, p.batch) for p in checked(ward).problems] == [("batch dropped", 2)]


def test_the_last_batch_dropped_with_its_rows_contradicts_the_file_outside(ward):
    sealed(ward)
    ward.unit("C", "branch", "W")
    sealed(ward)
    gone = sa.select(LedgerRow.id).where(LedgerRow.batch_no == 2)
    tamper(ward, sa.delete(LedgerPayload).where(LedgerPayload.ledger_id.in_(gone)))
    tamper(ward, sa.delete(LedgerRow).where(LedgerRow.batch_no == 2))
    tamper(ward, sa.delete(LedgerBatch).where(LedgerBatch.no == 2))
    assert [(p.kind, p.batch) for p in checked(ward).problems] == [("batch dropped", 2)]


def test_a_missing_or_altered_file_outside_is_named(ward):
    sealed(ward)
    whole = roots(ward).read_text()
    roots(ward).write_text(whole.replace(whole.split()[3], "0" * 64))
    assert [p.kind for p in checked(ward).problems] == ["batch altered"]
    roots(ward).unlink()
    assert [p.kind for p in checked(ward).problems] == ["outside missing"]


def test_a_line_that_a_crash_kept_out_of_the_file_is_added_by_the_next_seal(ward):
    sealed(ward)
    ward.unit("C", "branch", "W")
    sealed(ward)
    lines = roots(ward).read_text().splitlines(keepends=True)
    roots(ward).write_text(lines[0])
    assert checked(ward).is_whole
    sealed(ward)
    assert roots(ward).read_text().splitlines(keepends=True) == lines


def test_erasing_under_a_rule_leaves_the_chain_whole(ward):
    sealed(ward)
    unit = ward.place("A")
    with ward.work() as work:
        assert erase_payload(work, rule="5 years", about_ids=[unit.id]) == 1
    sealed(ward)
    verdict = checked(ward)
    assert (verdict.is_whole, verdict.erased) == (True, 1)
    with ward.work(writing=False) as work:
        row = work.session.scalars(
            sa.select(LedgerPayload).where(LedgerPayload.erased_at.is_not(None))
        ).one()
        assert (row.body, row.erased_rule) == (None, "5 years")


def test_erasing_needs_a_rule(ward):
    with pytest.raises(InvalidInput), ward.work() as work:
        erase_payload(work, rule=" ", about_ids=[])


# --- reads ---------------------------------------------------------------------------------------


def read(world: World, number: int = 1) -> None:
    for _time in range(number):
        with world.work(writing=False) as work:
            ledger.saw(work, "member", [uuid.uuid4()], {"contact"})


def test_reads_are_taken_in_once_and_sealed(ward):
    read(ward, 3)
    sealed(ward)
    sealed(ward)
    read(ward)
    sealed(ward)
    verdict = checked(ward)
    assert (verdict.is_whole, verdict.reads) == (True, 4)


def test_a_spool_read_again_after_a_crash_gives_no_second_row(ward):
    read(ward, 2)
    sealed(ward)
    for note in ward.system.host.spool_folder.glob("*.offset"):
        note.unlink()
    sealed(ward)
    assert ward.rows(LedgerRead) == 2


def test_a_line_still_being_written_waits(ward):
    read(ward)
    (file,) = ward.system.host.spool_folder.glob("*.jsonl")
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:40])
    sealed(ward)
    assert ward.rows(LedgerRead) == 1
    file.write_bytes(whole + whole)
    sealed(ward)
    assert ward.rows(LedgerRead) == 1
    assert checked(ward).is_whole


def test_a_read_altered_in_the_spool_is_named(ward):
    read(ward)
    (file,) = ward.system.host.spool_folder.glob("*.jsonl")
    file.write_bytes(file.read_bytes().replace(b"contact", b"nothing"))
    sealed(ward)
    assert [p.kind for p in checked(ward).problems] == ["altered"]


def test_a_read_altered_or_dropped_in_the_database_is_named(ward):
    read(ward, 2)
    sealed(ward)
    with ward.work(writing=False) as work:
        first, second = work.session.scalars(sa.select(LedgerRead.id).order_by(LedgerRead.id))
    tamper(ward, sa.update(LedgerRead).where(LedgerRead.id == first).values(actor="x"))
    tamper(ward, sa.delete(LedgerRead).where(LedgerRead.id == second))
    found = [(p.kind, p.row_id) for p in checked(ward).problems]
    assert found == [("altered", first), ("dropped", second)]


def test_a_line_that_cannot_be_understood_is_kept_and_reported(ward):
    read(ward)
    (file,) = ward.system.host.spool_folder.glob("*.jsonl")
    file.write_bytes(b"nonsense\n" + file.read_bytes())
    sealed(ward)
    assert ward.rows(LedgerRead) == 1
    assert (ward.system.host.spool_folder / UNREADABLE).read_bytes() == b"nonsense\n"
    assert [p.kind for p in checked(ward).problems] == ["reads unreadable"]


def test_a_spool_of_past_hours_is_removed_when_it_was_taken_in(ward):
    read(ward)
    (file,) = ward.system.host.spool_folder.glob("*.jsonl")
    file.rename(file.with_name("reads-2026111001-7.jsonl"))
    sealed(ward)
    assert not list(ward.system.host.spool_folder.glob("*.jsonl"))
    assert ward.rows(LedgerRead) == 1


def test_many_rows_are_sealed_in_several_batches(ward, monkeypatch):
    monkeypatch.setattr("core.ledger.sealing.AT_ONCE", 2)
    with ward.work() as work:
        assert seal(work) == 3
    verdict = checked(ward)
    assert (verdict.is_whole, verdict.batches) == (True, 2)
