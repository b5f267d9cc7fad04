"""What may be done with members."""

SEE = "core:member:see"
MANAGE = "core:member:manage"
MERGE = "core:member:merge"
EXPORT = "core:member:export"
