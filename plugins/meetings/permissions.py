"""What may be done with meetings, their minutes, tasks, materials and oversight."""

SEE = "meetings:meeting:see"
PREPARE = "meetings:meeting:prepare"
AGREE = "meetings:meeting:agree"
ANNOUNCE = "meetings:meeting:announce"
HOLD = "meetings:meeting:hold"
ENTER = "meetings:meeting:enter"
EXPORT = "meetings:meeting:export"
MINUTES_SEE = "meetings:minutes:see"
MINUTES = "meetings:minutes:write"
CONFIRM = "meetings:minutes:confirm"
LOCK = "meetings:minutes:lock"
TASK_SEE = "meetings:task:see"
FOLLOW = "meetings:task:follow"
OWN = "meetings:own:see"
OVERSEE = "meetings:month:oversee"
CHASE = "meetings:month:chase"
MATERIAL_SEE = "meetings:material:see"
PUBLISH = "meetings:material:publish"
ASSIGN = "meetings:assignment:manage"

BRANCH_STEPS = (PREPARE, AGREE, ANNOUNCE, HOLD, ENTER, MINUTES, CONFIRM, LOCK, FOLLOW)
BRANCH_READS = (SEE, MINUTES_SEE, TASK_SEE, MATERIAL_SEE, OWN)

ROLES: dict[str, tuple[str, ...]] = {
    # The deputy can take over every step.
    "branch_secretary": (*BRANCH_READS, *BRANCH_STEPS, EXPORT),
    "branch_deputy": (*BRANCH_READS, *BRANCH_STEPS, EXPORT),
    "branch_committee": (*BRANCH_READS, AGREE, PREPARE, MINUTES, CONFIRM, FOLLOW),
    "branch_clerk": (SEE, MINUTES_SEE, TASK_SEE, MATERIAL_SEE, HOLD, ENTER, MINUTES, PREPARE),
    "member": (OWN,),
    "commune_staff": (*BRANCH_READS, ENTER, OVERSEE, CHASE, ASSIGN, PUBLISH, EXPORT),
    "committee_leader": (*BRANCH_READS, OVERSEE, CHASE, ASSIGN, EXPORT),
    "follower": (SEE, MINUTES_SEE, TASK_SEE, MATERIAL_SEE, OWN, OVERSEE),
    "party_building": (SEE, MATERIAL_SEE, OVERSEE, PUBLISH, EXPORT),
    "province_organisation": (SEE, MATERIAL_SEE, OVERSEE, EXPORT),
    "auditor": (SEE, MINUTES_SEE, TASK_SEE, MATERIAL_SEE, OVERSEE, EXPORT),
}
