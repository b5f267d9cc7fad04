"""Tables of pilot models: models, registrations, reviews, decisions, trials and their changes."""

from .builtin import BUILT_IN
from .conditions import holds_both, is_recognised, is_registered, one
from .facts import ModelFacts
from .model import PilotModel
from .registration import INPUT_KINDS, OUTCOMES, WAYS, Input, Milestone, Registration
from .review import DECISIONS, REVIEW_KINDS, Decision, Moved, Review
from .trial import CHANGE_KINDS, CHANGE_STATES, MATCHED, TRIAL_STATES, Change, Trial

__all__ = [
    "BUILT_IN",
    "CHANGE_KINDS",
    "CHANGE_STATES",
    "DECISIONS",
    "INPUT_KINDS",
    "MATCHED",
    "OUTCOMES",
    "REVIEW_KINDS",
    "TRIAL_STATES",
    "WAYS",
    "Change",
    "Decision",
    "Input",
    "Milestone",
    "ModelFacts",
    "Moved",
    "PilotModel",
    "Registration",
    "Review",
    "Trial",
    "holds_both",
    "is_recognised",
    "is_registered",
    "one",
]
