"""What may be done with pilot models, their registrations, reviews, trials and decisions."""

SEE = "pilots:registration:see"
REGISTER = "pilots:registration:register"
SELECT = "pilots:registration:select"
RECOGNISE = "pilots:registration:recognise"
EXPORT = "pilots:registration:export"
SUPPORT = "pilots:input:give"
REVIEW = "pilots:review:write"
OVERSEE = "pilots:coverage:see"
DESIGN = "pilots:model:manage"
DECIDE = "pilots:decision:make"
APPROVE = "pilots:change:approve"

BRANCH = (SEE, REGISTER, REVIEW)
OFFICE = (SEE, OVERSEE, SELECT, SUPPORT, REVIEW, DESIGN, RECOGNISE, DECIDE, EXPORT)

ROLES: dict[str, tuple[str, ...]] = {
    "branch_secretary": BRANCH,
    "branch_deputy": BRANCH,
    "branch_committee": (SEE,),
    "branch_clerk": (SEE, REGISTER),
    # Staff type in what the committee decided, with the number of its document.
    "commune_staff": (*OFFICE, REGISTER),
    "committee_leader": (SEE, OVERSEE, SELECT, RECOGNISE, REVIEW, DECIDE, APPROVE, EXPORT),
    "follower": (SEE, OVERSEE),
    "party_building": (SEE, OVERSEE, SUPPORT, REVIEW, DESIGN, EXPORT),
    "province_organisation": (*OFFICE, APPROVE),
    # What is approved is also written as settings, which needs the right to settings there.
    "administrator": (SEE, OVERSEE, APPROVE),
    "auditor": (SEE, OVERSEE, EXPORT),
}
