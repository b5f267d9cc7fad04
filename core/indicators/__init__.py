"""Named figures about units for a period, each computed by one grouped statement."""
