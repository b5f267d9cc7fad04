"""The columns of the files of a restructuring, and how shares are written."""

from __future__ import annotations

import re
from fractions import Fraction

from core.exchange.workbook import Column
from core.i18n import _, lazy
from core.restructuring.operations import WHOLE
from core.restructuring.titles import OPERATIONS

FULL = (
    Column(
        "operation", lazy("Operation"), "choice", required=True, choices=tuple(OPERATIONS.items())
    ),
    Column("unit_code", lazy("Code of the unit"), required=True),
    Column("target_code", lazy("Code of the unit it goes to")),
    Column("name", lazy("New name")),
    Column("kind", lazy("Kind")),
    Column("parent_code", lazy("Code of the unit above")),
    Column("sector", lazy("Sector")),
    Column("is_grassroots", lazy("Is a grassroots organisation"), "yes_no"),
    Column("has_delegated_powers", lazy("Has delegated powers"), "yes_no"),
    Column("has_seal", lazy("Has a seal"), "yes_no"),
    Column("term_months", lazy("Term in months"), "number"),
    Column("share", lazy("Share"), hint=lazy("whole, part, or a number such as 0.4 or 2/5")),
    Column("main_successor", lazy("Main successor"), "yes_no"),
    Column("reason", lazy("Reason")),
    Column("when_empty", lazy("Only when nothing is left under it"), "yes_no"),
)
REFORM = (
    Column("old_code", lazy("Old code")),
    Column("old_name", lazy("Old name")),
    Column("old_district", lazy("Old district")),
    Column("old_province", lazy("Old province")),
    Column("new_code", lazy("New code")),
    Column("new_name", lazy("New commune's name")),
    Column("new_province_code", lazy("Code of the new province")),
    Column("new_province", lazy("New province")),
)
PLAN = tuple(
    Column(c.key, c.title, c.kind, choices=c.choices, hint=c.hint) for c in (*FULL, *REFORM)
)
ASSIGN = (
    Column("unit_code", lazy("Code of the unit")),
    Column("new_parent_code", lazy("Code of the new unit above")),
    Column("card_no", lazy("Card number")),
    Column("record_no", lazy("Record number")),
    Column("full_name", lazy("Full name")),
    Column("birth_date", lazy("Birth date"), "day_or_year"),
    Column("new_unit_code", lazy("Code of the member's new unit")),
)
WHOLES = frozenset({"whole", "toàn bộ", "1", "100%"})
PARTS = frozenset({"", "part", "một phần"})


def parse_share(text: str) -> Fraction | None:
    """Read a share: whole, part (None: nobody knows how much), or a number up to one."""
    said = text.strip().casefold()
    if said in WHOLES:
        return WHOLE
    if said in PARTS:
        return None
    found = re.fullmatch(r"([0-9]+(?:[.,][0-9]+)?)\s*(%?)|([0-9]+)\s*/\s*([1-9][0-9]*)", said)
    if found is None:
        raise ValueError(text)
    if found[3]:
        share = Fraction(int(found[3]), int(found[4]))
    else:
        share = Fraction(found[1].replace(",", ".")) / (100 if found[2] else 1)
    if not 0 < share <= 1:
        raise ValueError(text)
    return share


def bad_row(number: int, sentence: str) -> str:
    """Say what is wrong with a row."""
    return _("Row %(number)s: %(sentence)s", number=number, sentence=sentence)
