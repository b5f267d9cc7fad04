"""Who may write while the tree changes: one act at a time, and nobody waits long for it."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from core.db import Epoch, table_of
from core.errors import Changed
from core.i18n import _
from core.work import Work

PATIENCE, OF_COMMANDS, PAUSE = 0.8, 30.0, 0.05
"""Seconds an act of a person waits for another, one of a command or a job, and between looks."""


TREE = sa.select(table_of(Epoch).c.value).where(table_of(Epoch).c.name == "tree")
OURS = TREE.with_for_update()
OURS_SOON = TREE.with_for_update(skip_locked=True)
SHARED_SOON = TREE.with_for_update(read=True, skip_locked=True)


def lock_tree(work: Work) -> int:
    """Keep other writers of the tree and of members' lists out; return the tree's generation.

    A command or a job waits for its turn. Somebody at a page is told to come back instead:
    applying a large plan takes minutes.
    """
    if work.actor.is_system or not _is_postgresql(work):
        return int(work.session.connection().scalar(OURS) or 0)
    return _soon(work, OURS_SOON, PATIENCE)


def hold_tree(work: Work) -> None:
    """Keep the tree as this work sees it until it ends; many may do so at a time.

    Whoever writes members into the stored lists must know under which units they stand. Raises
    Changed where the tree is being changed, or was since this work began. SQLite lets one writer
    in at a time, so there is nothing to do.
    """
    info = work.session.info
    if "tree_generation" in info or "tree_held" in info or not _is_postgresql(work):
        return
    # Asked again and again, not waited for: the other may be waiting for a member held here.
    patience = OF_COMMANDS if work.actor.is_system else PATIENCE
    found = _soon(work, SHARED_SOON, patience)
    if found != work.generation:
        raise Changed(_("The organisation was changed at this very moment. Do it once more."))
    info["tree_held"] = True


def _soon(work: Work, statement: Any, patience: float) -> int:
    """Ask for a row until nobody else holds it; refuse after a while, in words."""
    until = time.monotonic() + patience
    while (found := work.session.connection().scalar(statement)) is None:
        if time.monotonic() > until:
            raise Changed(
                _(
                    "A large change of the organisation is being written, so this cannot be saved "
                    "just now. Nothing is lost: try again in a few minutes."
                )
            )
        time.sleep(PAUSE)
    return int(found)


def _is_postgresql(work: Work) -> bool:
    return work.session.get_bind().dialect.name == "postgresql"
