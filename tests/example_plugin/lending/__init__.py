"""Lending library: keeps each loan of a branch, what, to whom, until when."""
