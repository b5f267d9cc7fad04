"""Prints a paper as Word and as PDF from replaceable templates: the same paper, the same bytes.

What prints is imported when something is printed: its libraries take 14 MB and a tenth of a second
of every process that has them, and most processes never print.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from core.documents.paper import Paper, from_data

PAPERS: Final = Path(__file__).parent / "papers"
WORD_TEMPLATE: Final = PAPERS / "paper.docx"
PDF_TEMPLATE: Final = PAPERS / "paper.typ"

SAMPLES: Final = (
    "minutes",
    "resolution",
    "notice",
    "invitation",
    "attendance_sheet",
    "ballot_count",
    "slips",
)


def render_docx(paper: Paper, template: Path | None = None) -> bytes:
    """Print the paper as a Word file; a template that cannot be filled raises RuleBroken."""
    from core.documents import printing  # noqa: PLC0415 - see above

    return printing.render_docx(paper, template)


def render_pdf(paper: Paper, template: Path | None = None) -> bytes:
    """Print the paper as a tagged PDF; a template that cannot be filled raises RuleBroken."""
    from core.documents import printing  # noqa: PLC0415 - see above

    return printing.render_pdf(paper, template)


def check_template(path: Path) -> list[str]:
    """Say what is wrong with a replaced template (.docx or .typ), and where, in sentences.

    An empty list means that every kind of paper can be printed with it.
    """
    from core.documents import printing  # noqa: PLC0415 - see above

    return printing.check_template(path)


def sample_paper(kind: str) -> Paper:
    """Give a paper of a kind (see SAMPLES) with invented content, for previews of a template."""
    samples = json.loads((PAPERS / "samples.json").read_text(encoding="utf-8"))
    return from_data(samples[kind])
