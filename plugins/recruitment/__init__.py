"""Admission of members."""
