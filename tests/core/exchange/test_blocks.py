"""A large import goes block by block: as many statements for each, all or nothing of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core import rows as many_rows
from core.db import new_key
from core.exchange import services
from core.exchange.models import Import, ImportRow
from core.exchange.staging import JsonSource
from core.ledger.models import LedgerRow
from core.ledger.verifying import verify
from core.members.models import Member, MemberListRow, MemberStatus
from core.rows import insert_rows
from core.sending import sender_of, sending
from core.testing import Counter, World

BLOCK = 110
PERSON = {"sex": "male", "unit_code": "B1", "status": "official", "admitted_on": "2020-05-19"}


def records(count: int, start: int = 0) -> list[dict[str, str]]:
    return [
        {**PERSON, "record_no": f"NK{n}", "full_name": f"Nguyễn Văn {n}"}
        for n in range(start, start + count)
    ]


def bring(world: World, found: list[dict[str, str]]) -> services.Report:
    """Import records in small blocks."""
    with world.work() as work:
        dataset = replace(services.access_dataset(work, "members", importing=True), block=BLOCK)
        return services.import_source(work, dataset, JsonSource(found))[1]


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables into which rows were copied."""
    tables: list[str] = []
    sent: Callable[..., int] = many_rows._copy

    def noted(raw: Any, target: Any, rows: Any) -> int:
        tables.append(getattr(target, "__tablename__", None) or target.name)
        return sent(raw, target, rows)

    monkeypatch.setattr(many_rows, "_copy", noted)
    return tables


def test_every_block_is_made_of_as_many_statements(
    ward: World, statements: Counter, copies: list[str]
) -> None:
    bring(ward, records(1))  # units are read once and remembered
    counts = []
    for blocks in (2, 3, 4):
        statements.statements.clear()
        copies.clear()
        assert bring(ward, records(blocks * BLOCK, start=blocks * 1000)).created == blocks * BLOCK
        counts.append((statements.count, len(copies)))
    (few, few_copies), (more, more_copies), (most, most_copies) = counts
    assert most - more == more - few
    assert more - few <= 15
    assert most_copies - more_copies == more_copies - few_copies
    assert more_copies - few_copies in (0, 6)  # SQLite knows no COPY


def test_blocks_come_to_what_one_block_would(ward: World) -> None:
    report = bring(ward, records(3 * BLOCK + 7))
    assert (report.created, report.rejected) == (3 * BLOCK + 7, 0)
    assert ward.rows(Member) == ward.rows(ImportRow) == ward.rows(MemberStatus) == 3 * BLOCK + 7
    assert ward.rows(MemberListRow) == 4 * (3 * BLOCK + 7)
    with ward.work(writing=False) as work:
        told = sa.select(sa.func.count()).where(LedgerRow.action == "exchange.record_imported")
        assert work.session.scalar(told) == 3 * BLOCK + 7
        assert verify(work).is_whole
    assert bring(ward, records(3 * BLOCK + 7)).unchanged == 3 * BLOCK + 7


def test_somebody_of_a_block_is_known_in_the_next(ward: World) -> None:
    report = bring(ward, [*records(BLOCK), *records(BLOCK)])
    assert (report.created, report.unchanged) == (BLOCK, BLOCK)


def test_an_import_that_breaks_while_rows_are_sent_leaves_nothing(
    ward: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = services.keep_rows
    numbers: list[int] = []

    def breaking(work: Any, record: Any, block: Any) -> None:
        numbers.extend(row.number for row in block)
        if len(numbers) > BLOCK:
            raise RuntimeError("the second block")
        kept(work, record, block)

    monkeypatch.setattr(services, "keep_rows", breaking)
    with pytest.raises(RuntimeError, match="the second block"):
        bring(ward, records(2 * BLOCK))
    left = [ward.rows(model) for model in (Member, MemberStatus, MemberListRow, Import, ImportRow)]
    assert left == [0, 0, 0, 0, 0]


def test_what_the_database_refuses_is_raised_by_the_next_statement(ward: World) -> None:
    nobody = [
        {"id": new_key(), "code": "B1", "created_at": None, "voided_at": None} for _ in range(BLOCK)
    ]
    table = sa.inspect(Import).local_table.metadata.tables["core_unit"]
    with (
        ward.work() as work,
        pytest.raises((psycopg.Error, IntegrityError)),
        work.session.begin_nested(),
        sending(work.session),
    ):
        insert_rows(work.session, table, nobody)
        work.session.scalar(sa.select(sa.func.count()).select_from(table))
    assert sender_of(work.session) is None


def test_lists_are_planned_as_before_after_rows_were_copied(ward: World) -> None:
    with ward.work() as work:
        if work.session.get_bind().dialect.name != "postgresql":
            return
        before = work.session.scalar(sa.text("SHOW plan_cache_mode"))
        dataset = services.access_dataset(work, "members", importing=True)
        services.import_source(work, dataset, JsonSource(records(BLOCK)))
        assert work.session.scalar(sa.text("SHOW plan_cache_mode")) == before
