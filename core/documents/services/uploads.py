"""What somebody may send: small enough, of a known kind by its first bytes, without a mark."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO

from core.documents.secrecy import secrecy_marks
from core.errors import InvalidInput, RuleBroken
from core.i18n import _
from core.settings import value
from core.units.places import Place
from core.work import Work

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
FARTHEST_UNPACKED = 200_000_000  # bytes; a file that unpacks to more is a bomb


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    filename: str
    body: bytes


def check_upload(work: Work, upload: Upload, unit: Place | None = None) -> str:
    """Return the MIME type of a file that may be kept; refuse every other with a sentence.

    Source of the refusal of marks: Law on the protection of state secrets; only unclassified
    papers enter the system (`domain`, 11.2).
    """
    most = int(value(work, "core.documents.upload_megabytes", unit or work.unit))
    if not upload.body:
        raise _refused(_("The file is empty. Choose it again."))
    if len(upload.body) > most * 1_000_000:
        raise _refused(_("The file is larger than %(n)s MB. Send a smaller one.", n=most))
    mime = kind_of(upload.body)
    if not mime:
        raise _refused(_("Send a PDF, Word (.docx) or Excel (.xlsx) file."))
    marks = secrecy_marks(upload.body, upload.filename)
    if marks:
        sentence = _(
            "Only unclassified papers are accepted. This file bears the mark “%(mark)s”: "
            "it was not kept. Handle it outside the system.",
            mark=marks[-1],
        )
        raise RuleBroken(sentence, fields={"file": [sentence]})
    return mime


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput(sentence, fields={"file": [sentence]})


def kind_of(body: bytes) -> str:
    """Return the MIME type a file's own bytes tell, whatever its name says; empty for others."""
    if body[:1024].lstrip().startswith(b"%PDF-"):
        return PDF
    if not body.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            names = set(archive.namelist())
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return ""
    if size > FARTHEST_UNPACKED or "[Content_Types].xml" not in names:
        return ""
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return ""  # a file with macros is a program
    return WORD if "word/document.xml" in names else EXCEL if "xl/workbook.xml" in names else ""
