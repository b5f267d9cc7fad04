"""XlsxWriter alone: the cells of a workbook written again, as fast as it can; prints its time."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime

import openpyxl
import xlsxwriter

BLOCK = 20_000


def blocks(file: str) -> Iterator[list[tuple[object, ...]]]:
    """Read a workbook's cells; reading is not part of the measure."""
    sheet = openpyxl.load_workbook(file, read_only=True).worksheets[0]
    block: list[tuple[object, ...]] = []
    for values in sheet.iter_rows(values_only=True):
        block.append(values)
        if len(block) == BLOCK:
            yield block
            block = []
    yield block


def main() -> None:
    """Write the cells again with the format of days, rows in their order, constant memory."""
    source, target = sys.argv[1:]
    workbook = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = workbook.add_worksheet()
    day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    used, at = 0.0, 0
    for block in blocks(source):
        began = time.process_time()
        for values in block:
            for column, value in enumerate(values):
                if value is None:
                    continue
                if isinstance(value, str):
                    sheet.write_string(at, column, value)
                elif isinstance(value, (date, datetime)):
                    sheet.write_datetime(at, column, value, day)
                else:
                    sheet.write(at, column, value)
            at += 1
        used += time.process_time() - began
    began = time.process_time()
    workbook.close()
    print(json.dumps({"cpu": used + time.process_time() - began, "rows": at}))


if __name__ == "__main__":
    main()
