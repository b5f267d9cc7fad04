"""Meetings: a branch prepares, holds and follows up its monthly meeting."""
