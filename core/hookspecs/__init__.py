"""What plugins may do, one file per occasion."""

from core.hookspecs import figures, pages, people, privacy, tree

ALL = (tree, people, pages, figures, privacy)

__all__ = ["ALL", "figures", "pages", "people", "privacy", "tree"]
