"""Pages of sign-in."""

from __future__ import annotations

from typing import Any

from core.web import PUBLIC, PluginBlueprint, page
from core.work import Work

blueprint = PluginBlueprint("core", is_core=True)


@blueprint.view("/sign-in", permission=PUBLIC, site=True)
def sign_in(work: Work) -> Any:
    """Show the form to sign in."""
    return page("core/message.html", title="", heading="sign in")


@blueprint.view("/sign-out", permission=PUBLIC, site=True, methods=["POST"])
def sign_out(work: Work) -> Any:
    """End this session."""
    return page("core/message.html", title="", heading="sign in")


@blueprint.view("/me", permission=PUBLIC, site=True)
def my_record(work: Work) -> Any:
    """Show my record."""
    return page("core/message.html", title="", heading="sign in")


@blueprint.view("/inbox", permission=PUBLIC, site=True)
def inbox(work: Work) -> Any:
    """Show the inbox."""
    return page("core/message.html", title="", heading="sign in")
