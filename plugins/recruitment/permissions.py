"""What may be done with candidates, admissions and targets."""

SEE = "recruitment:candidate:see"
MANAGE = "recruitment:candidate:manage"
DECIDE = "recruitment:candidate:decide"
ADMIT = "recruitment:candidate:admit"
MOVE = "recruitment:candidate:move"
IMPORT = "recruitment:admission:import"
EXPORT = "recruitment:admission:export"
TARGET_SEE = "recruitment:target:see"
TARGET = "recruitment:target:manage"

BRANCH = (SEE, MANAGE, ADMIT, MOVE, TARGET_SEE)

ROLES: dict[str, tuple[str, ...]] = {
    "branch_secretary": (*BRANCH, EXPORT),
    "branch_deputy": (*BRANCH, EXPORT),
    "branch_committee": (SEE, MANAGE, TARGET_SEE),
    "commune_staff": (*BRANCH, DECIDE, IMPORT, EXPORT, TARGET),
    "committee_leader": (SEE, DECIDE, MOVE, EXPORT, TARGET_SEE, TARGET),
    "party_building": (SEE, EXPORT, TARGET_SEE),
    "province_organisation": (SEE, DECIDE, MOVE, IMPORT, EXPORT, TARGET_SEE, TARGET),
    "auditor": (SEE, EXPORT, TARGET_SEE),
}
