"""Files: a hundred thousand members in, all members out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from tests.benchmarks import processes
from tests.benchmarks.bench import Bench
from tests.benchmarks.ground import ROOT, environment
from tests.benchmarks.table import Row, row

HATNHAN = (sys.executable, "-m", "core")
ROWS = 100_000
COLUMNS = ("record_no", "full_name", "birth_date", "sex", "unit_code", "status", "admitted_on")
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
GIVEN = ("An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Minh", "Oanh", "Phúc")


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took: seconds, processors' seconds, the most memory of a process."""

    seconds: float
    cpu: float
    memory: int
    printed: str


def command(arguments: Sequence[str], environ: dict[str, str]) -> Run:
    """Run a command and watch the memory of each of its processes."""
    began = time.perf_counter()
    before = os.times()
    process = subprocess.Popen(arguments, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    most = [0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            for pid in processes.family([process.pid]):
                try:
                    most[0] = max(most[0], processes.peak_memory(pid))
                except OSError:
                    continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    printed, _errors = process.communicate()
    done.set()
    watcher.join()
    after = os.times()
    cpu = after.children_user - before.children_user
    cpu += after.children_system - before.children_system
    if process.returncode:
        raise RuntimeError(f"{arguments}: {printed[:400]}")
    return Run(time.perf_counter() - began, cpu, most[0], printed)


def import_members(bench: Bench) -> Iterator[Row]:
    """A workbook of members read, checked, written with ledger and undo, into a copy."""
    file = bench.folder / "members.xlsx"
    count = min(ROWS, 10 * bench.ground.rows["core_member"])
    write_members(file, count, branches(bench))
    server = [bench.cluster.pid] if bench.is_postgresql else []
    before = processes.cpu_seconds(server)
    done = command(
        [*HATNHAN, "import", "members", str(file), "--json"],
        environment(bench.ground.url, bench.folder),
    )
    busy = done.cpu + processes.cpu_seconds(server) - before
    told = json.loads(done.printed)
    if told["created"] != count:
        raise RuntimeError(done.printed[:400])
    read = read_only(file)
    yield row(f"import of {count:,} members from .xlsx, rows a second of CPU", bench.size,
              count / busy, floor=int(read.printed) / read.cpu, at_least=5000)  # fmt: skip
    yield row(f"import of {count:,} members, rows a second on the clock", bench.size,
              count / done.seconds)  # fmt: skip
    yield row(f"import of {count:,} members, memory of the largest process, MiB", bench.size,
              done.memory / 2**20, at_most=150)  # fmt: skip


def branches(bench: Bench) -> list[str]:
    """Return the codes of the branches."""
    statement = "SELECT code FROM core_unit WHERE code LIKE 'XC%%' ORDER BY code"
    with bench.system().database.engine.connect() as connection:
        return [code for (code,) in connection.exec_driver_sql(statement)]


def write_members(file: Path, count: int, units: Sequence[str]) -> None:
    """Write a workbook of new members, spread over the branches."""
    workbook = xlsxwriter.Workbook(str(file), {"constant_memory": True})
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, COLUMNS)
    day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    for at in range(count):
        name = f"{SURNAMES[at % 10]} Văn {GIVEN[at % 11]} {_letters(at)}"
        born = date(1960, 1, 1) + timedelta(days=at * 7 % 14000)
        sheet.write_string(at + 1, 0, f"NK{at:07d}")
        sheet.write_string(at + 1, 1, name)
        sheet.write_datetime(at + 1, 2, born, day)
        sheet.write_string(at + 1, 3, "female" if at % 3 == 0 else "male")
        sheet.write_string(at + 1, 4, units[at % len(units)])
        sheet.write_string(at + 1, 5, "official")
        sheet.write_datetime(at + 1, 6, date(2026, 7, 2) + timedelta(days=at % 90), day)
    workbook.close()


def _letters(number: int) -> str:
    """Return a made-up last name, so that few people share a whole name."""
    first, second = divmod(number // 110, 26)
    return chr(65 + first % 26) + chr(97 + second)


def read_only(file: Path) -> Run:
    """Read the cells of a workbook and do nothing with them, as another program does."""
    program = (
        "import sys, openpyxl\n"
        "book = openpyxl.load_workbook(sys.argv[1], read_only=True)\n"
        "print(sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)) - 1)\n"
    )
    return command([sys.executable, "-c", program, str(file)], dict(os.environ))


def export_members(bench: Bench) -> Iterator[Row]:
    """All members into a workbook, beside XlsxWriter alone with the same cells."""
    file = bench.folder / "export.xlsx"
    export = [*HATNHAN, "export", "members", str(file), "--unit", "ROOT", "--json"]
    done = command(export, bench.environ)
    count = json.loads(done.printed)["rows"]
    program = [sys.executable, "-m", "tests.benchmarks.measures.rewriting", str(file)]
    again = command([*program, str(bench.folder / "again.xlsx")], dict(os.environ))
    alone = json.loads(again.printed)["cpu"]
    yield row(f"export of {count:,} rows of members to .xlsx, CPU s", bench.size, done.cpu,
              floor=alone, ratio_at_most=1.5)  # fmt: skip
    part = [*export, "--as-of", "2026-11-22"]
    less = command([*part[:7], bench.people["commune"].unit, *part[8:]], bench.environ)
    yield row("export of members, memory MiB (floor: of one commune)", bench.size,
              done.memory / 2**20, floor=less.memory / 2**20, ratio_at_most=1.5)  # fmt: skip
