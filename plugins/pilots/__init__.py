"""Pilot models: tried at chosen units, reviewed, recognised, rolled out or stopped."""
