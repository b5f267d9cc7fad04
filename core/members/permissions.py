"""What may be done with members."""

SEE = "core:member:see"
MANAGE = "core:member:manage"
MERGE = "core:member:merge"
ERASE = "core:member:erase"
EXPORT = "core:member:export"
