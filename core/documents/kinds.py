"""How kinds of papers and their states are called on pages."""

from __future__ import annotations

from core.documents.paper import KIND_CODES
from core.i18n import lazy

# Several kinds share a code (minutes and counts of ballots are BB); registers are kept by code.
CODE_NAMES = {
    "NQ": lazy("Resolution"),
    "KL": lazy("Conclusion"),
    "QĐ": lazy("Decision"),
    "CT": lazy("Directive"),
    "QC": lazy("Regulation"),
    "HD": lazy("Guidance"),
    "TB": lazy("Notice (paper)"),
    "BC": lazy("Report"),
    "KH": lazy("Plan"),
    "CTr": lazy("Programme"),
    "ĐA": lazy("Project"),
    "TTr": lazy("Submission"),
    "CV": lazy("Official letter"),
    "BB": lazy("Minutes (paper)"),
    "GM": lazy("Invitation"),
}
KIND_NAMES = {
    "ballot_count": lazy("Count of ballots"),
    "attendance_sheet": lazy("Attendance sheet"),
    "slips": lazy("Slips to cut out"),
    "register": lazy("Register of papers"),
}
STATE_NAMES = {
    "draft": lazy("Number kept"),
    "issued": lazy("Issued"),
    "voided": lazy("Voided (paper)"),
}
SOURCE_NAMES = {"own": lazy("Issued here"), "registered": lazy("From elsewhere")}
STATE_COLOURS = {"draft": "warn", "issued": "good", "voided": "late"}


def kind_name(kind: str, code: str = "") -> str:
    """Return how a kind of paper is called; an unknown one by its code."""
    code = KIND_CODES.get(kind, code)
    return str(KIND_NAMES.get(kind) or CODE_NAMES.get(code) or code)


def code_name(code: str) -> str:
    """Return how the papers of a code are called, with the code."""
    return f"{CODE_NAMES[code]} ({code})" if code in CODE_NAMES else code
