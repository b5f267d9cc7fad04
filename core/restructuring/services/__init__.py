"""What can be done with plans of restructuring, as verbs; one module per subject."""

from core.restructuring.services.applying import apply_plan
from core.restructuring.services.deciding import approve_plan, send_back_plan, submit_plan
from core.restructuring.services.drafting import (
    Draft,
    access_plan,
    change_plan,
    content_of,
    draft_of,
    draft_plan,
    examine_plan,
    list_plans,
)
from core.restructuring.services.due import apply_due, due_plans
from core.restructuring.services.examining import Examination
from core.restructuring.services.filing import draft_from, read_assign_file, read_plan_file
from core.restructuring.services.people import Posting
from core.restructuring.services.reverting import obstacles, revert_plan

__all__ = [
    "Draft",
    "Examination",
    "Posting",
    "access_plan",
    "apply_due",
    "apply_plan",
    "approve_plan",
    "change_plan",
    "content_of",
    "draft_from",
    "draft_of",
    "draft_plan",
    "due_plans",
    "examine_plan",
    "list_plans",
    "obstacles",
    "read_assign_file",
    "read_plan_file",
    "revert_plan",
    "send_back_plan",
    "submit_plan",
]
