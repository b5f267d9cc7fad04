"""What may be done with papers."""

SEE = "core:document:see"
ISSUE = "core:document:issue"
MANAGE = "core:document:manage"
