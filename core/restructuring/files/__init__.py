"""Files of a restructuring: the reform's table of communes, and a fuller one of all operations.

The reform's table has one row for each pair of an old and a new commune::

    (
        old_code,
        old_name,
        old_district,
        old_province,
        new_code,
        new_name,
        new_province_code,
        new_province,
    )
    share, main_successor

`share` is `whole`, `part` (of unknown size) or a number (`0.4`, `2/5`, `40%`); of the parts of one
unit one row says `yes` as `main_successor`. Every new code makes a new unit, also where one old
commune becomes one new one. Old districts and provinces end when nothing is left under them.

The fuller table has one row for each pair of units an operation concerns::

    (
        operation,
        unit_code,
        target_code,
        name,
        kind,
        parent_code,
        sector,
        is_grassroots,
    )
    has_delegated_powers, has_seal, term_months, share, main_successor, reason, when_empty

=============  ==================================================================================
establish      `unit_code` begins: `name`, `kind`, `parent_code`
merge_into     `unit_code` ends, `target_code` goes on
consolidate    `unit_code` ends, `target_code` begins; one row for each that ends; `name`, `kind`,
               `parent_code` of the new one on any of its rows
divide         `unit_code` ends, `target_code` begins; one row for each that begins, with `share`
split_off      `unit_code` goes on, `target_code` begins
transfer       `unit_code` with all below it goes under `parent_code`
convert        `unit_code` becomes of `kind`, or another fact of it changes
rename         `unit_code` is called `name`
dissolve       `unit_code` ends by decision: `target_code` takes over, or a `reason` is given
terminate      `unit_code` ends because its level ended; `when_empty`: only if nothing is left there
=============  ==================================================================================

A second file assigns what is divided: `unit_code,new_parent_code` for units, and for members
`card_no,record_no,full_name,birth_date,unit_code,new_unit_code`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.exchange.workbook import RawRow, UnreadableFile
from core.i18n import mark
from core.restructuring.files.assignments import Assignments, PersonRow, read_assignments
from core.restructuring.files.columns import ASSIGN, FULL, PLAN, REFORM, parse_share
from core.restructuring.files.full import read_full
from core.restructuring.files.reform import Succession, read_reform
from core.restructuring.files.writing import raw_rows, rows_of
from core.restructuring.operations import Operation

NEITHER = mark(
    "This is neither the table of a reform (old_code, new_code) nor one of operations "
    "(operation, unit_code)."
)


@dataclass
class PlanFile:
    """What a file of a plan says: operations or rows of a reform, and what is wrong with it."""

    operations: list[Operation] = field(default_factory=list)
    successions: list[Succession] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_plan(columns: Sequence[str], rows: Iterable[RawRow]) -> PlanFile:
    """Read a plan from the rows of a file; raise UnreadableFile where it is neither format."""
    if "operation" in columns and "unit_code" in columns:
        operations, problems = read_full(rows)
        return PlanFile(operations=operations, problems=problems)
    if "old_code" in columns and "new_code" in columns:
        successions, problems = read_reform(rows)
        return PlanFile(successions=successions, problems=problems)
    raise UnreadableFile(NEITHER)


__all__ = [
    "ASSIGN",
    "FULL",
    "PLAN",
    "REFORM",
    "Assignments",
    "PersonRow",
    "PlanFile",
    "Succession",
    "parse_share",
    "raw_rows",
    "read_assignments",
    "read_full",
    "read_plan",
    "rows_of",
]
