"""Builders of workbooks as other programs write them, part by part."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.exchange.workbook import Column, read_rows

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>
<numFmt numFmtId="165" formatCode="#,##0&quot; day&quot;"/></numFmts>
<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="20"/><xf numFmtId="165"/></cellXfs>
</styleSheet>"""


@pytest.fixture
def columns() -> list[Column]:
    """Return columns of every kind, two of them required."""
    sexes = (("male", "Nam"), ("female", "Nữ"))
    return [
        Column("card_no", "Số thẻ đảng viên", hint="12 chữ số"),
        Column("full_name", "Họ và tên", required=True),
        Column("birth_date", "Ngày sinh", kind="day_or_year"),
        Column("admitted_on", "Ngày vào Đảng", kind="day"),
        Column("for_month", "Tháng", kind="month"),
        Column("sex", "Giới tính", kind="choice", choices=sexes),
        Column("regular", "Thường kỳ", kind="yes_no"),
        Column("points", "Điểm", kind="number"),
        Column("unit_code", "Mã đơn vị", required=True),
    ]


@pytest.fixture
def read(columns):
    """Return a function that reads a file to its end and gives the values of its rows."""

    def reader(path: Path, **options) -> list[dict[str, str]]:
        with read_rows(path, columns, **options) as reading:
            return [row.values for row in reading]

    return reader


@pytest.fixture
def make_zip(tmp_path) -> Callable[..., Path]:
    """Return a function that writes a zip file of the parts given."""

    def build(parts: dict[str, str | bytes], name: str = "made.xlsx") -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in parts.items():
                archive.writestr(part, content)
        return path

    return build


@pytest.fixture
def make_xlsx(make_zip) -> Callable[..., Path]:
    """Return a function that writes a workbook of sheets, each the XML within `sheetData`."""

    def build(
        *sheets: str,
        names: tuple[str, ...] = ("Sheet1", "Sheet2"),
        hidden: tuple[str, ...] = (),
        strings: str = "",
        prolog: str = "",
        properties: str = "",
        more: dict[str, str | bytes] | None = None,
    ) -> Path:
        entries = ""
        relations = ""
        parts: dict[str, str | bytes] = {}
        for number, (name, rows) in enumerate(zip(names, sheets, strict=False), 1):
            state = ' state="hidden"' if name in hidden else ""
            entries += f'<sheet name="{name}" sheetId="{number}"{state} r:id="rId{number}"/>'
            relations += _relation(number, "worksheet", f"worksheets/sheet{number}.xml")
            parts[f"xl/worksheets/sheet{number}.xml"] = (
                f'{prolog}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
            )
        relations += _relation(98, "styles", "/xl/styles.xml")
        if strings:
            relations += _relation(99, "sharedStrings", "sharedStrings.xml")
            parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
        parts["xl/styles.xml"] = STYLES
        parts["xl/_rels/workbook.xml.rels"] = (
            f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>'
        )
        parts["xl/workbook.xml"] = (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}'
            f"<sheets>{entries}</sheets></workbook>"
        )
        return make_zip(parts | (more or {}))

    return build


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'


@pytest.fixture
def row_of() -> Callable[..., str]:
    """Return a function that writes a row of inline text as XML; other cells as they are given."""

    def build(*cells: str, number: int | None = None) -> str:
        place = f' r="{number}"' if number else ""
        inner = "".join(
            cell if cell.startswith("<") else f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
            for cell in cells
        )
        return f"<row{place}>{inner}</row>"

    return build


@pytest.fixture
def head(row_of) -> str:
    """Return the XML of a row with all headings, as keys."""
    return row_of(
        *("card_no", "full_name", "birth_date", "admitted_on", "for_month"),
        *("sex", "regular", "points", "unit_code"),
    )
