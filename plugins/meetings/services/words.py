"""The printed form of every key of meetings, as in the field's phrase book."""

from __future__ import annotations

from core.i18n import Words, lazy

KINDS: Words = {
    "branch": lazy("Branch meeting"),
    "extra": lazy("Extra meeting"),
    "committee": lazy("Branch committee meeting"),
    "group": lazy("Group meeting"),
}
MODES: Words = {
    "onsite": lazy("On site"),
    "online": lazy("Online"),
    "mixed": lazy("On site and online"),
}
STATES: Words = {
    "preparing": lazy("Being prepared"),
    "asked": lazy("Waiting for the committee"),
    "agreed": lazy("Agreed by the committee"),
    "announced": lazy("Announced"),
    "postponed": lazy("Postponed"),
    "holding": lazy("Being held"),
    "minutes": lazy("Minutes to be finished"),
    "closed": lazy("Meeting completed"),
    "not_held": lazy("Not held"),
    "void": lazy("Made by mistake"),
}
ABOVE: Words = {
    "not_due": lazy("Not yet due"),
    "overdue_unentered": lazy("Past and not entered"),
    "held_no_minutes": lazy("Held, minutes missing"),
    "done": lazy("Meeting completed"),
    "postponed": lazy("Postponed with a reason"),
    "not_held": lazy("No meeting held"),
}
ATTENDANCE: Words = {
    "present": lazy("Present"),
    "online": lazy("Online, taking part"),
    "late": lazy("Late"),
    "left_early": lazy("Left early"),
    "excused": lazy("Excused"),
    "absent": lazy("Absent without a reason"),
    "not_required": lazy("Not required"),
}
STANDINGS: Words = {
    "official": lazy("Official member"),
    "probationary": lazy("Probationary member"),
    "exempt": lazy("Exempt"),
    "elsewhere": lazy("Taking part elsewhere for a time"),
    "suspended": lazy("Suspended"),
    "excused": lazy("Excused for a time"),
}
REASONS: Words = {
    "health": lazy("Health"),
    "duty": lazy("On duty"),
    "study": lazy("Studying"),
    "family": lazy("Family matters"),
    "away": lazy("Working away"),
    "disaster": lazy("Natural disaster"),
    "other": lazy("Other reason"),
}
TOLD: Words = {
    "app": lazy("in the application"),
    "phone": lazy("by phone"),
    "in_person": lazy("in person"),
    "slip": lazy("by printed slip"),
}
METHODS: Words = {"cards": lazy("By show of cards"), "secret": lazy("By secret ballot")}
QUESTIONS: Words = {
    "decision": lazy("Decision of the branch"),
    "admission": lazy("Admission or recognition"),
    "minutes": lazy("Adoption of the minutes"),
}
RULES: Words = {"majority": lazy("more than half"), "two_thirds": lazy("two thirds")}
BASES: Words = {
    "entitled": lazy("official members entitled to vote"),
    "present": lazy("official members present"),
}
NEXT_STEPS: Words = {
    "prepare_again": lazy("Prepare it again for the next meeting"),
    "report_up": lazy("Report to the committee above"),
}
TASKS: Words = {
    "todo": lazy("To do"),
    "doing": lazy("Being done"),
    "done": lazy("Finished"),
    "overdue": lazy("Overdue"),
    "asked": lazy("Later day asked for"),
    "carried": lazy("Carried to the next month"),
    "dropped": lazy("Dropped"),
}
MINUTES: Words = {
    "draft": lazy("Draft paper"),
    "adopted": lazy("Adopted"),
    "confirmed": lazy("Confirmed"),
    "locked": lazy("Locked"),
}
ORIGINS: Words = {
    "own": lazy("own item"),
    "template": lazy("from the agenda of this kind of branch"),
    "task": lazy("task not finished last month"),
    "resolution": lazy("resolution being carried out"),
    "material": lazy("from the month's material"),
    "vote": lazy("not passed before, prepared again"),
    "petition": lazy("proposal not answered yet"),
}
CHANNELS: Words = {
    "app": lazy("Message in the application"),
    "phone": lazy("Phone call"),
    "in_person": lazy("In person"),
    "letter": lazy("Letter"),
}
