"""What is done about admission, one verb each."""

from . import words

__all__ = ["words"]
