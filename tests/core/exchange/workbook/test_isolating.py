"""Reading in a process of its own, with files that want to harm it."""

import subprocess
import sys

import pytest

from core.exchange.workbook import Limits, UnreadableFile, isolating, read_in_child, refusals

TWO = ("full_name", "unit_code")
HANDLERS = """
import os, signal

def names(rows):
    print("noise")
    return [row.values["full_name"] for row in rows]

def turn_forever(rows):
    while True:
        pass

def fail(rows):
    raise LookupError("planted")

def eat(rows):
    return len([b"x" * 2**20 for _ in range(10**6)])

def die(rows):
    os.kill(os.getpid(), signal.SIGSEGV)
"""


@pytest.fixture
def path(make_xlsx, row_of):
    rows = [row_of(f"Đồng chí {number}", f"CB-{number}") for number in range(25)]
    return make_xlsx(row_of(*TWO, "note") + "".join(rows))


@pytest.fixture
def handlers(tmp_path, monkeypatch):
    """Return a module that the child can import as we can."""
    (tmp_path / "handlers_of_a_test.py").write_text(HANDLERS)
    monkeypatch.syspath_prepend(tmp_path)
    import handlers_of_a_test  # noqa: PLC0415 - it was written a moment ago

    yield handlers_of_a_test
    del sys.modules["handlers_of_a_test"]


def test_rows_come_in_batches_and_the_child_is_gone_at_the_end(path, columns):
    with read_in_child(path, columns, batch=10) as reading:
        assert reading.unknown_columns == ["note"]
        assert (reading.columns, reading.heading_row, reading.sheet) == (list(TWO), 1, "Sheet1")
        batches = list(reading)
        assert reading._child.returncode == 0
    assert [len(batch) for batch in batches] == [10, 10, 5]
    assert batches[0][3].number == 5
    assert batches[0][3].values == {"full_name": "Đồng chí 3", "unit_code": "CB-3"}


def test_bad_cells_come_through(make_xlsx, row_of, columns):
    path = make_xlsx(row_of(*TWO) + row_of("An", '<c t="e"><v>#N/A</v></c>'))
    with read_in_child(path, columns) as reading:
        assert next(reading)[0].bad == {"unit_code": refusals.BAD_ERROR}


def test_a_handler_works_in_the_child_and_what_it_prints_disturbs_nobody(path, columns, handlers):
    with read_in_child(path, columns, handlers.names, batch=20) as reading:
        batches = list(reading)
    assert [len(batch) for batch in batches] == [20, 5]
    assert batches[1][-1] == "Đồng chí 24"


def test_a_handler_must_be_a_function_of_a_module(path, columns):
    with pytest.raises(ValueError, match="not a function of a module"):
        read_in_child(path, columns, lambda rows: rows)


def test_a_refusal_of_the_child_is_ours_with_its_values(make_xlsx, row_of, columns):
    path = make_xlsx(row_of("full_name", "card_no"))
    with pytest.raises(UnreadableFile) as caught:
        read_in_child(path, columns)
    assert caught.value.sentence == refusals.MISSING_HEADINGS
    assert caught.value.values == {"columns": "Mã đơn vị"}


def test_the_name_given_by_the_sender_reaches_the_child(path, columns, tmp_path):
    kept = tmp_path / "upload-17"
    kept.write_bytes(path.read_bytes())
    with read_in_child(kept, columns, filename="ds.xlsx") as reading:
        assert len(next(reading)) == 25
    with pytest.raises(UnreadableFile):
        read_in_child(kept, columns)


def test_a_table_of_strings_beyond_the_limit_ends_the_child_and_not_us(make_xlsx, row_of, columns):
    strings = f"<si><t>{'x' * 30_000}</t></si>" * 2_000
    path = make_xlsx(row_of(*TWO) + row_of("An", "1"), strings=strings)
    limits = Limits(ratio=100_000, memory=40 * 2**20)
    with pytest.raises(UnreadableFile) as caught, read_in_child(path, columns, limits=limits):
        pass
    assert caught.value.sentence == refusals.TOO_BIG_INSIDE
    with read_in_child(path, columns, limits=Limits(ratio=100_000)) as reading:
        assert len(next(reading)) == 1


@pytest.mark.parametrize("name", ["eat", "die"])
def test_a_child_that_takes_too_much_or_breaks_down_is_a_refusal(path, columns, handlers, name):
    with (
        pytest.raises(UnreadableFile) as caught,
        read_in_child(path, columns, getattr(handlers, name)) as reading,
    ):
        list(reading)
    assert caught.value.sentence == refusals.TOO_BIG_INSIDE


def test_a_child_that_never_ends_is_ended(path, columns, handlers):
    with (
        pytest.raises(UnreadableFile) as caught,
        read_in_child(path, columns, handlers.turn_forever, limits=Limits(seconds=1)) as reading,
    ):
        list(reading)
    assert caught.value.sentence == refusals.TOO_SLOW
    assert reading._child.poll() is not None


def test_a_child_that_says_nothing_is_ended(path, columns, monkeypatch):
    monkeypatch.setattr(isolating, "_WAITS", 0)
    with pytest.raises(UnreadableFile) as caught:
        read_in_child(path, columns)
    assert caught.value.sentence == refusals.TOO_SLOW


def test_a_fault_of_a_handler_is_not_blamed_on_the_file(path, columns, handlers):
    with (
        pytest.raises(RuntimeError, match="status 1"),
        read_in_child(path, columns, handlers.fail) as reading,
    ):
        list(reading)


def test_whoever_stops_early_leaves_no_child_behind(path, columns):
    with read_in_child(path, columns, batch=1) as reading:
        next(reading)
    assert reading._child.returncode is not None
    assert reading._child.stdout.closed


def test_the_child_needs_neither_database_nor_web(path, columns):
    said = subprocess.run(
        [sys.executable, "-c", "import core.exchange.workbook.child, sys; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert not {"sqlalchemy", "flask", "openpyxl"} & set(said)
