"""The printed form of every key of pilot models."""

from __future__ import annotations

from core.i18n import Words, lazy

STATES: Words = {
    "registered": lazy("Under way"),
    "scored": lazy("Scored, waits for recognition"),
    "recognised": lazy("Recognised"),
    "refused": lazy("Not recognised"),
    "ended": lazy("Taking part no more"),
}
STATE_KINDS = {
    "registered": "info",
    "scored": "warn",
    "recognised": "good",
    "refused": "none",
    "ended": "none",
}
"""The colour beside the words of each state."""
WAYS: Words = {
    "registered": lazy("Registered by itself"),
    "selected": lazy("Chosen from above"),
}
OUTCOMES: Words = {
    "extend": lazy("Extend"),
    "change": lazy("Change"),
    "roll_out": lazy("Roll out"),
    "stop": lazy("Stop"),
    "withdrawn": lazy("Withdrew"),
    "completed": lazy("The year is over"),
}
DECISIONS: Words = {key: OUTCOMES[key] for key in ("extend", "change", "roll_out", "stop")}
ENDINGS: Words = {
    key: OUTCOMES[key] for key in ("completed", "withdrawn", "change", "roll_out", "stop")
}
INPUTS: Words = {
    "room": lazy("Room and furniture"),
    "equipment": lazy("Equipment"),
    "books": lazy("Books and papers"),
    "coaching": lazy("Coaching"),
    "money": lazy("Money"),
    "other": lazy("Something else"),
}
REVIEWS: Words = {"interim": lazy("Interim review"), "final": lazy("Final review")}
TRIALS: Words = {
    "planned": lazy("Being planned"),
    "running": lazy("On trial"),
    "ended": lazy("Trial over"),
    "rolled_out": lazy("Rolled out to all"),
}
TRIAL_KINDS = {"planned": "info", "running": "good", "ended": "none", "rolled_out": "good"}
CHANGES: Words = {
    "start": lazy("Begin the trial"),
    "extend": lazy("Extend the trial"),
    "end": lazy("End the trial"),
    "roll_out": lazy("Roll out to all units below"),
}
CHANGE_STATES: Words = {
    "proposed": lazy("Waits for approval"),
    "approved": lazy("Approved"),
    "withdrawn": lazy("Taken back"),
}
CHANGE_KINDS = {"proposed": "warn", "approved": "good", "withdrawn": "none"}
MATCHED: Words = {
    "baseline": lazy("Proposed by likeness before the trial"),
    "hand": lazy("Chosen by hand"),
}
