"""Yearly evaluation."""
