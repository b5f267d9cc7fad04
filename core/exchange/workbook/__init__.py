"""Workbooks and CSV files: guarded, streamed in and out, with templates and annotations."""

from .annotating import annotate
from .columns import USUAL, Column, Limits, Problems, RawRow, Sheet, Target, UnreadableFile
from .guard import check_file
from .isolating import ChildReading, read_in_child
from .reading import Reading, read_rows
from .template import write_template
from .writing import write_csv, write_rows

__all__ = [
    "USUAL",
    "ChildReading",
    "Column",
    "Limits",
    "Problems",
    "RawRow",
    "Reading",
    "Sheet",
    "Target",
    "UnreadableFile",
    "annotate",
    "check_file",
    "read_in_child",
    "read_rows",
    "write_csv",
    "write_rows",
    "write_template",
]
