"""What may be done with evaluations, their self-reviews, ballots, decisions and results."""

OWN = "evaluation:own:write"
SEE = "evaluation:review:see"
VOTE = "evaluation:review:vote"
APPRAISE = "evaluation:review:appraise"
DECIDE = "evaluation:review:decide"
READ_SELF_REVIEWS = "evaluation:self_review:read"
READ_APPEALS = "evaluation:appeal:read"
ANSWER = "evaluation:comment:answer"
MANAGE = "evaluation:campaign:manage"
OVERSEE = "evaluation:campaign:oversee"
OVERRIDE = "evaluation:cap:override"
RESULTS = "evaluation:result:see"
CORRECT = "evaluation:result:correct"
IMPORT = "evaluation:result:import"
EXPORT = "evaluation:result:export"

# Self-reviews are read where they are discussed and appraised, nowhere above and by no auditor.
# Appeals are read where they are answered, not by the branch they may complain of.
BRANCH = (SEE, VOTE, READ_SELF_REVIEWS, ANSWER, RESULTS, OWN)
# The office types in what the committee decided; the number of the decision stands for it.
OFFICE = (SEE, VOTE, APPRAISE, DECIDE, READ_SELF_REVIEWS, ANSWER, MANAGE, OVERSEE, OVERRIDE)

ROLES: dict[str, tuple[str, ...]] = {
    "branch_secretary": (*BRANCH, EXPORT),
    "branch_deputy": (*BRANCH, EXPORT),
    "branch_committee": (SEE, READ_SELF_REVIEWS, RESULTS, OWN),
    "branch_clerk": (SEE, VOTE),
    "member": (OWN,),
    "commune_staff": (*OFFICE, RESULTS, CORRECT, READ_APPEALS, IMPORT, EXPORT, OWN),
    "committee_leader": (
        *(SEE, APPRAISE, DECIDE, READ_SELF_REVIEWS, OVERSEE, OVERRIDE),
        *(RESULTS, CORRECT, READ_APPEALS, EXPORT, OWN),
    ),
    "party_building": (SEE, APPRAISE, OVERSEE, RESULTS, EXPORT),
    "province_organisation": (
        *(SEE, APPRAISE, DECIDE, MANAGE, OVERSEE, OVERRIDE),
        *(RESULTS, CORRECT, READ_APPEALS, IMPORT, EXPORT),
    ),
    "auditor": (SEE, OVERSEE, RESULTS),
}
