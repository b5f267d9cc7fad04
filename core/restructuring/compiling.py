"""What a plan makes of the tree: a pure function over what is known, without a database."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from core.db import new_key
from core.i18n import _, format_day
from core.periods import OPEN
from core.restructuring.board import Board
from core.restructuring.following import assign, end_empty, follow
from core.restructuring.operations import FACTS, WHOLE, Link, NewUnit, Operation
from core.restructuring.outcome import Descent, Known, Outcome, Wanted
from core.units.timelines import holding, lasts
from core.units.versions import VersionFacts


def compile_plan(known: Known, wanted: Wanted, key: Callable[[], uuid.UUID] = new_key) -> Outcome:
    """Return what the operations make of the tree from their day on.

    All operations hold on the same day. New units begin, changes are made in order, then units
    end, and what stood under them follows its heirs, unless the plan assigns it elsewhere.
    """
    board = Board(known, wanted, key)
    _gather_links(board)
    _begin_units(board)
    for operation in wanted.operations:
        if operation.kind in ("transfer", "convert", "rename"):
            _change(board, operation)
    _end_units(board)
    assign(board)
    follow(board)
    end_empty(board)
    _write_descents(board)
    _check_parents(board)
    _check_circles(board)
    board.out.versions = {
        unit_id: board.now[unit_id]
        for unit_id in board.touched
        if board.now[unit_id] != known.versions.get(unit_id)
    }
    return board.out


def _gather_links(board: Board) -> None:
    """Collect what becomes of each predecessor, over all operations."""
    for operation in board.wanted.operations:
        for link in operation.links:
            board.links[link.predecessor].append((link, operation.kind))
    for code, pairs in board.links.items():
        _check_shares(board, code, [link for link, kind in pairs if kind != "split_off"])


def _check_shares(board: Board, code: str, links: Sequence[Link]) -> None:
    """Refuse shares that are more than a whole, and two main successors."""
    if len(links) < 2:
        return
    shares = [link.share for link in links if link.share is not None]
    if WHOLE in shares or sum(shares) > 1:
        sentence = _("The shares of %(code)s are more than a whole.", code=code)
        board.problem("shares", sentence, code)
    mains = sum(link.is_main for link in links)
    if mains > 1:
        sentence = _("%(code)s has two main successors; choose one.", code=code)
        board.problem("mains", sentence, code)
    if not mains:
        sentence = _(
            "%(code)s is divided and no main successor is named; only the level above will see "
            "its history.",
            code=code,
        )
        board.warn("no_main", sentence, code)


def _begin_units(board: Board) -> None:
    """Let new units begin; first their keys, because one may stand under another."""
    fresh: list[tuple[NewUnit, Operation]] = []
    for operation in board.wanted.operations:
        for unit in operation.new:
            if unit.code in board.known.taken or unit.code in board.out.begun:
                sentence = _("The code %(code)s is taken; choose another.", code=unit.code)
                board.problem("taken", sentence, unit.code)
                continue
            unit_id = board.key()
            board.out.ids[unit.code], board.out.codes[unit_id] = unit_id, unit.code
            board.out.begun[unit.code] = unit_id
            fresh.append((unit, operation))
    for unit, operation in fresh:
        _begin(board, unit, operation)


def _begin(board: Board, unit: NewUnit, operation: Operation) -> None:
    """Let one unit begin; what is not said is as with its main predecessor."""
    model = _model_of(board, unit.code, operation)
    base = model or VersionFacts(name=unit.name, kind=unit.kind, parent_id=None)
    parent_id = board.out.ids.get(unit.parent) if unit.parent else base.parent_id
    said = {name: getattr(unit, name) for name in FACTS if name not in ("name", "kind")}
    facts = replace(
        base,
        name=unit.name,
        kind=unit.kind or base.kind,
        parent_id=parent_id,
        valid_from=board.on,
        valid_to=OPEN,
        **{name: value for name, value in said.items() if value is not None},
        **board.stamp,
    )
    if parent_id is None:
        sentence = _("Say under which unit %(code)s will stand.", code=unit.code)
        board.problem("no_parent", sentence, unit.code)
    if not facts.kind or not facts.name:
        sentence = _("Give %(code)s a name and a kind.", code=unit.code)
        board.problem("no_kind", sentence, unit.code)
    _check_known_kind(board, facts.kind, unit.code)
    board.begin(board.out.begun[unit.code], facts, operation.kind, operation.reason)


def _check_known_kind(board: Board, kind: str, code: str) -> None:
    """Refuse a kind that does not exist."""
    if kind and board.known.kinds and kind not in board.known.kinds:
        board.problem("kind", _("There is no kind %(kind)s of units.", kind=kind), code)


def _model_of(board: Board, code: str, operation: Operation) -> VersionFacts | None:
    """Return the facts of the predecessor a new unit takes after."""
    links = [link for link in operation.links if link.successor == code]
    links.sort(key=lambda link: (link.share != WHOLE, not link.is_main))
    for link in links:
        unit_id = board.out.ids.get(link.predecessor)
        versions = board.known.versions.get(unit_id, []) if unit_id else []
        facts = holding(versions, board.on)
        if facts is not None:
            return facts
    return None


def _change(board: Board, operation: Operation) -> None:
    """Transfer, convert or rename a unit."""
    unit_id = board.living(operation.unit)
    changes = dict(operation.changes)
    parent = changes.pop("parent", "")
    if parent:
        parent_id = board.living(parent)
        if parent_id is None:
            return
        changes["parent_id"] = parent_id
    _check_known_kind(board, changes.get("kind", ""), operation.unit)
    if unit_id is not None and changes:
        board.change(unit_id, operation.kind, changes, operation.reason)


def _end_units(board: Board) -> None:
    """End what ends in any case; each needs a successor or a reason."""
    for operation in board.wanted.operations:
        for code in () if operation.when_empty else operation.ended:
            unit_id = board.out.ids.get(code)
            if unit_id in board.out.ended or (unit_id := board.living(code)) is None:
                continue
            board.end(unit_id, operation.kind, operation.reason)
            if not board.links[code] and not operation.reason:
                sentence = _(
                    "Name the unit that takes over from %(unit)s, or write why there is none.",
                    unit=board.out.said(unit_id),
                )
                board.problem("no_successor", sentence, code)


def _write_descents(board: Board) -> None:
    """Turn links between codes into lineage; a successor must be there from the day on."""
    ids = board.out.ids
    for code, pairs in board.links.items():
        for link, kind in pairs:
            if code not in ids:
                board.problem("unknown", _("There is no unit %(code)s.", code=code), code)
            elif board.living(link.successor) is not None:
                is_main = link.is_main and kind != "split_off"
                successor = ids[link.successor]
                board.out.descents.append(Descent(ids[code], successor, link.share, is_main, kind))


def _check_parents(board: Board) -> None:
    """Refuse a parent that is not there all the time; kinds that do not fit only warn."""
    for unit_id in board.touched:
        for facts in board.now[unit_id]:
            above = board.now.get(facts.parent_id) if facts.parent_id else None
            start = max(facts.valid_from, board.on)
            if above is None or facts.valid_to <= board.on:
                continue
            if not lasts(above, start, facts.valid_to):
                _refuse_parent(board, unit_id, facts)
            elif (over := holding(above, start)) is not None:
                _check_kind(board, unit_id, facts, over)


def _refuse_parent(board: Board, unit_id: uuid.UUID, facts: VersionFacts) -> None:
    """Say that a unit would hang in the air; what was said before is not said again."""
    code = board.out.codes[unit_id]
    if code in board.blamed:
        return
    sentence = _(
        "%(unit)s cannot stand under %(parent)s all the time from %(day)s on.",
        unit=board.out.said(unit_id),
        parent=board.out.said(facts.parent_id),
        day=format_day(max(facts.valid_from, board.on)),
    )
    board.problem("parent_ends", sentence, code)


def _check_kind(board: Board, unit_id: uuid.UUID, facts: VersionFacts, over: VersionFacts) -> None:
    """Warn of a kind that does not usually stand under the other."""
    if board.known.rules and (over.kind, facts.kind) not in board.known.rules:
        sentence = _(
            "%(unit)s is of a kind that does not usually stand under %(parent)s.",
            unit=board.out.said(unit_id),
            parent=board.out.said(facts.parent_id),
        )
        board.warn("kind", sentence, board.out.codes[unit_id])


def _check_circles(board: Board) -> None:
    """Refuse a unit that would stand above itself, on the plan's day or when something changes."""
    later = {
        facts.valid_from
        for versions in board.now.values()
        for facts in versions
        if facts.valid_from > board.on
    }
    for day in sorted({board.on, *later}):
        sound: set[uuid.UUID] = set()
        for unit_id in board.touched:
            found = _circle(board, unit_id, day, sound)
            if found is not None:
                sentence = _(
                    "%(unit)s would stand above itself. Choose a parent that is not below it.",
                    unit=board.out.said(found),
                )
                board.problem("circle", sentence, board.out.codes.get(found, ""))
                return


def _circle(board: Board, unit_id: uuid.UUID, day: date, sound: set[uuid.UUID]) -> uuid.UUID | None:
    """Follow the way up on a day; return the unit in which it closes, or None."""
    trail: list[uuid.UUID] = []
    current: uuid.UUID | None = unit_id
    while current is not None and current not in sound:
        if current in trail:
            return current
        trail.append(current)
        facts = holding(board.now.get(current, []), day)
        current = facts.parent_id if facts is not None else None
    sound.update(trail)
    return None
