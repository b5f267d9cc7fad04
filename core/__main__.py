"""`python -m core`: the same as `hatnhan`."""

from core.cli import run

run()
