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


ACT = {
    "members.registered": lazy("entered"),
    "members.corrected": lazy("put right"),
    "members.status_changed": lazy("status changed"),
    "members.left": lazy("exit entered"),
    "members.readmitted": lazy("taken in again"),
    "members.transferred": lazy("transferred"),
    "members.temporary_begun": lazy("stay elsewhere begun"),
    "members.temporary_ended": lazy("stay elsewhere ended"),
    "members.position_given": lazy("position given"),
    "members.position_ended": lazy("position ended"),
    "members.condition_set": lazy("entered for a time"),
    "members.condition_cleared": lazy("ended what held for a time"),
    "members.contacted": lazy("contact noted"),
    "members.fact_corrected": lazy("entry of the history put right"),
    "members.fact_dropped": lazy("entry of the history taken out"),
    "members.merged": lazy("merged with another record"),
    "members.merge_undone": lazy("merge taken back"),
    "members.voided": lazy("voided"),
    "members.erased": lazy("personal data erased"),
    "members.correction_requested": lazy("correction asked for"),
    "members.correction_answered": lazy("request answered"),
}


def status_label(status: str, reason: str = "") -> LazyText | str:
    """Return how a status is printed; an exit is named by its reason."""
    if status == "left" and reason in REASON:
        return REASON[reason]
    return STATUS.get(status, status)
