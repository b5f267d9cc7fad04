"""Tables of admission: candidates with their dossiers and clocks, admissions, targets."""

from .admission import Admission, AdmissionGroup, Target
from .candidate import (
    CLOSED_STATES,
    OPEN_STATES,
    PASSAGES,
    ROLES,
    STATES,
    Candidate,
    Moved,
    Passage,
    Supporter,
)
from .dossier import (
    CLOCK_KINDS,
    OUTCOMES,
    RESULTS,
    Clock,
    DossierPaper,
    DossierVote,
    Judgement,
)

__all__ = [
    "CLOCK_KINDS",
    "CLOSED_STATES",
    "OPEN_STATES",
    "OUTCOMES",
    "PASSAGES",
    "RESULTS",
    "ROLES",
    "STATES",
    "Admission",
    "AdmissionGroup",
    "Candidate",
    "Clock",
    "DossierPaper",
    "DossierVote",
    "Judgement",
    "Moved",
    "Passage",
    "Supporter",
    "Target",
]
