"""What may be done with units."""

SEE = "core:unit:see"
MANAGE = "core:unit:manage"
