"""What may be done, and which roles may do it from the start."""

SEE = "lending:loan:see"
MANAGE = "lending:loan:manage"
ROLES = {
    "branch_secretary": (SEE, MANAGE),
    "branch_deputy": (SEE, MANAGE),
    "commune_staff": (SEE,),
    "auditor": (SEE,),
}
