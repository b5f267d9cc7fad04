"""Members and their positions as files: the datasets `members` and `positions`.

A plugin whose rows name a person takes `PersonRow` for its columns and finds the people with
`people_of`, so that one rule of identity holds everywhere.
"""

from __future__ import annotations

from core.exchange.applying import TableWriter
from core.exchange.registry import Dataset
from core.i18n import lazy
from core.members import permissions
from core.members.datasets.description import (
    BirthField,
    MemberRow,
    PersonRow,
    PositionRow,
    position_choices,
)
from core.members.datasets.dumping import birth_text, dump_members, dump_positions
from core.members.datasets.members import (
    list_members,
    load_members,
    one_below_the_other,
    settle_members,
)
from core.members.datasets.people import people_of
from core.members.datasets.positions import load_positions

WRITER = TableWriter(derived={"core_member": frozenset({"unit_id", "status"})})

datasets = [
    Dataset(
        "members",
        lazy("Members"),
        MemberRow,
        load=load_members,
        dump=dump_members,
        permission_import=permissions.MANAGE,
        permission_export=permissions.EXPORT,
        about="member",
        finish=settle_members,
        arrive=list_members,
        writer=WRITER,
        choices=position_choices,
        together=one_below_the_other,
        guidance=(
            lazy(
                "A person is known by the card number, else by the record number, else by unit, "
                "name and birth date."
            ),
            lazy(
                "One row is enough for a new member. Several rows tell the history: one for each "
                "change of the branch or of the status."
            ),
            lazy("An empty cell leaves what is stored."),
        ),
        order=30,
    ),
    Dataset(
        "positions",
        lazy("Positions"),
        PositionRow,
        load=load_positions,
        dump=dump_positions,
        permission_import=permissions.MANAGE,
        permission_export=permissions.EXPORT,
        about="member",
        finish=settle_members,
        writer=WRITER,
        choices=position_choices,
        guidance=(
            lazy(
                "A person is known by the card number, else by the record number, else by unit, "
                "name and birth date."
            ),
            lazy("An empty cell leaves what is stored."),
        ),
        order=40,
    ),
]

__all__ = ["BirthField", "PersonRow", "birth_text", "datasets", "people_of"]
