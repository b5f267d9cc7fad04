"""What is done about admission, one verb each; modules follow the way of a dossier."""

from core.checking import check_revision

from . import words
from .board import board, cards_of, list_candidates
from .clocks import clock_kind, clock_sentence, place_of
from .collecting import leave_out, permission_for, record_paper, take_back
from .counting import Progress
from .deciding import hold_ceremony, recognise, record_decision
from .eligibility import checks_of, judge
from .entering import (
    change_candidate,
    enter_candidate,
    name_supporter,
    people_here,
    release_supporter,
    review_pool,
)
from .evidence import data_of, erase, evidence_of, move_rows
from .following import (
    follow_members,
    object_to_ending,
    object_to_voiding,
    object_to_voiding_member,
    open_by_unit,
    rehome,
)
from .keeping import forget_closed, remind
from .lacking import is_done, missing_of
from .moving import has_newer_template, move_candidate, take_over_template
from .offers import hits_of, panels_of, work_cards_of
from .papers_out import issue_resolution, request_paper, resolution_paper, vote_of
from .passing import advance, close, reopen, resolve_referral, send_back
from .past import is_earlier
from .reading import access_candidate, dossier_of, dossiers_of, waiting_dossiers
from .shapes import (
    Ballot,
    Board,
    CandidateFacts,
    Card,
    Check,
    Column,
    Dossier,
    Missing,
    PaperFacts,
    QuietBranch,
    Step,
    TargetLine,
    Targets,
    Template,
)
from .targets import (
    access_target,
    list_targets,
    quiet_branches,
    remove_target,
    set_target,
    target_table,
    usual_period,
)
from .template import next_stage, template_at
from .voting import (
    entitled_on,
    needed_of,
    needed_on,
    record_vote,
    remove_vote,
    result_sentence,
    voting_unit,
)

__all__ = [
    "Ballot",
    "Board",
    "CandidateFacts",
    "Card",
    "Check",
    "Column",
    "Dossier",
    "Missing",
    "PaperFacts",
    "Progress",
    "QuietBranch",
    "Step",
    "TargetLine",
    "Targets",
    "Template",
    "access_candidate",
    "access_target",
    "advance",
    "board",
    "cards_of",
    "change_candidate",
    "check_revision",
    "checks_of",
    "clock_kind",
    "clock_sentence",
    "close",
    "data_of",
    "dossier_of",
    "dossiers_of",
    "enter_candidate",
    "entitled_on",
    "erase",
    "evidence_of",
    "follow_members",
    "forget_closed",
    "has_newer_template",
    "hits_of",
    "hold_ceremony",
    "is_done",
    "is_earlier",
    "issue_resolution",
    "judge",
    "leave_out",
    "list_candidates",
    "list_targets",
    "missing_of",
    "move_candidate",
    "move_rows",
    "name_supporter",
    "needed_of",
    "needed_on",
    "next_stage",
    "object_to_ending",
    "object_to_voiding",
    "object_to_voiding_member",
    "open_by_unit",
    "panels_of",
    "people_here",
    "permission_for",
    "place_of",
    "quiet_branches",
    "recognise",
    "record_decision",
    "record_paper",
    "record_vote",
    "rehome",
    "release_supporter",
    "remind",
    "remove_target",
    "remove_vote",
    "reopen",
    "request_paper",
    "resolution_paper",
    "resolve_referral",
    "result_sentence",
    "review_pool",
    "send_back",
    "set_target",
    "take_back",
    "take_over_template",
    "target_table",
    "template_at",
    "usual_period",
    "vote_of",
    "voting_unit",
    "waiting_dossiers",
    "words",
    "work_cards_of",
]
