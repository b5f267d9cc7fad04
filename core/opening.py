"""Opening a Work: who, where, may they, under which predicate; closing it, commit or roll back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core.access.principal import NOBODY, Principal
from core.access.rights import RightsCache
from core.config import Config
from core.db import EPOCHS, Database, Epoch, is_busy, table_of
from core.errors import (
    Changed,
    DomainError,
    Forbidden,
    NotFound,
    PluginFailed,
    RuleBroken,
    SignInNeeded,
)
from core.i18n import _
from core.ledger.recording import spool_read, write_pending
from core.plugin_host import PluginHost
from core.scope import install
from core.units.places import ROOT_CODE, Place
from core.web import PUBLIC, SIGNED_IN
from core.work import Work

log = logging.getLogger("hatnhan")
Authenticate = Callable[[Session, datetime], Principal]


class Clock:
    """Tells the time; a simulated one starts where it was told and goes on from there."""

    def __init__(self, simulated: datetime | None = None) -> None:
        """Keep how far the simulated time is from the real one."""
        self._shift = simulated - datetime.now(UTC) if simulated else timedelta(0)

    def __call__(self) -> datetime:
        """Return now, in UTC."""
        return (datetime.now(UTC) + self._shift).astimezone(UTC)


@dataclass
class Opener:
    """Opens works on one database, for requests, commands and jobs alike."""

    config: Config
    database: Database
    host: PluginHost
    clock: Callable[[], datetime]
    constraints: dict[str, object] = field(default_factory=dict)
    watchers: list[Callable[[Work], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the cache of rights."""
        self.rights = RightsCache(self.host)

    def forget(self) -> None:
        """Forget everything remembered about the database."""
        self.rights.forget()
        self.host.forget()

    @contextmanager
    def work(
        self,
        authenticate: Authenticate,
        *,
        writing: bool,
        unit_code: str = ROOT_CODE,
        permission: str = SIGNED_IN,
        plugin: str | None = None,
        route: str = "",
        anywhere: bool = False,
    ) -> Iterator[Work]:
        """Open a work at a unit for somebody with a permission; commit at the end, or roll back.

        With `anywhere` it is enough to hold the permission at some unit; the scope does the rest.
        """
        session = self.database.session(writing=writing)
        try:
            now = self.clock()
            actor = authenticate(session, now)
            if "epochs" not in session.info:
                session.info["epochs"] = read_epochs(session)
            if anywhere and actor.roots(permission):
                permission = SIGNED_IN
            work = self._at_the_door(session, actor, now, unit_code, permission, plugin)
            install(session, work)
            for watch in self.watchers:
                watch(work)
            yield work
            self.close(work, route, writing=writing)
        except BaseException as error:
            session.rollback()
            sentence = self.sentence_for(error)
            if sentence is not None:
                raise sentence from error
            raise
        finally:
            session.close()

    def _at_the_door(
        self,
        session: Session,
        actor: Principal,
        now: datetime,
        unit_code: str,
        permission: str,
        plugin: str | None,
    ) -> Work:
        """Check who, where, whether the plugin is on there, and whether it is permitted."""
        if actor.is_anonymous and permission != PUBLIC:
            raise SignInNeeded(_("Sign in first."))
        today = now.astimezone(self.host.zone).date()
        generation = int(session.info["epochs"]["tree"])
        places = self.host.places
        root = places.by_code(session, ROOT_CODE, today, generation)
        if root is None:
            raise NotFound(_("This database is empty. Run “hatnhan db upgrade” first."))
        session.info["root_id"], session.info["root_place"] = root.id, root
        place: Place | None = root
        if unit_code != ROOT_CODE:
            place = places.by_code(session, unit_code, today, generation)
        if place is None:
            raise NotFound(_("There is no such page, or this account may not see it."))
        work = Work(session, actor, place, now, self.host)
        if permission not in (PUBLIC, SIGNED_IN) or unit_code != ROOT_CODE:
            self._check_rights(work, permission, plugin)
        return work

    def _check_rights(self, work: Work, permission: str, plugin: str | None) -> None:
        """Refuse a place not seen (404), a plugin off there (404), a right not held (403)."""
        hidden = _("There is no such page, or this account may not see it.")
        if not work.actor.sees(work.unit):
            raise NotFound(hidden)
        if plugin is not None and not self.host.is_on(work, plugin):
            raise NotFound(hidden)
        if not work.actor.may(permission, work.unit):
            raise Forbidden(
                _(
                    "You can see this, but have not been given the right to do it. "
                    "%(unit)s gives it.",
                    unit=work.unit.name,
                )
            )

    def close(self, work: Work, route: str, *, writing: bool) -> None:
        """Write the ledger, raise the epochs, commit, then do what waits for the commit."""
        session = work.session
        if writing:
            session.flush()
            write_pending(work)
            raise_epochs(work)
        session.commit()
        for act in session.info.pop("after_commit", []):
            act()
        spool_read(work, route)

    def sentence_for(self, error: BaseException) -> DomainError | None:
        """Turn a database's refusal into a sentence; None for what is no refusal."""
        if isinstance(error, StaleDataError):
            return Changed(
                _("Somebody changed this meanwhile. Look at both versions, then choose.")
            )
        if isinstance(error, IntegrityError):
            text = str(error.orig)
            for name, sentence in self.constraints.items():
                if name in text:
                    return RuleBroken(sentence)
            log.warning("a constraint refused: %s", text)
            return RuleBroken(
                _("This does not fit what is stored. Load the page again and check it.")
            )
        if isinstance(error, OperationalError) and is_busy(error):
            return Changed(_("The database is busy with a large act. Try again in a minute."))
        return None

    @contextmanager
    def as_system(
        self, actor: Principal, *, writing: bool, unit_code: str = ROOT_CODE
    ) -> Iterator[Work]:
        """Open a work for a command or a job."""
        with self.work(
            lambda _s, _n: actor, writing=writing, unit_code=unit_code, permission=SIGNED_IN
        ) as work:
            yield work

    def retrying(self, act: Callable[[], Any]) -> Any:
        """Do an act; each plugin that fails in it is quarantined, and the act done once more.

        A strict host (the tests') lets the failure be seen instead.
        """
        while True:
            try:
                return act()
            except PluginFailed as error:
                plugin = self.host.plugins.get(error.plugin)
                if plugin is None or plugin.is_core or plugin.problem or self.host.strict:
                    raise
                self.host.quarantine(error.plugin, f"{error.sentence} ({error.__cause__!r})")


def read_epochs(session: Session) -> dict[str, int]:
    """Read the counters that tell what is old."""
    found = dict(session.execute(sa.select(Epoch.name, Epoch.value)).all())
    return {name: found.get(name, 0) for name in EPOCHS}


EPOCH = table_of(Epoch)
SET = sa.update(EPOCH).where(EPOCH.c.name == sa.bindparam("epoch"))
RAISE = SET.values(value=EPOCH.c.value + 1)


def raise_epochs(work: Work) -> None:
    """Raise the counters this act touched, last before the commit, in a fixed order."""
    touched = sorted(work.session.info.pop("touched", set()))
    raised = [{"epoch": name} for name in touched if name != "tree"]
    if raised:
        work.session.connection().execute(RAISE, raised)
    if "tree" in touched:
        known = {"epoch": "tree", "value": work.session.info["tree_generation"]}
        work.session.connection().execute(SET, known)


__all__ = ["NOBODY", "Clock", "Opener", "read_epochs"]
