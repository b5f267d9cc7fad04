"""Pilot models."""
