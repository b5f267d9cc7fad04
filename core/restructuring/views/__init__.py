"""Pages of restructuring: plans, what is drafted on screen, who is asked about, small mergers."""

from core.restructuring.views import asking, composing, deciding, merging, papers, plans
from core.restructuring.views.door import blueprint

__all__ = ["asking", "blueprint", "composing", "deciding", "merging", "papers", "plans"]
