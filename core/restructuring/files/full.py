"""The fuller table: all ten operations, one row for each pair of units."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from core.exchange.workbook import RawRow
from core.i18n import _
from core.restructuring.files.columns import bad_row, parse_share
from core.restructuring.operations import WHOLE, Link, NewUnit, Operation
from core.restructuring.titles import OPERATIONS


def read_full(rows: Iterable[RawRow]) -> tuple[list[Operation], list[str]]:
    """Read the table of operations; return them and what is wrong. Rows of one are gathered."""
    found: list[Operation] = []
    problems: list[str] = []
    groups: dict[tuple[str, ...], list[RawRow]] = {}
    for row in rows:
        kind = row.values.get("operation", "")
        if kind not in OPERATIONS or not row.values.get("unit_code"):
            sentence = _("Name one of the ten operations and the code of the unit.")
            problems.append(bad_row(row.number, sentence))
            continue
        groups.setdefault(_group(kind, row), []).append(row)
    for key, gathered in groups.items():
        try:
            found.append(READERS[key[0]](key[0], gathered))
        except ValueError as error:
            problems.append(bad_row(gathered[0].number, str(error)))
    return found, problems


def _group(kind: str, row: RawRow) -> tuple[str, ...]:
    """Return what rows of one operation have in common."""
    unit, target = row.values["unit_code"], row.values.get("target_code", "")
    if kind == "consolidate":
        return kind, target
    if kind in ("divide", "dissolve", "terminate", "split_off"):
        return kind, unit
    return kind, unit, target, str(row.number)


def _links(rows: Sequence[RawRow], *, needed: bool = True) -> tuple[Link, ...]:
    """Read what becomes of what."""
    found: list[Link] = []
    with_target = [row for row in rows if row.values.get("target_code")]
    if needed and len(with_target) < len(rows):
        raise ValueError(_("Write the code of the unit it goes to."))
    for row in with_target:
        text = row.values.get("share", "")
        alone = len({r.values.get("target_code") for r in rows}) == 1
        try:
            share = WHOLE if not text and alone else parse_share(text)
        except ValueError:
            raise ValueError(_("The share is whole, part, or a number up to 1.")) from None
        main = row.values.get("main_successor", "")
        is_main = main == "yes" or (share == WHOLE and main != "no")
        found.append(Link(row.values["unit_code"], row.values["target_code"], share, is_main))
    return tuple(found)


def _new(rows: Sequence[RawRow], column: str) -> tuple[NewUnit, ...]:
    """Read the units that begin; what is said on any row of a unit counts."""
    told: dict[str, dict[str, str]] = {}
    for row in rows:
        known = told.setdefault(row.values.get(column, ""), {})
        known.update({key: value for key, value in row.values.items() if value})
    return tuple(
        NewUnit(
            code=code,
            name=values.get("name", ""),
            kind=values.get("kind", ""),
            parent=values.get("parent_code", ""),
            sector=values.get("sector"),
            is_grassroots=_yes(values, "is_grassroots"),
            has_delegated_powers=_yes(values, "has_delegated_powers"),
            has_seal=_yes(values, "has_seal"),
            term_months=_months(values),
        )
        for code, values in told.items()
    )


def _yes(values: Mapping[str, str], key: str) -> bool | None:
    return {"yes": True, "no": False}.get(values.get(key, ""))


def _months(values: Mapping[str, str]) -> int | None:
    text = values.get("term_months", "")
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) <= 240:
        raise ValueError(_("The term is a number of months."))
    return int(text)


def _changed(row: RawRow, *wanted: str) -> dict[str, object]:
    """Read the facts of a unit that change."""
    values = row.values
    found: dict[str, object] = {
        "name": values.get("name"),
        "kind": values.get("kind"),
        "parent": values.get("parent_code"),
        "sector": values.get("sector"),
        "is_grassroots": _yes(values, "is_grassroots"),
        "has_delegated_powers": _yes(values, "has_delegated_powers"),
        "has_seal": _yes(values, "has_seal"),
        "term_months": _months(values),
    }
    return {k: v for k, v in found.items() if v not in (None, "") and (not wanted or k in wanted)}


def _establish(kind: str, rows: Sequence[RawRow]) -> Operation:
    return Operation(kind, new=_new(rows, "unit_code"), reason=_reason(rows))


def _merge(kind: str, rows: Sequence[RawRow]) -> Operation:
    return Operation(kind, links=_links(rows), reason=_reason(rows))


def _begin(kind: str, rows: Sequence[RawRow]) -> Operation:
    return Operation(kind, links=_links(rows), new=_new(rows, "target_code"), reason=_reason(rows))


def _split(kind: str, rows: Sequence[RawRow]) -> Operation:
    operation = _begin(kind, rows)
    # What goes on keeps the rest; a share that nobody declared is unknown, never the whole.
    links = tuple(
        Link(a.predecessor, a.successor, None if a.share == WHOLE else a.share, is_main=False)
        for a in operation.links
    )
    return Operation(kind, rows[0].values["unit_code"], links, operation.new, {}, operation.reason)


def _change(kind: str, rows: Sequence[RawRow]) -> Operation:
    needed = {"transfer": "parent", "rename": "name"}.get(kind)
    changes = _changed(rows[0], *([needed] if needed else []))
    changes = changes if needed else {k: v for k, v in changes.items() if k != "parent"}
    if not changes:
        raise ValueError(_("Nothing is said about what changes."))
    return Operation(kind, rows[0].values["unit_code"], changes=changes, reason=_reason(rows))


def _end(kind: str, rows: Sequence[RawRow]) -> Operation:
    return Operation(
        kind,
        rows[0].values["unit_code"],
        _links(rows, needed=False),
        reason=_reason(rows),
        when_empty=any(row.values.get("when_empty") == "yes" for row in rows),
    )


def _reason(rows: Sequence[RawRow]) -> str:
    return next((row.values["reason"] for row in rows if row.values.get("reason")), "")


READERS: dict[str, Callable[[str, Sequence[RawRow]], Operation]] = {
    "establish": _establish,
    "merge_into": _merge,
    "consolidate": _begin,
    "divide": _begin,
    "split_off": _split,
    "transfer": _change,
    "convert": _change,
    "rename": _change,
    "dissolve": _end,
    "terminate": _end,
}
