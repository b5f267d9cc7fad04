"""Places kept free for pages that other features bring; each goes when its page is there."""

from __future__ import annotations

from typing import Any

from core.web import PUBLIC, PluginBlueprint, page
from core.work import Work

blueprint = PluginBlueprint("core", is_core=True)


@blueprint.view("/me", permission=PUBLIC, site=True)
def my_record(work: Work) -> Any:
    """Show my record."""
    return page("core/message.html", title="", heading="sign in")


@blueprint.view("/inbox", permission=PUBLIC, site=True)
def inbox(work: Work) -> Any:
    """Show the inbox."""
    return page("core/message.html", title="", heading="sign in")
