"""Sign-in, sessions, roles, grants, delegation, and the one SQL predicate."""
