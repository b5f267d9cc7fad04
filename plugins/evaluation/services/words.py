"""The printed form of every key of evaluation, as in the field's phrase book."""

from __future__ import annotations

from core.i18n import Words, lazy

LEVELS: Words = {
    "excellent": lazy("Excellent completion of tasks"),
    "good": lazy("Good completion of tasks"),
    "completed": lazy("Completion of tasks"),
    "not_completed": lazy("Tasks not completed"),
}
SHORT_LEVELS: Words = {
    "excellent": lazy("Excellent (level)"),
    "good": lazy("Good (level)"),
    "completed": lazy("Completed (level)"),
    "not_completed": lazy("Not completed (level)"),
}
SUBJECTS: Words = {
    "unit": lazy("Party organisations"),
    "collective": lazy("Leading collectives"),
    "leader": lazy("Leaders"),
    "member": lazy("Members rated"),
}
ONE_SUBJECT: Words = {
    "unit": lazy("Party organisation rated"),
    "collective": lazy("Leading collective"),
    "leader": lazy("Leader of a unit"),
    "member": lazy("Member rated"),
}
STAGES: Words = {
    "self_review": lazy("Self-review"),
    "comments": lazy("Comments"),
    "vote": lazy("Ballot in the branch"),
    "appraisal": lazy("Appraisal"),
    "decision": lazy("Decision on the level"),
    "notice": lazy("Notice of the result"),
    "done": lazy("Result notified"),
    "not_rated": lazy("Not to be rated"),
}
TIERS: Words = {
    "branch": lazy("Branches and their members"),
    "grassroots": lazy("Grassroots organisations"),
    "superior": lazy("Communes and above"),
}
PERIOD_KINDS: Words = {
    "year": lazy("A year"),
    "quarter": lazy("A quarter"),
    "term": lazy("A term of office"),
    "on_demand": lazy("On demand, for a period of its own"),
}
NOT_RATED: Words = {
    "exempt": lazy("Exempt from Party work"),
    "suspended": lazy("Suspended from Party activities"),
    "probationary": lazy("On probation"),
    "new": lazy("A member for too short a time"),
    "other": lazy("For another reason"),
}
SCOPES: Words = {
    "grassroots_org": lazy("within the grassroots organisation"),
    "peer_group": lazy("within the peer group"),
    "superior": lazy("within the whole superior"),
    "campaign": lazy("within the whole campaign"),
}
RESIDENCE: Words = {
    "not_needed": lazy("No comment needed"),
    "exempt": lazy("Exempt from the comment"),
    "needed": lazy("Comment still to be asked for"),
    "asked": lazy("Comment asked for"),
    "answered": lazy("Comment received"),
}
COMMENT_KINDS: Words = {
    "residence": lazy("Branch of the place of residence"),
    "former": lazy("Branch before the transfer"),
}
OPINIONS: Words = {
    "fulfilled": lazy("Fulfils a member's and citizen's duties well"),
    "partly": lazy("Fulfils the duties in part"),
    "not_fulfilled": lazy("Does not fulfil the duties"),
    "unknown": lazy("Cannot say: not enough contact"),
}
APPEALS: Words = {
    "open": lazy("Waiting for an answer"),
    "granted": lazy("Level changed"),
    "dismissed": lazy("Level kept"),
}
ACTIONS: Words = {
    "opened": lazy("Evaluation opened"),
    "self_review": lazy("Self-review handed in"),
    "on_paper": lazy("Self-review received on paper"),
    "commented": lazy("Comments complete"),
    "voted": lazy("Ballots counted"),
    "submitted": lazy("Submitted for appraisal"),
    "picked": lazy("Level picked in the appraisal"),
    "proposed": lazy("Submitted for decision"),
    "returned": lazy("Sent back"),
    "forced": lazy("Best possible level limited"),
    "unforced": lazy("Limit on the level lifted"),
    "decided": lazy("Level decided"),
    "notified": lazy("Result notified to the subject"),
    "appealed": lazy("Appeal received"),
    "dismissed": lazy("Appeal answered, level kept"),
    "corrected": lazy("Level corrected by a new decision"),
    "moved": lazy("Place of evaluation changed"),
    "not_rated": lazy("Taken out of the rating"),
    "rated": lazy("Taken into the rating"),
}
RULES: Words = {
    "floor": lazy("rounded down"),
    "nearest": lazy("rounded to the nearest"),
}
BASES: Words = {
    "good_or_better": lazy("of those rated good or better"),
    "good_only": lazy("of those rated good"),
    "all_rated": lazy("of all rated"),
}


def level_text(level: str | None) -> str:
    """Return a level as printed; who has none is not rated."""
    return str(LEVELS[level]) if level else str(NOT_YET)


NOT_YET = lazy("Not rated yet")
