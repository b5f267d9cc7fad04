"""Opening the papers that were handed over: Word as python-docx reads it, PDF as printed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from docx import Document
from docx.table import Table


def words_of(file: Path) -> str:
    """Return the text of a Word file with its tables, one line a paragraph or row."""
    lines: list[str] = []
    for block in Document(str(file)).iter_inner_content():
        if isinstance(block, Table):
            lines += ["\n".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def names_in(text: str) -> list[str]:
    """Return the numbered names of a paper's list of those present."""
    rest = text.partition("Đảng viên có mặt")[2].partition("III. ")[0]
    return [name.strip() for name in re.findall(r"^\s*\d+\. (.+)$", rest, re.MULTILINE)]


def pages_of(file: Path, folder: Path) -> list[str]:
    """Return the text of each page, a Word file as LibreOffice prints it."""
    if file.suffix == ".docx":
        profile = (folder / "profile").as_uri()
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(folder / "printed"), str(file)]
        subprocess.run(command, check=True, capture_output=True, timeout=100)
        file = folder / "printed" / f"{file.stem}.pdf"
    asked = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", str(file), "-"],
        check=True,
        capture_output=True,
        timeout=30,
    )
    return asked.stdout.decode().rstrip("\f\n").split("\f")
