"""Loading rows cell by cell comes to the same as loading them by the whole schema."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exchange.parsing import RowParser, is_plain
from core.exchange.workbook import RawRow
from core.forms import DayField, FormSchema, LineField, MonthField, TimeField, choice
from core.members.datasets import datasets as of_members
from core.units.datasets import datasets as of_units
from plugins.evaluation.datasets import datasets as of_evaluation
from plugins.meetings.datasets import datasets as of_meetings
from plugins.pilots.datasets import datasets as of_pilots
from plugins.recruitment.datasets import datasets as of_recruitment

BUNDLED = (
    of_units, of_members, of_meetings, of_evaluation, of_recruitment, of_pilots,
)  # fmt: skip
SCHEMAS = {one.key: one.schema for listed in BUNDLED for one in listed}
TEXTS = (
    "", "Nguyễn Văn An", "Nguye\u0302\u0303n  Va\u0306n An", "1960", "1960-02-03", "3/2/1960",
    "31/02/2020", "11/2026", "19h30", "yes", "no", "male", "official", "secretary", "good",
    "branch", "present", "unit", "1/2", "50%", "12.5", "-3", "B1", "có dấu", "x" * 350,
    "\u200bẩn", "two\nlines", "1/1/0001", "0", "True", "'=1+1", "[]", "\u0301", "9" * 30,
)  # fmt: skip
A_TEXT = st.sampled_from(TEXTS)


def told(parser: RowParser, texts: dict[str, str]) -> tuple[Any, ...]:
    """Return what a parser makes of a row."""
    row = parser.parse(RawRow(7, texts))
    return row.number, [*row.values.items()], row.problems


@pytest.mark.parametrize("key", SCHEMAS)
@settings(max_examples=15)
@given(data=st.data())
def test_cell_by_cell_is_what_the_whole_schema_says(key: str, data: st.DataObject) -> None:
    quick, whole = RowParser(SCHEMAS[key]()), RowParser(SCHEMAS[key]())
    whole._is_plain = False
    columns = [one.data_key or name for name, one in SCHEMAS[key]().load_fields.items()]
    chosen = data.draw(st.lists(st.sampled_from(columns), unique=True))
    for _again in range(2):  # what is remembered is said again
        texts = {column: data.draw(A_TEXT) for column in chosen}
        assert told(quick, texts) == told(quick, texts) == told(whole, texts)


def test_the_bundled_datasets_go_cell_by_cell_but_one_with_a_default() -> None:
    assert [key for key, schema in SCHEMAS.items() if not is_plain(schema())] == ["lineage"]


class Whole(FormSchema):
    """A row that is looked at as a whole."""

    one = LineField()

    @ma.validates_schema
    def check(self, data: Any, **_options: Any) -> None:
        """Refuse a word."""
        if data.get("one") == "no":
            raise ma.ValidationError("Not this.")


class Filled(FormSchema):
    """A row with a value where a cell is empty."""

    one = LineField(load_default="none")


def test_a_schema_with_checks_of_its_own_or_defaults_is_asked_as_a_whole() -> None:
    assert told(RowParser(Whole()), {"one": "no"})[2] == [(None, "Not this.")]
    assert told(RowParser(Filled()), {"one": ""})[1] == [("one", "none")]
    assert told(RowParser(Filled()), {"two": "2"})[2][0][0] == "two"


def test_a_cell_that_could_not_be_read_keeps_its_reason() -> None:
    class Day(FormSchema):
        """A day, a month, a time and a choice."""

        on = DayField()
        month = MonthField()
        at = TimeField()
        how = LineField(validate=choice([("a", "A")]))

    raw = RawRow(3, {"on": "#REF!", "month": "1/2020", "at": "25h", "how": "b"}, {"on": "Bad."})
    row = RowParser(Day()).parse(raw)
    assert [column for column, _sentence in row.problems] == ["on", "at", "how"]
    assert list(row.values) == ["month"]
