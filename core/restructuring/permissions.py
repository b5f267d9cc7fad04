"""What may be done with plans of restructuring."""

SEE = "core:plan:see"
DRAFT = "core:plan:draft"
APPROVE = "core:plan:approve"
APPLY = "core:plan:apply"
MERGE = "core:plan:merge"
