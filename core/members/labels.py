"""The printed words of statuses, exits, conditions and ways into a position."""

from __future__ import annotations

from core.i18n import LazyText, lazy

STATUS = {
    "official": lazy("Official member"),
    "probationary": lazy("Probationary member"),
    "exempt": lazy("Exempt from work and meetings"),
    "left": lazy("Not a member here any more"),
}
STATUS_SHORT = {
    "official": lazy("Official"),
    "probationary": lazy("Probationary"),
    "exempt": lazy("Exempt"),
    "left": lazy("Left"),
}
STATUS_COLOUR = {"official": "good", "probationary": "info", "exempt": "none", "left": "none"}
REASON = {
    "moved": lazy("Moved to another system"),
    "deceased": lazy("Died"),
    "removed": lazy("Struck from the list"),
    "expelled": lazy("Expelled"),
    "resigned": lazy("Resigned from the Party"),
}
CONDITION = {
    "away": lazy("Away for work"),
    "suspended": lazy("Suspended from Party life"),
    "excused": lazy("Excused from meetings for a time"),
}
HOW = {
    "elected": lazy("Elected"),
    "appointed": lazy("Appointed"),
    "ratified": lazy("Ratified"),
}
SEX = {"male": lazy("Male"), "female": lazy("Female")}
FIELD = {
    "full_name": lazy("Full name"),
    "surname": lazy("Surname"),
    "middle_name": lazy("Middle name"),
    "given_name": lazy("Given name"),
    "birth_date": lazy("Birth date"),
    "birth_precision": lazy("How well the birth date is known"),
    "sex": lazy("Sex"),
    "card_no": lazy("Card number"),
    "record_no": lazy("Record number"),
    "phone": lazy("Telephone"),
    "email": lazy("E-mail"),
    "admitted_on": lazy("Admitted on"),
    "official_on": lazy("Official since"),
}


def status_label(status: str, reason: str = "") -> LazyText | str:
    """Return how a status is printed; an exit is named by its reason."""
    if status == "left" and reason in REASON:
        return REASON[reason]
    return STATUS.get(status, status)
