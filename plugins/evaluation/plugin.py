"""Yearly evaluation: hooks of the plugin; start reading here."""
