"""Modules: which plugins there are, where each is on and why; switching, removing, restoring."""
