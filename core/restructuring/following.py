"""What follows from the ends of units: where their children go, which level ends with them."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from core.i18n import _
from core.restructuring.board import Board
from core.restructuring.operations import WHOLE, Link, Operation
from core.restructuring.outcome import MAIN
from core.units.timelines import holding

Below = dict[uuid.UUID, set[uuid.UUID]]


def assign(board: Board) -> None:
    """Put units where the plan says, one by one."""
    out = board.out
    for code, parent in board.wanted.parents.items():
        unit_id = out.ids.get(code)
        if unit_id is None or not board.now.get(unit_id):
            board.problem("unknown", _("There is no unit %(code)s.", code=code), code)
            continue
        parent_id = board.living(parent)
        if unit_id in out.ended or parent_id is None:
            continue
        if parent_id in out.ended:
            sentence = _(
                "%(unit)s cannot be put under %(parent)s, which ends.",
                unit=out.said(unit_id),
                parent=out.said(parent_id),
            )
            board.problem("ended_parent", sentence, code)
            continue
        board.change(unit_id, "transfer", {"parent_id": parent_id})


def follow(board: Board) -> None:
    """Let what stands under ended units follow their heirs; what has none is a problem."""
    homeless: dict[uuid.UUID, list[str]] = defaultdict(list)
    for unit_id in list(board.now):
        heirs: dict[uuid.UUID | None, uuid.UUID] = {}
        for parent_id in _ended_parents(board, unit_id):
            heir = _heir_of_children(board, parent_id)
            if heir is None:
                homeless[parent_id].append(board.out.codes[unit_id])
            else:
                heirs[parent_id] = heir
        if heirs:
            board.move(unit_id, heirs)
    for parent_id, codes in homeless.items():
        _complain(board, parent_id, codes)


def _ended_parents(board: Board, unit_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the ended units under which one would still stand."""
    return {
        facts.parent_id
        for facts in board.now[unit_id]
        if facts.valid_to > board.on
        and facts.parent_id is not None
        and facts.parent_id in board.out.ended
    }


def _heir_of_children(board: Board, parent_id: uuid.UUID) -> uuid.UUID | None:
    """Return where the children of an ended unit go without being asked, or None.

    What takes over may be divided in the same plan; then somebody must be asked as well.
    """
    current: uuid.UUID | None = parent_id
    seen: set[uuid.UUID] = set()
    while current is not None and current in board.out.ended:
        if current in seen or (current in board.out.divided and board.wanted.unassigned != MAIN):
            return None
        seen.add(current)
        current = board.out.heirs.get(current)
    return current


def _complain(board: Board, parent_id: uuid.UUID, codes: list[str]) -> None:
    """Say which units have no parent any more."""
    few = ", ".join(sorted(codes)[:10]) + (" …" if len(codes) > 10 else "")
    values = {"unit": board.out.said(parent_id), "n": len(codes), "units": few}
    if parent_id in board.out.divided:
        sentence = _(
            "%(unit)s is divided: say for each of its %(n)s units where it goes (%(units)s).",
            **values,
        )
    else:
        sentence = _(
            "%(unit)s ends without a successor: say for each of its %(n)s units where it goes "
            "(%(units)s).",
            **values,
        )
    board.problem("unassigned", sentence, board.out.codes[parent_id], *codes)


def end_empty(board: Board) -> None:
    """End units under which nothing is left, from the bottom up; list what stays."""
    waiting: dict[uuid.UUID, Operation] = {}
    for operation in board.wanted.operations:
        unit_id = board.living(operation.unit) if operation.when_empty else None
        if unit_id is not None:
            waiting[unit_id] = operation
    below = _children(board, waiting)
    while empty := [one for one in waiting if not _left(board, one, below)]:
        for unit_id in empty:
            operation = waiting.pop(unit_id)
            _derive(board, unit_id, below[unit_id])
            reason = operation.reason or _("Nothing is left under it.")
            board.end(unit_id, operation.kind, reason)
    stays = set(waiting)
    for unit_id in waiting:
        stays.update(_left(board, unit_id, below))
    board.out.unplaced = sorted(board.out.codes[unit_id] for unit_id in stays)


def _children(board: Board, parents: Iterable[uuid.UUID]) -> Below:
    """Return who stood or stands under units on the plan's day or later."""
    below: Below = {parent: set() for parent in parents}
    for tree in (board.known.versions, board.now):
        for unit_id, versions in tree.items():
            for facts in versions:
                if facts.valid_to > board.on and facts.parent_id in below:
                    below[facts.parent_id].add(unit_id)
    return below


def _left(board: Board, unit_id: uuid.UUID, below: Below) -> list[uuid.UUID]:
    """Return who still stands under a unit from the day on."""
    return [
        child
        for child in below[unit_id]
        if any(f.valid_to > board.on and f.parent_id == unit_id for f in board.now[child])
    ]


def _derive(board: Board, unit_id: uuid.UUID, children: Iterable[uuid.UUID]) -> None:
    """Make the successors of what stood under a unit its own successors.

    Where these stand under a unit of the same level (an old province, a new one), that one is
    its main successor, and the whole one where there is no other.
    """
    out = board.out
    found: Counter[uuid.UUID] = Counter()
    for child in children:
        for link, _kind in board.links[out.codes[child]] if child in out.ended else ():
            if link.successor in out.ids:
                found[out.ids[link.successor]] += 1
    above = _above(board, unit_id, found)
    successors = [*above, *(one for one in found if one not in above)]
    is_whole = len(above) == 1 or len(successors) == 1
    main = above.most_common(1)[0][0] if above else None
    main = successors[0] if len(successors) == 1 else main
    for heir in successors:
        share = WHOLE if heir == main and is_whole else None
        link = Link(out.codes[unit_id], out.codes[heir], share, heir == main)
        board.links[out.codes[unit_id]].append((link, "terminate"))


def _above(board: Board, unit_id: uuid.UUID, found: Mapping[uuid.UUID, int]) -> Counter[uuid.UUID]:
    """Count under which units of the same level the successors stand."""
    kind = board.known.versions[unit_id][-1].kind
    above: Counter[uuid.UUID] = Counter()
    for heir, number in found.items():
        facts = holding(board.now.get(heir, []), board.on)
        parent = facts.parent_id if facts is not None else None
        over = holding(board.now.get(parent, []), board.on) if parent is not None else None
        if over is not None and parent is not None and over.kind == kind and parent != unit_id:
            above[parent] += number
    return above
