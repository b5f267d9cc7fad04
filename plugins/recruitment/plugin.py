"""Admission of members: hooks of the plugin; start reading here."""
