"""What may be done with settings and modules."""

SEE = "core:setting:see"
MANAGE = "core:setting:manage"
SWITCH = "core:plugin:manage"
