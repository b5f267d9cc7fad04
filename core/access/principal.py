"""Principal: who acts, with the rights they hold today; judged without asking the database."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from core.units.places import Place
from core.web import PUBLIC, SIGNED_IN


@dataclass(frozen=True, slots=True)
class Right:
    """A role somebody holds at a unit: directly, by a position, or by delegation."""

    unit_id: uuid.UUID
    with_subtree: bool
    role: str
    permissions: frozenset[str]
    field_classes: frozenset[str]
    source: str
    valid_to: date
    acting_for: str | None = None
    grant_id: uuid.UUID | None = None

    def reaches(self, place: Place) -> bool:
        """Whether the right holds at a place."""
        if place.id == self.unit_id:
            return True
        return self.with_subtree and self.unit_id in place.path


Roots = tuple[tuple[uuid.UUID, bool], ...]
"""Units, each with its subtree or without."""


class Classes(dict[uuid.UUID, frozenset[str]]):
    """The classes of fields that rights show, by the unit at which they are held."""

    def __missing__(self, unit_id: uuid.UUID) -> frozenset[str]:
        """Show nothing where no right is held."""
        return frozenset()

    def add(self, right: Right) -> None:
        """Add what a right shows."""
        self[right.unit_id] = self[right.unit_id] | right.field_classes


class Rights(tuple[Right, ...]):  # noqa: SLOT001 - it remembers, and a tuple has no other slots
    """The rights somebody holds; where a permission is held is found once and kept with them."""

    _places: dict[str | None, tuple[frozenset[uuid.UUID], frozenset[uuid.UUID]]]
    _roots: dict[str, Roots]
    _classes: tuple[Classes, Classes]

    def __new__(cls, rights: Iterable[Right] = ()) -> Self:
        """Keep rights in their order."""
        those = super().__new__(cls, rights)
        those._places, those._roots = {}, {}
        at, below = Classes(), Classes()
        for right in those:
            at.add(right)
            if right.with_subtree:
                below.add(right)
        those._classes = (at, below)
        return those

    def reach(self, permission: str | None, place: Place) -> bool:
        """Whether a right with the permission (None: any right) holds at a place."""
        at, below = self._held(permission)
        return place.id in at or (bool(below) and not below.isdisjoint(place.path))

    def cover(self, permission: str, place: Place) -> bool:
        """Whether a right with the permission holds at a place and at everything below it."""
        _at, below = self._held(permission)
        return place.id in below or not below.isdisjoint(place.path)

    def _held(self, permission: str | None) -> tuple[frozenset[uuid.UUID], frozenset[uuid.UUID]]:
        """Return where a permission is held, and where of these with the subtree."""
        found = self._places.get(permission)
        if found is None:
            those = [r for r in self if permission is None or permission in r.permissions]
            found = (
                frozenset(right.unit_id for right in those),
                frozenset(right.unit_id for right in those if right.with_subtree),
            )
            self._places[permission] = found
        return found

    def roots(self, permission: str) -> Roots:
        """Return the units at which a permission is held, each with or without its subtree."""
        found = self._roots.get(permission)
        if found is None:
            those = {(r.unit_id, r.with_subtree) for r in self if permission in r.permissions}
            found = tuple(sorted(those, key=lambda root: (root[0].bytes, root[1])))
            self._roots[permission] = found
        return found

    def field_classes(self, place: Place) -> frozenset[str]:
        """Return the classes of fields that rights reaching a place show.

        By the place's way up: somebody with a role at every third commune has a hundred rights,
        and a list of all they see is of as many branches.
        """
        at, below = self._classes
        return at[place.id].union(*(below[unit_id] for unit_id in place.path))


NO_RIGHTS = Rights()


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts: an account with its rights, a program, the operator of the machine, or nobody."""

    kind: str
    label: str
    account_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    home_unit_id: uuid.UUID | None = None
    rights: Rights = NO_RIGHTS
    session_id: uuid.UUID | None = None
    locale: str = ""
    text_size: int = 0
    contrast: bool = False
    is_shared_device: bool = False
    must_change: bool = False
    needs_totp: bool = False

    @property
    def is_system(self) -> bool:
        """Whether this is the operator at the machine or a job: everything is permitted."""
        return self.kind in ("operator", "job")

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is signed in."""
        return self.kind == "nobody"

    def may(self, permission: str, place: Place) -> bool:
        """Whether the permission is held at a place."""
        if permission == PUBLIC or self.is_system:
            return True
        if permission == SIGNED_IN:
            return not self.is_anonymous
        return self.rights.reach(permission, place)

    def sees(self, place: Place) -> bool:
        """Whether the place exists for this actor: any right reaches it."""
        return self.is_system or self.rights.reach(None, place)

    def roots(self, permission: str) -> Roots:
        """Return the units at which the permission is held, each with or without its subtree."""
        return self.rights.roots(permission)

    def roots_below(self, permission: str, place: Place) -> Roots | None:
        """Return None where the permission covers the whole place, else the roots held."""
        if self.is_system:
            return None
        return None if self.rights.cover(permission, place) else self.roots(permission)

    def holds_above(self, permission: str, place: Place) -> bool:
        """Whether a permission reaches the place from a unit above it."""
        return any(
            permission in right.permissions
            and right.with_subtree
            and right.unit_id != place.id
            and right.reaches(place)
            for right in self.rights
        )

    def field_classes(self, place: Place) -> frozenset[str]:
        """Return the classes of fields this actor may see of people at a place."""
        if self.is_system:
            return frozenset(FIELD_CLASSES)
        return self.rights.field_classes(place)

    def acting_for(self, permission: str, place: Place) -> str | None:
        """Return for whom an act is done: set when the permission is held only by delegation."""
        held = [r for r in self.rights if permission in r.permissions and r.reaches(place)]
        if held and all(right.acting_for for right in held):
            return held[0].acting_for
        return None

    def for_whom(self, place: Place) -> str | None:
        """Return for whom this actor is here: set when every right there is delegated."""
        reaching = [right for right in self.rights if right.reaches(place)]
        if reaching and all(right.acting_for for right in reaching):
            return reaching[0].acting_for
        return None

    def stands_in_for(self, place: Place) -> str | None:
        """Return whom this actor stands in for here: delegated rights give what own ones do not.

        For the frame of a page; the ledger asks `acting_for` about the permission of each act.
        """
        reaching = [right for right in self.rights if right.reaches(place)]
        own = frozenset[str]().union(*(r.permissions for r in reaching if not r.acting_for))
        for right in reaching:
            if right.acting_for and right.permissions - own:
                return right.acting_for
        return None

    def narrowed(self, unit_id: uuid.UUID, permissions: Iterable[str], place: Place) -> Principal:
        """Return the rights of a token: those listed, at one unit, never wider than held there."""
        listed = frozenset(permissions)
        rights = Rights(
            replace(right, unit_id=unit_id, permissions=right.permissions & listed, source="token")
            for right in self.rights
            if right.reaches(place)
        )
        return replace(self, rights=rights, kind="token")


FIELD_CLASSES = ("contact", "birth", "card", "standing")

NOBODY = Principal(kind="nobody", label="")


def operator(name: str) -> Principal:
    """Return the principal of somebody at the machine's command line."""
    return Principal(kind="operator", label=f"operator:{name}")


def job(name: str) -> Principal:
    """Return the principal of a background job."""
    return Principal(kind="job", label=f"job:{name}")
