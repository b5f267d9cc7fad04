"""What can be done with plans of restructuring, as verbs; one module per subject."""

from core.access.services.grants import position_titles, role_titles
from core.restructuring.files import Assignments, PlanFile
from core.restructuring.services.applying import apply_plan
from core.restructuring.services.asking import COLUMNS as ANSWER_COLUMNS
from core.restructuring.services.asking import MOST as MOST_ASKED
from core.restructuring.services.asking import (
    access_asked,
    answer,
    answer_from_file,
    rows_to_fill,
)
from core.restructuring.services.composing import add_operation, remove_operation
from core.restructuring.services.course import course_of, require_state, reverted_since
from core.restructuring.services.deciding import (
    approve_plan,
    cancel_plan,
    check_read,
    choose_going_on,
    send_back_plan,
    submit_plan,
)
from core.restructuring.services.drafting import (
    Draft,
    access_plan,
    access_plan_for_update,
    change_frame,
    change_plan,
    content_of,
    draft_again,
    draft_of,
    draft_plan,
    examine_plan,
)
from core.restructuring.services.due import apply_due, due_plans
from core.restructuring.services.examining import Examination
from core.restructuring.services.filing import draft_from, read_assign_file, read_plan_file
from core.restructuring.services.handing_on import hand_on, obligations_of
from core.restructuring.services.listing import lines_of, list_plans
from core.restructuring.services.lost import ways_from
from core.restructuring.services.merging import (
    Merger,
    Side,
    merge_branches,
    people_of,
    side_of,
)
from core.restructuring.services.papers import (
    attach_decision,
    decision_of,
    decisions_here,
    paper_of,
)
from core.restructuring.services.people import Posting
from core.restructuring.services.receiving import answer_sent, draft_sent
from core.restructuring.services.regranting import chosen
from core.restructuring.services.reverting import obstacles, revert_plan
from core.restructuring.services.showing import (
    acts_on,
    begun_in,
    cards_of,
    drawing_of,
    holder_of,
    is_large,
    names_of,
    names_of_units,
    open_in,
    result_of,
    seen_in,
)
from core.restructuring.services.telling import told, told_list

__all__ = [
    "ANSWER_COLUMNS",
    "MOST_ASKED",
    "Assignments",
    "Draft",
    "Examination",
    "Merger",
    "PlanFile",
    "Posting",
    "Side",
    "access_asked",
    "access_plan",
    "access_plan_for_update",
    "acts_on",
    "add_operation",
    "answer",
    "answer_from_file",
    "answer_sent",
    "apply_due",
    "apply_plan",
    "approve_plan",
    "attach_decision",
    "begun_in",
    "cancel_plan",
    "cards_of",
    "change_frame",
    "change_plan",
    "check_read",
    "choose_going_on",
    "chosen",
    "content_of",
    "course_of",
    "decision_of",
    "decisions_here",
    "draft_again",
    "draft_from",
    "draft_of",
    "draft_plan",
    "draft_sent",
    "drawing_of",
    "due_plans",
    "examine_plan",
    "hand_on",
    "holder_of",
    "is_large",
    "lines_of",
    "list_plans",
    "merge_branches",
    "names_of",
    "names_of_units",
    "obligations_of",
    "obstacles",
    "open_in",
    "paper_of",
    "people_of",
    "position_titles",
    "read_assign_file",
    "read_plan_file",
    "remove_operation",
    "require_state",
    "result_of",
    "revert_plan",
    "reverted_since",
    "role_titles",
    "rows_to_fill",
    "seen_in",
    "send_back_plan",
    "side_of",
    "submit_plan",
    "told",
    "told_list",
    "ways_from",
]
