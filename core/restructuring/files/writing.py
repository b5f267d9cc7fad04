"""Operations written back as rows of the fuller table, for programs that read a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.exchange.workbook import RawRow
from core.restructuring.operations import FACTS, Link, NewUnit, Operation

Row = dict[str, Any]
CHANGES = {"parent": "parent_code"}
YES_NO = {True: "yes", False: "no", None: ""}


def rows_of(operations: Iterable[Operation]) -> list[Row]:
    """Return operations as rows, each under the columns' keys; read again they are the same."""
    return [row for operation in operations for row in _rows(operation)]


def raw_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[RawRow]:
    """Turn rows of plain values into rows as a file gives them, counted from 1."""
    for number, row in enumerate(rows, start=1):
        yield RawRow(number, {key: _text(value) for key, value in row.items()})


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return YES_NO[value]
    return str(value)


def _rows(operation: Operation) -> Iterator[Row]:
    begun = {unit.code: _begun(unit) for unit in operation.new}
    frame: Row = {"operation": operation.kind, "reason": operation.reason}
    if operation.when_empty:
        frame["when_empty"] = True
    for link in operation.links:
        yield {**frame, **_link(link), **begun.get(link.successor, {})}
    if operation.links:
        return
    for code, facts in begun.items():
        yield {**frame, "unit_code": code, **facts}
    if not begun:
        changes = {CHANGES.get(key, key): value for key, value in operation.changes.items()}
        yield {**frame, "unit_code": operation.unit, **changes}


def _link(link: Link) -> Row:
    share = "part" if link.share is None else "whole" if link.share == 1 else str(link.share)
    return {
        "unit_code": link.predecessor,
        "target_code": link.successor,
        "share": share,
        "main_successor": link.is_main,
    }


def _begun(unit: NewUnit) -> Row:
    said = {name: getattr(unit, name) for name in FACTS}
    said["parent_code"] = unit.parent
    return {name: value for name, value in said.items() if value not in (None, "")}
