"""The ten operations of a restructuring, by codes of units, and how they are kept as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from fractions import Fraction
from typing import Any

KINDS = (
    "establish",
    "merge_into",
    "consolidate",
    "divide",
    "split_off",
    "transfer",
    "convert",
    "rename",
    "dissolve",
    "terminate",
)
"""Regulation's words: `domain`, section 3.4."""

WHOLE = Fraction(1)
FACTS = (
    "name",
    "kind",
    "sector",
    "is_grassroots",
    "has_delegated_powers",
    "has_seal",
    "term_months",
)
"""What an operation may say about a unit, beside its parent."""


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that begins; what is None is taken over from its main predecessor."""

    code: str
    name: str
    kind: str = ""
    parent: str = ""
    sector: str | None = None
    is_grassroots: bool | None = None
    has_delegated_powers: bool | None = None
    has_seal: bool | None = None
    term_months: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """From which unit a unit comes; a share of None is a part whose size nobody declared."""

    predecessor: str
    successor: str
    share: Fraction | None = WHOLE
    is_main: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: `unit` is what changes or ends, `links` say what becomes of what.

    `when_empty` ends the unit only where nothing is left under it; its successors are then those
    of the units that stood there.
    """

    kind: str
    unit: str = ""
    links: tuple[Link, ...] = ()
    new: tuple[NewUnit, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    when_empty: bool = False

    @property
    def ended(self) -> tuple[str, ...]:
        """The codes of units that end by it."""
        if self.kind in ("dissolve", "terminate"):
            return (self.unit,)
        if self.kind in ("merge_into", "consolidate", "divide"):
            return tuple(dict.fromkeys(link.predecessor for link in self.links))
        return ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all units it names, those that begin left out."""
        begun = {unit.code for unit in self.new}
        named = [self.unit, *(unit.parent for unit in self.new), self.changes.get("parent", "")]
        named += [code for link in self.links for code in (link.predecessor, link.successor)]
        return tuple(code for code in dict.fromkeys(named) if code and code not in begun)

    def as_payload(self) -> dict[str, Any]:
        """Return plain values for a column of JSON."""
        return {
            "unit": self.unit,
            "links": [[a.predecessor, a.successor, _said(a.share), a.is_main] for a in self.links],
            "new": [{k: v for k, v in asdict(one).items() if v is not None} for one in self.new],
            "changes": dict(self.changes),
            "reason": self.reason,
            "when_empty": self.when_empty,
        }


def from_payload(kind: str, payload: Mapping[str, Any]) -> Operation:
    """Read an operation back."""
    names = {one.name for one in fields(NewUnit)}
    return Operation(
        kind=kind,
        unit=payload.get("unit", ""),
        links=tuple(
            Link(old, new, None if share is None else Fraction(share), bool(main))
            for old, new, share, main in payload.get("links", ())
        ),
        new=tuple(
            NewUnit(**{k: v for k, v in one.items() if k in names})
            for one in payload.get("new", ())
        ),
        changes=dict(payload.get("changes", {})),
        reason=payload.get("reason", ""),
        when_empty=bool(payload.get("when_empty", False)),
    )


def _said(share: Fraction | None) -> str | None:
    return None if share is None else str(share)


def named_codes(operations: Iterable[Operation]) -> set[str]:
    """Return the codes of all units that operations name and that are there before."""
    listed = list(operations)
    begun = {unit.code for operation in listed for unit in operation.new}
    return {code for operation in listed for code in operation.codes} - begun
