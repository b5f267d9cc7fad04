"""Pilot models: hooks of the plugin; start reading here."""
